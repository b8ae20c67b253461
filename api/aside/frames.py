"""What goes between the API and the processes beside it: pickled values, each after its length."""

from __future__ import annotations

import pickle
import socket
import struct
from asyncio import StreamReader
from typing import Any, Final

LENGTH: Final = struct.Struct(">Q")
MOST_BYTES: Final = 64 * 1024 * 1024
"""Of one answer: the API has to hold it."""


class TooLong(ValueError):
    """A value has more than ``MOST_BYTES``."""


def packed(value: Any) -> bytes:
    """A value on its way. Raises ``TooLong``, and whatever pickle has against the value."""
    body = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    if len(body) > MOST_BYTES:
        raise TooLong
    return LENGTH.pack(len(body)) + body


def received(connection: socket.socket) -> Any:
    """The next value. Raises ``EOFError`` when the other side is gone."""
    return pickle.loads(_exactly(connection, LENGTH.unpack(_exactly(connection, LENGTH.size))[0]))


async def read(reader: StreamReader) -> Any:
    """The next value, without blocking the loop. Raises ``IncompleteReadError`` when the other side
    is gone."""
    return pickle.loads(await reader.readexactly(LENGTH.unpack(await reader.readexactly(LENGTH.size))[0]))


def _exactly(connection: socket.socket, size: int) -> bytes:
    found = bytearray()
    while len(found) < size:
        part = connection.recv(min(size - len(found), 1 << 20))
        if not part:
            raise EOFError
        found += part
    return bytes(found)
