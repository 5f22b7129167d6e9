"""The section Sweep without a browser: what it trains, what it says, and opening a run of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from softmax_core.errors import UserError
from softmax_core.service import Status, Sweep, shared_engine
from softmax_core.training import TrainingConfig
from tests.pages.opening import session_of
from tests.pages.route_calls import call
from tests.pages.sweep_calls import frame_of, section, sweep_of, wait_for_end
from tests.waiting import wait_for
from ui.live.sweep_components import Asked
from ui.live.sweep_routes import sweep_frame
from ui.race.sweep_saving import sweep_picture
from ui.race.swept_settings import settings_said


class Mounted:
    """What the page has handed to the browser, and what the browser tells it."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.running: list[bool] = []
        self.asked: Asked | None = None

    def __call__(
        self, _session: object, _sweep: Sweep | None, note: str, *, running: bool
    ) -> Asked | None:
        self.notes.append(note)
        self.running.append(running)
        asked, self.asked = self.asked, None
        return asked


@pytest.fixture
def mounted(monkeypatch: pytest.MonkeyPatch) -> Mounted:
    view = Mounted()
    monkeypatch.setattr("ui.race.sweep.sweep_view", view)
    return view


def started(page: AppTest) -> Sweep:
    """Press the button and wait for the end."""
    page.button(key="sweep_start").click().run()
    assert not page.exception
    sweep = sweep_of(page)
    wait_for_end(sweep)
    page.run()  # as the browser has it done when it sees the end
    return sweep


def test_it_sweeps_the_runs_settings_over_32_rates_and_leaves_the_run_alone(
    mounted: Mounted,
) -> None:
    page = section("Sweep", data="digits", batch="64", seed="7", momentum="0.5")
    assert page.button(key="sweep_start").label == "Start the sweep"
    assert not [b for b in page.get("download_button") if "sweep" in str(b.proto.id)]
    (said,) = [each.value for each in page.caption if each.value.startswith("All runs:")]
    assert "batch size 64" in said
    assert "momentum 0.5" in said
    sweep = started(page)
    (row,) = sweep.rows
    base = replace(session_of(page).config, epochs=1)
    assert [replace(config, learning_rate=base.learning_rate) for config in row] == [base] * 32
    assert sweep.status is Status.FINISHED
    assert session_of(page).state.step == 0
    assert mounted.running[-2:] == [True, False]
    assert mounted.notes[-1] == ""


def test_the_map_has_five_batch_sizes_and_can_be_cancelled(mounted: Mounted) -> None:
    page = section("Sweep", data="mnist-5k", network="mlp")
    page.session_state["sweep_kind"] = "grid"
    page.run()
    (said,) = [each.value for each in page.caption if each.value.startswith("All runs:")]
    assert "batch size" not in said
    page.button(key="sweep_start").click().run()
    sweep = sweep_of(page)
    assert [row[0].batch_size for row in sweep.rows] == [8, 32, 128, 512, 2048]
    assert {len(row) for row in sweep.rows} == {16}
    button = page.button(key="sweep_start")
    assert (button.label, mounted.running[-1]) == ("Cancel", True)
    wait_for(lambda: sweep.progress > 0)
    button.click().run()
    assert sweep.status is Status.STOPPED
    assert page.button(key="sweep_start").label == "Start the sweep"
    frame = frame_of(sweep)
    assert "Cancelled" in frame["message"]
    assert frame["shade"].shape == (5, 16)


def test_epochs_and_other_settings_by_now(mounted: Mounted) -> None:
    page = section("Sweep", data="digits")
    page.session_state["sweep_epochs"] = 2
    page.run()
    sweep = started(page)
    assert {config.epochs for config in sweep.rows[0]} == {2}
    session = session_of(page)
    shared_engine().configure(session, replace(session.config, learning_rate=0.7, epochs=9))
    page.run()
    assert mounted.notes[-1] == ""  # the rate is what is swept, and each sweep has its own epochs
    shared_engine().configure(session, replace(session.config, l2=0.01))
    page.run()
    assert "other settings" in mounted.notes[-1]


