"""The section Noise without a browser: of which weights it is, and what it says of them."""

from __future__ import annotations

import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from softmax_core.service import Status, shared_engine
from softmax_core.training.noise import GradientNoise, measure_noise
from tests.pages.opening import session_of
from tests.pages.sweep_calls import section
from tests.waiting import wait_for
from ui.race.noise import noise_picture


def measured(page: AppTest) -> GradientNoise:
    """Wait for the worker and draw the page again."""
    job = page.session_state["job_noise"]
    wait_for(job.future.done)
    page.run()
    assert not page.exception
    found: GradientNoise = page.session_state["job_noise"].future.result()
    return found


def texts(page: AppTest) -> str:
    return " ".join(each.value for each in (*page.markdown, *page.caption))


def test_it_measures_the_weights_on_screen_and_says_what_it_found() -> None:
    page = section("Noise", data="digits")
    found = measured(page)
    session = session_of(page)
    expected = measure_noise(session.config, session.state.params)
    for one, other in zip(found.sizes, expected.sizes, strict=True):
        assert one.batch_size == other.batch_size
        np.testing.assert_allclose(one.spreads, other.spreads)
    assert [each.batch_size for each in found.sizes] == [1, 8, 32, 256, 1437]
    said = texts(page)
    assert "weights of step 0" in said
    assert f"a batch of 1 points {np.nanmean(found.sizes[0].angles):.0f} degrees off" in said
    assert "the rule 1/√(batch size) says" in said
    assert len(page.get("image")) == 2


def test_other_weights_are_measured_anew_and_the_same_are_not() -> None:
    page = section("Noise", data="digits")
    first = measured(page)
    page.run()
    assert page.session_state["job_noise"].future.result() is first
    session = session_of(page)
    shared_engine().steps(session, 40)
    wait_for(lambda: session.state.step == 40 and session.status is not Status.RUNNING)
    page.run()
    later = measured(page)
    assert "weights of step 40" in texts(page)
    assert later.full_norm < first.full_norm  # it has learned
    shared_engine().look_at(session, 0)  # the weights shown are those of the start again
    page.run()
    pinned = measured(page)
    assert "weights of step 0" in texts(page)
    assert pinned.full_norm == pytest.approx(first.full_norm)


def test_a_run_that_goes_on_is_measured_when_one_asks() -> None:
    page = section("Noise", data="mnist-5k", epochs="1000")
    first = measured(page)
    session = session_of(page)
    shared_engine().start(session)
    wait_for(lambda: session.state.step > 5)
    page.run()
    assert page.session_state["job_noise"].future.result() is first
    page.button(key="noise_again").click().run()
    shared_engine().pause(session)
    assert page.session_state["job_noise"].about.step > 5


def test_the_picture_is_a_file_with_its_caption() -> None:
    page = section("Noise", data="digits")
    found = measured(page)
    text = noise_picture(found, page.session_state["job_noise"].about, "svg").decode()
    assert "Distance from the full gradient" in text
    assert re.search(r"weights of\s+step 0|Measured", text)
