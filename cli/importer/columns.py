"""Which column of a file is which field of a lead, by its heading or by what the user says
(``--map``)."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cli.importer.headings import ALIASES, LEVELS, WORDS, forms, meaning, plain
from cli.importer.problems import ImportProblem

CONTACTS = ("phone", "wechat")
IGNORED = "-"
"""As the field of a mapping: the column is not read."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The headings of a file and, per field, the columns that may hold it: the first non-empty one
    is taken."""

    headings: tuple[str, ...]
    of: Mapping[str, tuple[int, ...]]

    @property
    def ignored(self) -> tuple[str, ...]:
        """The headings of columns that mean nothing to us."""
        used = {column for columns in self.of.values() for column in columns}
        return tuple(heading for column, heading in enumerate(self.headings) if heading and column not in used)

    @property
    def known(self) -> int:
        """How many columns mean something."""
        return sum(map(len, self.of.values()))

    @property
    def has_contact(self) -> bool:
        return any(field in self.of for field in CONTACTS)


def mapping_of(said: Sequence[str]) -> dict[str, str]:
    """``["客户电话=phone"]`` as compared heading → field. Raises ``ImportProblem`` for a field that is
    none."""
    mapping: dict[str, str] = {}
    for one in said:
        heading, sign, field = one.rpartition("=")
        if not sign or not plain(heading):
            raise ImportProblem(f"--map 应写作 列名=字段：{one}（write HEADING=FIELD, as --map 客户电话=phone）")
        mapping[plain(heading)] = _field(field.strip())
    return mapping


def _field(said: str) -> str:
    if said in ALIASES or said == IGNORED:
        return said
    found = meaning(said)
    if found:
        return found[0]
    close = difflib.get_close_matches(said.lower(), ALIASES, n=1, cutoff=0)
    nearest = close[0] if close else "phone"
    raise ImportProblem(
        f"没有字段 {said}，是 {nearest} 吗？（no such field; did you mean {nearest}? known: {', '.join(ALIASES)}）"
    )


def columns_of(cells: Sequence[str], mapping: Mapping[str, str]) -> Columns:
    """What each cell of a row would mean as a heading; of several for one field the better ranked
    comes first."""
    ranked: dict[str, list[tuple[int, int]]] = {}
    for column, cell in enumerate(cells):
        said = next((mapping[form] for form in forms(cell) if form in mapping), None)
        found = (said, -1) if said else meaning(cell)
        if found and found[0] != IGNORED:
            ranked.setdefault(found[0], []).append((found[1], column))
    of = {field: tuple(column for _, column in sorted(columns)) for field, columns in ranked.items()}
    return Columns(tuple(" ".join(cell.split()) for cell in cells), of)


def check(columns: Columns, mapping: Mapping[str, str], *, channel_known: bool) -> None:
    """Raises ``ImportProblem`` if a lead cannot come of these columns, or a mapped heading is not
    among them.

    ``channel_known``: the user has said which channel it is of rows that name none.
    """
    there = {plain(heading): heading for heading in columns.headings if heading}
    for heading in mapping:
        if heading not in there:
            close = difflib.get_close_matches(heading, there, n=1, cutoff=0)
            nearest = there[close[0]] if close else ""
            raise ImportProblem(
                f"--map：文件中没有列 {heading}，是 {nearest} 吗？（no such heading; did you mean {nearest}?）"
            )
    if not columns.known:
        raise ImportProblem(
            "没有认识的列名；应有一行列名，如 客户姓名、手机号码、意向车型"
            "，或用 --map 列名=字段（no known column headings: use --map HEADING=FIELD）"
        )
    if not columns.has_contact:
        raise ImportProblem(f"没有 手机号码 或 微信 列（no column for a phone number or a WeChat id）{_hint(columns)}")
    if not channel_known and not {"channel", *LEVELS} & set(columns.of):
        raise ImportProblem(
            "没有渠道列：需要 渠道 或 一级渠道/二级渠道/三级渠道，或用 --channel 渠道"
            f"（no column for the channel: say which with --channel）{_hint(columns)}"
        )


def _hint(columns: Columns) -> str:
    named = "、".join(columns.ignored[:8])
    return f"；不认识的列：{named}，可用 --map 列名=字段（unknown columns: use --map HEADING=FIELD）" if named else ""


def word(field: str) -> str:
    """The field's name as people say it."""
    return WORDS[field]