def test_opening_a_run_begins_it_in_the_lab_with_its_settings(mounted: Mounted) -> None:
    page = section("Sweep", data="digits", epochs="5")
    sweep, session = started(page), session_of(page)
    engine = shared_engine()
    engine.steps(session, 3)
    wait_for(lambda: session.state.step == 3 and session.status is not Status.RUNNING)
    mounted.asked = Asked(0, 20)
    page.run()
    assert not page.exception
    wanted = replace(sweep.rows[0][20], epochs=5)
    assert (session.config, session.state.step) == (wanted, 0)
    assert page.select_slider(key="setting_learning_rate").value == wanted.learning_rate
    (toast,) = page.toast
    assert f"learning rate {wanted.learning_rate:g} and batch size 128" in toast.value
    engine.start(session)
    wait_for(lambda: session.state.epoch >= 1)
    assert engine.sweep_of(session) is sweep  # the sweep stays for when one comes back


@pytest.mark.parametrize("asked", [Asked(1, 0), Asked(0, 32), Asked(-1, 0)])
def test_what_is_not_in_the_sweep_is_not_opened(mounted: Mounted, asked: Asked) -> None:
    page = section("Sweep", data="digits")
    started(page)
    before = session_of(page).config
    mounted.asked = asked
    page.run()
    assert "no such run" in page.warning[0].value
    assert session_of(page).config == before


def test_a_data_set_that_is_gone_is_said_and_nothing_lost(
    mounted: Mounted, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = section("Sweep", data="digits")
    sweep = started(page)

    def gone(*_: object) -> None:
        raise UserError("gone", "The data set is gone.")

    monkeypatch.setattr("softmax_core.service.sweep_commands.beginning_of", gone)
    page.button(key="sweep_start").click().run()
    assert not page.exception
    assert page.toast[0].value == "The data set is gone."
    assert sweep_of(page) is sweep


def test_a_frame_tells_the_curve_and_is_sent_once(mounted: Mounted) -> None:
    page = section("Sweep", data="digits")
    sweep = started(page)
    frame = frame_of(sweep)
    view = shared_engine().sweep_view(sweep)
    np.testing.assert_allclose(frame["loss"], view.board.loss, rtol=1e-6)
    np.testing.assert_allclose(frame["accuracy"], view.board.accuracy, rtol=1e-6)
    np.testing.assert_allclose(frame["rate"], [config.learning_rate for config in sweep.rows[0]])
    best, first, last = frame["best"]
    assert first <= best <= last
    assert view.board.accuracy[0, best] == view.board.accuracy.max()
    assert f"{frame['rate'][best]:g}" in frame["sentence"]
    assert (frame["status"], frame["run_step"], frame["progress"]) == ("finished", 0, 1.0)
    held = {"v": frame["version"], "s": frame["run_step"]}
    assert call(sweep_frame, t=sweep.token, **held).status_code == 204
    session = session_of(page)
    shared_engine().step(session)
    wait_for(lambda: session.state.step == 1)
    assert frame_of(sweep, **held)["run_step"] == 1  # what opening another would take the place of
    assert call(sweep_frame, t="nobody").status_code == 410


@pytest.mark.parametrize("kind", ["rates", "grid"])
def test_the_picture_is_a_file_with_its_caption(mounted: Mounted, kind: str) -> None:
    page = section("Sweep", data="digits")
    page.session_state["sweep_kind"] = kind
    page.run()
    sweep = started(page)
    text = sweep_picture(sweep, "svg").decode()
    assert "learning rate" in text
    assert "All runs:" in text
    assert sweep_picture(sweep, "png").startswith(b"\x89PNG")


def test_what_is_unusual_about_the_runs_is_said() -> None:
    config = TrainingConfig(
        dataset="digits",
        network="mlp",
        hidden_units=7,
        l2=0.001,
        n_train=100,
        pixels="raw",
        momentum=0.9,
    )
    said = settings_said(config, with_batch_size=True)
    for part in ("7 hidden units", "L2 penalty 0.001", "100 training pictures", "pixels 0 to 255"):
        assert part in said
