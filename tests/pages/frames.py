"""A frame of the live view, unpacked as the browser unpacks it."""

from __future__ import annotations

import json
import struct
from typing import Any

import numpy as np

from softmax_core.service import Session, shared_engine
from ui.live.frame import encode_frame

TYPES = {"u4": np.uint32, "u2": np.uint16, "f4": np.float32, "i1": np.int8, "u1": np.uint8}


def frame_of(session: Session) -> dict[str, Any]:
    """Return header and arrays of a whole frame in one."""
    body = encode_frame(shared_engine().view(session))
    (length,) = struct.unpack_from("<I", body)
    frame: dict[str, Any] = json.loads(body[4 : 4 + length])
    place = 4 + length
    for array in frame["arrays"]:
        place += -place % 4
        kind, shape = TYPES[array["type"]], array["shape"]
        count = int(np.prod(shape))
        frame[array["name"]] = np.frombuffer(body, kind, count, place).reshape(shape)
        place += count * np.dtype(kind).itemsize
    return frame
