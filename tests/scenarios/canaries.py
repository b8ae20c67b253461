"""Words that nobody would say by chance, planted where people's data go and looked for where they
must not be."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from urllib.parse import quote

SURROUNDED = 3
"""Base64 of a text depends on where in a group of three bytes it begins."""


@dataclass
class Canaries:
    """What was planted: where → the word."""

    planted: dict[str, str] = field(default_factory=dict[str, str])

    def text(self, where: str) -> str:
        """A word for a field of free text; the same field gets the same word again."""
        return self.planted.setdefault(where, f"金丝雀{len(self.planted):03}kanarie密语")

    def code(self, where: str) -> str:
        """A word for a field that takes plain letters and digits only."""
        return self.planted.setdefault(where, f"kanarie-{len(self.planted):03}-geheim")

    def name(self, where: str) -> str:
        """The name of somebody who resembles nobody else."""
        surname = ["欧阳", "司马", "诸葛", "上官", "夏侯", "皇甫", "东方", "南宫", "端木", "慕容", "令狐", "宇文"]
        given = ["鹂莺", "鸢鹭", "鹣鲽", "鸾鹇", "鹧鸪", "鹦鹉", "鸳鸯", "鹈鹕", "鸬鹚", "鹪鹩", "鸱鸮", "鹌鹑"]
        number = sum(name in self.planted.values() for name in map("".join, zip(surname, given, strict=True)))
        return self.planted.setdefault(where, surname[number] + given[number])

    def phone(self, where: str) -> str:
        """A mobile number far from all others."""
        return self.planted.setdefault(where, f"158{(len(self.planted) * 7_654_321 + 62_904_131) % 100_000_000:08}")

    def plate(self, where: str) -> str:
        """A car's plate that nobody else has."""
        return self.planted.setdefault(where, f"京A{(len(self.planted) * 7_919 + 40_427) % 100_000:05}")

    def found_in(self, place: bytes) -> list[str]:
        """Which of them are here, in whatever spelling."""
        lower, standard = place.lower(), place.translate(bytes.maketrans(b"-_", b"+/"))
        return [
            f"{where} ({name})"
            for where, word in self.planted.items()
            for name, needle in spellings(word).items()
            if needle in (standard if name.startswith("base64") else lower)
        ]


def spellings(word: str) -> dict[str, bytes]:
    """How a word may look after encoders had their way; all but base64 in lower case."""
    forms = {"plain": word}
    if word.isdigit():
        first, second, third = word[:3], word[3:7], word[7:]
        forms |= {"spaced": f"{first} {second} {third}", "dashed": f"{first}-{second}-{third}"}
        forms |= {"grouped": f"{first}{second} {third}", "wide": "".join(chr(ord(one) + 0xFEE0) for one in word)}
    forms |= {f"{name}, escaped": json.dumps(form)[1:-1] for name, form in forms.items()}
    found = {name: form.lower().encode() for name, form in forms.items()}
    found["percent"] = quote(word).lower().encode()
    found["hexadecimal"] = word.encode().hex().encode()
    found["bytes"] = repr(word.encode())[2:-1].lower().encode()
    found["gbk"] = word.encode("gbk").lower()
    for name, form in forms.items():
        for before in range(SURROUNDED):
            found[f"base64+{before} of {name}"] = _inner_base64(form.encode(), before)
    return found


def _inner_base64(word: bytes, before: int) -> bytes:
    """The part of the base64 of some text that the word alone determines, with so many bytes before
    it."""
    usable = word[(3 - before) % 3 :]
    return base64.b64encode(usable[: len(usable) // 3 * 3])
