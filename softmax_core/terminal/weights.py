"""Weights alone, as the files W.npy and b.npy in a folder that an option names."""

from __future__ import annotations

from pathlib import Path

import click

from softmax_core import limits
from softmax_core.errors import UserError
from softmax_core.nn import Params
from softmax_core.persist import SavedRun
from softmax_core.terminal.files import write_files
from softmax_core.terminal.opening import full_name
from softmax_core.terminal.options import Command
from softmax_core.training import TrainingConfig, TrainingState
from softmax_core.weights_npy import B_FILE, W_FILE, read_weights, write_weights


def weights_option(command: Command) -> Command:
    """Let a command read weights instead of a saved run."""
    return click.option(
        "--weights",
        metavar="FOLDER",
        type=click.Path(path_type=Path, exists=True, file_okay=False),
        help=f"Read {W_FILE} and {B_FILE} in FOLDER instead of a saved run.",
    )(command)


def weights_files(folder: Path | None) -> tuple[Path, ...]:
    """Return the two files in a folder; none without a folder."""
    return () if folder is None else (folder / W_FILE, folder / B_FILE)


def write_weights_folder(folder: Path, params: Params) -> None:
    """Write both files, or neither.

    Raises
    ------
    UserError
        As ``write_weights``, or if the files cannot be written.
    """
    write_files({folder / name: data for name, data in write_weights(params).items()})


def read_weights_folder(folder: Path, dataset: str | None) -> SavedRun:
    """Read both files as a run that has not begun, on the data set that is named.

    Raises
    ------
    UserError
        As ``read_weights``, or if a file is missing.
    """
    params = read_weights(*(_read(path) for path in weights_files(folder)))
    config = TrainingConfig(full_name(dataset)) if dataset else TrainingConfig()
    n_features, n_classes = params["W"].shape
    return SavedRun(config, TrainingState(params), n_features, n_classes)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(limits.MAX_RUN_BYTES + 1)
    except OSError as error:
        raise UserError(
            "weights-file",
            f"{path} could not be read: {error.strerror or error}. The folder must hold {W_FILE} "
            f"and {B_FILE}.",
        ) from error
