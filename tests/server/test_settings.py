"""Where settings come from, who wins, and what is refused in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from server import settings as module
from server.problems import StartProblem
from server.settings import load


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A checkout without a file and an environment without our variables."""
    import os

    for name in list(os.environ):
        if name.startswith(("BATON_", "TEMPORAL_")):
            monkeypatch.delenv(name)
    monkeypatch.setattr(module, "CHECKOUT", tmp_path)
    return tmp_path


def test_without_anything_said_it_is_one_machine_on_loopback(bare: Path) -> None:
    settings = load()
    assert (settings.host, settings.port, settings.temporal_target) == ("127.0.0.1", 8080, "127.0.0.1:7233")
    assert settings.namespace == "default" and settings.database_url is None


def test_a_variable_wins_over_the_homes_file_and_that_over_the_checkouts(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given three places that say different things
    home = bare / "data"
    home.mkdir()
    (bare / "baton.toml").write_text('home = "data"\nport = 1001\ntemporal_port = 1002\nmetrics_port = 1003\n')
    (home / "baton.toml").write_text("temporal_port = 2002\nmetrics_port = 2003\n")
    monkeypatch.setenv("BATON_METRICS_PORT", "3003")

    # then the nearest wins
    settings = load()
    assert settings.home == home
    assert (settings.port, settings.temporal_port, settings.metrics_port) == (1001, 2002, 3003)


def test_temporals_own_variables_are_understood_and_ours_win(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "cloud.example:7233")
    monkeypatch.setenv("TEMPORAL_API_KEY", "secret")
    monkeypatch.setenv("TEMPORAL_NAMESPACE", "theirs")
    monkeypatch.setenv("BATON_TEMPORAL_NAMESPACE", "ours")
    settings = load()
    assert (settings.temporal_target, settings.namespace) == ("cloud.example:7233", "ours")
    assert settings.temporal_api_key is not None and "secret" not in repr(settings)


def test_a_variable_wins_over_a_file_for_temporals_settings_too(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (bare / "baton.toml").write_text('temporal_address = "file:1"\ntemporal_namespace = "file"\n')
    monkeypatch.setenv("BATON_TEMPORAL_ADDRESS", "variable:1")
    settings = load()
    assert (settings.temporal_target, settings.namespace) == ("variable:1", "file")


def test_a_child_process_gets_the_same_settings(monkeypatch: pytest.MonkeyPatch, bare: Path) -> None:
    given = load(home=bare / "h", port=1001, database_url="postgresql+asyncpg://u:p@h/d", temporal_address="t:1")
    for name, value in given.environment().items():
        monkeypatch.setenv(name, value)
    assert load() == given


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"BATON_PORT": "many"}, "BATON_PORT"),
        ({"BATON_PORT": "70000"}, "BATON_PORT"),
        ({"BATON_PORT": "7233"}, "share a port"),
        ({"BATON_HOST": "0.0.0.0"}, "BATON_TRUST_NETWORK"),
        ({"BATON_CLOCK_SPEED": "0"}, "BATON_CLOCK_SPEED"),
        ({"BATON_LOG_LEVEL": "loud"}, "BATON_LOG_LEVEL"),
        ({"BATON_TEMPORAL_TLS_CLIENT_CERT_PATH": "/x"}, "go together"),
    ],
)
def test_an_impossible_value_is_one_line_with_its_name(
    variables: dict[str, str], named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(StartProblem) as problem:
        load()
    assert named in problem.value.line() and "\n" not in problem.value.line()


@pytest.mark.parametrize("text", ["port = ", "prot = 8080"])
def test_a_file_with_a_mistake_is_one_line(bare: Path, text: str) -> None:
    (bare / "baton.toml").write_text(text)
    with pytest.raises(StartProblem) as problem:
        load()
    assert "\n" not in problem.value.line()
    assert "baton.toml" in problem.value.line() or "PROT" in problem.value.line()


def test_strangers_are_let_in_only_on_purpose(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATON_HOST", "0.0.0.0")
    monkeypatch.setenv("BATON_TRUST_NETWORK", "true")
    assert load().api_url == "http://127.0.0.1:8080"


def test_a_misspelt_variable_is_one_line_that_names_the_right_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATON_PROT", "1001")
    with pytest.raises(StartProblem, match="there is no setting BATON_PROT") as problem:
        load()
    assert problem.value.line().endswith("did you mean BATON_PORT?")
