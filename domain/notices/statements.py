"""What a person may state about a notice: that it is sent once more."""

from __future__ import annotations

from domain.notices.laws import sends
from domain.speaker import Speaker
from store.engine import notices
from store.engine.notices import NoticeLine
from store.session import Tx


async def send_again(tx: Tx, speaker: Speaker, notice_id: int) -> NoticeLine:
    """One that was given up waits again and has all its attempts before it; one that waits is due
    at once.

    Raises ``Forbidden``, ``NotFound``, and ``Conflict`` when it has got through.
    """
    sends(speaker)
    return await notices.again(tx, notice_id, speaker.now())
