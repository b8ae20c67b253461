"""Settings: ``BATON_*`` variables, then ``baton.toml`` in the data directory, then ``baton.toml``
in the checkout."""

from __future__ import annotations

import difflib
import ipaddress
import os
import tomllib
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from server.problems import StartProblem

CHECKOUT = Path(__file__).resolve().parents[1]
FILE = "baton.toml"
PREFIX = "BATON_"
COMPOSE = frozenset({f"{PREFIX}VERSION", f"{PREFIX}DATABASE_PASSWORD"})
"""Variables that only docker-compose.yml reads; an operator may have set them for it."""
READY = "/health/ready"
"""Where the API says whether it can do its work."""


def _temporal(name: str) -> Any:
    """A setting that Temporal's own tools know as ``TEMPORAL_<name>``; ours is
    ``BATON_TEMPORAL_<name>`` and wins."""
    lower = f"temporal_{name.lower()}"
    return Field(default=None, validation_alias=AliasChoices(f"{PREFIX}TEMPORAL_{name}", f"TEMPORAL_{name}", lower))


class Settings(BaseSettings):
    """Everything that may differ between machines. Read once at the edge by :func:`load`, then
    passed on."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True, populate_by_name=True)

    home: Path = CHECKOUT / ".baton"
    """The data directory: database, Temporal's state, logs of the servers."""

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=1, le=65535)
    trust_network: bool = False
    """Allows a ``host`` that is not loopback. Until accounts exist, whoever reaches the API may do
    anything."""

    temporal_port: int = Field(default=7233, ge=1, le=65535)
    temporal_ui_port: int = Field(default=8233, ge=1, le=65535)
    metrics_port: int = Field(default=9464, ge=1, le=65535)
    """The worker's ``/metrics``; the API serves its own."""
    metrics_host: str = "127.0.0.1"

    database_url: SecretStr | None = None
    """A PostgreSQL ≥ 15 to use (``postgresql+asyncpg://…``); without one, ``baton up`` runs its
    own."""
    database_pool: int = Field(default=10, ge=1, le=200)

    temporal_address: str | None = _temporal("ADDRESS")
    """A Temporal to use (``host:port``); without one, ``baton up`` runs its own."""
    temporal_namespace: str | None = _temporal("NAMESPACE")
    temporal_api_key: SecretStr | None = _temporal("API_KEY")
    temporal_tls: bool | None = _temporal("TLS")
    temporal_tls_client_cert_path: Path | None = _temporal("TLS_CLIENT_CERT_PATH")
    temporal_tls_client_key_path: Path | None = _temporal("TLS_CLIENT_KEY_PATH")
    temporal_tls_server_ca_cert_path: Path | None = _temporal("TLS_SERVER_CA_CERT_PATH")
    temporal_tls_server_name: str | None = _temporal("TLS_SERVER_NAME")

    worker_slots: int = Field(default=10, ge=1, le=2000)
    """Workflow tasks in flight at once in one worker: more make each of them later, not the sum
    faster."""
    worker_cache: int = Field(default=1000, ge=0)
    """Workflows kept in memory by one worker."""
    worker_versions: int = Field(default=1000, ge=100)
    """Process files kept in memory by one worker; one that was let go is read again when a lead
    asks."""

    worker_sticky_seconds: float = Field(default=3.0, gt=0, le=60)
    """Seconds that a task waits for the worker that has its workflow in memory; then any takes it
    and reads the workflow's history. So long wait the deadlines of a worker that was killed."""

    heavy_processes: int | None = Field(default=None, ge=1, le=64)
    """Processes beside one API process for what callers send; half of the processors, if unset."""
    heavy_waiting: int = Field(default=16, ge=0, le=1000)
    """Requests that may wait for one of them; others are answered 503 at once."""
    heavy_seconds: float = Field(default=20.0, gt=0)
    heavy_cpu_seconds: int = Field(default=10, ge=1)
    heavy_megabytes: int = Field(default=512, ge=64)
    """What the work of one request may take, until it is ended."""

    refused_days: int = Field(default=90, ge=1, le=3650)
    """Days until a refused submission is emptied of what was sent; verdict and reasons stay."""

    demo_network: bool = False
    """Loads the demo network at a start that finds no network."""
    clock_speed: float = Field(default=1.0, gt=0, le=1_000_000)
    """How many times faster than the wall the application clock runs; set on the first start, then
    kept."""

    mail_host: str | None = None
    """An SMTP server that notifications leave by; without one they go to the log alone."""
    mail_port: int = Field(default=25, ge=1, le=65535)
    mail_from: str = "baton@localhost"
    mail_user: str | None = None
    mail_password: SecretStr | None = None

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["auto", "json", "console"] = "auto"
    """``auto``: for people on a terminal, JSON lines otherwise."""

    start_timeout: float = Field(default=60.0, gt=0)
    """Seconds that each part gets to answer on start."""
    stop_timeout: float = Field(default=10.0, gt=0)
    """Seconds that each part gets to finish its work on stop; then it is killed."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings, env_settings, _Files(settings_cls))

    @field_validator("home", mode="after")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("temporal_address", "temporal_namespace", "database_url", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if not self.trust_network and not _loopback(self.host):
            raise ValueError(
                "host is not a loopback address, and the API has no accounts yet: "
                "use 127.0.0.1, or set BATON_TRUST_NETWORK=true if the network keeps strangers out"
            )
        ports = {"port": self.port, "metrics_port": self.metrics_port}
        if self.temporal_address is None:
            ports |= {"temporal_port": self.temporal_port, "temporal_ui_port": self.temporal_ui_port}
        if len(set(ports.values())) < len(ports):
            raise ValueError(f"two parts share a port: {', '.join(f'{name}={port}' for name, port in ports.items())}")
        if (self.temporal_tls_client_cert_path is None) != (self.temporal_tls_client_key_path is None):
            raise ValueError("temporal_tls_client_cert_path and temporal_tls_client_key_path go together")
        return self

    @property
    def api_url(self) -> str:
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def metrics_url(self) -> str:
        host = "127.0.0.1" if self.metrics_host in {"0.0.0.0", "::"} else self.metrics_host
        return f"http://{host}:{self.metrics_port}/metrics"

    @property
    def temporal_target(self) -> str:
        """Where Temporal answers: the configured one or our own."""
        return self.temporal_address or f"127.0.0.1:{self.temporal_port}"

    @property
    def namespace(self) -> str:
        return self.temporal_namespace or "default"

    def database(self) -> str:
        """The database's address, for those who connect.

        Raises:
            StartProblem: none is set, which only ``baton up`` can mend.
        """
        if self.database_url is None:
            from server.servers import running_database_url

            return running_database_url(self.home)
        return self.database_url.get_secret_value()

    def environment(self) -> dict[str, str]:
        """These settings as variables for a child process."""
        values = {
            PREFIX + name.upper(): value.get_secret_value() if isinstance(value, SecretStr) else str(value)
            for name in type(self).model_fields
            if (value := getattr(self, name)) is not None
        }
        return {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)} | values


class _Files(PydanticBaseSettingsSource):
    """``baton.toml`` of the checkout, overlaid by the one of the data directory."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        values = _read(CHECKOUT / FILE)
        home = self.current_state.get("home") or values.get("home") or CHECKOUT / ".baton"
        values |= _read(Path(home).expanduser() / FILE)
        return {key: value for key, value in values.items() if not self._given(key)}

    def _given(self, key: str) -> bool:
        """Whether a variable already says it under its alias: two spellings of one setting are
        refused otherwise."""
        return key in self.current_state or any(
            alias.lower() in {name.lower() for name in self.current_state} for alias in (f"{PREFIX}{key}", key.upper())
        )


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise StartProblem(f"{path} cannot be read", str(error)) from error
    if "home" in values:
        values["home"] = path.parent / Path(values["home"]).expanduser()
    return values


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def load(**overrides: Any) -> Settings:
    """Read the settings; ``overrides`` win over variables and files.

    Raises:
        StartProblem: a value is impossible or a name unknown; its line names the setting.
    """
    _refuse_unknown_variables()
    try:
        return Settings(**overrides)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = ".".join(str(part) for part in first["loc"]).upper().removeprefix(PREFIX)
        message = first["msg"].removeprefix("Value error, ")
        raise StartProblem(f"setting {PREFIX}{name}" if name else "settings", message) from error


def _refuse_unknown_variables() -> None:
    """A misspelt variable would be ignored in silence."""
    known = {PREFIX + name.upper() for name in Settings.model_fields} | COMPOSE
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name not in known:
            near = difflib.get_close_matches(name, known, 1)
            cure = f"did you mean {near[0]}?" if near else "see docs/reference/settings.md"
            raise StartProblem(f"there is no setting {name}", cure)
