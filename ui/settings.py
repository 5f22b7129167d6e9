"""The settings of a run: four in sight, the others one click away."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final, NamedTuple

import streamlit as st

from softmax_core import limits
from softmax_core.data.dataset import DatasetInfo
from softmax_core.data.store import open_dataset
from softmax_core.errors import UserError
from softmax_core.service import Session, shared_engine
from softmax_core.training import TrainingConfig
from softmax_core.training.config import ACTIVATIONS, NETWORKS
from ui.datasets import dataset_names, dataset_title, why_not_opened
from ui.learning_rate import UnderRate, learning_rate_ui
from ui.recipes.lab_choice import recipe_ui
from ui.setting_widgets import batch_size_key
from ui.speeds import SPEEDS, speed_of
from ui.state import SETTING, add_notice, begin, set_widgets
from ui.taught import taught_on
from ui.trained_model import initial_weights_for
from ui.unusual import unusual_ui
from ui.words import (
    _,
    activation_title,
    initial_weights_title,
    network_title,
    plain_number,
    speed_title,
)

L2_PENALTIES: Final = (0.0, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1.0)


class _Chosen(NamedTuple):
    """The data set to train on, and why it is not the one that was asked for, if so."""

    info: DatasetInfo
    refusal: str | None


def settings_ui(session: Session, under_rate: UnderRate | None = None) -> None:
    """Show the settings and hand what was changed to the engine.

    Parameters
    ----------
    session : Session
    under_rate : callable, optional
        Shows something under the learning rate's slider, of the session, the slider's choices
        and the one chosen.
    """
    before = session.config
    dataset = _dataset_ui(before)
    n_samples = dataset.info.n_train  # of the set just chosen: "full" means all of that
    chosen: dict[str, Any] = {
        "dataset": dataset.info.name,
        "learning_rate": learning_rate_ui(session, under_rate),
        "batch_size": _batch_size_ui(before, n_samples),
        "network": _network_ui(before),
    }
    # A popover, so that the buttons below stay where they are.
    with st.popover(_("More settings"), icon=":material/tune:", width="stretch"):
        place_of_recipe = st.container()
        _speed_ui(session)
        asked = replace(before, dataset=dataset.info.name, network=chosen["network"])
        chosen |= _more_ui(asked)
    if dataset.refusal is not None:
        st.warning(dataset.refusal)
    try:
        taught = taught_on(dataset.info.name, before)
        shared_engine().configure(session, replace(before, **chosen, taught=taught))
        _say_left_out(len(before.taught) - len(taught))
    except UserError as error:
        st.warning(error.text)
    with place_of_recipe:  # drawn last, because it tells what all the others came to
        recipe_ui(session)
    unusual_ui(session)


def _dataset_ui(config: TrainingConfig) -> _Chosen:
    names = dataset_names()
    if config.dataset not in names:
        names.append(config.dataset)
    name = st.selectbox(
        _("Data set"),
        names,
        format_func=dataset_title,
        key=begin(SETTING + "dataset", config.dataset),
        help=_("The pictures the model learns from. The page Data shows them."),
    )
    try:
        return _Chosen(open_dataset(name).info, None)
    except UserError as error:
        refusal = why_not_opened(error, name, config.dataset)
        return _Chosen(open_dataset(config.dataset).info, refusal)


def _batch_size_ui(config: TrainingConfig, n_samples: int) -> int:
    present = min(config.batch_size, n_samples)
    powers = [1 << i for i in range(n_samples.bit_length()) if 1 << i < n_samples]
    chosen: int = st.select_slider(
        _("Batch size"),
        sorted({*powers, n_samples, present}),
        format_func=lambda size: _("full") if size == n_samples else f"{size:,}",
        key=begin(batch_size_key(n_samples), present),
        help=_("How many pictures each step averages its gradient over."),
    )
    return config.batch_size if chosen == present else chosen


def _network_ui(config: TrainingConfig) -> str:
    chosen: str = st.selectbox(
        _("Network"),
        NETWORKS,
        format_func=network_title,
        key=begin(SETTING + "network", config.network),
        help=_("What stands between the pixels and the probabilities."),
    )
    return chosen


def _more_ui(config: TrainingConfig) -> dict[str, Any]:
    left, right = st.columns(2)
    with left:
        chosen = _run_ui(config)
    with right:
        chosen |= _update_ui(config)
        if config.network == "mlp":
            chosen |= _hidden_layer_ui(config)
    return chosen


def _run_ui(config: TrainingConfig) -> dict[str, Any]:
    inits = initial_weights_for(config)
    if config.init not in inits:  # the trained model reads nothing of the data set just chosen
        set_widgets({SETTING + "init": TrainingConfig().init})
    return {
        "epochs": st.number_input(
            _("Epochs to run"),
            1,
            limits.MAX_EPOCHS,
            key=begin(SETTING + "epochs", config.epochs),
            help=_("How many times Train goes through all training pictures."),
        ),
        "seed": st.number_input(
            _("Seed"),
            0,
            limits.MAX_SEED,
            key=begin(SETTING + "seed", config.seed),
            help=_("Decides the first weights and the order of the pictures."),
        ),
        "init": st.selectbox(
            _("Initial weights"),
            inits,
            format_func=initial_weights_title,
            key=begin(
                SETTING + "init", config.init if config.init in inits else TrainingConfig().init
            ),
            help=_("The weights before the first step."),
        ),
    }


def _update_ui(config: TrainingConfig) -> dict[str, Any]:
    return {
        "l2": st.select_slider(
            _("L2 penalty"),
            sorted({*L2_PENALTIES, config.l2}),
            format_func=plain_number,
            key=begin(SETTING + "l2", config.l2),
            help=_("Holds the weights small: adds l2/2 · ΣW² to the loss."),
        ),
        "momentum": st.slider(
            _("Momentum"),
            0.0,
            limits.MAX_MOMENTUM,
            step=0.01,
            key=begin(SETTING + "momentum", config.momentum),
            help=_("How much of the last step's direction the next one keeps."),
        ),
    }


def _hidden_layer_ui(config: TrainingConfig) -> dict[str, Any]:
    return {
        "hidden_units": st.number_input(
            _("Hidden units"),
            limits.MIN_HIDDEN_UNITS,
            limits.MAX_HIDDEN_UNITS,
            key=begin(SETTING + "hidden_units", config.hidden_units),
            help=_("How many units stand between the pixels and the classes."),
        ),
        "activation": st.selectbox(
            _("Activation"),
            ACTIVATIONS,
            format_func=activation_title,
            key=begin(SETTING + "activation", config.activation),
            help=_("What each hidden unit does with its sum."),
        ),
    }


def _say_left_out(n_drawings: int) -> None:
    if n_drawings > 0:
        add_notice(
            _(
                "{n} of the drawings you added are of no class of this data set, or cannot be made "
                "into its pictures: they were left out."
            ).format(n=n_drawings)
        )


def _speed_ui(session: Session) -> None:
    chosen = st.selectbox(
        _("Speed"),
        list(SPEEDS),
        format_func=speed_title,
        key=begin(SETTING + "speed", speed_of(session)),
        help=_("Full speed is too fast to watch on a small data set."),
    )
    shared_engine().set_pace(session, *SPEEDS[chosen])
