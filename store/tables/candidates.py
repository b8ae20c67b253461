"""Candidates of a choice as the database keeps them: what is alike in many choices once, beside it
the numbers.

A choice names the candidates of the choice before it, and its lines are of few forms: ruled out for
a reason, or asked about with these inputs. So who they are and the forms of lines are two parts
(``candidate_parts``), each under the digest of what it says; with the decision stand both digests
and, line by line, a form and its numbers. ``candidates_of`` in the database makes the lines again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import md5
from typing import Any, Final, cast

NUMBER: Final = "\x1f"
"""Where a number stands in a form. No JSON text has this sign in it, whatever it says."""
_QUOTED: Final = json.dumps(NUMBER)
_WHO: Final = ("id", "code")


def kept(decision: Mapping[str, Any]) -> dict[str, Any]:
    """A decision with its ``candidates`` as they are kept, and with the ``parts`` that they name.

    As they are stay those that nobody chose among: none, one, or such as have no code.
    """
    lines = decision["candidates"]
    if len(lines) < 2 or not any("code" in line for line in lines):
        return dict(decision)
    told = [found for line in lines if (found := _told(line)) is not None]
    if len(told) < len(lines):
        return dict(decision)
    who = [{name: line[name] for name in _WHO if name in line} for line in lines]
    forms = sorted({form for form, _ in told})
    numbered = {form: str(number) for number, form in enumerate(forms)}
    digests = _digest(who), _digest(forms)
    lines_as_kept = ";".join(",".join((numbered[form], *numbers)) for form, numbers in told)
    kept_as = "".join((*digests, lines_as_kept))
    return {**decision, "candidates": kept_as, "parts": dict(zip(digests, (who, forms), strict=True))}


def _digest(said: Any) -> str:
    """The name of what is said, as 32 hexadecimal signs."""
    return md5(_json(said).encode(), usedforsecurity=False).hexdigest()


def _json(value: Any) -> str:
    return json.dumps(value, default=_as_text, ensure_ascii=False)


def _as_text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _told(line: Mapping[str, Any]) -> tuple[str, list[str]] | None:
    """The form of a line and its numbers, in order; None for a line that says what stands for a
    number."""
    numbers: list[str] = []
    rest = {name: _without_numbers(value, numbers) for name, value in line.items() if name not in _WHO}
    form = _json(rest)
    return (form.replace(_QUOTED, NUMBER), numbers) if form.count(_QUOTED) == len(numbers) else None


def _without_numbers(value: Any, numbers: list[str]) -> Any:
    if isinstance(value, Mapping):
        return {name: _without_numbers(one, numbers) for name, one in cast("Mapping[str, Any]", value).items()}
    if isinstance(value, (list, tuple)):
        return [_without_numbers(one, numbers) for one in cast("Sequence[Any]", value)]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        numbers.append(json.dumps(value, allow_nan=False))
        return NUMBER
    return value
