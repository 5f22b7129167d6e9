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

from softmax_core.data.catalogue import DATASETS
from softmax_core.data.ink import Ink, canvas_to_ink, ink_to_digit
from softmax_core.data.pictures import decode_canvas_png, read_picture
from softmax_core.errors import UserError
from softmax_core.explain import Reading, read_digit
from softmax_core.limits import MAX_PICTURE_BYTES
from softmax_core.nn import Network
from softmax_core.persist import SavedRun
from softmax_core.terminal.files import read_run_file
from softmax_core.terminal.options import RUN
from softmax_core.terminal.wording import REFUSED, complain
from softmax_core.training.start import build_network


class _Reader(NamedTuple):
    """A saved run and what its inputs and outputs are."""

    saved: SavedRun
    network: Network
    image_shape: tuple[int, int]
    class_names: tuple[str, ...]


@click.command("predict")
@click.argument("run", type=RUN)
@click.argument("pictures", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def predict_pictures(run: Path, pictures: tuple[Path, ...], as_json: bool) -> None:
    """Read the PICTURES with the saved run RUN.

    PNG, JPEG, GIF, BMP and WebP; dark on light, light on dark, or transparent. A picture that
    cannot be read gets a sentence on standard error, the others are read all the same, and the
    exit code is 2.

    With --json, "prediction" is the number of the class, from 0 (for digits the digit itself);
    where the class has a name besides, it is "name".
    """
    reader = _reader(read_run_file(run))
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


def _reader(saved: SavedRun) -> _Reader:
    network = build_network(saved.config, saved.n_features, saved.n_classes)
    info = DATASETS.get(saved.config.dataset)
    if info and (info.n_features, info.n_classes) == (saved.n_features, saved.n_classes):
        return _Reader(saved, network, info.image_shape, info.class_names)
    side = round(saved.n_features**0.5)
    if side**2 != saved.n_features:
        raise UserError(
            "predict-shape",
            f"This run reads pictures of {saved.n_features:,} pixels that are not square, and its "
            "file does not say how wide they are. Use a run trained on square pictures.",
        )
    return _Reader(saved, network, (side, side), tuple(str(k) for k in range(saved.n_classes)))


def _read(reader: _Reader, picture: Path) -> Reading:
    try:
        with picture.open("rb") as stream:
            data = stream.read(MAX_PICTURE_BYTES + 1)  # one too many is refused further on
    except OSError as error:
        raise UserError("picture-file", f"{error.strerror or error}.") from error
    ink = _drawing(data)
    digit = ink_to_digit(read_picture(data) if ink is None else ink, reader.image_shape)
    if digit is None:
        raise UserError("picture-blank", "The picture is blank; there is no digit in it.")
    return read_digit(reader.network, reader.saved.state.params, digit)


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
