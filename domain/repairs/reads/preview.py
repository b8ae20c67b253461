"""How many running leads would go on in another version, and why the others would not. Nothing is
changed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from domain.repairs import trying
from domain.repairs.fitting import Change, Targets, Wanted
from domain.repairs.forms import PreviewBody
from domain.repairs.laws.wanted import as_wanted
from domain.repairs.laws.who import migrates
from domain.repairs.trying import Trial
from domain.speaker import Speaker
from store.engine import instances
from store.engine.instances import InstanceRow
from store.session import Tx
from store.tables import definitions
from workflows.bpmn.migration import Plan, Reason

PAGE: Final = 200
EXAMPLES: Final = 5


@dataclass(frozen=True, slots=True)
class Preview:
    """``tried`` running leads were looked at (``all_tried``: there are no others); ``fits`` of them
    would go on by the ``plan``. ``counts``: why not, the most frequent first; a lead may have more
    than one reason."""

    plan: Plan
    tried: int
    all_tried: bool
    fits: int
    counts: tuple[tuple[Reason, int], ...]
    examples: Mapping[Reason, Sequence[UUID]]


async def preview(tx: Tx, speaker: Speaker, body: PreviewBody) -> Preview:
    """The migration is tried on every running lead as it last came to rest. Raises ``Forbidden``,
    ``NotFound``, ``Invalid``."""
    migrates(speaker)
    wanted = await as_wanted(tx, speaker, body)
    trial = _Trials(tx, speaker, wanted)
    tried, fits, after = 0, 0, None
    counts: Counter[Reason] = Counter()
    examples: defaultdict[Reason, list[UUID]] = defaultdict(list)
    while True:
        size = min(PAGE, body.at_most - tried)
        # One more than is tried tells whether there are any others.
        lives = await instances.of_version(tx, body.process, body.from_version, after, size + 1)
        found = await trial.tried(lives[:size])
        tried += len(found)
        for life, reasons in zip(lives[:size], found, strict=True):
            fits += not reasons
            for reason in set(reasons):
                counts[reason] += 1
                if len(examples[reason]) < EXAMPLES:
                    examples[reason].append(life.case_id)
        if len(lives) <= size or tried >= body.at_most:
            break
        after = (lives[size - 1].case_id, lives[size - 1].life)
    counted = tuple(counts.most_common())
    return Preview(wanted.plan, tried, len(lives) <= size, fits, counted, examples)


class _Trials:
    """A page takes the processor for a moment, and its conditions may take longer: it is tried
    aside."""

    def __init__(self, tx: Tx, speaker: Speaker, wanted: Wanted) -> None:
        self._tx, self._speaker, self._wanted, self._at = tx, speaker, wanted, speaker.now()
        self._targets = Targets(speaker.memory.programs, wanted)
        self._files: dict[str, bytes] = {}

    async def tried(self, lives: Sequence[InstanceRow]) -> list[tuple[Reason, ...]]:
        """Why each life does not fit; nothing: it does."""
        found = [await self._targets.of(self._tx, life) for life in lives]
        trials = [
            Trial(life.refs, target.refs, life.snapshot)
            for life, target in zip(lives, found, strict=True)
            if isinstance(target, Change)
        ]
        for ref in {ref for trial in trials for ref in (*trial.old, *trial.new)}:
            if ref.sha256 not in self._files:
                self._files[ref.sha256] = (await definitions.by_sha(self._tx, ref.sha256)).xml
        moves = {key: dict(moved) for key, moved in self._wanted.plan.moves.items()}
        tried = iter(await self._speaker.aside(trying.reasons, self._files, trials, moves, self._at) if trials else ())
        return [next(tried) if isinstance(target, Change) else (target,) for target in found]
