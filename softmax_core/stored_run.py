"""Runs as the server stores them for itself: a saved run behind a line of JSON.

The line holds a checksum of what follows and what a page tells of the run before it is
continued. A file that is cut short or changed is no stored run; what passes the checksum is
read as strictly as a stranger's file (``softmax_core.persist``).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Final

from softmax_core.errors import UserError
from softmax_core.limits import MAX_RUN_BYTES
from softmax_core.persist import SavedRun, read_run, write_run
from softmax_core.training import TrainingConfig, TrainingState

_FORMAT: Final = 1
_LONGEST_LINE: Final = 512
MAX_STORED_BYTES: Final = MAX_RUN_BYTES + _LONGEST_LINE


@dataclass(frozen=True)
class StoredRun:
    """A run that can be continued.

    Attributes
    ----------
    saved : SavedRun
        Settings and state; training goes on from it bit for bit, but for a loss that had
        already begun to run away.
    accuracy : float or None
        The newest known share of the test set that it reads rightly.
    """

    saved: SavedRun
    accuracy: float | None


def write_stored(config: TrainingConfig, state: TrainingState, accuracy: float | None) -> bytes:
    """Return the file's bytes.

    Raises
    ------
    UserError
        When the run cannot be saved: it is too large, or its weights have run away.
    """
    body = write_run(config, state)
    line = {
        "format": _FORMAT,
        "sha256": hashlib.sha256(body).hexdigest(),
        "accuracy": accuracy,
    }
    return json.dumps(line, allow_nan=False).encode() + b"\n" + body


def read_stored(data: bytes) -> StoredRun | None:
    """Read a file; None for anything that was not written whole by this program."""
    head, _, body = data.partition(b"\n")
    try:
        line = json.loads(head[:_LONGEST_LINE])
        if line["format"] != _FORMAT or line["sha256"] != hashlib.sha256(body).hexdigest():
            return None
        accuracy = line["accuracy"]
        if accuracy is not None and not (isinstance(accuracy, float) and 0 <= accuracy <= 1):
            return None
        return StoredRun(read_run(body), accuracy)
    except (UserError, ValueError, TypeError, KeyError, RecursionError):
        return None
