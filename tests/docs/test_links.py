"""Whatever a page points at is there."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

from tests.docs.console import ROOT, blocks, name, pages

LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)\)")
MAKE = re.compile(r"`make ([a-z-]+)`")
FORBIDDEN = re.compile(r"/root/|/home/\w|/tmp/|localhost:\d{5}", re.IGNORECASE)


def _prose(page: Path) -> str:
    text = page.read_text(encoding="utf-8")
    for block in blocks(page):
        text = text.replace(block.text, "") if block.text else text
    return text


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {_anchor(heading) for heading in headings}


def _anchor(heading: str) -> str:
    kept = (sign for sign in heading.lower() if sign in " -_" or unicodedata.category(sign)[0] in "LN")
    return "".join(kept).replace(" ", "-")


@pytest.mark.parametrize("page", pages(), ids=name)
def test_every_link_and_picture_exists(page: Path) -> None:
    broken: list[str] = []
    for found in LINK.finditer(_prose(page)):
        target, _, anchor = found["target"].partition("#")
        if target.startswith(("http:", "https:")):
            continue
        there = (page.parent / target).resolve() if target else page
        if not there.exists() or (anchor and anchor not in _anchors(there)):
            broken.append(found["target"])
    assert broken == []


@pytest.mark.parametrize("page", pages(), ids=name)
def test_every_make_target_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(MAKE.findall(page.read_text(encoding="utf-8"))) <= targets


@pytest.mark.parametrize("page", pages(), ids=name)
def test_no_page_knows_the_machine_it_was_written_on(page: Path) -> None:
    assert FORBIDDEN.findall(page.read_text(encoding="utf-8")) == []


def test_every_page_is_reached_from_the_readme() -> None:
    reached, todo = set[Path](), [ROOT / "README.md"]
    while todo:
        page = todo.pop()
        if page in reached or page.suffix != ".md" or not page.exists():
            continue
        reached.add(page)
        targets = (found["target"].partition("#")[0] for found in LINK.finditer(_prose(page)))
        todo.extend((page.parent / target).resolve() for target in targets if target and "://" not in target)
    assert {name(page) for page in pages()} - {name(page) for page in reached} == set()
