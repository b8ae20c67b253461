"""The verdicts on paper: a CSV beside the file that a spreadsheet can open without running anything in it."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from importer.problems import ImportProblem
from importer.reading import Sheet
from importer.sending import Verdict

WORDS = {
    "created": "新建",
    "duplicate": "重复",
    "reactivated": "激活",
    "rejected": "拒绝",
    "not_sent": "未发送",
}
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def beside(path: Path) -> Path:
    """Where the result of a file goes unless said otherwise."""
    return path.with_name(f"{path.stem}.result.csv")


def check(path: Path) -> None:
    """Raises ``ImportProblem`` when nothing can be written there: before rows are sent, not after."""
    there = path.exists()
    try:
        with path.open("a", encoding="utf-8"):
            pass
        if not there:
            path.unlink()
    except OSError as failure:
        raise ImportProblem(f"无法写入结果：{path}，可用 --out 指定（cannot write: {failure.strerror}）") from failure


def write(path: Path, sheet: Sheet, verdicts: Iterable[Verdict]) -> None:
    """The file's own rows with number, verdict, reason and lead beside them."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(["行号", "结果", "原因", "线索编号", *map(harmless, sheet.headings)])
        for one in verdicts:
            cells = [harmless(cell) for cell in one.row.cells]
            out.writerow([one.row.number, WORDS[one.verdict], harmless(one.reason), one.lead_id, *cells])


def harmless(cell: str) -> str:
    """A cell that a spreadsheet shows instead of computing."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_STARTS_A_FORMULA) else cell
