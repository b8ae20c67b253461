"""A diagram with two activities that can be undone, and what is asked for when they are."""

from __future__ import annotations

from tests.workflows.bpmn.play import Play

TWO = """
    start -> a:user -> b:user -> t:throw(compensate) -> z:user -> end
    a ~> revoke_a:service(revoke_a)
    b ~> revoke_b:service(revoke_b)
    """


def undone(play: Play) -> list[str]:
    """What was asked to be undone, each answered in its turn."""
    while play.places and play.places[-1].startswith("revoke"):
        play.answer(play.places[-1])
    return [word.removeprefix("run revoke_") for word in play.log if word.startswith("run revoke_")]
