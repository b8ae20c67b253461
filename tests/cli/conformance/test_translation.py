"""A model of the suite becomes one of this engine: scripts are activities, Java conditions are
S-FEEL."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cli.conformance.translation import NotTranslated, mark_of, sets_marker, translated
from cli.conformance.world import World
from tests.cli.conformance.models import ABSENT, SUBJECTS, SUITE, flows, model, process, script
from workflows.bpmn import read

START, END = '<startEvent id="start"/>', '<endEvent id="end"/>'


def test_a_script_becomes_an_activity_of_its_name() -> None:
    xml = model(process("p", START, script("a", "SCRIPT_task1"), END, flows("start a end")))

    task = read(translated(xml.encode())).processes["p"].elements["a"]

    assert (task.tag, task.work.activity) == ("serviceTask", "SCRIPT_task1")


def test_an_increment_is_an_output_mapping_that_any_host_runs() -> None:
    text = model(process("p", START, script("a", "INCREMENT_INTEGER_VARIABLE"), END, flows("start a end")))

    (output,) = read(translated(text.encode())).processes["p"].elements["a"].outputs

    assert output.name == "integerVariable"
    assert output.value.text == "= if is defined(integerVariable) then integerVariable + 1 else 1"


def test_a_condition_is_translated_wherever_it_stands() -> None:
    gateway = '<exclusiveGateway id="x" default="x_end"/>'
    text = model(process("p", START, gateway, script("a", "SCRIPT_1"), END, flows("start x a[!b] end", "x end")))

    flow = read(translated(text.encode())).processes["p"].elements["x"].outgoing[0]

    assert flow.condition is not None
    assert flow.condition.text == "not(b)"


def test_a_global_script_task_becomes_a_process_that_can_be_called() -> None:
    task = '<globalScriptTask id="g" name="shared"><script>SCRIPT_task1</script></globalScriptTask>'
    text = model(process("p", START, '<callActivity id="c" calledElement="g"/>', END, flows("start c end")), task)

    run = World(read(translated(text.encode())).processes, datetime(2026, 1, 1, tzinfo=UTC))
    run.start("p", {})

    assert run.marks == {"task1": 1}


def test_what_cannot_be_translated_is_refused_with_its_element() -> None:
    inside = "<standardLoopCharacteristics><loopCondition>a / 2</loopCondition></standardLoopCharacteristics>"
    loop = model(process("p", START, script("a", "SCRIPT_1", inside), END, flows("start a end")))
    word = model(process("p", START, script("b", "LAUNCH"), END, flows("start b end")))

    with pytest.raises(NotTranslated, match=r'a "a": .*cannot be translated'):
        translated(loop.encode())
    with pytest.raises(NotTranslated, match="b \"b\": the script 'LAUNCH' is not known"):
        translated(word.encode())


def test_the_words_of_the_suite() -> None:
    assert [mark_of(word) for word in ("SCRIPT_task7", "INCREMENT_INTEGER_VARIABLE_AND_LOG")] == ["task7", "increment"]
    assert [mark_of(word) for word in ("CREATE_LOG_FILE", "INCREMENT_INTEGER_VARIABLE")] == [None, None]
    assert sets_marker("CREATE_MARKER_FILE")
    assert not sets_marker("CREATE_LOG_FILE")


@pytest.mark.skipif(not SUBJECTS, reason=ABSENT)
def test_nothing_in_the_suite_is_beyond_translation() -> None:
    for subject in SUBJECTS.values():
        translated((SUITE / subject.file).read_bytes())
