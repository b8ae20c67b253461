"""The way to Temporal: plain on one machine, mTLS or an API key elsewhere."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from pathlib import Path

from temporalio.client import Client
from temporalio.contrib.pydantic import PydanticPayloadConverter
from temporalio.converter import CompositePayloadConverter, DataConverter, EncodingPayloadConverter
from temporalio.service import RPCError, TLSConfig

from server.problems import StartProblem
from server.settings import Settings

TAKEN_OVER = timedelta(seconds=5)
"""How long Temporal waits for a worker that has taken a workflow task before it gives the task to
another. Temporal's ten seconds would hold every lead that a killed worker was at. A worker says at
four fifths of it that it is still at the task (three events of history each time), as it does in an
outage of the store."""
FORGOTTEN = timedelta(seconds=12)
"""After so long Temporal knows by itself that nobody asks for the tasks of a dead worker's own
queue (ten seconds, fixed in its server), and gives them to any."""


@cache
def _converters() -> tuple[EncodingPayloadConverter, ...]:
    return tuple(PydanticPayloadConverter().converters.values())


class SharedConverter(CompositePayloadConverter):
    """Pydantic's conversion with one cache for all workflows.

    The SDK makes a converter per workflow, and each would compile the schemas of the contracts
    anew: 8 ms a lead.
    """

    def __init__(self) -> None:
        super().__init__(*_converters())


data_converter = DataConverter(payload_converter_class=SharedConverter)


async def connect(settings: Settings, *, lazy: bool = False) -> Client:
    """A client for the Temporal of ``settings``; ``lazy`` ones connect at their first call.

    Raises:
        RuntimeError: it does not answer (not when lazy).
        StartProblem: a certificate cannot be read.
    """
    key = settings.temporal_api_key.get_secret_value() if settings.temporal_api_key else None
    return await Client.connect(
        settings.temporal_target,
        namespace=settings.namespace,
        api_key=key,
        tls=_tls(settings, key is not None),
        data_converter=data_converter,
        lazy=lazy,
    )


async def answers(client: Client) -> bool:
    """Whether Temporal's front end is serving now."""
    try:
        return await client.service_client.check_health()
    except (RPCError, RuntimeError):
        return False


def _tls(settings: Settings, has_key: bool) -> TLSConfig | bool:
    if settings.temporal_tls is False:
        return False
    paths = (settings.temporal_tls_server_ca_cert_path, settings.temporal_tls_client_cert_path)
    if not any(paths) and settings.temporal_tls_server_name is None:
        return bool(settings.temporal_tls) or has_key
    return TLSConfig(
        server_root_ca_cert=_read(settings.temporal_tls_server_ca_cert_path),
        client_cert=_read(settings.temporal_tls_client_cert_path),
        client_private_key=_read(settings.temporal_tls_client_key_path),
        domain=settings.temporal_tls_server_name,
    )


def _read(path: Path | None) -> bytes | None:
    try:
        return path.read_bytes() if path else None
    except OSError as error:
        raise StartProblem(f"{path} cannot be read ({error.strerror})", "check BATON_TEMPORAL_TLS_*") from error
