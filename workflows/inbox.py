"""The messages of one case, in the order in which they were stated, each exactly once.

The relay delivers at least once and in any order. A message's ``seq`` has no gaps, so one number
tells both what was already applied and what has to wait for its predecessor.
"""

from __future__ import annotations

from collections.abc import Iterable

from cases.contracts import Message


class Inbox:
    """Holds messages until their turn."""

    def __init__(self, next_seq: int, held: Iterable[Message] = ()) -> None:
        self.next_seq = next_seq
        self._held = {message.seq: message for message in held}

    def put(self, message: Message) -> None:
        """Takes a delivery; one that was already applied or is already held changes nothing."""
        if message.seq >= self.next_seq:
            self._held.setdefault(message.seq, message)

    @property
    def ready(self) -> bool:
        """Whether the next message in order is here."""
        return self.next_seq in self._held

    def message(self, seq: int) -> Message:
        """One that has come and was not taken yet. Raises ``KeyError``."""
        return self._held[seq]

    def take(self) -> Message:
        """The next message in order; call it only when ``ready``."""
        message = self._held.pop(self.next_seq)
        self.next_seq += 1
        return message

    def held(self) -> tuple[Message, ...]:
        """What has arrived but not been applied, in order."""
        return tuple(self._held[seq] for seq in sorted(self._held))
