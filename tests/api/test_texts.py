"""All that Baton says is in catalogues, in every language alike; a further language is a file and a
tag."""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.language import preferred
from api.problems import field_problem, problem_body
from api.processes.words import CODES as DIAGRAMS
from api.processes.words import said as diagram_problem
from api.tables.reader_words import SENTENCES
from api.tables.reader_words import said as reader_problem
from api.tables.sentences import CODES as TABLES
from api.tables.words import told
from api.texts.catalogues import sentences, texts
from cases.errors import FieldProblem
from cases.messages import LANGUAGES, NOTIFICATIONS, TIMELINE, Words, languages
from cases.messages.fields import FIELDS
from cases.messages.problems import PROBLEMS
from cases.messages.screens import LABELS
from cases.messages.text import Text, words
from cases.spoken import sentence
from domain.kinds import task_kinds
from domain.lines import line
from domain.policy.review import review
from domain.tasks.form import form
from domain.tickets.words import LABELS as OF_TICKETS
from rules.errors import Problem as TableProblem
from server.settings import CHECKOUT
from tests.api.conftest import Desk, headers
from tests.api.pseudo import TAG, foreign, spoken, translated
from tests.api.tables import dmn
from workflows.bpmn import Problem
from workflows.bpmn.checks.codes import CODES as CHECKS

ROOMS = ("activities", "api", "cases", "cli", "domain", "rules", "server", "store", "workflows")


@pytest.fixture
def third(tmp_path: Path) -> Iterator[None]:
    with spoken(tmp_path):
        yield


def asked(said: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(said) if name}


def filled(said: str) -> dict[str, Any]:
    return {name: f"<{name}>" for name in asked(said)}


# -- catalogues ----------------------------------------------------------------------------------


def test_every_sentence_has_a_key_of_its_own() -> None:
    by_key: dict[str, Words] = {}
    for one in sentences():
        assert by_key.setdefault(one.key, one) == one, one.key

    assert len(by_key) > 1_000 and "" not in by_key


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_empty_and_all_languages_ask_for_the_same(language: Any) -> None:
    ours, first = texts(language), texts(LANGUAGES[0])

    assert ours.keys() == first.keys()
    assert [key for key, said in ours.items() if not said.strip()] == []
    assert {key for key, said in ours.items() if asked(said) != asked(first[key])} == set()


def faults(file: Path) -> set[str]:
    """Keys that a translation lacks, has too many, or whose sentence asks for something else."""
    made, english = languages.translations(file), texts("en")
    both = made.keys() & english.keys()
    return (made.keys() ^ english.keys()) | {key for key in both if asked(made[key]) != asked(english[key])}


def test_a_translation_is_whole_and_its_language_is_one_of_those_that_baton_speaks() -> None:
    files = {file.stem: file for file in languages.TRANSLATIONS.glob("*.json")}

    assert files.keys() == set(LANGUAGES) - {"zh", "en"}
    assert {tag: found for tag, file in files.items() if (found := faults(file))} == {}


def test_a_translation_that_is_not_whole_is_told_by_its_keys(tmp_path: Path) -> None:
    with spoken(tmp_path):
        file = tmp_path / f"{TAG}.json"
        made = json.loads(file.read_text(encoding="utf-8"))
        assert faults(file) == set()

    del made["texts"]["roles.hq"]
    made["texts"] |= {"roles.nobody": "…", "timeline.followed_up": "{outcomes}", "marks.list": " & "}
    other = tmp_path / "other.json"
    other.write_text(json.dumps(made), encoding="utf-8")

    assert faults(other) == {"roles.hq", "roles.nobody", "timeline.followed_up"}


def ours() -> Iterator[ModuleType]:
    """The modules of the API and all below, as far as they are imported: with ``api.app``, all."""
    yield from (one for name, one in sorted(sys.modules.items()) if name.partition(".")[0] in ROOMS)


def tables(value: object) -> Iterator[Mapping[Any, Any]]:
    """Tables of sentences, however deep."""
    if isinstance(value, Mapping):
        if value and all(isinstance(one, Words | Text) for one in value.values()):
            yield value
        else:
            for one in value.values():
                yield from tables(one)


def test_no_table_of_sentences_is_outside_the_catalogues() -> None:
    known = {one.key for one in sentences()}
    found = {
        f"{module.__name__}.{name}"
        for module in ours()
        for name, value in vars(module).items()
        if not name.startswith("_")  # rows of a catalogue before it is one
        for table in tables(value)
        if any(row.key not in known for row in table.values())
    }

    # Rows of several files that make up one catalogue.
    assert {name for name in found if not name.startswith(("cases.messages.problems.", "cases.messages.of_"))} <= {
        "cases.messages.notices.NOTICES",
        "cases.messages.timeline.LINES",
    }


@pytest.mark.parametrize("codes", [*LABELS, *OF_TICKETS])
def test_every_code_of_a_set_has_a_label_and_no_other_has(codes: Any) -> None:
    assert (LABELS | OF_TICKETS)[codes].keys() == set(codes)


