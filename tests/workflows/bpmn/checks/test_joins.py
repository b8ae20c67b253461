"""Joins that never complete and merges that double; beside each the nearest drawing that makes
sense."""

from __future__ import annotations

import pytest

from tests.workflows.bpmn.checks.finding import codes


@pytest.mark.parametrize(
    "text",
    [
        "start -> x:xor -[n > 1]-> a:user -> j:and -> end\nx -[else]-> b:user -> j",
        "start -> x:xor -[n > 1]-> j:and -> end\nx -[else]-> j",
        "start -> x:xor -[n > 1]-> y:xor -[n > 2]-> j:and -> end\ny -[else]-> end2\nx -[else]-> b:user -> j",
        # Two of the three flows exclude each other.
        "start -> f:and -> x:xor -[n > 1]-> a:user -> j:and -> end\nx -[else]-> b:user -> j\nf -> c:user -> j",
        "start -> r:race -> a:catch(message m) -> j:and -> end\nr -> b:catch(timer PT1H) -> j",
        # Either the task is done or its time is over.
        "start -> a:user -> j:and -> end\na!late:timer PT1H -> b:user -> j",
        # The branches of a choice are joined before they meet the other branch of an outer choice.
        """start -> x:xor -[n > 1]-> y:xor -[n > 2]-> a:user -> m:xor -> j:and -> end
        y -[else]-> b:user -> m
        x -[else]-> c:user -> j""",
        "start -> s:sub -> end\ns {\nstart2 -> x:xor -[n > 1]-> j:and -> end2\nx -[else]-> j\n}",
        # What comes back can only come after the gateway has let something through.
        "start -> j:and -> a:user -> x:xor -[n > 1]-> j\nx -[else]-> end",
    ],
)
def test_a_join_that_waits_for_ever(text: str) -> None:
    assert codes(text) == [("j", "join_never")]


@pytest.mark.parametrize(
    "text",
    [
        "start -> f:and -> a:user -> j:and -> end\nf -> b:user -> j",
        "start -> x:xor -[n > 1]-> a:user -> m:xor -> end\nx -[else]-> b:user -> m",
        # A choice within each of the branches.
        """start -> f:and -> x:xor -[n > 1]-> a:user -> m:xor -> j:and -> end
        x -[else]-> m
        f -> y:xor -[n > 2]-> b:user -> k:xor -> j
        y -[else]-> k""",
        # Everyone may choose for himself whether both come.
        "start -> o:or -[n > 1]-> a:user -> j:and -> end\no -[n > 2]-> b:user -> j\no -[else]-> end2",
        # Two tokens pass the choice, so both of its ways may be taken.
        "start -> f:and -> a:user -> m:xor -> x:xor -[n > 1]-> j:and -> end\nf -> m\nx -[else]-> b:user -> j",
        "start -> u:user -> end2\nu+again:timer R/PT1H -> x:xor -[n > 1]-> j:and -> end\nx -[else]-> b:user -> j",
        # The reminder comes as well as the work.
        "start -> a:user -> j:and -> end\na+late:timer PT1H -> b:user -> j",
    ],
)
def test_a_join_that_may_complete(text: str) -> None:
    assert "join_never" not in {code for _, code in codes(text)}


@pytest.mark.parametrize(
    "text",
    [
        "start -> f:and -> a:user -> m:xor -> c:user -> end\nf -> b:user -> m",
        "start -> f:and -> m:xor -> c:user -> end\nf -> m",
        "start -> f:task -> a:user -> m:xor -> c:user -> end\nf -> b:user -> m",
        # Whatever is chosen within the branch, its token arrives.
        """start -> f:and -> x:xor -[n > 1]-> a:user -> m:xor -> c:user -> end
        x -[else]-> b:user -> m
        f -> d:user -> m""",
        "start -> f:and -> a:user -> m:xor -> c:user -> end\nf -> b:user -> m\na+late:timer PT1H -> end2",
    ],
)
def test_a_merge_after_which_everything_runs_twice(text: str) -> None:
    assert codes(text) == [("m", "merge_doubles")]


@pytest.mark.parametrize(
    "text",
    [
        "start -> f:and -> a:user -> m:and -> c:user -> end\nf -> b:user -> m",
        "start -> f:and -> a:user -> m:or -> c:user -> end\nf -> b:user -> m",
        "start -> x:xor -[n > 1]-> a:user -> m:xor -> c:user -> end\nx -[else]-> b:user -> m",
        # Nothing is done after it.
        "start -> f:and -> a:user -> m:xor -> end\nf -> b:user -> m",
        # One branch may end elsewhere.
        "start -> f:and -> a:user -> m:xor -> c:user -> end\nf -> x:xor -[n > 1]-> m\nx -[else]-> end2",
        "start -> f:and -> a:user -> m:xor -> c:user -> end\nf -> b:user -> m\nb!late:timer PT1H -> end2",
        # The branches are joined first.
        "start -> f:and -> a:user -> j:and -> m:xor -> c:user -> x:xor -[n > 1]-> m\nx -[else]-> end\nf -> b:user -> j",
    ],
)
def test_a_merge_that_may_let_one_token_through(text: str) -> None:
    found = [one for one in codes(text) if one[1] != "unsupported"]
    assert found == []


def test_a_complex_join_says_when_it_goes_on() -> None:
    diagram = "start -> f:and -> a:user -> x:complex -> end\nf -> b:user -> x"
    assert codes(diagram) == [("x", "missing_activation")]
    assert codes(diagram.replace("x:complex", "x:complex(activationCount >= 2)")) == []
