"""A page that looks at an earlier step: weights, reading and plane are that step's."""

from __future__ import annotations

import json
import struct
from functools import partial
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from softmax_core.data.store import open_dataset
from softmax_core.explain import Bounds, class_weights, decision_regions, read_digit
from softmax_core.figures import scaled_weights
from softmax_core.service import Session, Status, View, shared_engine
from softmax_core.training import TrainingConfig
from tests.waiting import wait_for
from ui.live.frame import encode_frame
from ui.live.plane import SIDE, plane_arrays
from ui.live.reading import network_of, score


def rests(session: Session) -> bool:
    return session.status is not Status.RUNNING and not session.in_flight


def pinned_at(step: int, config: TrainingConfig) -> tuple[Session, View]:
    """Return a run of 40 steps that is looked at where it was after ``step``."""
    engine = shared_engine()
    session = engine.open(config)
    engine.steps(session, 40)
    wait_for(partial(rests, session))
    engine.look_at(session, step)
    return session, engine.view(session)


def header_of(view: View) -> dict[str, Any]:
    body = encode_frame(view)
    (length,) = struct.unpack_from("<I", body)
    header: dict[str, Any] = json.loads(body[4 : 4 + length])
    return header


def weight_limit(view: View, params: dict[str, NDArray[Any]]) -> float:
    network = network_of(view, open_dataset(view.config.dataset))
    return float(scaled_weights(class_weights(network, params))[1])


def test_a_frame_counts_the_run_and_shows_the_weights_of_the_step_chosen() -> None:
    session, view = pinned_at(4, TrainingConfig(dataset="digits"))
    header = header_of(view)
    assert (header["step"], header["shown_step"], header["pinned"]) == (40, 4, True)
    assert header["weight_limit"] == pytest.approx(weight_limit(view, view.shown.params))
    shared_engine().look_at(session, None)
    view = shared_engine().view(session)
    following = header_of(view)
    assert (following["shown_step"], following["pinned"]) == (40, False)
    assert following["weight_limit"] == pytest.approx(weight_limit(view, view.state.params))
    assert following["weight_limit"] > 1.5 * header["weight_limit"]


def test_the_picture_is_read_by_the_weights_shown_as_they_were_measured() -> None:
    session, _ = pinned_at(4, TrainingConfig(dataset="digits"))
    engine = shared_engine()
    engine.configure(session, TrainingConfig(dataset="digits", pixels="raw"))
    engine.set_test_picture(session, 3)
    view = engine.view(session)
    dataset = open_dataset("digits")
    network, digit = network_of(view, dataset), dataset.test_images[3]
    scored = score(view)
    assert scored is not None
    expected = read_digit(network, view.shown.params, digit, "scaled").probabilities
    np.testing.assert_array_equal(scored.reading.probabilities, expected)
    engine.look_at(session, None)
    scored = score(engine.view(session))
    assert scored is not None
    expected = read_digit(network, session.state.params, digit, "raw").probabilities
    np.testing.assert_array_equal(scored.reading.probabilities, expected)


def test_the_plane_is_that_of_the_weights_shown() -> None:
    _, view = pinned_at(2, TrainingConfig(dataset="blobs"))
    dataset = open_dataset("blobs")
    arrays = plane_arrays(view, dataset)
    header = header_of(view)
    network = network_of(view, dataset)
    regions = [
        decision_regions(network, state.params, Bounds(*header["regions_bounds"]), SIDE).confidence
        for state in (view.shown, view.state)
    ]
    guess = 1 / dataset.info.n_classes
    shown, newest = (np.rint(255 * (confidence - guess) / (1 - guess)) for confidence in regions)
    ground = arrays["regions_confidence"][1].reshape(SIDE, SIDE)
    np.testing.assert_array_equal(ground, shown)
    assert np.abs(ground - newest).max() > 10