COLUMNS = {
    "cases/messages/words.py",  # the one place that picks
    "cases/messages/text.py",  # both columns of two sentences become sentences
    "cases/spoken.py",  # names of facts become sentences
    "domain/leads/tasks.py",
    "domain/leads/plain_forms.py",  # the OpenAPI document has both
    "api/texts/catalogues.py",  # names of kinds become sentences
}
"""Where a column is read."""


def test_no_other_place_looks_at_a_language() -> None:
    found: set[str] = set()
    for room in ROOMS:
        for path in sorted((CHECKOUT / room).rglob("*.py")):
            name = path.relative_to(CHECKOUT).as_posix()
            tree = ast.parse(path.read_text(encoding="utf-8"))
            if any(map(_picks, ast.walk(tree))) and name not in COLUMNS:
                found.add(name)

    assert found == set()


def _picks(node: ast.AST) -> bool:
    match node:
        case ast.Compare(left=left, comparators=others):
            return any(isinstance(one, ast.Constant) and one.value in {"zh", "en"} for one in (left, *others))
        case ast.Attribute(attr="zh" | "en" | "cure_zh" | "cure_en"):
            return True
        case ast.MatchValue(value=ast.Constant(value="zh" | "en")):
            return True
        case _:
            return False


# -- a third language ----------------------------------------------------------------------------


@pytest.mark.usefixtures("third")
def test_every_key_is_said_in_a_third_language() -> None:
    assert texts(TAG) == {key: translated(said) for key, said in texts("en").items()}


@pytest.mark.usefixtures("third")
@pytest.mark.parametrize("code", PROBLEMS)
def test_every_problem(code: str) -> None:
    body = problem_body(422, code, TAG, params=filled(PROBLEMS[code].en + PROBLEMS[code].cure_en))

    assert foreign(body["detail"]) and foreign(body["cure"] or "⟦⟧")
    assert "{" not in body["detail"] + body["cure"]


@pytest.mark.usefixtures("third")
@pytest.mark.parametrize("code", FIELDS)
def test_every_problem_of_a_field(code: str) -> None:
    params = filled(FIELDS[code].en + FIELDS[code].cure_en)
    said = field_problem(FieldProblem("phone", code, params), TAG)

    assert foreign(said["message"]) and foreign(said["cure"] or "⟦⟧")


@pytest.mark.usefixtures("third")
@pytest.mark.parametrize("code", sorted(CHECKS.keys() | DIAGRAMS.keys()))
def test_every_problem_of_a_diagram(code: str) -> None:
    said = diagram_problem(Problem("Task_1", "Call", 7, code, "the checker says; more", proposal="near"), TAG)

    assert foreign(said.message) and foreign(said.cure) and "near" in said.cure
    assert said.detail == "the checker says; more"


@pytest.mark.usefixtures("third")
@pytest.mark.parametrize("one", [*TABLES.values(), *SENTENCES.values()], ids=lambda one: one.key)
def test_every_problem_of_a_table(one: Text) -> None:
    message, cure = words({"code": one}, "code", TAG, filled(one.en + one.cure_en))

    assert foreign(message) and foreign(cure)


@pytest.mark.usefixtures("third")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"below": "< 90"}, "gap"),
        ({"below": "< 101"}, "overlap"),
        ({"middle": "500", "expect": "600"}, "example_differs"),
        ({"middle": "five hundred"}, "unreadable"),
    ],
)
def test_a_table_that_is_reviewed(changes: dict[str, str], code: str) -> None:
    found = told(review(dmn("bands", **changes), "bands", sampled=False), TAG)

    assert code in {one.code for one in found}
    assert all(foreign(one.message) and foreign(one.cure) for one in found)


@pytest.mark.usefixtures("third")
@pytest.mark.parametrize(("row", "column"), [(None, ""), (3, ""), (None, "grade"), (3, "grade")])
def test_a_problem_of_a_file_names_its_place(row: int | None, column: str) -> None:
    for message in ("the table has no row", "something that has no sentence yet"):
        said, cure = reader_problem(TableProblem(message, "cure", row=row, column=column), TAG)

        assert foreign(said) and foreign(cure)
        assert ("3" in said, "grade" in said) == (row is not None, bool(column))


@pytest.mark.usefixtures("third")
@pytest.mark.parametrize("table", [TIMELINE, NOTIFICATIONS], ids=["timeline", "notices"])
def test_every_line_and_notice_with_each_of_its_cases(table: Mapping[str, Words]) -> None:
    for code, row in table.items():
        for case, one in (("", row), *row.cases.items()):
            data = filled(row.en) | filled(one.en) | {"case": case}
            missing = case.removeprefix("without_")
            data |= {missing: None} if missing != case else {}
            said = sentence(table, code, data, {}, TAG)

            assert foreign(said), (code, case)
            assert "{" not in said


@pytest.mark.usefixtures("third")
def test_a_line_with_what_somebody_wrote_and_a_kind_of_task() -> None:
    data = {"kind": "first_follow_up", "outcome": "lost", "words": "太贵"}

    said = line("task_completed", data, {}, TAG)

    assert foreign(said) and translated("first follow-up") in said and translated("lost") in said and "太贵" in said


