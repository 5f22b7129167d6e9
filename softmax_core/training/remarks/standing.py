"""Remarks about where a run is: not begun, stopped, silenced, no better than guessing."""

from __future__ import annotations

from typing import Final

from softmax_core.training.story import Story
from softmax_core.wording import _, count, loss_text, percent

MIN_STEPS: Final = 100  # before that a model may still be guessing without fault
GUESSING: Final = 1.2  # times the share that guessing gets right


def not_begun(story: Story) -> str | None:
    """Say that no step was made."""
    if story.n_steps or story.stop is not None:
        return None
    text = _("No step of training has been made yet.")
    if not story.evaluations:
        return text
    newest = story.evaluations[-1]
    untrained = _(
        "These weights have a loss of {loss} nats on the training set and read {share} of it "
        "rightly; guessing one of {n} classes gives {guess}."
    )
    return (
        text
        + " "
        + untrained.format(
            loss=loss_text(newest.train_loss),
            share=percent(newest.train_accuracy),
            n=story.n_classes,
            guess=percent(1 / story.n_classes),
        )
    )


def stopped(story: Story) -> str | None:
    """Say why the run was stopped: a value that is no number, or a loss that stayed high."""
    if story.stop is None:
        return None
    if story.stop.fault is not None:
        cause = story.stop.fault.sentence()
    else:
        first, highest = story.first_loss, story.highest_loss
        cause = _("the loss had gone up from {first} to {highest} nats").format(
            first=loss_text(first), highest=loss_text(highest)
        )
    kept = _("The weights of step {kept} are kept.").format(kept=count(story.kept_step))
    text = _("Training stopped at step {step}: {cause}.")
    return text.format(step=count(story.stop.step), cause=cause) + " " + kept


def dead(story: Story) -> str | None:
    """Name the classes that ReLU has silenced."""
    if not story.dead:
        return None
    names = [_class_name(story, d.index) for d in story.dead]
    if len(names) == 1:
        text = _(
            "Class {name} is dead since step {step}: no training example raises it above 0 any "
            "more, and there ReLU passes it no gradient."
        )
        return text.format(name=names[0], step=count(story.dead[0].since_step))
    text = _(
        "{n} of {all} classes are dead ({names}), the last since step {step}: no training example "
        "raises them above 0 any more, and there ReLU passes them no gradient."
    )
    return text.format(
        n=len(names),
        all=story.n_classes,
        names=", ".join(names),
        step=count(max(d.since_step for d in story.dead)),
    )


def guessing(story: Story) -> str | None:
    """Say that after some training it is right no more often than by chance."""
    newest = story.newest
    if newest is None or story.n_steps < MIN_STEPS or newest.step < story.n_steps / 2:
        return None
    chance = 1 / story.n_classes
    right = [newest.train_accuracy, *([newest.test_accuracy] if story.has_test else [])]
    if max(right) > GUESSING * chance:
        return None
    text = _(
        "After {n} steps the model reads {share} of the training set rightly: no better than "
        "guessing one of {k} classes, which gives {chance}."
    )
    return text.format(
        n=count(newest.step),
        share=percent(newest.train_accuracy),
        k=story.n_classes,
        chance=percent(chance),
    )


def standing(story: Story) -> str | None:
    """Say where the run stood when it was last evaluated."""
    newest = story.newest
    if newest is None:
        return None
    text = _(
        "At step {n} the training loss is {loss} nats, and {train} of the training set is read "
        "rightly."
    )
    if story.has_test:
        text = _(
            "At step {n} the training loss is {loss} nats, and the model reads {train} of the "
            "training set and {test} of the test set rightly."
        )
    return text.format(
        n=count(newest.step),
        loss=loss_text(newest.train_loss),
        train=percent(newest.train_accuracy),
        test=percent(newest.test_accuracy),
    )


def _class_name(story: Story, index: int) -> str:
    return story.class_names[index] if index < len(story.class_names) else str(index)
