"""What a worker of a cluster does: check that it is of our version, make the call, answer.

Calls and answers cross as bytes that we pack ourselves, so that an error comes back as it was
raised, and nothing is unpacked by another version.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from softmax_core.data.dataset import Dataset
from softmax_core.data.places import MissingDataError
from softmax_core.data.store import expect, keep_lent
from softmax_core.service.messages import pack, unpack
from softmax_core.training.threads import keep_one_blas_thread

_PROJECT: Final = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, eq=False)
class Order:
    """A call, and what its data sets contain on the server.

    Attributes
    ----------
    call : bytes
        Function, arguments and named arguments, packed.
    contents : dict
        SHA-256 of the data sets, by name.
    lent : Dataset or None
        One that this worker's computer lacked.
    """

    call: bytes
    contents: dict[str, str] = field(default_factory=dict)
    lent: Dataset | None = None


@dataclass(frozen=True, eq=False)
class Answer:
    """What became of a call; ``value`` counts if nothing else is said.

    Attributes
    ----------
    error : Exception or None
        As the call raised it.
    lacks : str
        The data set that is not on the worker's computer.
    worker : str
        Who lacks it.
    other_version : bool
        The call was not made.
    """

    value: Any = None
    error: Exception | None = None
    lacks: str = ""
    worker: str = ""
    other_version: bool = False


def packed_order(order: Order) -> bytes:
    """Return a message for ``answered``."""
    return pack((version_mark(), pack(order)))


def answered(message: bytes) -> bytes:
    """Make the call of a packed order and return its packed answer."""
    mark, body = unpack(message)
    if mark != version_mark():
        return pack(Answer(other_version=True))
    keep_one_blas_thread()  # a worker may have many threads, and the bits must not change
    return pack(_answer(unpack(body)))


def _answer(order: Order) -> Answer:
    try:
        expect(order.contents)
        if order.lent is not None:
            keep_lent(order.lent)
        call: tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]] = unpack(order.call)
        function, args, kwargs = call
        return Answer(function(*args, **kwargs))
    except MissingDataError as fault:
        return Answer(error=fault, lacks=fault.name, worker=_own_address())
    except Exception as error:
        return Answer(error=error)


def _own_address() -> str:
    """Return what the scheduler calls this worker."""
    from distributed import get_worker  # only a worker has it for sure

    return str(get_worker().address)


@cache
def version_mark() -> str:
    """Return what must be the same on all computers: our source, Python and NumPy."""
    digest = hashlib.sha256(f"{platform.python_version_tuple()[:2]} {version('numpy')}".encode())
    for folder in ("softmax_core", "ui"):
        for path in sorted((_PROJECT / folder).rglob("*.py")):
            digest.update(path.relative_to(_PROJECT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()
