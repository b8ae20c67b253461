"""Values that Python alone reads, as few bytes: JSON, packed with words that are often said.

PostgreSQL compresses nothing below 2 kB, and what a life remembers is one: the names of elements
and flows that thousands of others have, too. With those words known beforehand a tenth of it is
left.
"""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import Any, Final

_WINDOW: Final = 13
"""Bits: words and value fit into 8 kB. A larger window costs more to make ready than to pack
with."""


def _read(number: int) -> bytes:
    pieces: list[str] = json.loads(Path(__file__).with_name(f"packing_{number}.json").read_text(encoding="utf-8"))
    return "".join(pieces).encode()


WORDS: Final = tuple(_read(number) for number in (1,))
"""What is often said, the most likely last. A file is never changed: what was packed with it could
not be read any more. Other words are a further file; the last one is packed with."""
_BY_SUM: Final = {zlib.adler32(words): words for words in WORDS}
_SUM: Final = slice(2, 6)
"""Where packed bytes name the words that they were packed with (RFC 1950, DICTID)."""


def packed(value: Any) -> bytes:
    """A JSON value as bytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, _WINDOW, zdict=WORDS[-1])
    return packer.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()) + packer.flush()


def unpacked(kept: bytes) -> Any:
    """The value again.

    Raises:
        KeyError: it was packed with words that this version does not have.
        zlib.error: it is damaged.
    """
    words = _BY_SUM[int.from_bytes(kept[_SUM])]
    return json.loads(zlib.decompressobj(_WINDOW, zdict=words).decompress(kept))
