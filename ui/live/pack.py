"""A small JSON header and the arrays behind it as the bytes of one answer.

Layout, little-endian: 4 bytes length of the header, the header in UTF-8, zeros up to a
multiple of 4, then each array of ``header["arrays"]`` at the next multiple of 4.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

# From one question of a page to the next: four updates a second, and some for what comes late.
POLL_MS: Final = 230

_TYPES: Final = {
    "u4": np.uint32,
    "u2": np.uint16,
    "f4": np.float32,
    "i1": np.int8,
    "u1": np.uint8,
}

Arrays = dict[str, tuple[str, NDArray[Any]]]


def pack(header: dict[str, Any], arrays: Mapping[str, tuple[str, NDArray[Any]]]) -> bytes:
    """Encode a header and arrays, each with the name of its type; see the module."""
    described = [
        {"name": name, "type": kind, "shape": list(array.shape)}
        for name, (kind, array) in arrays.items()
    ]
    whole = header | {"arrays": described}
    text = json.dumps(whole, allow_nan=False, separators=(",", ":")).encode()
    parts = [struct.pack("<I", len(text)), _padded(text)]
    for kind, array in arrays.values():
        parts.append(_padded(np.ascontiguousarray(array, dtype=_TYPES[kind]).tobytes()))
    return b"".join(parts)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
