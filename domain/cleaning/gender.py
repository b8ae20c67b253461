"""How somebody wants to be addressed, as forms say it: 男, 女, 先生, 女士, M, Ms, or the codes of GB/T
2261.1."""

from __future__ import annotations

from cases.stated import Gender
from domain.cleaning.text import is_blank, tidy

_MEANS = {
    Gender.MALE: "男 男性 男士 男生 先生 男人 m male man mr mr. mister boy 1 1.0 ♂",
    Gender.FEMALE: "女 女性 女士 女生 小姐 太太 夫人 女人 f female woman w ms ms. mrs mrs. miss lady girl 2 2.0 ♀",
}
_KNOWN = {word: gender for gender, words in _MEANS.items() for word in words.split()}
_UNSAID = frozenset(
    ("0", "9", "未知", "保密", "其他", "其它", "不详", "未说明", "unknown", "other", "x", "u", "未知性别")
)


def read_gender(text: object) -> Gender | None:
    """One of the two, or ``None`` for nothing said or what cannot be read. Never raises."""
    return _KNOWN.get(_said(text))


def is_gender(text: object) -> bool:
    """Whether the cell was understood, also where it says that it is not said (保密, 0)."""
    return _said(text) in _KNOWN or _said(text) in _UNSAID or is_blank(text)


def _said(text: object) -> str:
    return "" if isinstance(text, bool) else tidy(text).lower()
