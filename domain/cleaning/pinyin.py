"""How Chinese text sounds: the key under which spellings that sound alike are equal."""

from __future__ import annotations

import re
from functools import lru_cache


@lru_cache(maxsize=4_096)
def pinyin_key(text: str) -> str:
    """Toneless pinyin, letters and digits only, lower case: 王莉 and 王丽 are both ``wangli``."""
    from pypinyin import lazy_pinyin  # its dictionaries take half a second, which every command would wait for

    return re.sub(r"[^a-z0-9]", "", "".join(lazy_pinyin(text)).lower().replace("ü", "v"))
