"""``predict``: which class a picture from a file shows."""

from __future__ import annotations

import json
from pathlib import Path

import click

from softmax_core.data.catalogue import DATASETS
from softmax_core.data.ink import ink_to_digit
from softmax_core.data.paper import picture_to_ink
from softmax_core.data.pictures import read_picture
from softmax_core.errors import UserError
from softmax_core.explain import Reading, read_digit
from softmax_core.persist import SavedRun, read_run
from softmax_core.terminal.files import read_limited
from softmax_core.training.start import build_network


@click.command()
@click.argument("run", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("pictures", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def predict(run: Path, pictures: tuple[Path, ...], as_json: bool) -> None:
    """Read the PICTURES with the saved run RUN."""
    saved = read_run(read_limited(run))
    side = round(saved.n_features**0.5)
    info = DATASETS.get(saved.config.dataset)
    shape = info.image_shape if info is not None else (side, side)
    names = info.class_names if info is not None else [str(i) for i in range(saved.n_classes)]
    for picture in pictures:
        reading = _read(saved, shape, picture)
        if as_json:
            click.echo(_as_json(picture, reading, names))
        else:
            click.echo(f"{picture}: {names[reading.prediction]} ({100 * reading.confidence:.1f} %)")


def _read(saved: SavedRun, shape: tuple[int, int], picture: Path) -> Reading:
    if not picture.is_file():
        raise UserError("picture-missing", f"There is no file {picture}.")
    try:
        digit = ink_to_digit(picture_to_ink(read_picture(picture)), shape)
    except UserError as error:
        raise UserError(error.code, f"{picture}: {error.text}") from error
    if digit is None:
        raise UserError("picture-blank", f"{picture}: this picture is blank; there is no digit.")
    network = build_network(saved.config, saved.n_features, saved.n_classes)
    return read_digit(network, saved.state.params, digit)


def _as_json(picture: Path, reading: Reading, names: list[str] | tuple[str, ...]) -> str:
    probabilities = [float(p) for p in reading.probabilities]
    return json.dumps(
        {
            "file": str(picture),
            "prediction": names[reading.prediction],
            "probabilities": probabilities,
        }
    )
