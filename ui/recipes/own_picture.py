"""Each recipe's own picture of its run: weights, the plane, or the animator and the gallery."""

from __future__ import annotations

from typing import Final

import streamlit as st

from softmax_core.data.store import open_dataset
from softmax_core.explain import predict_samples
from softmax_core.figures import (
    DARK,
    LIGHT,
    PRINT,
    figure_bytes,
    readings_figure,
    readings_summary,
)
from softmax_core.figures.animator import training_animator
from softmax_core.service import Session, View, shared_engine
from ui import state
from ui.dataset_figures import Picture
from ui.live.components import epoch_animator, regions_view, weight_pictures
from ui.live.reading import is_pictures, network_of
from ui.recipes.loading import Choice
from ui.words import _

_ANIMATED: Final = "d2l-fashion"
_N_PICTURES: Final = 6
_COLUMNS: Final = 3
_GALLERY: Final = "gallery"


def own_picture_ui(session: Session, choice: Choice, *, running: bool) -> None:
    """Show what the recipe's notebook is known for."""
    if not is_pictures(open_dataset(session.config.dataset)):
        regions_view(session)
    elif choice.recipe.name == _ANIMATED:
        left, right = st.columns([1.2, 1], gap="medium")
        with left:
            _animator_ui(session)
        with right:
            _gallery_ui(session, running=running)
    else:
        weight_pictures(session)


def _animator_ui(session: Session) -> None:
    epoch_animator(session)
    st.download_button(
        _("Save this picture"),
        lambda: _animator_file(session),
        "animator.png",
        on_click="ignore",
        key="save_animator",
    )


def _animator_file(session: Session) -> bytes:
    view = shared_engine().view(session)
    animator = training_animator(view.epochs, view.evaluations, view.epochs_target)
    return figure_bytes(animator.to_figure(theme=PRINT), "png")


def _gallery_ui(session: Session, *, running: bool) -> None:
    """Show test pictures under their true and their predicted names.

    Drawn anew when the run rests or somebody asks: it takes the server a third of a second.
    """
    view = shared_engine().view(session)
    dark = st.context.theme.type == "dark"
    shows = (session.run_id, view.shown.step, dark)
    kept, picture = state.kept_picture(_GALLERY)
    if running:
        asked = st.button(_("Look now"), key="look_now", help=_("Read these pictures again."))
    else:
        asked = kept != shows
    if asked or picture is None:
        picture = _gallery(view, dark)
        state.keep_picture(_GALLERY, shows, picture)
    st.image(picture.png, width="stretch")
    st.caption(picture.summary)


def _gallery(view: View, dark: bool) -> Picture:
    dataset = open_dataset(view.config.dataset)
    images, names = dataset.test_images[:_N_PICTURES], dataset.info.class_names
    network = network_of(view, dataset)
    read = predict_samples(network, view.shown.params, images, view.shown_config.pixels)
    pairs = [
        (names[label], names[chosen])
        for label, chosen in zip(dataset.test_labels[:_N_PICTURES], read, strict=True)
    ]
    theme = DARK if dark else LIGHT
    figure = readings_figure(images, dataset.info.image_shape, pairs, _COLUMNS, theme=theme)
    summary = _("After step {step:,}, true name over predicted name: {summary}").format(
        step=view.shown.step, summary=readings_summary(pairs)
    )
    return Picture(figure_bytes(figure, "png"), summary)
