"""A yes or no as people tick it (试驾, 置换): √ ×, 是 否, 需要 不需要, on off."""

from __future__ import annotations

from domain.cleaning.text import is_blank, tidy

_MEANS: dict[bool, tuple[str, ...]] = {
    True: (
        "是 是的 对 对的 有 要 需要 想 想要 愿意 可以 可 好 好的 行 会 已预约",
        "y yes true t on ok 1 1.0 √ ✓ ✔ ☑ v",
    ),
    False: (
        "否 不 不是 不对 没 没有 无 不要 不需要 不用 不想 不愿意 不可以 不行 不会 暂不 暂不需要 暂无",
        "已试驾 试驾过 已置换 n no false f off 0 0.0 × ✗ ✘ x ☒ -",
    ),
}
_KNOWN = {word: means for means, lines in _MEANS.items() for line in lines for word in line.split()}
_UNDECIDED = frozenset(("未知", "待定", "未定", "不确定", "不清楚", "看情况", "再说", "考虑", "考虑中", "待确认", "?"))


def read_flag(text: object) -> bool | None:
    """Yes, no, or ``None`` for nothing said, undecided, or what cannot be read. Never raises."""
    return text if isinstance(text, bool) else _KNOWN.get(_said(text))


def is_flag(text: object) -> bool:
    """Whether the cell was understood, also where it says that nothing is known yet (待定, 未知)."""
    return isinstance(text, bool) or _said(text) in _KNOWN or _said(text) in _UNDECIDED or is_blank(text)


def _said(text: object) -> str:
    return tidy(text).replace("\ufe0f", "").lower().strip("。.!！ ")
