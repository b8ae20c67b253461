"""Rows of a spreadsheet (.xlsx, .xlsm, .xlsb, .xls, .ods), read in a process of its own under
limits.

A workbook is a packed archive written by whoever sent it: what it says it unpacks to is checked
first, and the child has bounds of memory and time, so that a hostile one ends the child and nothing
else.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any

from cli.importer.delimited import HEADING_WITHIN, headings_in
from cli.importer.problems import ImportProblem

PACKED = b"PK\x03\x04"
OLD = b"\xd0\xcf\x11\xe0"

MOST_BYTES = 200 * 2**20
MOST_UNPACKED = 2 * 2**30
MOST_ENTRIES = 5_000
MOST_RATIO = 200
"""Bytes unpacked for one packed; only asked of what unpacks to more than 100 MB."""

MEMORY = 3 * 2**30
CPU_SECONDS = 300
WALL_SECONDS = 900
"""What the child may use; 100,000 rows of four cells took 80 MB."""

MOST_ROWS = 1_048_576
_TROUBLE = "problem"


def is_workbook(start: bytes) -> bool:
    return start.startswith((PACKED, OLD))


def check(path: Path) -> None:
    """Raises ``ImportProblem`` for a workbook too large to be read, by what its archive
    declares."""
    if path.stat().st_size > MOST_BYTES:
        raise ImportProblem(f"Excel 文件超过 {MOST_BYTES // 2**20} MB：{path.name}，请另存为 CSV（too large）")
    with path.open("rb") as file:
        if file.read(4) != PACKED:
            return
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as failure:
        raise ImportProblem(f"Excel 文件已损坏：{path.name}（a damaged Excel or zip file: {failure}）") from failure
    names = {entry.filename for entry in entries}
    if not any(name.startswith(("xl/", "content.xml")) for name in names):
        raise ImportProblem(f"这是压缩文件，不是 Excel：{path.name}，请解压后导入（a zip: unpack it first）")
    unpacked = sum(entry.file_size for entry in entries)
    bomb = unpacked > 100 * 2**20 and unpacked > MOST_RATIO * max(1, sum(entry.compress_size for entry in entries))
    if unpacked > MOST_UNPACKED or len(entries) > MOST_ENTRIES or bomb:
        raise ImportProblem(
            f"Excel 文件解压后过大（{unpacked // 2**20} MB）：{path.name}，请另存为 CSV（unpacks to too much）"
        )


def sheets(path: Path) -> list[str]:
    """The names of a workbook's sheets."""
    return [cells[0] for _, cells in _asked(path, {"names": True})]


def rows(path: Path, sheet: str | None, mapping: Mapping[str, str]) -> Iterator[tuple[int, list[str]]]:
    """The rows of the sheet named, else of the first sheet with known headings, with their numbers
    in it."""
    return _asked(path, {"sheet": sheet, "mapping": dict(mapping)})


def _asked(path: Path, what: dict[str, Any]) -> Iterator[tuple[int, list[str]]]:
    asked = json.dumps({"path": str(path), "memory": MEMORY} | what)
    child = subprocess.Popen(
        [sys.executable, "-m", "cli.importer.workbook", asked], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    late = threading.Timer(WALL_SECONDS, child.kill)
    late.daemon = True
    late.start()
    assert child.stdout is not None
    finished = False
    try:
        for line in child.stdout:
            said = json.loads(line)
            if isinstance(said, dict):
                finished = True
                if _TROUBLE in said:
                    raise ImportProblem(f"{path.name}：{said[_TROUBLE]}")
                break
            yield said[0], said[1]
        if not finished:
            raise ImportProblem(
                f"{path.name}：Excel 文件过大或已损坏，无法读取，请另存为 CSV（not readable within limits）"
            )
    finally:
        late.cancel()
        child.kill()
        child.stdout.close()
        child.wait()


# -- the child -----------------------------------------------------------------------------------


def main(asked: str, out: IO[str]) -> None:
    """Writes each row as one line of JSON, then ``{}``; or a problem."""
    said = json.loads(asked)
    resource.setrlimit(resource.RLIMIT_AS, (said["memory"], said["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_path(said["path"])
        named = enumerate([name] for name in book.sheet_names) if "names" in said else None
        for number, cells in named or _chosen(book, said["sheet"], said["mapping"]):
            out.write(json.dumps((number, cells), ensure_ascii=False) + "\n")
        end: dict[str, str] = {}
    except ImportProblem as problem:
        end = {_TROUBLE: str(problem)}
    except python_calamine.PasswordError:
        end = {_TROUBLE: "文件有密码，请去掉密码后导入（locked by a password: remove it first）"}
    except (python_calamine.CalamineError, OSError, ValueError) as failure:
        why = " ".join(str(failure).split())[:200]
        end = {_TROUBLE: f"不是能读取的 Excel 文件，或已损坏（no readable Excel file: {why}）"}
    out.write(json.dumps(end, ensure_ascii=False) + "\n")


def _chosen(book: Any, name: str | None, mapping: Mapping[str, str]) -> Iterator[tuple[int, list[str]]]:
    names: list[str] = book.sheet_names
    if name is not None:
        if name not in names:
            raise ImportProblem(f"没有工作表 {name}；有：{'、'.join(names)}（no such sheet: --sheet is one of these）")
        return _rows(book.get_sheet_by_name(name))
    best: tuple[tuple[bool, bool], str] | None = None
    for one in names:
        try:
            found = headings_in(_rows(book.get_sheet_by_name(one), HEADING_WITHIN), mapping)
        except Exception:  # a chart or a damaged sheet beside the one that matters
            continue
        if found is None:
            continue
        score = (found[1].has_contact, found[1].known > 1)
        if best is None or score > best[0]:
            best = score, one
    return _rows(book.get_sheet_by_name(best[1] if best else names[0])) if names else iter(())


def _rows(sheet: Any, most: int = MOST_ROWS) -> Iterator[tuple[int, list[str]]]:
    left = sheet.start[1] if sheet.start else 0
    merged = _merged(sheet, left)
    for at, row in enumerate(sheet.iter_rows()):
        if at >= most:
            return
        cells = [_text(value) for value in row]
        for column, spans in merged.items():
            for first, last, held in spans:
                if first == at and column < len(cells):
                    held[:] = [cells[column]]
                elif first < at <= last and held and column < len(cells):
                    cells[column] = held[0]
        yield at + 1, cells


def _merged(sheet: Any, left: int) -> dict[int, list[tuple[int, int, list[str]]]]:
    """Cells merged over several rows, by column: each row below means what the first says."""
    found: dict[int, list[tuple[int, int, list[str]]]] = {}
    ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]] = getattr(sheet, "merged_cell_ranges", None) or ()
    for (top, column), (bottom, right) in ranges[:2_000]:
        if top < bottom and column == right and column >= left:
            found.setdefault(column - left, []).append((top, bottom, []))
    return found


def _text(value: Any) -> str:
    """A cell as a person sees it; 13981590830.0 is a number of eleven digits."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e17 else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)


if __name__ == "__main__":
    main(sys.argv[1], sys.stdout)
