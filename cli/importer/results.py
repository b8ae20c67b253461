"""The verdicts on paper: a CSV beside the file that a spreadsheet can open without running anything
in it."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from cli.importer.problems import ImportProblem
from cli.importer.sending import SentRow

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
    """Raises ``ImportProblem`` when nothing can be written there: before rows are sent, not
    after."""
    there = path.exists()
    try:
        with path.open("a", encoding="utf-8"):
            pass
        if not there:
            path.unlink()
    except OSError as failure:
        raise ImportProblem(f"无法写入结果：{path}，可用 --out 指定（cannot write: {failure.strerror}）") from failure


class Results:
    """The file's own rows with number, verdict, reason and lead beside them, written as they
    come."""

    def __init__(self, path: Path, headings: Sequence[str], written: int = 0) -> None:
        """Begins a file; or, with ``written``, goes on behind so many bytes and forgets what came
        after them."""
        self._file = path.open("r+b" if written else "wb")
        if written:
            self._file.truncate(written)
            self._file.seek(written)
        else:
            self._file.write(codecs.BOM_UTF8)
            self._line("行号", "结果", "原因", "线索编号", *map(harmless, headings))

    def add(self, verdicts: Iterable[SentRow]) -> int:
        """Writes verdicts; returns how many bytes the file has now."""
        for one in verdicts:
            cells = [harmless(cell) for cell in one.row.cells]
            self._line(one.row.number, WORDS[one.verdict], harmless(one.reason), one.lead_id, *cells)
        self._file.flush()
        return self._file.tell()

    def close(self) -> None:
        self._file.close()

    def _line(self, *cells: object) -> None:
        text = io.StringIO()
        csv.writer(text).writerow(cells)
        self._file.write(text.getvalue().encode("utf-8", "replace"))


def harmless(cell: str) -> str:
    """A cell that a spreadsheet shows instead of computing."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_STARTS_A_FORMULA) else cell
