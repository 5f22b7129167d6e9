"""The page Race without a browser: its lanes, buttons, bets, and what leaves the Lab alone."""

from __future__ import annotations

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from softmax_core.service import Status, shared_engine
from softmax_core.training import TrainingConfig
from tests.pages.opening import session_of
from tests.pages.race_calls import race_of, race_page, wait_for_rest
from tests.waiting import wait_for
from ui.live.race_components import Shown
from ui.race.saving import race_picture


class Mounted:
    """What the page has handed to the browser, and what the browser tells it."""

    def __init__(self) -> None:
        self.shown: list[Shown] = []
        self.opened: int | None = None

    def __call__(self, _race: object, shown: Shown, **_kwargs: object) -> int | None:
        self.shown.append(shown)
        asked, self.opened = self.opened, None
        return asked


@pytest.fixture
def mounted(monkeypatch: pytest.MonkeyPatch) -> Mounted:
    view = Mounted()
    monkeypatch.setattr("ui.race_page.race_view", view)
    monkeypatch.setattr("ui.race_page.race_reader", lambda *_: None)
    return view


def lanes(page: AppTest, field: str = "learning_rate") -> list[object]:
    return [getattr(lane.config, field) for lane in race_of(page).lanes]


def test_it_begins_with_four_rates_and_the_settings_of_the_run(mounted: Mounted) -> None:
    page = race_page(batch="64", seed="7", l2="0.001")
    assert lanes(page) == [0.01, 0.1, 0.5, 5.0]
    for lane in race_of(page).lanes:
        shared = (lane.config.batch_size, lane.config.seed, lane.config.l2, lane.config.epochs)
        assert shared == (64, 7, 0.001, 3)
    assert "same first weights and see the same batches" in mounted.shown[-1].fairness
    assert page.query_params["race"] in ("lr:0.01,0.1,0.5,5", ["lr:0.01,0.1,0.5,5"])
    (said,) = [each.value for each in page.caption if each.value.startswith("All lanes:")]
    assert "batch size 64" in said
    assert "learning rate" not in said


@pytest.mark.usefixtures("mounted")
def test_a_link_brings_the_lanes_back() -> None:
    page = race_page(race="batch:1,8,4000")
    assert lanes(page, "batch_size") == [1, 8, 4_000]
    assert page.selectbox(key="race_differs").value == "batch_size"


@pytest.mark.usefixtures("mounted")
def test_other_lanes_begin_anew_and_fewer_than_two_are_refused() -> None:
    page = race_page()
    race = race_of(page)
    shared_engine().step_race(race)
    wait_for_rest(race)
    page.multiselect(key="race_values_learning_rate").set_value([0.1]).run()
    assert "at least 2 lanes" in page.warning[0].value
    assert (lanes(page), race.examples_seen) == ([0.01, 0.1, 0.5, 5.0], 128)
    page.multiselect(key="race_values_learning_rate").set_value([2.0, 0.1]).run()
    assert not page.warning
    assert (lanes(page), race.examples_seen) == ([0.1, 2.0], 0)
    page.selectbox(key="race_differs").set_value("batch_size").run()
    assert lanes(page, "batch_size") == [8, 64, 512]
    assert set(lanes(page)) == {0.1}
    page.number_input(key="race_epochs").set_value(5).run()
    assert {lane.config.epochs for lane in race.lanes} == {5}
    assert race_of(page) is race


@pytest.mark.usefixtures("mounted")
def test_the_buttons_move_all_lanes_and_leave_the_run_alone() -> None:
    page = race_page()
    session, race = session_of(page), race_of(page)
    before = session.config
    page.button(key="race_step").click().run()
    wait_for_rest(race)
    assert [lane.state.step for lane in race.lanes] == [1] * 4
    page.selectbox(key="race_pace").set_value("full").run()
    assert race.pace is None
    page.button(key="race_start").click().run()
    assert page.button(key="race_start").label == "Pause"
    wait_for_rest(race)
    assert race.status is Status.FINISHED
    weights = [lane.state.params["W"].copy() for lane in race.lanes]
    page.button(key="race_reset").click().run()
    assert page.button(key="race_start").label == "Start"
    assert race.examples_seen == 0
    page.button(key="race_start").click().run()
    wait_for_rest(race)
    for lane, expected in zip(race.lanes, weights, strict=True):
        np.testing.assert_array_equal(lane.state.params["W"], expected)
    assert (session.state.step, session.config, session.status) == (0, before, Status.IDLE)


