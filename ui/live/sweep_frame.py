"""One frame of a sweep as bytes: where every run of it is, and what that says."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from softmax_core.data.dataset import Dataset
from softmax_core.data.store import open_dataset
from softmax_core.figures.sweep import Facts, SweptRow, epochs_said, sweep_summary
from softmax_core.figures.sweep_grid import (
    good_cells,
    grid_best,
    grid_shades,
    grid_summary,
    scale_ticks,
)
from softmax_core.service import Status, SweepView
from softmax_core.service.sweep_slices import MAX_LOSS_SAMPLES
from softmax_core.training.sweep_board import Phase
from ui.live.pack import POLL_MS, Arrays, pack
from ui.race.differs import value_title
from ui.words import _


def encode_sweep(view: SweepView, run_step: int) -> bytes:
    """Encode what the view shows; see ``pack`` for the layout.

    Parameters
    ----------
    view : SweepView
    run_step : int
        Where the run in the Lab is: opening another takes its place.
    """
    rows, facts = rows_of(view), facts_of(view)
    header = _header(view, rows, run_step)
    header["sentence"] = sweep_sentence(view).replace(" %", "\u00a0%")
    arrays: Arrays = {
        "rate": ("f4", rows[0].rates),
        "loss": ("f4", view.board.loss),
        "accuracy": ("f4", view.board.accuracy),
        "phase": ("u1", view.board.phase),
    }
    if len(rows) > 1:
        arrays["shade"] = ("f4", grid_shades(rows, facts.n_classes))
        arrays["good"] = ("u1", good_cells(rows).astype(np.uint8))
        header["scale"] = scale_ticks(rows, facts.n_classes)
    return pack(header, arrays)


def rows_of(view: SweepView) -> list[SweptRow]:
    """Return the runs of a sweep as figures and sentences take them."""
    n_samples = open_dataset(view.rows[0][0].dataset).info.n_train
    return [
        SweptRow(
            rates=np.array([config.learning_rate for config in configs]),
            loss=view.board.loss[index],
            accuracy=view.board.accuracy[index],
            diverged=_diverged(view.board.phase[index]),
            batch_size=configs[0].batch_size,
            batch_name=value_title("batch_size", configs[0].batch_size, n_samples),
        )
        for index, configs in enumerate(view.rows)
    ]


def facts_of(view: SweepView) -> Facts:
    """Return how the runs of a sweep were measured."""
    dataset = open_dataset(view.rows[0][0].dataset)
    epochs, n_tested = view.rows[0][0].epochs, len(dataset.test_labels)
    return Facts(epochs, n_tested, _n_loss(dataset, view), dataset.info.n_classes)


def sweep_sentence(view: SweepView) -> str:
    """Say how far a sweep is, or what came of it."""
    rows, facts = rows_of(view), facts_of(view)
    if view.status is Status.RUNNING:
        text = _("{n} runs, {epochs} each, from the same first weights: {share:.0f} % done.")
        return text.format(
            n=view.board.phase.size, epochs=epochs_said(facts.epochs), share=100 * view.progress
        )
    return grid_summary(rows, facts) if len(rows) > 1 else sweep_summary(rows[0], facts)


def _header(view: SweepView, rows: list[SweptRow], run_step: int) -> dict[str, Any]:
    is_over = view.status is not Status.RUNNING
    best = rows[0].best if len(rows) == 1 and is_over else None
    place = grid_best(rows) if len(rows) > 1 else None
    return {
        "version": view.version,
        "status": view.status.value,
        "message": view.message,
        "progress": view.progress,
        "batches": [row.batch_name for row in rows],
        "has_test": bool(np.isfinite(view.board.accuracy).any()),
        "guess_loss": float(np.log(facts_of(view).n_classes)),
        "best": None if best is None else list(best),
        "best_cell": None if place is None else list(place),
        "run_step": run_step,
        "poll_ms": POLL_MS,
    }


def _diverged(phase: NDArray[np.uint8]) -> NDArray[np.bool_]:
    return np.asarray(phase == Phase.DIVERGED)


def _n_loss(dataset: Dataset, view: SweepView) -> int:
    n_train = min(view.rows[0][0].n_train or len(dataset.train_labels), len(dataset.train_labels))
    return min(n_train, MAX_LOSS_SAMPLES)
