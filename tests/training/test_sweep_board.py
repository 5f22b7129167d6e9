"""What is known of a sweep's runs: nothing that diverged, flatters or is half done."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from softmax_core.training import TrainingConfig, TrainingState
from softmax_core.training.evaluate_lanes import LaneEvaluation
from softmax_core.training.state import Stop
from softmax_core.training.sweep_board import Phase, empty_board, noted, without_half

GOES_ON = TrainingState({})
STOPPED = replace(GOES_ON, stop=Stop(3, "It had to stop."))
FOUND = LaneEvaluation(np.array([0.5, 0.25]), np.array([0.75, 0.875]))
CONFIG = TrainingConfig(dataset="digits")


def test_figures_are_noted_where_the_runs_are_and_none_of_what_diverged() -> None:
    empty = empty_board(2, 4)
    assert np.isnan(empty.loss).all()
    board = noted(empty, (1, (0, 2)), (CONFIG, (GOES_ON, STOPPED)), FOUND, final=True)
    assert board.phase.tolist() == [[0] * 4, [Phase.DONE, 0, Phase.DIVERGED, 0]]
    assert np.argwhere(np.isfinite(board.loss)).tolist() == [[1, 0]]
    assert (board.loss[1, 0], board.accuracy[1, 0]) == (0.5, 0.75)
    assert np.isnan(empty.loss).all()  # a view of before stays as it was


def test_an_accuracy_on_pictures_that_were_learned_from_is_not_kept() -> None:
    config = TrainingConfig(dataset="mnist-5k", init="trained")
    board = noted(empty_board(1, 2), (0, (0, 1)), (config, (GOES_ON, GOES_ON)), FOUND, final=True)
    assert board.loss.tolist() == [[0.5, 0.25]]
    assert np.isnan(board.accuracy).all()


def test_what_is_half_done_is_forgotten() -> None:
    board = noted(empty_board(1, 4), (0, (0, 1)), (CONFIG, (GOES_ON, STOPPED)), FOUND, final=False)
    board = noted(board, (0, (2, 3)), (CONFIG, (GOES_ON, GOES_ON)), FOUND, final=True)
    kept = without_half(board)
    phases = [Phase.WAITING, Phase.DIVERGED, Phase.DONE, Phase.DONE]
    assert kept.phase.tolist() == [phases]
    assert np.argwhere(np.isfinite(kept.accuracy)).tolist() == [[0, 2], [0, 3]]