@pytest.mark.usefixtures("mounted")
def test_run_and_race_train_at_the_same_time() -> None:
    page = race_page(epochs="300")
    session, race = session_of(page), race_of(page)
    page.number_input(key="race_epochs").set_value(200).run()
    shared_engine().start(session)
    page.button(key="race_start").click().run()
    wait_for(lambda: race.examples_seen >= 2_000 and session.state.step >= 200)
    assert (session.status, race.status) == (Status.RUNNING, Status.RUNNING)
    page.button(key="race_start").click().run()
    wait_for_rest(race)
    assert session.status is Status.RUNNING


def test_the_result_is_told_against_the_bets(
    mounted: Mounted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.race_page.state.bets", lambda: {"0.01": 1, "0.5": 3})
    page = race_page(race="lr:0.01,0.5")
    assert mounted.shown[-1].bets == {"0.01": 1, "0.5": 3}
    assert mounted.shown[-1].result == ""
    race = race_of(page)
    shared_engine().set_race_pace(race, None)
    shared_engine().start_race(race)
    wait_for_rest(race)
    page.run()
    result = mounted.shown[-1].result
    first, second = (lane.history.evaluations[-1].test_accuracy for lane in race.lanes)
    assert second > first
    assert result.startswith(
        f"Learning rate 0.5 wins with {100 * second:.1f} %, "
        f"{100 * (second - first):.1f} points ahead of 0.01."
    )
    assert "Of 1,000 test pictures" in result
    assert result.endswith("more than chance. 3 of 4 bets were on it.")
    page.run()
    assert mounted.shown[-1].result == result


def test_a_lane_becomes_the_run_and_the_race_stays(
    mounted: Mounted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streamlit.switch_page", lambda _page: None)
    page = race_page(epochs="12")
    session, race = session_of(page), race_of(page)
    shared_engine().step_race(race)
    wait_for_rest(race)
    mounted.opened = 2
    page.run()
    assert not page.exception
    assert session.config == TrainingConfig(learning_rate=0.5, epochs=12)
    assert session.state.step == 1
    np.testing.assert_array_equal(session.state.params["W"], race.lanes[2].state.params["W"])
    assert "lane of the race with learning rate 0.5, from step 1 on" in page.toast[0].value
    assert race.examples_seen == 128
    mounted.opened = 9
    page.run()
    assert "no such lane" in page.warning[0].value


@pytest.mark.usefixtures("mounted")
def test_the_labs_new_settings_are_offered_and_not_taken_unasked() -> None:
    page = race_page()
    race = race_of(page)
    shared_engine().configure(session_of(page), TrainingConfig(batch_size=32, seed=3))
    page.run()
    assert race.lanes[0].config.batch_size == 128
    page.button(key="race_from_lab").click().run()
    assert {(lane.config.batch_size, lane.config.seed) for lane in race.lanes} == {(32, 3)}
    assert lanes(page) == [0.01, 0.1, 0.5, 5.0]
    assert "race_from_lab" not in [button.key for button in page.button]


@pytest.mark.usefixtures("mounted")
def test_points_in_a_plane_race_without_a_canvas() -> None:
    page = race_page(data="blobs")
    race = race_of(page)
    shared_engine().step_race(race)
    wait_for_rest(race)
    page.run()
    assert not page.exception


@pytest.mark.usefixtures("mounted")
def test_a_race_that_was_dropped_is_opened_again_with_its_lanes() -> None:
    page = race_page(race="batch:8,64")
    race = race_of(page)
    shared_engine().drop_race(race)
    page.run()
    assert race_of(page) is not race
    assert lanes(page, "batch_size") == [8, 64]


@pytest.mark.usefixtures("mounted")
def test_its_picture_can_be_saved() -> None:
    page = race_page()
    race = race_of(page)
    assert race_picture(race, "png").startswith(b"\x89PNG")  # before the first step
    shared_engine().step_race(race)
    wait_for_rest(race)
    drawing = race_picture(race, "svg").decode()
    assert "After 128 examples, right on the test set" in drawing
