"""The kind ``round``: what its diagrams may name and await, and with what it begins."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from cases.kind import Kind, Texts, offered
from cases.messages import of_rounds
from cases.signatures import Field, codes
from cases.states import CaseKind, MessageKind, Role
from domain.rounds.words import WORDS, Round

RUN_ASKED: Final = "run_asked"
"""The message that head office wants a period done."""

_PERIOD = Field("period", "string")

ROUND: Final = Kind(
    name=CaseKind.ROUND,
    process="round",
    zh="定期工作",
    one="round",
    many="rounds",
    starts=MappingProxyType({MessageKind.CASE_OPENED: ()}),
    hears=MappingProxyType({RUN_ASKED: (Field("period", "string", required=True),)}),
    tasks=(),
    roles=frozenset({Role.HQ}),
    texts=Texts(of_rounds.LINES, of_rounds.NOTICES, WORDS),
    facts=(codes("round", *Round, required=True),),
    activities=MappingProxyType(
        {
            "plan_round": offered("rounds", gives=(_PERIOD, Field("at", "instant"))),
            "run_round": offered(
                "rounds",
                takes=(_PERIOD,),
                gives=(
                    Field("more", "boolean", required=True),
                    Field("after", "string"),
                    Field("done", "number", required=True),
                ),
                alone=True,
            ),
        }
    ),
)
