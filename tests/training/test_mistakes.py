"""The bank of Spot the bug: the check names the culprit, and the curves hide it."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest

from softmax_core.data.store import open_dataset
from softmax_core.errors import UserError
from softmax_core.nn import batch_loss_and_grads, softmax_network
from softmax_core.training import TrainingConfig, first_state
from softmax_core.training.lane_check import PICTURES, LaneCheck, check_lane
from softmax_core.training.lanes import Lane, run_lanes
from softmax_core.training.mistakes import (
    MISTAKES,
    NO_MISTAKE,
    STEPS,
    Mistake,
    find_mistake,
    n_lane_steps,
)
from softmax_core.training.samples import to_inputs

DATASET = "mnist-5k"
# Which blocks the check points at, and the one factor by which they are off, if there is one.
CULPRITS = {
    "true-class": ("W",),
    "one-bias": ("b",),
    "sum": ("logits",),
    "bias-over-classes": ("b",),
    "diagonal": ("logits",),
    "whole-max": (),
    "relu": (),
    "exact": (),
}
ALL = (*MISTAKES, NO_MISTAKE)


@pytest.fixture(scope="module")
def trained(cache_folder: object) -> dict[str, tuple[Lane, ...]]:
    """Both lanes of every mistake, trained as the page trains them."""
    return {m.name: run_lanes(m.lanes(DATASET), n_lane_steps(m, 4_000)) for m in ALL}


def last_loss(lane: Lane) -> float:
    return float(lane.records.loss[-20:].mean())


def last_accuracy(lane: Lane) -> float:
    return float(lane.test_accuracy[-1])


def test_the_bank_has_seven_letters_and_no_title_twice() -> None:
    assert [mistake.letter for mistake in MISTAKES] == list("abcdefg")
    assert len({mistake.title for mistake in ALL}) == len(ALL)
    assert {mistake.name for mistake in ALL} == set(CULPRITS)
    assert [mistake.name for mistake in ALL if not mistake.is_wrong] == ["relu"]


def test_credits_are_links_to_public_threads_and_files() -> None:
    credits = [credit for mistake in MISTAKES for credit in mistake.credits]
    assert len(credits) == 5
    for credit in credits:
        assert credit.url.startswith(f"https://github.com/{credit.repository}/")


@pytest.mark.parametrize("mistake", ALL, ids=lambda mistake: mistake.name)
def test_the_lanes_differ_in_the_mistake_alone(mistake: Mistake) -> None:
    exact, wrong = (asdict(config) for config in mistake.lanes(DATASET))
    differing = {name: wrong[name] for name in exact if exact[name] != wrong[name]}
    assert differing == dict(mistake.changes)
    assert exact["gradient"] == "exact"


def test_a_rate_of_ones_own_goes_to_both_lanes() -> None:
    assert {config.learning_rate for config in MISTAKES[0].lanes(DATASET, 0.5)} == {0.5}


def test_an_unknown_mistake_is_refused_with_the_names() -> None:
    with pytest.raises(UserError, match="bias-over-classes"):
        find_mistake("typo")
    assert find_mistake("exact") is NO_MISTAKE


# The check


@pytest.mark.parametrize("name", CULPRITS)
@pytest.mark.parametrize("when", ["start", "trained"])
def test_the_check_points_at_the_culprit_and_only_there(
    name: str, when: str, trained: dict[str, tuple[Lane, ...]]
) -> None:
    lanes = trained[name]
    for lane, expected in zip(lanes, ((), CULPRITS[name]), strict=True):
        check = checked(lane, when)
        assert check.culprits == expected
        for block in check.blocks:
            own_is_right = block.own_error < 1e-12
            assert own_is_right == (block.name not in expected)


CHECKS: dict[tuple[TrainingConfig, str], LaneCheck] = {}  # the exact lanes are often the same


def checked(lane: Lane, when: str) -> LaneCheck:
    if (lane.config, when) not in CHECKS:
        start = first_state(lane.config, 784, 10)
        params = (lane.state if when == "trained" else start).params
        CHECKS[lane.config, when] = check_lane(lane.config, params)
    return CHECKS[lane.config, when]


def test_a_missing_division_shows_as_the_batch_size_in_every_block(
    trained: dict[str, tuple[Lane, ...]],
) -> None:
    wrong = trained["sum"][1]
    check = check_lane(wrong.config, wrong.state.params)
    assert check.n_pictures == PICTURES == wrong.config.batch_size
    assert [block.ratio for block in check.blocks] == pytest.approx([128.0] * 3, rel=1e-9)
    assert not any(check.agrees(block) for block in check.blocks)


def test_the_true_class_and_the_diagonal_give_the_same_gradient_of_the_weights() -> None:
    dataset = open_dataset(DATASET)
    rng = np.random.default_rng(5)
    X, labels = to_inputs(dataset.train_images[:64]), dataset.train_labels[:64].astype(np.intp)
    params = {"W": rng.normal(size=(784, 10)) * 0.1, "b": rng.normal(size=10)}
    network = softmax_network(784, 10)
    grads = {
        name: batch_loss_and_grads(
            network, params, X, labels, find_mistake(name).lanes(DATASET)[1].variant
        )[1]
        for name in ("true-class", "diagonal", "exact")
    }
    np.testing.assert_allclose(grads["true-class"]["W"], grads["diagonal"]["W"], atol=1e-12)
    np.testing.assert_array_equal(grads["true-class"]["b"], grads["exact"]["b"])
    assert np.abs(grads["diagonal"]["b"] - grads["exact"]["b"]).max() > 0.01


# What the page says a class sees


@pytest.mark.parametrize("name", ["one-bias", "bias-over-classes"])
def test_a_wrong_bias_gradient_is_invisible(
    name: str, trained: dict[str, tuple[Lane, ...]]
) -> None:
    exact, wrong = trained[name]
    assert [round(100 * last_accuracy(lane), 1) for lane in (exact, wrong)] == [88.5, 88.3]
    assert last_loss(wrong) - last_loss(exact) == pytest.approx(0.003, abs=0.001)
    assert np.ptp(wrong.state.params["b"]) < 1e-4 < np.ptp(exact.state.params["b"])


def test_the_biases_summed_over_classes_never_leave_zero(
    trained: dict[str, tuple[Lane, ...]],
) -> None:
    assert np.abs(trained["bias-over-classes"][1].state.params["b"]).max() < 1e-5


@pytest.mark.parametrize(("name", "apart"), [("true-class", 0.01), ("diagonal", 0.02)])
def test_a_wrong_error_leaves_a_good_looking_curve(
    name: str, apart: float, trained: dict[str, tuple[Lane, ...]]
) -> None:
    exact, wrong = trained[name]
    assert 0 < last_loss(wrong) - last_loss(exact) < apart
    running = [
        np.convolve(lane.records.loss, np.full(20, 1 / 20), "valid") for lane in (exact, wrong)
    ]
    assert np.abs(running[0] - running[1]).max() < 0.05
    lost = last_accuracy(exact) - last_accuracy(wrong)
    low, high = (0.03, 0.04) if name == "true-class" else (0.04, 0.05)
    assert low <= lost <= high


def test_what_digits_hide_clothes_may_show(real_data: object) -> None:
    exact, wrong = run_lanes(find_mistake("true-class").lanes("fashion-mnist"), STEPS)
    assert [round(100 * last_accuracy(lane)) for lane in (exact, wrong)] == [77, 56]
    assert check_lane(wrong.config, wrong.state.params).culprits == ("W",)


def test_the_sum_is_the_mean_at_128_times_the_rate() -> None:
    wrong = find_mistake("sum").lanes(DATASET)[1]
    exact = NO_MISTAKE.lanes(DATASET, 128 * wrong.learning_rate)[0]
    n_full = 4_000 // 128  # the batches before the short one at the end of the pass
    one, other = run_lanes((wrong, exact), n_full)
    np.testing.assert_allclose(one.records.loss, other.records.loss, rtol=1e-4)


def test_the_sum_looks_better_at_a_small_rate_and_leaps_at_an_ordinary_one(
    trained: dict[str, tuple[Lane, ...]],
) -> None:
    exact, wrong = trained["sum"]
    assert last_loss(wrong) < 0.4 < 2 < last_loss(exact)
    exact, wrong = run_lanes(find_mistake("sum").lanes(DATASET, 0.1), STEPS)
    assert wrong.records.loss[:10].max() == pytest.approx(70, abs=2)
    assert last_loss(wrong) > 2 * last_loss(exact)
    assert abs(last_accuracy(exact) - last_accuracy(wrong)) <= 0.003 + 1e-9


def test_the_whole_arrays_maximum_changes_nothing_on_ordinary_logits(
    trained: dict[str, tuple[Lane, ...]],
) -> None:
    exact, wrong = trained["whole-max"]
    np.testing.assert_allclose(wrong.records.loss, exact.records.loss, rtol=1e-3)


def test_relu_kills_classes_at_the_same_start(trained: dict[str, tuple[Lane, ...]]) -> None:
    exact, relu = trained["relu"]
    assert relu.dead
    assert not exact.dead
    assert last_accuracy(relu) < last_accuracy(exact) - 0.1
    dead = [one.index for one in relu.dead]
    dataset = open_dataset(DATASET)
    logits = to_inputs(dataset.train_images) @ relu.state.params["W"]
    assert (logits[:, dead] <= 0).all()
    assert (logits[:, [k for k in range(10) if k not in dead]] > 0).any(axis=0).all()


def test_without_a_mistake_the_lanes_are_the_same_bit_for_bit(
    trained: dict[str, tuple[Lane, ...]],
) -> None:
    one, other = trained["exact"]
    np.testing.assert_array_equal(one.records.loss, other.records.loss)
    np.testing.assert_array_equal(one.state.params["W"], other.state.params["W"])
