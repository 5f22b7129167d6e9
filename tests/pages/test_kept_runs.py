"""Kept runs on the Lab: their names, what differs, numbers of the same step, open and remove."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from streamlit.testing.v1 import AppTest

from softmax_core.service import Session, Status, shared_engine
from softmax_core.training import TrainingConfig
from tests.packed import unpacked
from tests.pages.opening import lab, session_of
from tests.waiting import wait_for
from ui.kept.compare import comparison
from ui.kept.difference import difference, differing, short_names
from ui.kept.kept_list import keep
from ui.live.kept_routes import encode_kept

BASE = TrainingConfig(dataset="digits")


def train(session: Session, steps: int) -> None:
    shared_engine().steps(session, steps)
    wait_for(lambda: session.status is not Status.RUNNING and not session.in_flight)


def kept_session() -> Session:
    """Return a run of rate 0.5 beside a kept one of rate 0.1, both of 20 steps."""
    engine = shared_engine()
    session = engine.open(BASE)
    train(session, 20)
    engine.keep_run(session, "")
    engine.reset(session)
    engine.configure(session, replace(BASE, learning_rate=0.5))
    train(session, 20)
    return session


def texts(page: AppTest) -> str:
    return " ".join(element.value for element in page.markdown)


def test_settings_that_differ_are_named_with_both_values() -> None:
    assert difference(BASE, BASE) == "The same settings as now."
    other = replace(BASE, learning_rate=0.5, batch_size=32, epochs=3)
    assert difference(BASE, other) == (
        "Learning rate 0.1 instead of 0.5, batch size 128 instead of 32."
    )
    mlp = replace(BASE, network="mlp", init="scaled", hidden_units=50)
    assert difference(mlp, BASE).startswith("Network One hidden layer instead of Softmax")
    assert "hidden units 50 instead of 100" in difference(mlp, BASE)
    assert differing([BASE, replace(BASE, hidden_units=50)]) == []  # no network has them
    assert differing([replace(BASE, batch_size=99_999), replace(BASE, batch_size=88_888)]) == []


def test_a_kept_run_is_called_after_what_differs_until_it_has_a_name() -> None:
    session = kept_session()
    assert short_names(session.kept, session.config) == {1: "rate 0.1"}
    assert short_names(session.kept, BASE) == {1: "run 1"}
    both = replace(BASE, learning_rate=0.5, batch_size=32)
    assert short_names(session.kept, both) == {1: "rate 0.1, batch 128"}
    engine = shared_engine()
    engine.keep_run(session, "")
    engine.keep_run(session, "")
    names = short_names(session.kept, session.config)
    assert names == {1: "rate 0.1", 2: "rate 0.5", 3: "rate 0.5 #3"}
    engine.rename_kept(session, 1, "slow")
    assert short_names(session.kept, session.config)[1] == "slow"


def test_both_are_compared_at_a_step_at_which_both_were_measured() -> None:
    session = kept_session()
    view = shared_engine().view(session)
    text = comparison(session.kept[0], view)
    there = {e.step: e for e in session.kept[0].evaluations}
    here = {e.step: e for e in view.evaluations}
    step = max(set(there) & set(here))
    assert step >= 16
    assert text == (
        f"At step {step}: training loss {there[step].train_loss:.3f} there, "
        f"{here[step].train_loss:.3f} here; test accuracy {100 * there[step].test_accuracy:.1f} % "
        f"there, {100 * here[step].test_accuracy:.1f} % here."
    ).replace(" %", "\u202f%" if "\u202f%" in text else "\u00a0%" if "\u00a0%" in text else " %")
    unseen = replace(session.kept[0], test_seen=True)
    assert "test" not in comparison(unseen, view)
    larger = replace(session.kept[0], config=replace(BASE, batch_size=512))
    assert "it had seen 4 times as many examples" in comparison(larger, view)
    fresh = shared_engine().open(BASE)
    assert comparison(session.kept[0], shared_engine().view(fresh)).startswith("It made 20 steps")
    elsewhere = replace(session.kept[0], config=replace(BASE, dataset="blobs"))
    assert comparison(elsewhere, view).startswith("It made 20 steps")


def test_the_curves_travel_as_they_were_kept() -> None:
    session = kept_session()
    body = encode_kept(session.kept_version, session.kept)
    header, arrays = unpacked(body)
    assert (header["kept_version"], header["serials"]) == (1, [1])
    assert [array["name"] for array in header["arrays"]] == ["step_1", "loss_1", "accuracy_1"]
    np.testing.assert_array_equal(arrays["step_1"], session.kept[0].curve.step)


def test_on_the_page_a_run_is_kept_named_opened_again_and_removed() -> None:
    page = lab(data="digits")
    session = session_of(page)
    assert not [w for w in page.text_input if w.key and w.key.startswith("kept_name")]
    train(session, 20)
    keep(session)
    page.select_slider(key="setting_learning_rate").set_value(0.5).run()
    train(session, 1)
    page.run()
    assert "Learning rate 0.1 instead of 0.5." in texts(page)
    (name,) = [w for w in page.text_input if w.key and w.key.startswith("kept_name")]
    assert name.placeholder == "rate 0.1"
    name.set_value(" slow\u2028 one ").run()
    assert session.kept[0].name == "slow one"
    (name,) = [w for w in page.text_input if w.key and w.key.startswith("kept_name")]
    assert name.value == "slow one"
    page.button(key="open_kept_1").click().run()
    assert not page.exception
    assert (session.config.learning_rate, session.state.step) == (0.1, 0)
    assert page.select_slider(key="setting_learning_rate").value == 0.1
    assert len(session.kept) == 1
    page.button(key="remove_kept_1").click().run()
    assert not page.exception
    assert not session.kept


def test_they_are_there_again_when_the_session_was_dropped() -> None:
    page = lab(data="digits")
    session = session_of(page)
    train(session, 5)
    keep(session)
    page.run()
    shared_engine().drop(session)
    page.run()
    assert not page.exception
    other = session_of(page)
    assert other is not session
    assert other.kept == session.kept
