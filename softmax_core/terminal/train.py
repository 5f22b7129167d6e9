"""``train``: a whole run, one line per epoch."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import click

from softmax_core.errors import UserError
from softmax_core.persist import check_savable, write_run
from softmax_core.run_meta import plain_settings
from softmax_core.terminal.files import check_can_write, write_file, write_report
from softmax_core.terminal.interrupt import interruptible
from softmax_core.terminal.opening import open_named
from softmax_core.terminal.options import output_option, setting_options
from softmax_core.terminal.progress import epoch_bar
from softmax_core.terminal.recipe_run import print_run_receipt, recipe_options, take_recipe
from softmax_core.terminal.run import EpochRow, TerminalRun, new_run, train_epochs
from softmax_core.terminal.weights import weights_files, write_weights_folder
from softmax_core.terminal.wording import INTERRUPTED, warn_if_seen
from softmax_core.weights_npy import check_network


@click.command("train")
@recipe_options
@setting_options
@output_option("--save", "Write the trained run (.npz).")
@click.option(
    "--save-npy",
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write the weights as W.npy and b.npy into FOLDER (softmax only).",
)
@output_option("--report", "Write a report (.json).")
@output_option("--figure", "Draw the curves (.png or .svg).")
def train_run(
    save: Path | None,
    save_npy: Path | None,
    report: Path | None,
    figure: Path | None,
    **settings: Any,
) -> None:
    """Train a model and print one line per epoch.

    Ctrl-C ends the run; the files asked for are written with what has been trained.
    """
    chosen, config = take_recipe(settings)
    check_can_write(save, *weights_files(save_npy), report, figure)
    _check_figure_kind(figure)
    if save_npy is not None:
        check_network(config)
    run = new_run(config, open_named(config.dataset))
    warn_if_seen(config)
    if save is not None:
        check_savable(config, run.dataset.info.n_features, run.dataset.info.n_classes)
    with interruptible() as wish:
        for row in train_epochs(run, wish, epoch_bar()):
            click.echo(_line(row))
    try:
        if save is not None:
            write_file(save, write_run(config, run.state))
        if save_npy is not None:
            write_weights_folder(save_npy, run.state.params)
    finally:  # what can be written is written, even if the run itself cannot
        if report is not None:
            write_report(report, _report(run))
        if figure is not None:
            _draw(figure, run)
    if chosen is not None:  # last: what was trained is safe by now
        print_run_receipt(chosen, run)
    _end(run, save or save_npy)


def _end(run: TerminalRun, saved: Path | None) -> None:
    """Say why a run ended early, if it did, and exit."""
    if run.state.stop is not None:
        raise UserError("training-stopped", run.state.stop.reason)
    if run.state.epoch < run.config.epochs:
        kept = (
            f"{saved} holds what has been trained" if saved else "without --save nothing was kept"
        )
        steps = f"{run.state.step:,} {'step' if run.state.step == 1 else 'steps'}"
        click.echo(f"Stopped in epoch {run.state.epoch + 1} after {steps}; {kept}.", err=True)
        click.get_current_context().exit(INTERRUPTED)


def _line(row: EpochRow) -> str:
    e = row.evaluation
    return (
        f"epoch {e.epoch:g}: train loss {e.train_loss:.4f}, accuracy {e.train_accuracy:.4f}; "
        f"test loss {e.test_loss:.4f}, accuracy {e.test_accuracy:.4f}; {row.seconds:.3f} s"
    )


def _report(run: TerminalRun) -> dict[str, Any]:
    return {
        "config": plain_settings(run.config),
        "epochs": [_entry(row) for row in run.rows],
        "samples_per_second": run.state.samples_seen / run.seconds if run.seconds else 0.0,
    }


def _entry(row: EpochRow) -> dict[str, Any]:
    figures = ("train_loss", "train_accuracy", "test_loss", "test_accuracy")
    values = {name: getattr(row.evaluation, name) for name in figures}
    # A run that went astray may have an infinite loss; JSON has none.
    finite = {name: value if math.isfinite(value) else None for name, value in values.items()}
    return {"epoch": row.number, **finite, "seconds": row.seconds}


def _check_figure_kind(figure: Path | None) -> None:
    if figure is not None and figure.suffix.lower() not in (".png", ".svg"):
        raise UserError("figure-kind", f"A figure is a .png or .svg file; {figure} is neither.")


def _draw(figure: Path, run: TerminalRun) -> None:
    # Imported only now: matplotlib takes longer to load than most runs here take.
    from softmax_core.figures import figure_bytes
    from softmax_core.figures.runs import run_figure

    curves = run_figure(run.history.curve(), run.history.evaluations)
    write_file(figure, figure_bytes(curves, "svg" if figure.suffix.lower() == ".svg" else "png"))
