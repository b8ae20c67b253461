"""Small files of leads, written where a test needs them."""

from __future__ import annotations

from pathlib import Path

from cli.importer.reading import LeadFile, Row, read


def opened(folder: Path, content: bytes | str, name: str = "leads.csv") -> LeadFile:
    """The sheet of a file with this content."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read(path)


def rows(folder: Path, content: bytes | str, name: str = "leads.csv") -> list[Row]:
    """Its rows."""
    return list(opened(folder, content, name).rows)


def leads(folder: Path, content: bytes | str) -> list[dict[str, object]]:
    """The leads of its rows that can be one."""
    return [row.lead for row in rows(folder, content) if row.lead is not None]
