"""``predict``: which class the digit in a picture file is read as.

A picture goes the way a picture on the page goes: found on its paper, cut out, scaled and
centred. A picture that is a drawing canvas goes the canvas's way, so that page and terminal
give the same probabilities, bit for bit.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import click
import numpy as np

from softmax_core.data.catalogue import DATASETS, FOLDER_PREFIX, dataset_info
from softmax_core.data.dataset import DatasetInfo
from softmax_core.data.ink import Ink, canvas_to_ink, ink_to_digit
from softmax_core.data.pictures import decode_canvas_png, read_picture
from softmax_core.errors import UserError
from softmax_core.explain import Reading, read_digit
from softmax_core.limits import MAX_PICTURE_BYTES
from softmax_core.nn import Network
from softmax_core.persist import SavedRun
from softmax_core.terminal.files import read_run_file
from softmax_core.terminal.options import RUN
from softmax_core.terminal.weights import read_weights_folder, weights_option
from softmax_core.terminal.wording import REFUSED, complain
from softmax_core.training.start import build_network


class _Reader(NamedTuple):
    """A saved run and what its inputs and outputs are."""

    saved: SavedRun
    network: Network
    image_shape: tuple[int, int]
    class_names: tuple[str, ...]
    upright: bool = False


@click.command("predict")
@click.argument("files", nargs=-1, metavar="RUN PICTURES...", type=click.Path(path_type=Path))
@weights_option
@click.option("--dataset", default=None, help="With --weights: the data set they belong to.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def predict_pictures(
    files: tuple[Path, ...], weights: Path | None, dataset: str | None, as_json: bool
) -> None:
    """Read the PICTURES with the saved run RUN.

    With --weights FOLDER there is no RUN: all files named are pictures.

    PNG, JPEG, GIF, BMP and WebP; dark on light, light on dark, or transparent. A picture that
    cannot be read gets a sentence on standard error, the others are read all the same, and the
    exit code is 2.

    With --json, "prediction" is the number of the class, from 0 (for digits the digit itself);
    where the class has a name besides, it is "name".
    """
    saved, pictures = _saved(files, weights, dataset)
    reader = _reader(saved)
    refused = 0
    for picture in pictures:
        try:
            reading = _read(reader, picture)
        except UserError as error:
            complain(f"{click.format_filename(picture)}: {error.text}")
            refused += 1
        else:
            click.echo(
                _as_json(picture, reading, reader) if as_json else _line(picture, reading, reader)
            )
    if refused:
        click.get_current_context().exit(REFUSED)


def _saved(
    files: tuple[Path, ...], weights: Path | None, dataset: str | None
) -> tuple[SavedRun, tuple[Path, ...]]:
    """Return the model that the arguments name, and the pictures."""
    if weights is None and dataset is not None:
        raise click.UsageError("--dataset goes with --weights: a saved run knows its data set.")
    pictures = files if weights is not None else files[1:]
    if not pictures:
        named = files or weights is not None
        raise click.UsageError(f"Missing argument '{'PICTURES...' if named else 'RUN'}'.")
    if weights is None:
        context = click.get_current_context()
        return read_run_file(RUN.convert(files[0], context.command.params[0], context)), pictures
    saved = read_weights_folder(weights, dataset)
    if dataset is not None and not dataset.startswith(FOLDER_PREFIX):
        _check_fit(saved, dataset_info(dataset))
    return saved, pictures


def _check_fit(saved: SavedRun, info: DatasetInfo) -> None:
    if (saved.n_features, saved.n_classes) != (info.n_features, info.n_classes):
        raise UserError(
            "predict-shape",
            f"These weights read {saved.n_features:,} numbers in {saved.n_classes} classes, and "
            f"{info.title} has {info.n_features:,} in {info.n_classes}. Name the data set that "
            "they belong to.",
        )


def _reader(saved: SavedRun) -> _Reader:
    network = build_network(saved.config, saved.n_features, saved.n_classes)
    info = DATASETS.get(saved.config.dataset)
    if info and (info.n_features, info.n_classes) == (saved.n_features, saved.n_classes):
        if info.kind == "points":
            raise UserError(
                "predict-points",
                f"This run was trained on points in the plane ({info.title}), and no picture is "
                "one. Use a run trained on pictures.",
            )
        return _Reader(saved, network, info.image_shape, info.class_names, info.upright)
    side = round(saved.n_features**0.5)
    if side**2 != saved.n_features:
        raise UserError(
            "predict-shape",
            f"This run reads pictures of {saved.n_features:,} pixels that are not square, and its "
            "file does not say how wide they are. Use a run trained on square pictures.",
        )
    return _Reader(saved, network, (side, side), tuple(str(k) for k in range(saved.n_classes)))


def _read(reader: _Reader, picture: Path) -> Reading:
    saved = reader.saved
    try:
        with picture.open("rb") as stream:
            data = stream.read(MAX_PICTURE_BYTES + 1)  # one too many is refused further on
    except OSError as error:
        raise UserError("picture-file", f"{error.strerror or error}.") from error
    ink = _drawing(data)
    ink = read_picture(data) if ink is None else ink
    digit = ink_to_digit(ink, reader.image_shape, reader.upright)
    if digit is None:
        raise UserError("picture-blank", "The picture is blank; there is no digit in it.")
    return read_digit(reader.network, saved.state.params, digit, saved.config.pixels)


def _drawing(data: bytes) -> Ink | None:
    """Return a drawing canvas's ink; None for any other picture.

    A canvas is a PNG file of its size, mostly pure white (or transparent), with black in it.
    """
    try:
        ink = canvas_to_ink(decode_canvas_png(data))
    except UserError:
        return None
    return ink if np.median(ink) == 0 and ink.max() == 255 else None


def _line(picture: Path, reading: Reading, reader: _Reader) -> str:
    name = reader.class_names[reading.prediction]
    return f"{click.format_filename(picture)}: {name} ({100 * reading.confidence:.1f} %)"


def _as_json(picture: Path, reading: Reading, reader: _Reader) -> str:
    name = reader.class_names[reading.prediction]
    answer: dict[str, Any] = {"file": str(picture), "prediction": reading.prediction}
    if name != str(reading.prediction):
        answer["name"] = name
    answer["probabilities"] = [float(p) for p in reading.probabilities]
    return json.dumps(answer)
