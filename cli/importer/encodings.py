"""Which encoding a file of text is in, and its text piece by piece; a byte that is none costs its
cell only."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from cli.importer.headings import meaning
from cli.importer.problems import ImportProblem

BAD = "\uffff"
"""Stands in the text for bytes that are no character of the encoding."""

PIECE = 1 << 18
_SAMPLE = 1 << 19

_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\xef\xbb\xbf", "utf-8"),
)
_WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
_CHINESE = {"gb18030": (0xB0, 0xD7, 0xA1), "big5": (0xA4, 0xC6, 0x40)}
"""Encoding → first and last lead byte and first trail byte of its common signs."""

_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_LATIN = re.compile(rb"(?<=[A-Za-z])[\x91\x92\x96\x97\xc0-\xff]|[\x91-\x94\xc0-\xff](?=[A-Za-z])")
_HIGH = re.compile(rb"[\x80-\xff]")

codecs.register_error("importer.bad", lambda failure: (BAD, failure.end))  # type: ignore[union-attr]


def detect(path: Path) -> str:
    """The encoding of a file. Raises ``ImportProblem`` when it is no text."""
    sample = _sample(path)
    encoding = next((name for mark, name in _MARKS if sample.startswith(mark)), None) or _wide(sample) or _bytes(sample)
    text = sample[: len(sample) // 4 * 4].decode(encoding, "replace")
    controls = sum(sign < " " and sign not in "\t\n\r\x0b\x0c\x1a\x1c\x1d\x1e\x1f" for sign in text)
    if controls * 20 > len(text):
        raise ImportProblem(
            f"不是文本文件，或编码无法识别：{path.name}（no text, or of an unknown encoding: save it as UTF-8）"
        )
    return encoding


def pieces(path: Path, encoding: str, told: Callable[[bytes], None] = lambda piece: None) -> Iterator[str]:
    """The text of a file, piece by piece; ``told`` hears the bytes of each."""
    decoder = codecs.getincrementaldecoder(encoding)("importer.bad")
    first = True
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            told(piece)
            text = decoder.decode(piece)
            if first and text:
                text, first = text.lstrip("\ufeff"), False
            yield text.replace("\x1a", "")
        yield decoder.decode(b"", final=True)


def _sample(path: Path) -> bytes:
    """The beginning of the file and, from further below, the pieces that are not ASCII."""
    with path.open("rb") as file:
        sample = file.read(PIECE)
        while len(sample) < _SAMPLE and (piece := file.read(PIECE)):
            if not piece.isascii():
                sample += piece
    return sample


def _wide(sample: bytes) -> str | None:
    """UTF-16 or UTF-32 without its mark: every ASCII sign brings NULs, always on the same side."""
    if sample.count(0) * 10 < len(sample):
        return None
    head = sample[: 1 << 14][: len(sample) // 4 * 4]
    shares = {name: _plausible(head.decode(name, "replace")) for name in _WIDE}
    best = max(shares, key=shares.__getitem__)
    return best if shares[best] > 0.7 else None


def _plausible(text: str) -> float:
    good = sum(" " <= sign < "\x7f" or sign in "\r\n\t，。（）、" or "\u4e00" <= sign <= "\u9fff" for sign in text)
    return good / len(text) if text else 0.0


def _bytes(sample: bytes) -> str:
    """UTF-8 if more of its sequences are right than wrong; else the one in which most signs are
    common ones."""
    if sample.isascii():
        return "utf-8"
    right = _MULTIBYTE.findall(sample)
    wrong = len(_HIGH.findall(_MULTIBYTE.sub(b"", sample)))
    if len(right) > 0 and len(right) >= wrong:
        return "utf-8"
    known = {name: _known_headings(sample, name) for name in _CHINESE}
    common = {name: _common(sample, name) for name in _CHINESE}
    best = max(_CHINESE, key=lambda name: (known[name], common[name]))
    latin = len(_LATIN.findall(sample)) >= 0.8 * len(_HIGH.findall(sample))
    return "cp1252" if latin and not known[best] and common["gb18030"] < 0.5 else best


def _known_headings(sample: bytes, encoding: str) -> int:
    """Words of the first rows that are headings only in this encoding."""
    text = "\n".join(sample[:4096].decode(encoding, "replace").splitlines()[:15])
    words = re.split(r"[,;\t|^，、:\x1f \n\"']+", text)
    return sum(not word.isascii() and meaning(word) is not None for word in words[:200])


def _common(sample: bytes, encoding: str) -> float:
    """The share of common signs among those that are not ASCII: both sets put the common ones
    first."""
    first, last, second = _CHINESE[encoding]
    text = sample.decode(encoding, "ignore")
    common = total = 0
    for sign in set(text):
        if sign < "\x80":
            continue
        count = text.count(sign)
        coded = sign.encode(encoding)
        total += count
        in_level = len(coded) == 2 and first <= coded[0] <= last and coded[1] >= second
        common += count * (in_level or sign in "，。（）、：；！？“”《》【】")
    return common / total if total else 0.0
