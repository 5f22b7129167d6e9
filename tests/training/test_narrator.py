"""The narrator: real runs made to trigger every sentence, and runs where it must be absent."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from softmax_core.data.store import open_dataset
from softmax_core.training import History, Samples, TrainingConfig, advance, first_state
from softmax_core.training.advance import Budget
from softmax_core.training.dead import dead_classes
from softmax_core.training.edge import edge_on
from softmax_core.training.evaluate import evaluate_both
from softmax_core.training.narrator import MAX_REMARKS, narrate, observed
from softmax_core.training.story import Story, jumps

FULL = 99_999
CONFIG = TrainingConfig(dataset="digits", init="zero")
CURVE_RULES = {"bouncing", "overshot", "falling", "plateau", "jagged", "too_slow"}


def tell(config: TrainingConfig, steps: int, *changes: tuple[int, dict[str, Any]]) -> Story:
    """Train on the 8 x 8 digits (or blobs), evaluated as the app does; return the story."""
    dataset = open_dataset(config.dataset)
    train_set = Samples(dataset.train_images, dataset.train_labels)
    test_set = Samples(dataset.test_images, dataset.test_labels)
    n, n_classes = len(train_set.labels), dataset.info.n_classes
    state = first_state(config, dataset.info.n_features, n_classes)
    first_edge = edge_on(train_set, config, state.params).rate
    history = History(n)
    stops = {2**i for i in range(12)} | {n_ * steps // 8 for n_ in range(9)} | {0, steps}
    stops |= {at for at, _ in changes}
    for until in sorted(stop for stop in stops if stop <= steps):
        state, records = advance(state, config, train_set, Budget(until_step=until))
        history.add(records)
        history.add_evaluation(evaluate_both(config, state, train_set, test_set, 0.0))
        for at, change in changes:
            if at == until:
                config = replace(config, **change)
                history.mark(at, "changed")
        if state.stop is not None:
            break
    return Story(
        config,
        history.curve(),
        n,
        n_classes,
        tuple(history.evaluations),
        tuple(history.marks),
        dead_classes(state, n),
        state.stop,
        state.step,
        edge_on(train_set, config, state.params).rate,
        first_edge,
        dataset.info.class_names,
    )


def kinds(story: Story) -> list[str]:
    return [remark.kind for remark in observed(story)]


def text_of(story: Story, kind: str) -> str:
    (text,) = [remark.text for remark in observed(story) if remark.kind == kind]
    return text


def numbers(text: str) -> list[float]:
    return [float(n.replace(",", "")) for n in re.findall(r"\d[\d,]*(?:\.\d+)?", text)]


def test_before_the_first_step_it_says_so_and_nothing_else() -> None:
    story = tell(CONFIG, 0)
    assert kinds(story) == ["not_begun"]
    text = narrate(story)
    assert text.startswith("No step of training has been made yet.")
    assert "2.303 nats" in text
    assert "10 classes gives 10.0 %" in text
    assert kinds(replace(story, evaluations=())) == ["not_begun"]


def test_a_loss_that_falls_fast_is_called_so_with_its_means() -> None:
    story = tell(replace(CONFIG, batch_size=FULL, learning_rate=0.5), 40)
    assert kinds(story)[0] == "falling"
    after, steps, before, _ = numbers(text_of(story, "falling"))
    losses = story.curve.mean
    assert steps == 20
    assert after == pytest.approx(losses[-20:].mean(), abs=5e-4)
    assert before == pytest.approx(losses[-40:-20].mean(), abs=5e-4)
    assert "plateau" not in kinds(story)


def test_a_rate_that_is_too_small_is_named_with_the_way_that_was_gone() -> None:
    story = tell(replace(CONFIG, learning_rate=1e-4), 200)
    assert kinds(story)[0] == "too_slow"
    text = text_of(story, "too_slow")
    assert "the rate 0.0001 is too small" in text
    assert "times smaller than the edge of 1.75" in text
    steps, share = numbers(text)[:2]
    first, last = story.curve.mean[:20].mean(), story.curve.mean[-20:].mean()
    assert steps == 200
    assert share == pytest.approx(100 * (first - last) / first, abs=0.06)
    for rate in (0.05, 0.5):
        assert "too_slow" not in kinds(tell(replace(CONFIG, learning_rate=rate), 200))


def test_flat_for_another_reason_is_not_blamed_on_the_rate() -> None:
    silent = tell(replace(CONFIG, network="relu-softmax", learning_rate=1e-3), 200)
    assert "too_slow" not in kinds(replace(silent, dead=()))
    stuck = tell(replace(CONFIG, network="mlp", init="zero", batch_size=FULL), 200)
    assert "too_slow" not in kinds(stuck)


@pytest.mark.parametrize("factor", [2, 4])
def test_bouncing_beyond_the_edge_is_counted_and_the_edge_is_named(factor: int) -> None:
    rate = 1.75 * factor
    story = tell(replace(CONFIG, batch_size=FULL, learning_rate=rate), 60)
    assert kinds(story)[0] == "bouncing"
    text = text_of(story, "bouncing")
    rises, of, named, times, edge = numbers(text)[:5]
    losses = story.curve.mean.astype(float)[-60:]
    assert (rises, of) == (int(np.count_nonzero(np.diff(losses) > 0)), len(losses) - 1)
    assert named == rate
    assert edge == pytest.approx(1.75, abs=0.01) or edge == pytest.approx(story.edge, rel=0.01)
    assert times == pytest.approx(rate / edge, rel=0.05)
    assert "accuracy climbed by" in text
    assert not {"plateau", "falling", "jagged"} & set(kinds(story))


def test_below_the_edge_nothing_bounces_whatever_the_batch() -> None:
    for batch_size in (8, 32, 128, FULL):
        for steps in (30, 200):
            story = tell(replace(CONFIG, batch_size=batch_size, learning_rate=0.3), steps)
            assert not {"bouncing", "overshot"} & set(kinds(story)), (batch_size, steps)


def test_without_a_known_edge_none_is_named() -> None:
    story = tell(replace(CONFIG, batch_size=FULL, learning_rate=7.0), 60)
    assert "edge" not in text_of(replace(story, edge=None, first_edge=None), "bouncing")
    settled = replace(story, edge=100.0)
    assert "at the start" in text_of(settled, "bouncing")
    assert "edge" not in text_of(replace(settled, first_edge=90.0), "bouncing")


def test_weights_that_got_worse_are_told_from_evaluations_of_the_training_set() -> None:
    story = tell(replace(CONFIG, learning_rate=20.0, seed=1), 24)
    text = text_of(story, "overshot")
    low, low_step, high, step = numbers(text)[:4]
    by_step = {e.step: e.train_loss for e in story.evaluations}
    assert by_step[int(low_step)] == pytest.approx(low, abs=6e-4)
    assert by_step[int(step)] == pytest.approx(high, abs=6e-4)
    assert high > low
    assert f"times the edge of {story.first_edge:.3g} at the start" in text
    assert "falling" not in kinds(story)
    assert "overshot" not in kinds(tell(replace(CONFIG, learning_rate=1.0, seed=1), 24))


def test_a_curve_that_stands_still_after_learning_is_a_plateau() -> None:
    config = TrainingConfig(dataset="blobs", init="zero", batch_size=FULL, learning_rate=0.5)
    story = tell(config, 1_000)
    assert kinds(story)[0] == "plateau"
    after, steps, before, _ = numbers(text_of(story, "plateau"))
    assert steps == 125
    assert abs(before - after) < 0.01 * after
    assert "plateau" not in kinds(tell(config, 40))
    assert "plateau" not in kinds(tell(replace(CONFIG, learning_rate=1e-4), 400))


def test_learning_by_heart_is_told_with_both_losses() -> None:
    config = replace(
        CONFIG, dataset="mnist-5k", network="mlp", init="scaled", learning_rate=0.5, batch_size=32
    )
    story = tell(config, 2_500)
    text = text_of(story, "by_heart")
    step, low, now, train_low, train_now = numbers(text)
    best = min(story.evaluations, key=lambda e: e.test_loss)
    assert step == best.step
    assert now > low == pytest.approx(best.test_loss, abs=6e-4)
    assert train_now < train_low == pytest.approx(best.train_loss, rel=0.05)
    assert "by_heart" not in kinds(replace(story, has_test=False))
    assert "by_heart" not in kinds(tell(replace(CONFIG, learning_rate=0.1), 400))


def test_a_stopped_run_says_what_happened_and_what_is_kept() -> None:
    story = tell(replace(CONFIG, dataset="mnist-5k", pixels="raw", softmax="naive"), 20)
    assert story.stop is not None
    assert kinds(story) == ["stopped"]
    text = narrate(story)
    assert text.startswith(f"Training stopped at step {story.stop.step}: exp(Z) overflowed")
    assert text.endswith(f"The weights of step {story.kept_step} are kept.")


def test_a_loss_that_stayed_high_is_told_with_its_height() -> None:
    story = tell(replace(CONFIG, dataset="mnist-5k", pixels="raw", learning_rate=1.0), 150)
    assert story.stop is not None
    assert story.stop.fault is None
    text = narrate(story)
    assert "the loss had gone up from 2.303 to" in text
    highest = numbers(text.partition(" to ")[2])[0]
    assert highest == pytest.approx(float(story.curve.high.max()), rel=1e-3)


def test_what_followed_a_change_of_the_rate_is_told() -> None:
    fast = replace(CONFIG, learning_rate=5.0, batch_size=FULL)
    story = tell(fast, 100, (64, {"learning_rate": 0.5}))
    assert kinds(story)[0] == "rate_changed"
    step, old, new, before, _, after, _ = numbers(text_of(story, "rate_changed"))
    assert (step, old, new) == (64, 5, 0.5)
    assert before == pytest.approx(story.curve.mean[44:64].mean(), abs=6e-4)
    assert after == pytest.approx(story.curve.mean[-20:].mean(), abs=6e-4)
    assert "rate_changed" not in kinds(tell(fast, 100))
    long_ago = tell(fast, 600, (64, {"learning_rate": 0.5}))
    assert "rate_changed" not in kinds(long_ago)
    too_soon = tell(fast, 66, (64, {"learning_rate": 0.5}))
    assert "rate_changed" not in kinds(too_soon)


def test_old_jumps_do_not_count_against_new_settings() -> None:
    story = tell(
        replace(CONFIG, learning_rate=7.0, batch_size=FULL), 60, (30, {"learning_rate": 0.2})
    )
    assert story.since == 30
    assert "bouncing" not in kinds(story)
    other_batch = tell(replace(CONFIG, batch_size=8), 60, (40, {"batch_size": FULL}))
    assert other_batch.since == 40
    assert "jagged" not in kinds(other_batch)


def test_small_batches_are_named_as_the_reason_for_a_jagged_curve() -> None:
    story = tell(replace(CONFIG, batch_size=8, learning_rate=0.1), 150)
    assert "jagged" in kinds(story)
    size, by_chance, found = numbers(text_of(story, "jagged"))
    p = story.curve.accuracy[-60:].mean()
    assert size == 8
    assert by_chance == pytest.approx(100 * math.sqrt(p * (1 - p) / 8), abs=2)
    assert found == pytest.approx(by_chance, rel=0.5)
    assert "jagged" not in kinds(tell(replace(CONFIG, batch_size=FULL), 150))


def test_dead_classes_are_named() -> None:
    config = replace(CONFIG, network="relu-softmax", init="small-normal", bias="none", seed=3)
    story = tell(replace(config, learning_rate=3.0, batch_size=32), 300)
    assert story.dead
    assert kinds(story)[0] == "dead"
    text = text_of(story, "dead")
    assert "dead" in text
    for dead_class in story.dead:
        assert story.class_names[dead_class.index] in text
    one = replace(story, dead=story.dead[:1], class_names=("zero",) * 10)
    assert text_of(one, "dead").startswith("Class zero is dead since step")
    assert "dead" not in kinds(tell(replace(config, learning_rate=0.01), 300))


def test_a_model_that_only_guesses_is_told_so_after_a_while() -> None:
    broken = replace(CONFIG, network="mlp", init="zero", batch_size=FULL)
    story = tell(broken, 120)
    assert "guessing" in kinds(story)
    newest = story.evaluations[-1]
    share = numbers(text_of(story, "guessing"))[1]
    assert share == pytest.approx(100 * newest.train_accuracy, abs=0.06)
    assert "guessing" not in kinds(tell(broken, 20))
    assert "guessing" not in kinds(tell(CONFIG, 120))


def test_where_it_stands_leaves_out_a_test_set_that_was_not_held_out() -> None:
    story = tell(replace(CONFIG, batch_size=FULL), 60)
    newest = story.evaluations[-1]
    text = text_of(story, "standing")
    assert numbers(text) == [
        60,
        pytest.approx(newest.train_loss, abs=6e-4),
        pytest.approx(100 * newest.train_accuracy, abs=0.06),
        pytest.approx(100 * newest.test_accuracy, abs=0.06),
    ]
    assert "test" not in text_of(replace(story, has_test=False), "standing")


RUNS: Sequence[tuple[TrainingConfig, int]] = (
    (CONFIG, 0),
    (CONFIG, 1),
    (CONFIG, 3),
    (CONFIG, 500),
    (replace(CONFIG, batch_size=1), 300),
    (replace(CONFIG, learning_rate=100.0), 100),
    (replace(CONFIG, dataset="blobs", learning_rate=1.0), 200),
    (replace(CONFIG, network="mlp", init="scaled", learning_rate=0.3), 1_500),
)


@pytest.mark.parametrize(("config", "steps"), RUNS)
def test_whatever_the_run_there_are_one_or_two_whole_sentences(
    config: TrainingConfig, steps: int
) -> None:
    story = tell(config, steps)
    text = narrate(story)
    told = observed(story)
    assert told
    assert text == " ".join(remark.text for remark in told[:MAX_REMARKS])
    assert text[0].isupper()
    assert text.endswith(".")
    assert len(re.findall(r"\.(?:\s|$)", text)) <= 2
    assert "nan" not in text
    assert "{" not in text
    assert len(CURVE_RULES & {remark.kind for remark in told}) <= 2


def test_a_trend_is_no_jump_and_chance_is_measured_as_the_binomial_has_it() -> None:
    """Batches of 50 drawn from models that get better all the time: 1 time chance."""
    rng = np.random.default_rng(0)
    p = np.linspace(0.3, 0.9, 60)
    story = tell(replace(CONFIG, batch_size=50), 60)
    accuracy = (rng.binomial(50, p) / 50).astype(np.float32)
    samples_seen = 50 * np.arange(1, 61)
    found = jumps(
        replace(story, curve=story.curve._replace(accuracy=accuracy, samples_seen=samples_seen))
    )
    assert found is not None
    assert found.times_chance == pytest.approx(1, abs=0.25)
    assert found.climbed == pytest.approx(0.48, abs=0.06)
    steady = story.curve._replace(accuracy=p.astype(np.float32), samples_seen=samples_seen)
    calm = jumps(replace(story, curve=steady))
    assert calm is not None
    assert calm.times_chance < 0.05


def test_a_thinned_curve_says_stretches_and_not_steps() -> None:
    story = tell(replace(CONFIG, batch_size=8), 2_500)
    found = jumps(story)
    assert found is not None
    assert found.width == 4
    wild = story.curve._replace(
        accuracy=np.tile(np.array([0.2, 0.9], np.float32), 320)[: len(story.curve.step)],
        mean=np.tile(np.array([1, 2], np.float32), 320)[: len(story.curve.step)],
    )
    text = text_of(replace(story, curve=wild), "bouncing")
    assert "stretches of 4 steps" in text
    assert "times as far as chance makes it" in text
