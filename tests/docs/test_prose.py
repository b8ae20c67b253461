"""Prose is read in columns that a person can follow: no line of it is wider than a hundred."""

from __future__ import annotations

import ast
import io
import re
import subprocess
import tokenize
from collections.abc import Iterator
from pathlib import Path

from server.settings import CHECKOUT

WIDEST = 100
CHINESE = 0.4
"""The share of Chinese signs from which a line cannot be broken at blanks."""


def kept(ending: str) -> Iterator[Path]:
    """The files of the project with this ending, but for migrations, which are history."""
    listed = subprocess.run(["git", "ls-files", f"*{ending}"], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    for name in listed.stdout.splitlines():
        if "store/migrations/versions" not in name and (CHECKOUT / name).exists():
            yield CHECKOUT / name


def in_code(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of docstrings and of comments that stand alone."""
    source = path.read_text(encoding="utf-8")
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            for number in range(node.lineno, (node.end_lineno or node.lineno) + 1):
                yield number, lines[number - 1]
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT and token.line.lstrip().startswith("#"):
            yield token.start[0], token.line.rstrip("\n")


def in_pages(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a page but for tables and what stands in fences."""
    fenced = False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced and not line.lstrip().startswith("|"):
            yield number, line


def is_wide_prose(line: str) -> bool:
    """Whether a line could be broken: no picture or list in columns, no one long word, not all
    Chinese."""
    text = line.strip()
    drawn = re.search(r"\S {3,}\S|[=─]{9,}", text) is not None
    chinese = sum("\u2e80" <= sign <= "\uffef" for sign in text)
    long_word = any(len(word) > WIDEST - 20 for word in text.split())
    told_to_tools = re.match(r"#\s*(fmt|noqa|pyright|type|ruff)\b", text) is not None
    heading = re.match(r"#+ \d{4} ", text) is not None
    return len(line) > WIDEST and not (drawn or long_word or told_to_tools or heading or chinese > CHINESE * len(text))


def test_no_line_of_prose_is_wider_than_a_hundred_columns() -> None:
    read = [(path, in_code) for path in kept(".py")] + [(path, in_pages) for path in kept(".md")]
    wide = [
        f"{path.relative_to(CHECKOUT)}:{number}"
        for path, lines in read
        for number, line in lines(path)
        if is_wide_prose(line)
    ]
    assert len(read) > 500 and wide == []
