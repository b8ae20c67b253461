"""What can go wrong, as people meet it.

::

    BatonError                     one stable code, one HTTP status, zh and en texts in the message catalogue
    ├── Invalid        422         the request is well-formed but says something impossible (field, cure)
    ├── NotFound       404         no such thing, or not visible to the caller
    ├── Conflict       409         somebody was faster, or the thing is past that point
    ├── Changed        412         it was changed since the caller looked (``api.conditions``)
    ├── Forbidden      403         the caller may not do that
    └── Unavailable    503         a part that we depend on does not answer; try again
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One thing wrong with one field: ``field`` is a JSON pointer without the slash, ``code`` a
    catalogue key."""

    field: str
    code: str
    params: dict[str, str] = dataclasses.field(default_factory=dict[str, str])


class BatonError(Exception):
    """The root. ``code`` keys the catalogue ``cases.messages.problems``; ``params`` fill its
    placeholders.

    Texts never carry personal data: they end in logs.
    """

    status: ClassVar[int] = 500

    def __init__(self, code: str, *, problems: tuple[FieldProblem, ...] = (), **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.problems = problems
        self.params = {name: str(value) for name, value in params.items()}

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions are pickled by their positional arguments alone: what another process raised
        # would lose the rest.
        return _again, (type(self), self.code, self.problems, self.params)


class Invalid(BatonError):
    status = 422


class NotFound(BatonError):
    status = 404


class Conflict(BatonError):
    status = 409


class Forbidden(BatonError):
    status = 403


class Unavailable(BatonError):
    status = 503


def _again(kind: type[BatonError], code: str, problems: tuple[FieldProblem, ...], params: dict[str, str]) -> BatonError:
    return kind(code, problems=problems, **params)
