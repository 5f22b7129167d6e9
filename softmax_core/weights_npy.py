"""``W.npy`` and ``b.npy``: weights alone, in the two files a published notebook leaves behind.

That notebook ends with ``np.save("W.npy", W)`` and ``np.save("b.npy", b)``, the bias as one row.
Such files carry no settings: which data set they belong to is for their owner to say. They are
read as strictly as saved runs (`softmax_core.npz`), and never by ``np.load``.
"""

from __future__ import annotations

import io
import math
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from softmax_core import limits
from softmax_core.errors import UserError
from softmax_core.nn import Params
from softmax_core.npz import read_array_header, refusal
from softmax_core.persist import number_fault
from softmax_core.training import TrainingConfig

W_FILE: Final = "W.npy"
B_FILE: Final = "b.npy"
WEIGHTS_NETWORK: Final = "softmax"  # the one network that is W and b, and nothing else

_KINDS: Final = ("<f4", "<f8")  # what np.save writes of float32 and float64


def read_weights(W: bytes, b: bytes) -> Params:
    """Read the weights of a softmax regression; all is checked before anything is returned.

    Parameters
    ----------
    W, b : bytes
        The whole files. They may come from anywhere. W has the shape (n_features, n_classes), b
        (1, n_classes) or (n_classes,); of 32 or 64 bits.

    Returns
    -------
    dict of float32 arrays
        W of shape (n_features, n_classes) and b of (n_classes,), as the network has them.

    Raises
    ------
    UserError
        With one sentence that says what is wrong with which file.
    """
    arrays = {W_FILE: _read(W_FILE, W), B_FILE: _read(B_FILE, b)}
    _check_shapes(arrays[W_FILE].shape, arrays[B_FILE].shape)
    fault = number_fault(arrays)
    if fault:
        raise refusal("weights-numbers", f"{fault[0].upper()}{fault[1:]}.")
    weights, bias = (array.astype(np.float32) for array in arrays.values())
    return {"W": np.ascontiguousarray(weights), "b": bias.reshape(-1)}


def write_weights(params: Params) -> dict[str, bytes]:
    """Return both files by name, as ``np.save`` writes float32: b is one row, as published.

    A network without a bias gets one of zeros, which says the same.

    Raises
    ------
    UserError
        If these are not the parameters of a softmax regression, or ``read_weights`` would refuse
        their numbers.
    """
    if not {"W"} <= params.keys() <= {"W", "b"}:
        raise _wrong_network()
    W = params["W"]
    arrays = {W_FILE: W, B_FILE: params.get("b", np.zeros(W.shape[1])).reshape(1, -1)}
    fault = number_fault(arrays)
    if fault:
        raise UserError(
            "weights-numbers",
            f"The weights were not saved: {fault}. Start again with a lower learning rate.",
        )
    return {name: _saved(array) for name, array in arrays.items()}


def check_network(config: TrainingConfig) -> None:
    """Refuse settings whose network is more than W and b, before it is trained.

    Raises
    ------
    UserError
    """
    if config.network != WEIGHTS_NETWORK:
        raise _wrong_network()


def _wrong_network() -> UserError:
    return UserError(
        "weights-network",
        f"{W_FILE} and {B_FILE} can hold the weights of the network softmax alone. Choose that "
        "network, or save the run instead, which keeps any network.",
    )


def _saved(array: NDArray[Any]) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.ascontiguousarray(array, dtype="<f4"), allow_pickle=False)
    return buffer.getvalue()


def _read(name: str, data: bytes) -> NDArray[np.floating[Any]]:
    """Parse one file; its numbers are not looked at yet."""
    if len(data) > limits.MAX_RUN_BYTES:
        raise refusal(
            "weights-size",
            f"{name} has {len(data):,} bytes, and {limits.MAX_RUN_BYTES:,} are the most.",
        )
    header = read_array_header(data)
    if header is None:
        what = "is not a file that np.save has written" if data else "is empty"
        raise refusal("weights-kind", f"{name} {what}.")
    if header.kind == "|O":
        raise refusal(
            "weights-pickle", f"{name} holds program objects, not numbers. It was not opened."
        )
    if header.kind not in _KINDS:
        raise refusal("weights-type", f"{name} must hold numbers of the type float32 or float64.")
    announced, held = int(header.kind[2:]) * math.prod(header.shape), len(data) - header.size
    if announced != held or not held:
        raise refusal(
            "weights-cut", f"{name} announces {announced:,} bytes of numbers and holds {held:,}."
        )
    numbers = np.frombuffer(data, header.kind, offset=header.size)
    return numbers.reshape(header.shape, order="F" if header.column_order else "C")


def _check_shapes(W: tuple[int, ...], b: tuple[int, ...]) -> None:
    if len(W) != 2:
        raise refusal("weights-shape", f"{W_FILE} must be a matrix; it is of {_sides(W)}.")
    n_features, n_classes = W
    if b not in ((n_classes,), (1, n_classes)):
        raise refusal(
            "weights-shape",
            f"{W_FILE} of {_sides(W)} needs {B_FILE} of 1 x {n_classes:,}; found {_sides(b)}.",
        )
    most = limits.MAX_IMAGE_SIDE**2
    if n_features > most or not limits.MIN_CLASSES <= n_classes <= limits.MAX_CLASSES:
        raise refusal(
            "weights-shape",
            f"{W_FILE} is of {_sides(W)}; there can be up to {most:,} rows, one for each pixel, "
            f"and {limits.MIN_CLASSES} to {limits.MAX_CLASSES} columns, one for each class.",
        )


def _sides(shape: tuple[int, ...]) -> str:
    return " x ".join(f"{side:,}" for side in shape)
