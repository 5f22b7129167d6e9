"""Spot the bug: a published mistake trained beside the exact gradient, then checked."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final, NamedTuple

import streamlit as st

from softmax_core.data.store import open_dataset
from softmax_core.errors import UserError
from softmax_core.figures import Theme
from softmax_core.figures.lanes import (
    LaneCurve,
    lanes_accuracy_figure,
    lanes_accuracy_summary,
    lanes_loss_figure,
    lanes_loss_summary,
)
from softmax_core.service import Session
from softmax_core.training import TrainingConfig
from softmax_core.training.lanes import Lane, run_lanes
from softmax_core.training.mistakes import (
    MISTAKES,
    NO_MISTAKE,
    Mistake,
    find_mistake,
    n_lane_steps,
)
from ui import state
from ui.datasets import dataset_title
from ui.learning_rate import LEARNING_RATES
from ui.recipes.drawn import drawn_ui
from ui.recipes.jobs import answer_ui, ask
from ui.recipes.spot_check import CHECK, ROWS, check_ui, dead_ui
from ui.whole import whole
from ui.words import _, long_text

if TYPE_CHECKING:
    from softmax_core.figures import Figure

TRIAL: Final = "spot"  # the job
SURPRISE: Final = "surprise"
_SURPRISE_RATE: Final = 0.03  # of the bank's own rates the one that tells them apart least
_RATES: Final = tuple(rate for rate in LEARNING_RATES if rate <= 1)
_NAMES: Final = (*(mistake.name for mistake in MISTAKES), NO_MISTAKE.name)
# ReLU needs a start of its own, without biases, which would give it away.
_HIDDEN: Final = tuple(name for name in _NAMES if find_mistake(name).is_wrong)


class Trial(NamedTuple):
    """What was trained, and whether the class knows what it is."""

    mistake: Mistake
    hidden: bool
    dataset: str


def spot_the_bug_ui(session: Session) -> None:
    """Show the choice on the left; the curves, the check and what is wrong on the right."""
    left, right = st.columns([1.15, 3], gap="medium")
    with left.container(key="spot_choice"):
        _choice_ui(session)
    with right.container(key="spot_result"):
        _result_ui()
    job = state.job(TRIAL)
    if job is not None and job.about.hidden and job.future.done():
        with left.container(key="spot_vote"):
            _vote_ui(job.about.mistake)


def _choice_ui(session: Session) -> None:
    job = state.job(TRIAL)
    present = MISTAKES[0].name
    if job is not None:
        present = SURPRISE if job.about.hidden else job.about.mistake.name
    name = st.selectbox(
        _("Mistake"),
        [SURPRISE, *_NAMES],
        format_func=_title,
        key=state.begin(state.SPOT_MISTAKE, present),
        help=_("Each of them was published by somebody careful, and nobody saw it for a while."),
    )
    dataset = _dataset(session)
    _buttons_ui(name, dataset, _rate_ui(name))
    if name != SURPRISE:
        st.markdown(_(find_mistake(name).what_it_does))
    steps = n_lane_steps(find_mistake(name) if name != SURPRISE else NO_MISTAKE, 1)
    st.caption(
        _(
            "On {dataset}; at least {steps} steps, batches of {size}. Your run is left alone."
        ).format(dataset=dataset_title(dataset), steps=steps, size=TrainingConfig().batch_size)
    )


def _rate_ui(name: str) -> float:
    usual = _SURPRISE_RATE if name == SURPRISE else find_mistake(name).learning_rate
    rate: float = st.select_slider(
        _("Learning rate"),
        _RATES,
        format_func=lambda value: f"{value:g}",
        key=state.begin(state.SPOT_RATE + name, usual),
        help=_("Of both lanes. It begins where the curves hide the mistake best."),
    )
    return rate


def _buttons_ui(name: str, dataset: str, rate: float) -> None:
    with st.container(horizontal=True, gap="xsmall"):
        st.button(
            _("Train both"),
            key="spot_train",
            type="primary",
            on_click=whole(_begin),
            args=(name, dataset, rate),
        )
        st.button(
            _("Surprise me"),
            key="spot_surprise",
            on_click=whole(_surprise),
            args=(dataset,),
            help=_("A mistake that nobody knows, or none at all. Guess, check, reveal."),
        )


def _result_ui() -> None:
    job = state.job(TRIAL)
    if job is None:
        st.markdown(long_text("recipes/spot-the-bug"))
        return
    lanes: tuple[Lane, ...] | None = answer_ui(TRIAL, _("Training both lanes …"))
    if lanes is None:
        return
    trial: Trial = job.about
    known = not trial.hidden or state.revealed_guess() is not None
    names = _("exact"), _lane_name(trial.mistake) if known else _("suspect")
    curves, shows = _curves(lanes, names), (job.started, known)
    loss, accuracy = st.columns(2, gap="small")
    with loss:
        drawn_ui("spot_loss", shows, lambda theme: _loss(curves, theme))
    with accuracy:
        drawn_ui("spot_accuracy", shows, lambda theme: _accuracy(curves, theme))
    if known:
        _seen_ui(trial.mistake)
        if not trial.mistake.is_wrong:
            dead_ui(lanes[-1])
    check_ui(lanes, names, trial.mistake if known else None)


def _seen_ui(mistake: Mistake) -> None:
    measured = _("What a class sees ({dataset}, rate {rate:g})").format(
        dataset=dataset_title(TrainingConfig().dataset), rate=mistake.learning_rate
    )
    st.markdown(f"**{measured}** · {_(mistake.what_a_class_sees)}")


def _vote_ui(mistake: Mistake) -> None:
    """Let the class guess before the cover is lifted."""
    guess = st.radio(
        _("What is wrong? Vote first, then check and reveal."),
        _HIDDEN,
        format_func=_title,
        index=None,
        key=state.SPOT_GUESS,
        disabled=state.revealed_guess() is not None,
    )
    if state.revealed_guess() is None:
        st.button(
            _("Reveal"),
            key="spot_reveal",
            on_click=whole(state.reveal),
            args=(guess,),
            disabled=guess is None,
        )
        return
    right = state.revealed_guess() == mistake.name
    title = _title(mistake.name)
    if right:
        said = _("Well spotted: it was {title}").format(title=title)
        st.success(said, icon=":material/check_circle:")
    else:
        said = _("It was another: {title}").format(title=title)
        st.info(said, icon=":material/search:")


def _begin(name: str, dataset: str, rate: float) -> None:
    hidden = name == SURPRISE
    mistake = find_mistake(secrets.choice(_HIDDEN) if hidden else name)
    for job in (CHECK, ROWS):
        state.remember_job(job, None)
    state.reveal(None)
    state.set_widgets({state.SPOT_GUESS: None})
    steps = n_lane_steps(mistake, open_dataset(dataset).info.n_train)
    ask(TRIAL, Trial(mistake, hidden, dataset), run_lanes, mistake.lanes(dataset, rate), steps)


def _surprise(dataset: str) -> None:
    state.set_widgets({state.SPOT_MISTAKE: SURPRISE})
    _begin(SURPRISE, dataset, _SURPRISE_RATE)


def _dataset(session: Session) -> str:
    """Return the run's pictures, the embedded ones where it has points or none to be had."""
    try:
        info = open_dataset(session.config.dataset).info
    except UserError:
        return TrainingConfig().dataset
    return info.name if info.kind == "pictures" else TrainingConfig().dataset


def _title(name: str) -> str:
    if name == SURPRISE:
        return _("? A hidden one")
    mistake = find_mistake(name)
    return f"({mistake.letter}) {_(mistake.title)}" if mistake.letter else _(mistake.title)


def _lane_name(mistake: Mistake) -> str:
    return (
        _("mistake ({letter})").format(letter=mistake.letter) if mistake.letter else _("exact too")
    )


def _curves(lanes: tuple[Lane, ...], names: tuple[str, ...]) -> list[LaneCurve]:
    return [
        LaneCurve(name, lane.records.step, lane.records.loss, lane.test_step, lane.test_accuracy)
        for name, lane in zip(names, lanes, strict=True)
    ]


def _loss(curves: list[LaneCurve], theme: Theme) -> tuple[Figure, str]:
    figure = lanes_loss_figure(curves, theme=theme)
    return figure, lanes_loss_summary(curves)


def _accuracy(curves: list[LaneCurve], theme: Theme) -> tuple[Figure, str]:
    figure = lanes_accuracy_figure(curves, theme=theme)
    return figure, lanes_accuracy_summary(curves)
