"""``train``: a whole run, one line per epoch."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from softmax_core.data.store import open_dataset
from softmax_core.errors import UserError
from softmax_core.figures import figure_bytes
from softmax_core.figures.runs import run_figure
from softmax_core.persist import write_run
from softmax_core.terminal.files import check_can_write, write_file, write_report
from softmax_core.terminal.options import output_option, setting_options
from softmax_core.training import EpochReport, History, Samples, TrainingConfig, train
from softmax_core.training.train import without_stop


@click.command("train")
@setting_options
@output_option("--save", "Write the trained run (.npz).")
@output_option("--report", "Write a report (.json).")
@output_option("--figure", "Draw the curves (.png or .svg).")
def train_run(save: Path | None, report: Path | None, figure: Path | None, **settings: Any) -> None:
    """Train a model and print one line per epoch."""
    config = TrainingConfig(**settings)
    check_can_write(save, report, figure)
    kind = _figure_kind(figure)
    dataset = open_dataset(config.dataset)
    train_set = Samples(dataset.train_images, dataset.train_labels)
    test_set = Samples(dataset.test_images, dataset.test_labels)
    history, epochs = History(), list[EpochReport]()
    for epoch in train(config, train_set, test_set, len(dataset.info.class_names)):
        history.add(epoch.records)
        history.add_evaluation(epoch.evaluation)
        epochs.append(epoch)
        click.echo(_line(epoch))
    state = epochs[-1].state
    if save is not None:
        write_file(save, write_run(config, without_stop(state)))
    if report is not None:
        write_report(report, _report(config, epochs))
    if figure is not None:
        write_file(figure, figure_bytes(run_figure(history.curve(), history.evaluations), kind))
    if state.stop is not None:
        raise UserError("training-stopped", state.stop.reason)


def _figure_kind(figure: Path | None) -> Any:
    kind = "png" if figure is None else figure.suffix.lower().lstrip(".")
    if kind not in ("png", "svg"):
        raise UserError("figure-kind", f"A figure is written as .png or .svg, not as .{kind}.")
    return kind


def _line(report: EpochReport) -> str:
    e = report.evaluation
    return (
        f"epoch {e.epoch:g}: train loss {e.train_loss:.4f}, accuracy {e.train_accuracy:.4f}; "
        f"test loss {e.test_loss:.4f}, accuracy {e.test_accuracy:.4f}; {report.seconds:.3f} s"
    )


def _report(config: TrainingConfig, epochs: list[EpochReport]) -> dict[str, Any]:
    rows = []
    for number, report in enumerate(epochs, start=1):
        e = report.evaluation
        rows.append(
            {
                "epoch": number,
                "train_loss": e.train_loss,
                "train_accuracy": e.train_accuracy,
                "test_loss": e.test_loss,
                "test_accuracy": e.test_accuracy,
                "seconds": report.seconds,
            }
        )
    seconds = sum(report.seconds for report in epochs)
    return {
        "config": asdict(config),
        "epochs": rows,
        "samples_per_second": epochs[-1].state.samples_seen / seconds,
    }
