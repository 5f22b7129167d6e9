"""``evaluate``: how good a saved run is on a data set."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from softmax_core.errors import UserError
from softmax_core.terminal.files import check_can_write, read_run_file, write_report
from softmax_core.terminal.opening import open_named
from softmax_core.terminal.options import RUN, output_option
from softmax_core.training import Samples, evaluate
from softmax_core.training.start import build_network


@click.command("evaluate")
@click.argument("run", type=RUN)
@click.option("--dataset", default=None, help="A name from 'datasets'; the run's own by default.")
@output_option("--report", "Write a report (.json).")
def evaluate_run(run: Path, dataset: str | None, report: Path | None) -> None:
    """Evaluate the saved run RUN on a data set's training and test pictures."""
    check_can_write(report)
    saved = read_run_file(run)
    data = open_named(dataset or saved.config.dataset)
    info = data.info
    if (saved.n_features, saved.n_classes) != (info.n_features, info.n_classes):
        raise UserError(
            "evaluate-shape",
            f"This run reads pictures of {saved.n_features:,} pixels in {saved.n_classes} classes; "
            f"{info.title} has {info.n_features:,} pixels and {info.n_classes} classes. Choose "
            "the data set it was trained on.",
        )
    network = build_network(saved.config, info.n_features, info.n_classes)
    figures: dict[str, float] = {}
    for name, samples in (
        ("train", Samples(data.train_images, data.train_labels)),
        ("test", Samples(data.test_images, data.test_labels)),
    ):
        loss, accuracy = evaluate(network, saved.state.params, samples)
        figures |= {f"{name}_loss": loss, f"{name}_accuracy": accuracy}
        n_samples = len(samples.labels)
        click.echo(f"{name}: loss {loss:.4f}, accuracy {accuracy:.4f} on {n_samples:,} pictures")
    if report is not None:
        write_report(report, {"config": asdict(saved.config), "dataset": info.name, **figures})
