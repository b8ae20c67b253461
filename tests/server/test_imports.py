"""What import-linter cannot see: the modules at the top, and what an import drags in at run
time."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from server.settings import CHECKOUT

FORBIDDEN = {
    "cli/app.py": {"sqlalchemy", "alembic", "asyncpg", "durable", "temporalio", "fastapi"},
    "worker.py": {"sqlalchemy", "alembic", "asyncpg", "durable", "fastapi", "api"},
    "server/relay.py": {"sqlalchemy", "alembic", "durable", "fastapi", "api", "activities", "rules"},
}


@pytest.mark.parametrize("module", FORBIDDEN)
def test_the_modules_at_the_top_keep_to_the_contracts(module: str) -> None:
    tree = ast.parse((CHECKOUT / module).read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imported} & FORBIDDEN[module] == set()


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        # A workflow that drags these in is slow to load and can do what replay cannot repeat.
        ("workflows.case", {"sqlalchemy", "asyncpg", "durable", "fastapi", "lxml.html", "phonenumbers"}),
        ("workflows.host", {"sqlalchemy", "asyncpg", "durable", "fastapi"}),
        # A worker that dies is waited for while the next one imports.
        (
            "worker",
            {"api", "cli", "fastapi", "starlette", "uvicorn", "alembic", "openpyxl", "pypinyin", "httpx", "psutil"}
            | {"durable", "durable_rules_engine", "lxml.html", "holidays", "faker", "yaml", "aiosmtplib"},
        ),
        # What only looks at files or at the database needs none of HTTP.
        ("cli.commands.checking", {"api", "fastapi", "starlette", "temporalio"}),
        ("cli.commands.playing", {"api", "fastapi", "starlette", "temporalio"}),
        ("cli.commands.analysing", {"api", "fastapi", "starlette", "temporalio"}),
        ("cli.commands.backtesting", {"api", "fastapi", "starlette"}),
        ("server.deployment", {"api", "fastapi", "starlette", "temporalio"}),
        # The command has to answer --help at once.
        ("cli.app", {"sqlalchemy", "temporalio", "fastapi", "lxml", "asyncpg"}),
    ],
)
def test_an_import_stays_light(module: str, heavy: set[str]) -> None:
    program = f"import sys, {module}; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=CHECKOUT, check=True)
    assert set(done.stdout.split()) & heavy == set()


@pytest.mark.parametrize(
    ("command", "folder", "kind"),
    [("process check", "workflows/processes", "bpmn"), ("table check", "rules/decisions", "dmn")],
)
def test_checking_a_file_needs_nothing_of_the_api(command: str, folder: str, kind: str) -> None:
    file = next(iter(sorted((CHECKOUT / folder).glob(f"*.{kind}"))))
    program = (
        "import sys, atexit; from cli.app import app;"
        "atexit.register(lambda: print('modules:', *sorted(sys.modules)));"
        f"app({[*command.split(), str(file)]!r})"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=CHECKOUT, check=True)
    modules = done.stdout.rpartition("modules:")[2].split()
    assert {"cli.app", "rules"} <= set(modules)
    assert [one for one in modules if one.split(".")[0] in {"api", "fastapi", "starlette", "uvicorn"}] == []
