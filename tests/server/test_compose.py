"""docker-compose.yml and Dockerfile as far as they can be proved without an engine."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import Any

import pytest
import typer
import yaml

from cli.app import app
from server.settings import CHECKOUT, Settings

COMPOSE: dict[str, Any] = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service.get("build")}
COMMANDS = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
MAKEFILE = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
DOCKERFILE = (CHECKOUT / "Dockerfile").read_text(encoding="utf-8")


def test_all_parts_are_there() -> None:
    assert {"postgresql", "temporal", "temporal-ui", "api", "worker"} <= set(SERVICES)
    assert set(OURS) == {"setup", "api", "worker"}
    assert SERVICES["worker"]["deploy"]["replicas"] > 1


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_waits_for_can_happen(name: str) -> None:
    for other, how in SERVICES[name].get("depends_on", {}).items():
        match how["condition"]:
            case "service_healthy":
                assert "healthcheck" in SERVICES[other]
            case "service_completed_successfully":
                assert SERVICES[other]["restart"] == "on-failure" and "healthcheck" not in SERVICES[other]
            case unknown:
                pytest.fail(f"{name} waits for {other} to be {unknown}")


@pytest.mark.parametrize("name", OURS)
def test_its_commands_and_settings_exist(name: str) -> None:
    service = OURS[name]
    assert service["command"][0] in COMMANDS
    known = {f"BATON_{field.upper()}" for field in Settings.model_fields}
    assert set(service["environment"]) <= known
    if (check := service.get("healthcheck")) is not None:
        kind, program, command, *options = check["test"]
        assert (kind, program, command) == ("CMD", "baton", "status") and options == ["--part", name]


def test_every_port_is_published_on_loopback_only() -> None:
    for service in SERVICES.values():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


def test_all_name_the_same_database_user_and_namespace() -> None:
    password = SERVICES["postgresql"]["environment"]["POSTGRES_PASSWORD"]
    assert SERVICES["temporal"]["environment"]["POSTGRES_PWD"] == password
    assert SERVICES["temporal-schema"]["environment"]["SQL_PASSWORD"] == password
    for service in OURS.values():
        assert f"//baton:{password}@postgresql/baton" in service["environment"]["BATON_DATABASE_URL"]
        assert service["environment"]["BATON_TEMPORAL_NAMESPACE"] == "baton"
    assert "namespace create -n baton" in SERVICES["temporal-namespace"]["command"][0]


def test_volumes_and_configs_that_are_used_are_declared() -> None:
    used = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    assert used == set(COMPOSE["volumes"])
    sources = {config["source"] for service in SERVICES.values() for config in service.get("configs", [])}
    assert sources == set(COMPOSE["configs"])


def test_the_images_steps_are_the_makefiles() -> None:
    made = re.findall(r"^RUN make (.+)$", DOCKERFILE, re.MULTILINE)
    assert made
    targets = set(re.findall(r"^(\S+):", MAKEFILE.replace("$(VENV)", ".venv"), re.MULTILINE))
    assert set(made) <= targets
    assert "pip install" not in DOCKERFILE


def test_compose_itself_agrees() -> None:
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "compose", "version"], capture_output=True).returncode:
        pytest.skip("the docker client has no compose here")
    done = subprocess.run([docker, "compose", "config", "--quiet"], cwd=CHECKOUT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
