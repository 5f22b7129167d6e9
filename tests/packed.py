"""A header and its arrays, unpacked from one answer as the browser unpacks them."""

from __future__ import annotations

import json
import struct
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

_TYPES = {"u4": "<u4", "u2": "<u2", "f4": "<f4", "i1": "i1", "u1": "u1"}


class Unpacked(NamedTuple):
    header: dict[str, Any]
    arrays: dict[str, NDArray[Any]]

    @property
    def whole(self) -> dict[str, Any]:
        """Header and arrays in one."""
        return self.header | self.arrays


def unpacked(body: bytes | memoryview) -> Unpacked:
    """Read an answer to its last byte."""
    body = bytes(body)
    (length,) = struct.unpack_from("<I", body)
    header: dict[str, Any] = json.loads(body[4 : 4 + length])
    arrays, place = {}, _next_place(4 + length)
    for entry in header["arrays"]:
        shape = entry["shape"]
        array = np.frombuffer(body, _TYPES[entry["type"]], int(np.prod(shape)), place)
        arrays[entry["name"]] = array.reshape(shape)
        place = _next_place(place + array.nbytes)
    assert place == len(body)
    return Unpacked(header, arrays)


def _next_place(offset: int) -> int:
    return -(-offset // 4) * 4
