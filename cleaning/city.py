"""Cities as people type them: 杭州市, 浙江省杭州市西湖区, hangzhou (A6 dispatches by them)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cleaning.pinyin import pinyin_key
from cleaning.text import is_blank, tidy

_SUFFIX = re.compile(r"(?:市|city)$", re.IGNORECASE)


def read_city(text: object, known: Iterable[str]) -> str | None:
    """The known city that the text names, spelt as in ``known``; ``None`` if none or several. Never raises."""
    typed = tidy(text)
    if is_blank(typed):
        return None
    plain = _plain(typed)
    cities = {_plain(name): name for name in known}
    if plain in cities:
        return cities[plain]
    # 重庆北京路: a street is named after another city
    named = {
        name
        for bare, name in cities.items()
        if bare and re.search(re.escape(bare) + "(?![东南西北中]?[路街道])", plain)
    }
    if named:  # 吉林省长春市: the province comes first
        return max(named, key=lambda name: (plain.rfind(_plain(name)), len(name)))
    if plain.isascii():
        sounding = {name for bare, name in cities.items() if pinyin_key(bare) == re.sub(r"[^a-z]", "", plain)}
        return sounding.pop() if len(sounding) == 1 else None
    return None


def _plain(name: str) -> str:
    return _SUFFIX.sub("", tidy(name).lower().replace(" ", ""))
