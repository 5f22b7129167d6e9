"""Saved runs: one file holds the settings, the counts, the weights and the momentum.

Format 1 is an archive (`softmax_core.npz`) of ``meta.json`` (`softmax_core.run_meta`), of the
weights and biases as ``params/NAME``, and of the momentum, where there is any, as
``velocity/NAME``. Why a run was doubted or stopped is not saved: whoever opens a file decides
anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from softmax_core import limits
from softmax_core.errors import UserError
from softmax_core.nn import Params, zero_params
from softmax_core.npz import Floats, read_archive, refusal, write_archive
from softmax_core.run_meta import most_bytes, read_meta, write_meta
from softmax_core.training import TrainingConfig, TrainingState
from softmax_core.training.shipped import shipped_fits
from softmax_core.training.start import build_network
from softmax_core.training.state import LastActive
from softmax_core.training.taught import check_taught

_LISTED: Final = 4  # parts in a sentence: as many as the largest network has


@dataclass(frozen=True)
class SavedRun:
    """What a file holds."""

    config: TrainingConfig
    state: TrainingState
    n_features: int
    n_classes: int


def write_run(config: TrainingConfig, state: TrainingState) -> bytes:
    """Return the file's bytes; the same run always gives the same bytes.

    Raises
    ------
    UserError
        When ``read_run`` would refuse the run: for the size of its network, or for weights
        beyond ``limits.MAX_WEIGHT``.
    """
    check_numbers(state)
    meta = write_meta(config, state)
    data = write_archive(meta, _arrays(state))
    if len(data) > limits.MAX_RUN_BYTES or len(meta) > most_bytes(meta):
        raise UserError(
            "run-too-large",
            f"A run like this cannot be saved: it would be a file of {len(data):,} bytes, "
            f"{len(meta):,} of them settings, and {limits.MAX_RUN_BYTES:,} and "
            f"{most_bytes(meta):,} are the most. Use fewer hidden units, or a folder with "
            "a shorter name.",
        )
    return data


def check_numbers(state: TrainingState) -> None:
    """Refuse weights that ``read_run`` would refuse; far quicker than to write them.

    Raises
    ------
    UserError
        When some are no numbers, or beyond ``limits.MAX_WEIGHT``.
    """
    fault = number_fault(_arrays(state))
    if fault:
        raise UserError(
            "run-numbers",
            f"The run was not saved: {fault}. Start again with a lower learning rate.",
        )


def check_savable(config: TrainingConfig, n_features: int, n_classes: int) -> None:
    """Refuse settings whose run would be too large to be saved, before it is trained.

    Raises
    ------
    UserError
        As ``write_run``.
    """
    check_taught(config.taught, n_features, n_classes=n_classes)
    # A file is as large whatever its weights are.
    params = zero_params(build_network(config, n_features, n_classes), np.float32)
    write_run(config, TrainingState(params, params if config.momentum else {}))


def read_run(data: bytes) -> SavedRun:
    """Read a saved run; everything is checked before anything is returned.

    Parameters
    ----------
    data : bytes
        The whole file. It may come from anywhere.

    Raises
    ------
    UserError
        With one sentence that says what is wrong with the file.
    """
    archive = read_archive(data)
    config, counts = read_meta(archive.meta)
    params, velocity = _group(archive.arrays, "params/"), _group(archive.arrays, "velocity/")
    if len(params) + len(velocity) != len(archive.arrays):
        raise refusal("run-names", "This file has parts that a saved run has not.")
    n_features, n_classes = _sizes(params)
    _check_start(config, n_features, n_classes)
    shapes = build_network(config, n_features, n_classes).parameter_shapes()
    params = _fitted(params, shapes)
    velocity = _fitted(velocity, shapes) if velocity else {}
    counts["last_active"] = _fitting(counts["last_active"], config, n_classes)
    fault = number_fault(archive.arrays)
    if fault:
        raise refusal("run-numbers", f"In this file {fault}.")
    return SavedRun(config, TrainingState(params, velocity, **counts), n_features, n_classes)


def _arrays(state: TrainingState) -> dict[str, Floats]:
    arrays = {f"params/{name}": array for name, array in state.params.items()}
    if state.velocity:  # in the order of the parameters, whatever its own: equal runs, equal files
        arrays |= {f"velocity/{name}": state.velocity[name] for name in state.params}
    return arrays


def _fitting(
    last_active: tuple[LastActive, ...] | None, config: TrainingConfig, n_classes: int
) -> tuple[LastActive, ...] | None:
    if last_active is None:
        return None
    if config.network != "relu-softmax" or len(last_active) != n_classes:
        raise refusal("run-counts", "This file's signs of life do not fit its network.")
    return last_active


def _check_start(config: TrainingConfig, n_features: int, n_classes: int) -> None:
    """Refuse settings with which the run could not be started again."""
    if config.init == "trained" and not shipped_fits(config, n_features, n_classes):
        raise refusal(
            "run-config", "This file's run began from a trained model, and none is of its network."
        )
    try:
        check_taught(config.taught, n_features, n_classes=n_classes)
    except UserError as error:
        raise refusal(
            "run-config", "A drawing that was added to this file's run does not fit its network."
        ) from error


def _group(arrays: Mapping[str, Floats], prefix: str) -> Params:
    return {n.removeprefix(prefix): a for n, a in arrays.items() if n.startswith(prefix)}


def _sizes(params: Params) -> tuple[int, int]:
    """Return (n_features, n_classes) as the first and the last matrix have them."""
    matrices = [array for array in params.values() if array.ndim == 2]
    if not matrices:
        raise refusal("run-shape", "This file holds no matrix of weights.")
    n_features, n_classes = matrices[0].shape[0], matrices[-1].shape[1]
    if n_features > limits.MAX_IMAGE_SIDE**2:
        raise refusal(
            "run-shape",
            f"This run reads pictures of {n_features:,} pixels; {limits.MAX_IMAGE_SIDE**2:,} are "
            "the most there can be.",
        )
    if not limits.MIN_CLASSES <= n_classes <= limits.MAX_CLASSES:
        raise refusal(
            "run-shape",
            f"This run has {n_classes:,} classes; there can be {limits.MIN_CLASSES} to "
            f"{limits.MAX_CLASSES}.",
        )
    return n_features, n_classes


def _fitted(arrays: Params, shapes: Mapping[str, tuple[int, ...]]) -> Params:
    """Return the arrays in the network's order, if they are the network's."""
    found = {name: array.shape for name, array in arrays.items()}
    if found != shapes:
        raise refusal("run-shape", f"This network needs {_listed(shapes)}; found {_listed(found)}.")
    return {name: arrays[name] for name in shapes}


def _listed(shapes: Mapping[str, tuple[int, ...]]) -> str:
    sizes = {name: " x ".join(str(side) for side in shape) for name, shape in shapes.items()}
    said = [f"{name} of {size}" for name, size in sizes.items()]
    more = [f"{len(said) - _LISTED} more"] if len(said) > _LISTED else []
    return ", ".join(said[:_LISTED] + more)


def number_fault(arrays: Mapping[str, NDArray[np.floating[Any]]]) -> str | None:
    """Say what is wrong with the numbers, if anything is; no array is empty."""
    for name, array in arrays.items():
        bad = ~np.isfinite(array)
        if bad.any():
            place = ", ".join(str(index[0]) for index in np.nonzero(bad))
            return f"{name} holds {bad.sum():,} values that are not numbers (first at [{place}])"
        largest = float(np.abs(array).max())
        if largest > limits.MAX_WEIGHT:
            return f"{name} holds {largest:.3g}, and {limits.MAX_WEIGHT:g} is the most"
    return None
