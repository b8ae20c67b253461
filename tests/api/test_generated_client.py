"""A client that is generated from the OpenAPI document has every operation and good types, and
works."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.app import create_app
from tests.api.conftest import Desk, phone

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to" / "generate-a-client.md"
DOCUMENT: dict[str, Any] = create_app(None).openapi()  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The client's package, made with the settings that the documentation gives; nothing was left
    out of it."""
    folder = tmp_path_factory.mktemp("generated")
    (settings,) = re.findall(r"```yaml\n(.*?)```", HOW_TO.read_text(), re.DOTALL)
    (folder / "settings.yaml").write_text(settings + "post_hooks: []\n")
    (folder / "openapi.json").write_text(json.dumps(DOCUMENT))
    tool = Path(sys.executable).parent / "openapi-python-client"
    asked = ["--path", "openapi.json", "--config", "settings.yaml", "--meta", "none", "--output-path", "baton_client"]
    made = subprocess.run(
        [tool, "generate", "--fail-on-warning", *asked], cwd=folder, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stdout + made.stderr
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield "baton_client"


def _module(client: str, name: str) -> Any:
    return importlib.import_module(f"{client}.{name}")


def _over(desk: Desk, client: str) -> Any:
    """The generated client, over the app itself."""
    made = _module(client, "client").Client(base_url="http://baton", raise_on_unexpected_status=True)
    return made.set_async_httpx_client(desk.http)


def test_every_operation_can_be_called(client: str) -> None:
    paths = DOCUMENT["paths"].values()
    wanted = {operation["operationId"] for operations in paths for operation in operations.values()}

    folder = Path(_module(client, "api").__file__ or "").parent
    made = {path.stem for path in folder.glob("*/*.py") if path.stem != "__init__"}

    assert {re.sub("([A-Z])", lambda found: "_" + found[1].lower(), name) for name in wanted} == made


async def test_a_lead_is_sent_and_listed_in_words_of_sets(desk: Desk, client: str) -> None:
    baton, models = _over(desk, client), _module(client, "models")
    body = models.SubmissionBody(name="华桂珍", phone=phone(), channel="maker.vertical.dongchedi", model="傲虎")

    sent = await _module(client, "api.leads.send_lead").asyncio(client=baton, body=body)
    found = await _module(client, "api.leads.list_leads").asyncio(client=baton, status=[models.LeadStatus.NEW])

    (lead,) = found.items
    assert (lead.id, lead.status, lead.lamp) == (sent.lead_id, models.LeadStatus.NEW, models.Lamp.GREEN)


async def test_a_statement_and_a_list_share_their_words(desk: Desk, client: str) -> None:
    lead = await desk.at_consultant()
    baton, models = _over(desk, client), _module(client, "models")
    body = models.FollowUpBody(content="介绍了四驱系统", grade=models.Grade.H, channel=models.ContactWay.WECHAT)

    said = await _module(client, "api.statements.follow_up").asyncio(
        lead, client=baton, body=body, baton_actor="BJ01-C1"
    )
    contacts = await _module(client, "api.leads.list_follow_ups").asyncio(lead, client=baton, baton_actor="BJ01-C1")

    assert (said.statement, said.outcome, said.grade) == (
        models.Statement.FOLLOW_UP,
        models.TaskOutcome.CONTINUE,
        models.Grade.H,
    )
    assert [(one.channel, one.grade) for one in contacts.items] == [(models.ContactWay.WECHAT, models.Grade.H)]


async def test_a_refusal_is_a_problem_with_its_code(desk: Desk, client: str) -> None:
    baton, models = _over(desk, client), _module(client, "models")
    body = models.SubmissionBody(name="华桂珍", channel="maker.vertical.dongchedi")

    refused = await _module(client, "api.leads.send_lead").asyncio(client=baton, body=body)

    assert isinstance(refused, models.Problem) and refused.code == "lead_rejected"
