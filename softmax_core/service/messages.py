"""Pickled messages between our own processes; over a pipe each has its length in front."""

from __future__ import annotations

import pickle
import struct
from typing import IO, Any, Final

_LENGTH: Final = struct.Struct("<Q")


def pack(message: object) -> bytes:
    """Return a message as bytes, for a carrier that keeps messages apart by itself."""
    return pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)


def unpack(body: bytes) -> Any:
    """Return the message that ``pack`` made bytes of; only our own processes send them."""
    return pickle.loads(body)


def write_message(stream: IO[bytes], message: object) -> None:
    """Write one pickled message with its length in front."""
    body = pack(message)
    stream.write(_LENGTH.pack(len(body)))
    stream.write(body)
    stream.flush()


def read_message(stream: IO[bytes]) -> Any:
    """Read one message.

    Raises
    ------
    EOFError
        When the other side is gone.
    """
    (length,) = _LENGTH.unpack(_read_exactly(stream, _LENGTH.size))
    return unpack(_read_exactly(stream, length))


def _read_exactly(stream: IO[bytes], length: int) -> bytes:
    body = stream.read(length)
    if len(body) < length:
        raise EOFError("the other process closed its end")
    return body