@pytest.mark.usefixtures("third")
@pytest.mark.parametrize("kind", task_kinds())
def test_every_form(kind: str) -> None:
    titles = list(titled(form(task_kinds()[kind], TAG)))

    assert len(titles) > len(task_kinds()[kind].outcomes)
    assert [title for title in titles if not foreign(title) and title not in {"H", "A", "B", "C", "N"}] == []


def titled(schema: Any) -> Iterator[str]:
    match schema:
        case dict():
            if isinstance(schema.get("title"), str):
                yield schema["title"]
            for one in schema.values():
                yield from titled(one)
        case list():
            for one in schema:
                yield from titled(one)
        case _:
            pass


@pytest.mark.usefixtures("third")
def test_a_sentence_that_is_not_translated_yet_is_said_in_english(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / f"{TAG}.json").write_text('{"texts": {}}', encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(languages, "TRANSLATIONS", tmp_path / "empty")

        assert problem_body(404, "task_not_found", TAG)["detail"] == PROBLEMS["task_not_found"].en


# -- which language ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "zh"),
        ("", "zh"),
        ("en", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB, en;q=0.9, zh;q=0.8", "en"),
        ("zh-Hans-CN;q=0.4, EN-us;q=0.5", "en"),
        ("zh-Hant", "zh"),
        ("fr", "zh"),
        ("fr, en;q=0.1", "en"),
        ("*", "zh"),
        ("zh;q=0, *", "en"),
        ("zh;q=0.2, *;q=0.1", "zh"),
        ("en;q=0.5, zh;q=0.5", "zh"),
        ("en;q=nan", "zh"),
        ("en;q=7, zh;q=0.1", "zh"),
        ("english", "zh"),
        ("xx", "zh"),
    ],
)
def test_the_language_that_weighs_most_is_spoken(header: str | None, language: str) -> None:
    assert preferred(header) == language


@pytest.mark.usefixtures("third")
@pytest.mark.parametrize("header", ["xx", "xx-Latn-AQ", "fr, XX;q=0.3", "zh;q=0.1, en;q=0.2, xx;q=0.3"])
def test_a_third_language_is_asked_for_as_the_others_are(header: str) -> None:
    assert preferred(header) == TAG


@given(st.text(alphabet="zhenx-;q=,.* 019", max_size=60))
def test_whatever_a_header_says_there_is_a_language(header: str) -> None:
    assert preferred(header) in LANGUAGES


# -- over HTTP -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "header", "language"),
    [("", None, "zh"), ("", "en-GB", "en"), ("?language=zh-Hans", "en", "zh"), ("?language=fr", "en", "zh")],
)
async def test_the_texts_of_a_language(desk: Desk, query: str, header: str | None, language: Any) -> None:
    answer = await desk.http.get(f"/api/v1/texts{query}", headers=headers(language=header))

    assert answer.json() == {"language": language, "languages": ["zh", "en"], "texts": dict(texts(language))}
    assert (answer.headers["Content-Language"], answer.headers["Vary"]) == (language, "Accept-Language")
    for key in ("statuses.working", "stages.visited", "tasks.recall.raised", "values.price", "timeline.followed_up"):
        assert key in answer.json()["texts"]


async def test_texts_that_are_known_are_not_sent_again_but_those_of_another_language_are(desk: Desk) -> None:
    first = await desk.http.get("/api/v1/texts", headers=headers(language="en"))
    known = {"If-None-Match": first.headers["ETag"]}

    again = await desk.http.get("/api/v1/texts", headers=headers(language="en") | known)
    other = await desk.http.get("/api/v1/texts", headers=headers(language="zh") | known)

    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert again.headers["Content-Language"] == "en"
    assert (other.status_code, other.headers["Content-Language"]) == (200, "zh")


@pytest.mark.usefixtures("third")
async def test_a_lead_in_a_third_language(desk: Desk) -> None:
    lead = await desk.at_consultant("BJ01-C1")
    wanted = headers("BJ01-C1", language="xx-AQ, en;q=0.5")

    history = await desk.http.get(f"/api/v1/leads/{lead}/timeline", headers=wanted)
    refused = await desk.http.post(f"/api/v1/leads/{lead}/follow-ups", json={"contents": "…"}, headers=wanted)

    assert [one.headers["Content-Language"] for one in (history, refused)] == [TAG, TAG]
    assert all(foreign(one["text"]) for one in history.json()["items"])
    assert foreign(refused.json()["detail"]) and all(foreign(one["message"]) for one in refused.json()["problems"])


async def test_a_file_is_in_its_authors_language(desk: Desk) -> None:
    diagram = await desk.http.get("/api/v1/processes/lead/1.bpmn", headers=headers(language="en"))
    listed = await desk.http.get("/api/v1/processes", headers=headers(language="en"))

    assert diagram.status_code == 200 and "Content-Language" not in diagram.headers
    assert listed.headers["Content-Language"] == "en"
