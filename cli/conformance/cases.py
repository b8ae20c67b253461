"""The file ``cases.json`` of a folder: which processes there are, how they are started and what
they have to leave."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError


class CasesUnreadable(Exception):
    """The folder has no ``cases.json``, or it is none; the message is one line."""


class Case(BaseModel):
    """One run of a process: its variables, the virtual time it gets, and the marks it has to leave.

    ``parallel`` wants the stays of its branches to overlap.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    test: str = ""
    integer_variable: int = Field(default=0, alias="integerVariable")
    wait_ms: int = Field(default=0, ge=0)
    second_instance: bool = False
    expect: tuple[str, ...] = ()
    marker: bool = False
    parallel: bool = False
    outcome: str = ""

    @property
    def variables(self) -> dict[str, str | int]:
        return {"test": self.test, "integerVariable": self.integer_variable}

    def __str__(self) -> str:
        told = self.model_dump(
            by_alias=True, exclude_defaults=True, exclude={"expect", "marker", "parallel", "outcome"}
        )
        return json.dumps(told, ensure_ascii=False)


class Subject(BaseModel):
    """A process of the suite: its file, relative to the folder, and its cases."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    file: str
    cases: tuple[Case, ...]


def load(folder: Path) -> dict[str, Subject]:
    """The processes of a folder by name.

    Raises:
        CasesUnreadable: there is no ``cases.json``, or it does not say what it should.
    """
    path = folder / "cases.json"
    try:
        return TypeAdapter(dict[str, Subject]).validate_json(path.read_bytes())
    except OSError as problem:
        raise CasesUnreadable(f"{path}: {problem.strerror}") from None
    except ValidationError as problem:
        first = problem.errors()[0]
        raise CasesUnreadable(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
