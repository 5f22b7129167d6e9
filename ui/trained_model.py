"""Beginning with a trained model, from the first second and without a network."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

import streamlit as st

from softmax_core.data.places import prepared_folder
from softmax_core.data.prepared import has_prepared
from softmax_core.data.store import open_dataset
from softmax_core.errors import UserError
from softmax_core.figures.wording import percent
from softmax_core.service import Session, shared_engine
from softmax_core.training import TrainingConfig
from softmax_core.training.config import INITIAL_WEIGHTS
from softmax_core.training.shipped import shipped_accuracy, shipped_fits
from ui import state
from ui.setting_widgets import show_settings
from ui.taught import taught_on
from ui.whole import whole
from ui.words import _, network_title

_NETWORKS: Final = ("softmax", "mlp")
_DIGITS: Final = tuple("0123456789")
_FULL: Final = "mnist-upright"  # its test pictures are new to the models
_EMBEDDED: Final = "mnist-5k-upright"


def trained_model_ui(session: Session) -> None:
    """Offer the trained model of the network that is chosen."""
    st.button(
        _("Load trained model"),
        key="load_trained",
        icon=":material/model_training:",
        width="stretch",
        on_click=whole(_load),
        args=(session,),
        help=_(
            "Starts anew with weights that learned from all of MNIST's training pictures, slant "
            "removed. Of MNIST's own test pictures softmax regression reads {softmax}, one hidden "
            "layer {mlp}. Nothing is downloaded; choose the network above."
        ).format(**{name: percent(shipped_accuracy(name)) for name in _NETWORKS}),
    )


def prepare_for_trained_model() -> None:
    """Make the pictures it is shown with ahead of the click: a second's work, once."""
    with suppress(UserError):  # whoever presses the button is told why
        open_dataset(_EMBEDDED)


def initial_weights_for(config: TrainingConfig) -> tuple[str, ...]:
    """Return the initial weights that make sense for a run: the trained model reads digits only."""
    info = open_dataset(config.dataset).info
    reads = info.class_names == _DIGITS and shipped_fits(config, info.n_features, info.n_classes)
    return tuple(init for init in INITIAL_WEIGHTS if reads or init != "trained")


def trained_config(config: TrainingConfig, dataset: str) -> TrainingConfig:
    """Return the settings to begin with a trained model: of the present network, if it has one.

    Raises
    ------
    UserError
        When the data set cannot be had.
    """
    return TrainingConfig(
        dataset=dataset,
        network=config.network if config.network in _NETWORKS else _NETWORKS[0],
        init="trained",
        epochs=config.epochs,
        seed=config.seed,
        taught=taught_on(dataset, config),
    )


def _load(session: Session) -> None:
    # Preparing the full set takes a minute: it serves where somebody has waited for it before.
    if not (has_prepared(prepared_folder(_FULL)) and _begin(session, _FULL) is None):
        refusal = _begin(session, _EMBEDDED)
        if refusal is not None:
            state.add_notice(refusal)


def _begin(session: Session, dataset: str) -> str | None:
    """Begin with the model on this data set; return why not, if so."""
    try:
        config = trained_config(session.config, dataset)
        shared_engine().configure(session, config, restart=True)
    except UserError as error:
        return error.text
    show_settings(config)
    state.remember_recipe(None)
    text = _("Loaded: {network}, trained on all of MNIST. Draw a digit.")
    state.add_notice(text.format(network=network_title(config.network)))
    return None
