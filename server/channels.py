"""Channels that notifications leave by: the log, and mail. A further one is a class with a name and
``send``."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from typing import Protocol
from uuid import UUID

import structlog

from server.settings import Settings
from store.engine.notifications import LOG

log = structlog.get_logger("notices")


@dataclass(frozen=True, slots=True)
class Notice:
    """What one person is told on one channel. ``address`` and ``text`` are for the channel alone,
    never for a log."""

    key: str
    """The same at each attempt: a channel that can tells repetitions by it."""
    notification_id: UUID
    lead_id: UUID
    to: str
    code: str
    address: str
    text: str


class Channel(Protocol):
    """Hands one notice on; raising means: try again later. Contact points and metrics know it by
    ``name``."""

    @property
    def name(self) -> str: ...

    async def send(self, notice: Notice) -> None: ...


class Log:
    """Codes and ids only: who it is about and what it says stay in the store."""

    name = LOG

    async def send(self, notice: Notice) -> None:
        log.info(
            "notification",
            notification=str(notice.notification_id),
            lead=str(notice.lead_id),
            to=notice.to,
            code=notice.code,
        )


class Mail:
    """Mail by an SMTP server, encrypted where the server can."""

    name = "mail"

    def __init__(self, host: str, port: int, sender: str, user: str | None = None, password: str | None = None) -> None:
        self._host, self._port, self._sender = host, port, sender
        self._user, self._password = user, password

    async def send(self, notice: Notice) -> None:
        import aiosmtplib  # most have no mail server

        mail = EmailMessage()
        mail["From"], mail["To"] = self._sender, notice.address
        mail["Subject"] = " ".join(notice.text.split())  # a header has one line
        mail["Message-ID"] = f"<{notice.key}@baton>"
        mail.set_content(f"{notice.text}\n\n{notice.lead_id}\n")
        await aiosmtplib.send(mail, hostname=self._host, port=self._port, username=self._user, password=self._password)


def of(settings: Settings) -> tuple[Channel, ...]:
    """The channels that the settings make possible."""
    if settings.mail_host is None:
        return (Log(),)
    password = settings.mail_password.get_secret_value() if settings.mail_password else None
    mail = Mail(settings.mail_host, settings.mail_port, settings.mail_from, settings.mail_user, password)
    return (Log(), mail)
