"""``evaluate``: how good a saved run, or weights alone, are on a data set."""

from __future__ import annotations

from pathlib import Path

import click

from softmax_core.data.catalogue import DATASETS
from softmax_core.errors import UserError
from softmax_core.persist import SavedRun
from softmax_core.run_meta import plain_settings
from softmax_core.terminal.files import check_can_write, read_run_file, write_report
from softmax_core.terminal.opening import open_named
from softmax_core.terminal.options import RUN, output_option
from softmax_core.terminal.weights import read_weights_folder, weights_option
from softmax_core.terminal.wording import warn_if_seen
from softmax_core.training import Samples, evaluate
from softmax_core.training.start import build_network


@click.command("evaluate")
@click.argument("run", type=RUN, required=False)
@weights_option
@click.option("--dataset", default=None, help="A name from 'datasets'; the run's own by default.")
@output_option("--report", "Write a report (.json).")
def evaluate_run(
    run: Path | None, weights: Path | None, dataset: str | None, report: Path | None
) -> None:
    """Evaluate the saved run RUN on a data set's training and test samples.

    With --weights it needs --dataset: the two files do not name one.
    """
    check_can_write(report)
    saved = _saved(run, weights, dataset)
    data = open_named(dataset or saved.config.dataset)
    info = data.info
    if (saved.n_features, saved.n_classes) != (info.n_features, info.n_classes):
        raise UserError(
            "evaluate-shape",
            f"This run reads {_inputs(saved.n_features, saved.config.dataset)} in "
            f"{saved.n_classes} classes; {info.title} has {_inputs(info.n_features, info.name)} "
            f"and {info.n_classes} classes. Choose the data set it was trained on.",
        )
    network = build_network(saved.config, info.n_features, info.n_classes)
    figures: dict[str, float] = {}
    for name, samples in (
        ("train", Samples(data.train_images, data.train_labels)),
        ("test", Samples(data.test_images, data.test_labels)),
    ):
        loss, accuracy = evaluate(network, saved.state.params, samples, saved.config)
        figures |= {f"{name}_loss": loss, f"{name}_accuracy": accuracy}
        n_samples = len(samples.labels)
        click.echo(f"{name}: loss {loss:.4f}, accuracy {accuracy:.4f} on {n_samples:,} {info.kind}")
    warn_if_seen(saved.config, info.name)
    if report is not None:
        settings = {"config": plain_settings(saved.config)} if run else {"weights": str(weights)}
        write_report(report, {**settings, "dataset": info.name, **figures})


def _saved(run: Path | None, weights: Path | None, dataset: str | None) -> SavedRun:
    if run is not None and weights is None:
        return read_run_file(run)
    if run is not None:
        raise click.UsageError("RUN and --weights were both named. Leave one of them out.")
    if weights is None:
        raise click.UsageError(
            "Missing argument 'RUN', or --weights and a folder with W.npy and b.npy."
        )
    if dataset is None:
        raise click.UsageError(
            "W.npy and b.npy do not say which data set they belong to. Name it with --dataset."
        )
    return read_weights_folder(weights, dataset)


def _inputs(n_features: int, dataset: str) -> str:
    """Say how much a model reads of a sample; of a data set that is not known, of a picture."""
    points = dataset in DATASETS and DATASETS[dataset].kind == "points"
    return f"{n_features:,} {'coordinates' if points else 'pixels'}"
