"""What is known of the runs of a sweep while they are trained, a row for each batch size."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_core.training.config import TrainingConfig
from softmax_core.training.evaluate_lanes import LaneEvaluation
from softmax_core.training.shipped import has_seen_test_set
from softmax_core.training.state import TrainingState


class Phase(IntEnum):
    """How far a run of a sweep is."""

    WAITING = 0
    TRAINING = 1
    DONE = 2
    DIVERGED = 3


class Board(NamedTuple):
    """Figures of all runs; arrays of shape (n_rows, n_rates), each replaced and never changed.

    Attributes
    ----------
    loss, accuracy : ndarrays
        On training and on test pictures; nan where nothing is known, or where the model has
        learned from the test pictures.
    phase : ndarray of uint8
        Each run's ``Phase``.
    """

    loss: NDArray[np.float64]
    accuracy: NDArray[np.float64]
    phase: NDArray[np.uint8]


def empty_board(n_rows: int, n_rates: int) -> Board:
    """Return a board on which nothing is known."""
    nothing = np.full((n_rows, n_rates), np.nan)
    return Board(nothing, nothing, np.full(nothing.shape, Phase.WAITING, np.uint8))


def noted(
    board: Board,
    place: tuple[int, Sequence[int]],
    runs: tuple[TrainingConfig, Sequence[TrainingState]],
    found: LaneEvaluation,
    *,
    final: bool,
) -> Board:
    """Return the board with figures of some runs; of what diverged none are shown.

    Parameters
    ----------
    board : Board
    place : (int, sequence of int)
        Their row, and where in it they are.
    runs : (TrainingConfig, sequence of TrainingState)
        The settings of one of them, and where all are.
    found : LaneEvaluation
        Loss on training pictures, accuracy on test pictures.
    final : bool
        Whether they are done.
    """
    config, states = runs
    at = place[0], list(place[1])
    diverged = np.array([state.stop is not None for state in states])
    hidden = diverged | has_seen_test_set(config)
    loss, accuracy, phase = board.loss.copy(), board.accuracy.copy(), board.phase.copy()
    loss[at] = np.where(diverged, np.nan, found.loss)
    accuracy[at] = np.where(hidden, np.nan, found.accuracy)
    phase[at] = np.where(diverged, Phase.DIVERGED, Phase.DONE if final else Phase.TRAINING)
    return Board(loss, accuracy, phase)


def without_half(board: Board) -> Board:
    """Return the board without the runs that were not trained to their end."""
    half = board.phase == Phase.TRAINING
    return Board(
        np.where(half, np.nan, board.loss),
        np.where(half, np.nan, board.accuracy),
        np.where(half, Phase.WAITING, board.phase).astype(np.uint8),
    )
