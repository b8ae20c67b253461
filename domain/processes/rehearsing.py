"""A diagram is played through, a draft or a deployed one: who may, what is played, and with which
files; nothing comes of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from cases.errors import FieldProblem, Invalid
from domain.forms import Form
from domain.processes.checking import KEY, Deployed, Judged, deployed, judge
from domain.processes.deploying import ProcessRefused, models
from domain.processes.script import ScriptForm
from domain.speaker import Speaker
from store.session import Tx
from store.tables import definitions


class RehearsalForm(Form):
    """What is played: a draft (``xml``; ``key`` says which process of it), or a deployed version of
    ``key``.

    What it calls and does not bring itself is taken from the newest deployed versions.
    """

    xml: str | None = Field(default=None, max_length=4_000_000, description="A BPMN 2.0 file")
    key: Annotated[str | None, Field(pattern=KEY.pattern.join("^$"))] = None
    version: Annotated[int | None, Field(ge=1, le=2**31 - 1, description="The newest, if not given")] = None
    script: ScriptForm = Field(default_factory=lambda: ScriptForm.model_validate({}))

    @property
    def draft(self) -> bytes | None:
        """The file that came with it."""
        return None if self.xml is None else self.xml.encode()


@dataclass(frozen=True, slots=True)
class Looked:
    """What is wrong with a script, and with the diagram that came with it."""

    script: tuple[FieldProblem, ...]
    file: Judged | None


@dataclass(frozen=True, slots=True)
class Playable:
    """Process ``key`` of the draft, or of the deployed ``files`` (by key); a draft is compared with
    what is ``known``."""

    key: str
    files: Mapping[str, bytes]
    known: Deployed | None


def look(xml: bytes | None, script: ScriptForm) -> Looked:
    """Reads both. Never raises."""
    problems = tuple(script.problems())
    return Looked(problems, None if xml is None or problems else judge(xml))


async def read(speaker: Speaker, form: RehearsalForm) -> Judged | None:
    """The draft, if there is one, as it can be played.

    Raises ``Forbidden``; ``Invalid`` for a form that says too much or too little and for a script
    that cannot be meant; ``ProcessRefused`` for a file that cannot be run; ``TooCostly`` and
    ``Unavailable``.
    """
    models(speaker)
    if refused := _choice(form):
        raise Invalid("invalid_input", problems=refused)
    found = await speaker.aside(look, form.draft, form.script)
    if found.script:
        raise Invalid("invalid_input", problems=found.script)
    if found.file is not None and found.file.errors:
        raise ProcessRefused(found.file)
    return found.file


async def to_play(tx: Tx, speaker: Speaker, form: RehearsalForm, draft: Judged | None) -> Playable:
    """Which process is played, and what is deployed of all that it calls. Raises ``Invalid`` where
    the draft has several processes and none is named, ``NotFound``."""
    drafted = {one.id: one.calls for one in draft.processes} if draft is not None else {}
    key = _key(form, drafted)
    files = await _called(tx, key, form.version, drafted)
    return Playable(key, files, None if draft is None else await deployed(tx, speaker.now()))


def _choice(form: RehearsalForm) -> tuple[FieldProblem, ...]:
    if form.xml is None and form.key is None:
        return (FieldProblem("", "one_of", {"expected": "xml, key"}),)
    if form.xml is not None and form.version is not None:
        return (FieldProblem("version", "one_of", {"expected": "xml, version"}),)
    return ()


def _key(form: RehearsalForm, drafted: Collection[str]) -> str:
    """Which process is played; of a file with several it has to be said."""
    if form.key is not None and (not drafted or form.key in drafted):
        return form.key
    if form.key is None and len(drafted) == 1:
        return next(iter(drafted))
    expected = ", ".join(sorted(drafted))
    raise Invalid("invalid_input", problems=(FieldProblem("key", "not_in_list", {"expected": expected}),))


async def _called(tx: Tx, key: str, version: int | None, drafted: Mapping[str, tuple[str, ...]]) -> dict[str, bytes]:
    """What is deployed of a process and all that it calls, where no draft brings it. Raises
    ``NotFound``."""
    found: dict[str, bytes] = {}
    waiting, seen = [key], set[str]()
    while waiting:
        called = waiting.pop()
        if called in seen:
            continue
        calls = drafted.get(called)
        if calls is None:
            asked = version if called == key else None
            stored = await (definitions.latest(tx, called) if asked is None else definitions.process(tx, key, asked))
            found[called], calls = stored.xml, stored.calls
        seen.add(called)
        waiting.extend(one for one in calls if one not in seen)
    return found
