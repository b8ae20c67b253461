"""Which car somebody means (A3, A6): exact spelling, then a spelling inside the text, then one that
sounds alike."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Protocol

from rapidfuzz.distance import OSA

from domain.cleaning.pinyin import pinyin_key
from domain.cleaning.text import is_blank, tidy


class Known(Protocol):
    """A model with the spellings customers use, as ``store.models.CarModel`` has them."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def aliases(self) -> Sequence[str]: ...


_LENGTHS, _SLIPS = (4, 8), (0, 1, 2)
"""How many slips (wrong, missing, surplus, swapped letters by sound) a spelling of below 4, 4 to 7,
8 letters may have: one slip in XV or WRX is another car."""

_BRAND = re.compile(r"斯巴鲁|subaru", re.IGNORECASE)
_TRIM = re.compile(
    r"(?:19|20)[0-9]{2}款?|全新一代|全新|新款|新一代|^新|款$|[0-9]\.[0-9]\s*[a-z]{0,3}|e-?boxer|awd|cvt|豪华版?|尊贵版?|旗舰版?|时尚版?|运动版?",
    re.IGNORECASE,
)


def read_model(text: object, known: Iterable[Known]) -> str | None:
    """The code of the model that the text means; ``None`` for none, an unknown one or several.
    Never raises."""
    typed = tidy(text)
    if is_blank(typed):
        return None
    spellings = _spellings(known)
    bare = _bare(typed)
    for spelling in (_squeezed(typed), bare):
        if spelling in spellings:
            return spellings[spelling]
    return _contained(_squeezed(typed), spellings) or _alike(bare, spellings)


def _spellings(known: Iterable[Known]) -> dict[str, str]:
    spellings: dict[str, str] = {}
    for model in known:
        for alias in (model.code, model.name, *model.aliases):
            for spelling in (_squeezed(alias), _bare(alias)):
                if spelling:
                    spellings.setdefault(spelling, model.code)
    return spellings


def _squeezed(text: str) -> str:
    return re.sub(r"[\s\-_·./()]", "", tidy(text).lower())


def _bare(text: str) -> str:
    return _squeezed(_TRIM.sub("", _BRAND.sub("", tidy(text)).strip()))


def _contained(typed: str, spellings: dict[str, str]) -> str | None:
    """A text that names exactly one model somewhere. Latin spellings count as whole words only."""
    named: set[str] = set()
    for spelling, code in spellings.items():
        latin = spelling.isascii()
        pattern = rf"(?<![a-z0-9]){re.escape(spelling)}(?![a-z])" if latin else re.escape(spelling)
        if len(spelling) >= 2 and re.search(pattern, typed):
            named.add(code)
    return named.pop() if len(named) == 1 else None


def _alike(bare: str, spellings: dict[str, str]) -> str | None:
    sound = pinyin_key(bare)
    nearest: dict[str, int] = {}
    for spelling, code in spellings.items():
        other = pinyin_key(spelling)
        slips = _SLIPS[bisect_right(_LENGTHS, min(len(sound), len(other)))]
        distance = OSA.distance(sound, other, score_cutoff=slips)
        if distance <= slips and len(sound) >= _LENGTHS[0]:
            nearest[code] = min(nearest.get(code, distance), distance)
    best = [code for code, distance in nearest.items() if distance == min(nearest.values())]
    return best[0] if len(best) == 1 else None
