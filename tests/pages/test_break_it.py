"""Break it safely without a browser: each switch fails, each fix goes on, nothing is lost."""

from __future__ import annotations

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from softmax_core.service import Session, Status, shared_engine
from softmax_core.training.breaking import is_broken
from tests.pages.opening import session_of
from tests.pages.recipe_sections import section, texts
from tests.waiting import wait_for


def opened(**query: str) -> tuple[AppTest, Session]:
    page = section("Break it safely", **query)
    return page, session_of(page)


def turn(page: AppTest, field: str, on: bool) -> None:
    page.toggle(key=f"break_{field}").set_value(on).run()
    assert not page.exception


def pace_of(session: Session) -> tuple[float | None, float | None]:
    return session.pace, session.steps_a_second


def train_steps(session: Session, steps: int) -> None:
    shared_engine().set_pace(session, None, None)
    for _ in range(steps):
        shared_engine().step(session)
    wait_for(lambda: session.status is Status.IDLE)
    assert session.state.step >= steps


@pytest.mark.parametrize(
    ("field", "faulty", "tensor"),
    [("softmax", "naive", "exp(Z)"), ("loss", "log-of-probability", "log P")],
)
def test_a_switch_breaks_a_fresh_run_within_5_steps_and_the_fix_goes_on(
    field: str, faulty: str, tensor: str
) -> None:
    page, session = opened()
    assert page.button(key="break_it").disabled
    assert page.button(key="fix_it").disabled
    turn(page, field, True)
    assert (getattr(session.config, field), session.config.pixels) == (faulty, "raw")
    assert "Pixels are 0 to 255 too" in texts(page)
    page.button(key="break_it").click().run()
    assert pace_of(session) == (None, 3.0)
    wait_for(lambda: session.status is Status.STOPPED)
    page.run()
    stop = session.state.stop
    assert stop is not None
    assert stop.fault is not None
    assert stop.step <= 5
    shown = {metric.label: metric.value for metric in page.metric}
    assert shown["Stopped at step"] == str(stop.step)
    assert tensor in shown.values()
    assert shown["The logit"] == f"{stop.fault.logit:,.1f}"
    assert f"$z = {stop.fault.logit:,.1f}".replace(",", "{,}") in texts(page)
    assert "Kept: the weights of step 0. The fix goes on from there." in texts(page)
    page.button(key="fix_it").click().run()
    assert not is_broken(session.config)
    assert pace_of(session) == (1.0, None)  # as it was before
    wait_for(lambda: session.state.step >= 5)
    assert session.status is Status.RUNNING
    page.run()
    assert page.button(key="fix_it").disabled
    assert not page.metric


def test_a_run_with_steps_is_ridden_on_and_goes_on_from_its_last_good_weights() -> None:
    page, session = opened()
    train_steps(session, 40)
    turn(page, "softmax", True)
    page.button(key="break_it").click().run()
    wait_for(lambda: session.status is Status.STOPPED)
    assert session.state.step in (39, 40)
    assert session.state.stop is not None
    assert session.state.stop.step <= 45
    page.button(key="fix_it").click().run()
    wait_for(lambda: session.state.step >= 50)
    shared_engine().pause(session)
    steps = shared_engine().view(session).curve
    assert steps.step[0] == 1  # the curve before is kept
    assert steps.mean[45:].max() < 1.5
    assert session.evaluation is not None


def test_raw_pixels_alone_leap_stay_finite_and_the_fix_gives_the_leap_up() -> None:
    page, session = opened()
    train_steps(session, 40)
    turn(page, "pixels", True)
    page.button(key="break_it").click().run()
    wait_for(lambda: session.state.step >= 46)
    page.run()
    (warning,) = [warning.value for warning in page.warning if "leapt" in warning.value]
    assert "Still every number is finite" in warning
    assert "within 5 steps" in warning or "within 4 steps" in warning
    assert session.state.doubt is not None
    kept = session.state.doubt.before.step
    assert kept in (39, 40)
    assert f"Kept: the weights of step {kept}." in texts(page)
    page.button(key="fix_it").click().run()
    assert session.config.pixels == "scaled"
    wait_for(lambda: session.state.step >= 60)
    shared_engine().pause(session)
    curve = shared_engine().view(session).curve
    assert curve.mean.max() < 3  # nothing of the leap is left


def test_with_the_pixels_switched_back_nothing_fails() -> None:
    page, session = opened()
    turn(page, "softmax", True)
    turn(page, "pixels", False)
    assert (session.config.softmax, session.config.pixels) == ("naive", "scaled")
    assert "With pixels 0 to 1 this never fails" in texts(page)
    page.button(key="break_it").click().run()
    shared_engine().set_pace(session, None, None)
    wait_for(lambda: session.state.step >= 100)
    assert session.status is Status.RUNNING
    turn(page, "softmax", False)
    assert not is_broken(session.config)


def test_a_switch_in_the_middle_of_a_run_slows_it_down_and_breaks_it() -> None:
    page, session = opened()
    page.button(key="train").click().run()
    wait_for(lambda: session.state.step >= 10)
    turn(page, "softmax", True)
    wait_for(lambda: session.status is Status.STOPPED)
    page.button(key="fix_it").click().run()
    assert pace_of(session) == (1.0, None)
    at = session.state.step
    wait_for(lambda: session.state.step > at + 3)


def test_another_network_is_put_aside_and_can_be_taken_back() -> None:
    page, session = opened(network="mlp", lr="0.3", speed="full")
    train_steps(session, 7)
    before = session.state
    turn(page, "softmax", True)
    page.button(key="break_it").click().run()
    assert session.config.network == "softmax"
    assert "Your own run is put aside: 7 steps" in texts(page)
    wait_for(lambda: session.status is Status.STOPPED)
    page.button(key="fix_it").click().run()
    assert "Your own run is put aside: 7 steps" in texts(page)
    page.button(key="back_to_run").click().run()
    assert not is_broken(session.config)
    assert (session.config.network, session.config.learning_rate) == ("mlp", 0.3)
    assert session.state.step == 7
    for name, values in before.params.items():
        np.testing.assert_array_equal(session.state.params[name], values)
    assert not [b for b in page.button if b.key == "back_to_run"]


def test_points_in_the_plane_are_broken_with_digits_instead() -> None:
    page, session = opened(data="blobs")
    turn(page, "softmax", True)
    page.button(key="break_it").click().run()
    assert session.config.dataset == "mnist-5k"
    wait_for(lambda: session.status is Status.STOPPED)


def test_the_formulas_stand_under_why_before_anything_broke() -> None:
    page, _ = opened()
    assert "3.4 \\cdot 10^{38}" in texts(page)
    assert "In this run" not in texts(page)
