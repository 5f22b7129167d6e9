"""The section Noise: how far the gradients of random batches lie from that of all examples."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from softmax_core.figures import PRINT, Theme, figure_bytes
from softmax_core.figures.noise import noise_figure, noise_figures, noise_summary
from softmax_core.figures.sentence import sentence_figure
from softmax_core.nn import Params
from softmax_core.service import Session, Status, View, shared_engine
from softmax_core.training import TrainingConfig
from softmax_core.training.noise import N_BATCHES, GradientNoise, measure_noise
from ui import state
from ui.race.swept_settings import settings_said
from ui.recipes.drawn import drawn_ui
from ui.recipes.jobs import answer_ui, ask
from ui.words import _, long_text

if TYPE_CHECKING:
    from softmax_core.figures import Figure

_NOISE: Final = "noise"  # the job
_WIDTHS: Final = (1.05, 4.15)
_KINDS: Final[tuple[Literal["png", "svg"], ...]] = ("png", "svg")


_Floats = NDArray[np.float64]
_Columns = tuple[list[int], list[_Floats], list[_Floats], list[float]]


class _Subject(NamedTuple):
    """Weights whose gradients are measured."""

    run_id: int
    step: int
    params: Params
    config: TrainingConfig


def noise_ui(session: Session) -> None:
    """Show what is measured on the left, the picture and its sentence on the right."""
    view = shared_engine().view(session)
    wanted = _Subject(session.run_id, view.shown.step, view.shown.params, view.shown_config)
    job = state.job(_NOISE)
    # A run that goes on has other weights at every look: then one asks for it.
    if job is None or (view.status is not Status.RUNNING and not _is_same(job.about, wanted)):
        _measure(wanted)
        job = state.job(_NOISE)
    left, right = st.columns(_WIDTHS, gap="medium")
    with left.container(key="noise_settings"):
        st.markdown(long_text("noise"))
        place_of_buttons = st.container()
    with right.container(key="noise"):
        found: GradientNoise | None = answer_ui(
            _NOISE, _("Measuring {n} batches of each size …").format(n=N_BATCHES)
        )
        if found is None or job is None:
            return
        _picture_ui(found, job.started)
        st.caption(_measured_said(job.about, found))
    with place_of_buttons:
        _again_ui(view, wanted)
        _saving_ui(found, job.about)


def noise_picture(found: GradientNoise, subject: Any, kind: Literal["png", "svg"]) -> bytes:
    """Return the picture, light on white, with its caption."""
    figure = noise_figure(*_columns(found), theme=PRINT)
    caption = f"{noise_summary(*_columns(found))} {_measured_said(subject, found)}"
    return figure_bytes(sentence_figure(figure, caption, theme=PRINT), kind)


def _picture_ui(found: GradientNoise, shows: object) -> None:
    """Show the sentence and both halves of the picture; on a phone one stands below the other."""
    columns = _columns(found)
    st.markdown(noise_summary(*columns))

    def half(index: int, caption: str) -> Callable[[Theme], tuple[Figure, str]]:
        return lambda theme: (noise_figures(*columns, theme=theme)[index], caption)

    left, right = st.columns(2, gap="small")
    with left:
        text = _("A dot is a batch. 0 degrees: it points as the full gradient does.")
        drawn_ui("noise_angles", shows, half(0, text))
    with right:
        text = _(
            "How long the difference of both is. Dashed: what it must be on average, computed from "
            "all examples and fitted to nothing."
        )
        drawn_ui("noise_spreads", shows, half(1, text))


def _columns(found: GradientNoise) -> _Columns:
    sizes = found.sizes
    return (
        [each.batch_size for each in sizes],
        [each.angles for each in sizes],
        [each.spreads for each in sizes],
        [each.expected for each in sizes],
    )


def _measured_said(subject: _Subject, found: GradientNoise) -> str:
    return _(
        "Measured with the weights of step {step:,}: {settings}. The full gradient has length "
        "{length:.3g} there."
    ).format(
        step=subject.step,
        settings=settings_said(subject.config, with_batch_size=False),
        length=found.full_norm,
    )


def _again_ui(view: View, wanted: _Subject) -> None:
    if view.status is Status.RUNNING:
        st.button(
            _("Measure now"),
            key="noise_again",
            type="primary",
            width="stretch",
            on_click=_measure,
            args=(wanted,),
            help=_("Your run goes on: this takes the weights that it has now."),
        )


def _saving_ui(found: GradientNoise, subject: _Subject) -> None:
    with st.container(horizontal=True, gap="small", key="noise_saving"):
        for kind in _KINDS:
            st.download_button(
                _("Save picture ({kind})").format(kind=kind.upper()),
                partial(noise_picture, found, subject, kind),
                f"noise.{kind}",
                on_click="ignore",
                key=f"save_noise_{kind}",
                type="tertiary",
                icon=":material/save:",
            )


def _measure(subject: _Subject) -> None:
    ask(_NOISE, subject, measure_noise, subject.config, subject.params)


def _is_same(one: _Subject, other: _Subject) -> bool:
    """Tell whether nothing differs that a gradient depends on; a step's weights can be edited."""
    alike = (one.run_id, one.step, one.config) == (other.run_id, other.step, other.config)
    return alike and all(
        np.array_equal(array, other.params[name]) for name, array in one.params.items()
    )
