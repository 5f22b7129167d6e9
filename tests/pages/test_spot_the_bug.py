"""Spot the bug without a browser: train, guess, check, reveal."""

from __future__ import annotations

from concurrent.futures import CancelledError, Future

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from softmax_core.errors import UserError
from softmax_core.service import WorkerDiedError
from softmax_core.training.mistakes import MISTAKES, NO_MISTAKE, find_mistake
from tests.pages.opening import go_to, session_of
from tests.pages.recipe_sections import section, texts, wait_for


def has_button(page: AppTest, key: str) -> bool:
    return any(button.key == key for button in page.button)


def train(page: AppTest, name: str) -> None:
    page.selectbox(key="spot_mistake").set_value(name).run()
    page.button(key="spot_train").click().run()
    wait_for(page, lambda: has_button(page, "spot_check_button"))


def check(page: AppTest) -> str:
    """Press the check and return its sentence."""
    page.button(key="spot_check_button").click().run()
    wait_for(page, lambda: bool(said(page)))
    (sentence,) = said(page)
    return sentence


def said(page: AppTest) -> list[str]:
    return [
        element.value
        for element in (*page.error, *page.success)
        if element.value.startswith("The check points at")
    ]


def test_the_section_explains_itself_and_offers_every_mistake() -> None:
    page = section("Spot the bug")
    assert "A wrong gradient can look like a good one" in texts(page)
    options = page.selectbox(key="spot_mistake").options
    assert options[0] == "? A hidden one"
    assert options[1] == "(a) Only the true class's weights learn"
    assert options[-1] == NO_MISTAKE.title
    assert len(options) == len(MISTAKES) + 2


@pytest.mark.parametrize(
    ("name", "culprit"),
    [
        ("one-bias", "biases b"),
        ("sum", "logits Z"),
        # All of them without a page: tests/training/test_mistakes.py.
        pytest.param("true-class", "weights W", marks=pytest.mark.long),
        pytest.param("bias-over-classes", "biases b", marks=pytest.mark.long),
        pytest.param("diagonal", "logits Z", marks=pytest.mark.long),
    ],
)
def test_the_check_points_at_the_culprit(name: str, culprit: str) -> None:
    page = section("Spot the bug")
    train(page, name)
    assert len(page.get("image")) == 2  # loss and accuracy
    assert find_mistake(name).what_a_class_sees in texts(page)
    sentence = check(page)
    assert sentence.startswith(f"The check points at {culprit}. ")
    assert f"| {culprit} " in texts(page)
    (row,) = [line for line in texts(page).splitlines() if line.startswith(f"| {culprit} ")]
    assert row.endswith("**✗\u00a0wrong** |")
    assert texts(page).count("✗\u00a0wrong") == 1
    if name == "sum":
        assert "128 times the slope: the batch has 128 pictures" in sentence
    assert find_mistake(name).why in texts(page)
    for credit in find_mistake(name).credits:
        assert credit.url in texts(page)
    assert len(page.get("image")) == 4  # and the entries and the biases


def test_for_the_exact_gradient_it_points_at_none() -> None:
    page = section("Spot the bug")
    train(page, "exact")
    assert check(page).startswith("The check points at none: every block is the slope")
    assert texts(page).count("✓\u00a0right") == 3


def test_the_whole_arrays_maximum_breaks_when_a_picture_is_confident() -> None:
    page = section("Spot the bug")
    train(page, "whole-max")
    assert check(page).startswith("The check points at none")
    page.button(key="spot_rows_button").click().run()
    wait_for(page, lambda: "this lane stops at step 2" in texts(page))
    assert "probabilities 0 / 0" in texts(page)


def test_relu_is_right_but_its_dead_classes_are_named() -> None:
    page = section("Spot the bug")
    train(page, "relu")
    (warning,) = page.warning
    assert warning.value.startswith("Dead classes: 1, 3, 4, by the update of step 1.")
    assert check(page).startswith("The check points at none")
    assert texts(page).count("✓\u00a0right") == 2  # it has no biases


def test_a_surprise_hides_its_name_until_it_is_revealed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.recipes.spot_the_bug.secrets.choice", lambda _names: "one-bias")
    page = section("Spot the bug")
    page.button(key="spot_surprise").click().run()
    wait_for(page, lambda: has_button(page, "spot_check_button"))
    mistake = find_mistake("one-bias")
    hidden = [mistake.what_it_does, mistake.what_a_class_sees, mistake.why, "mistake (b)"]
    assert check(page).startswith("The check points at biases b.")
    assert "suspect" in texts(page)
    assert not [text for text in hidden if text in texts(page)]
    assert page.button(key="spot_reveal").disabled
    page.radio(key="spot_guess").set_value("bias-over-classes").run()
    page.button(key="spot_reveal").click().run()
    assert "It was another: (b) One number for all biases" in texts(page)
    assert mistake.why in texts(page)
    assert "mistake (b)" in texts(page)
    page.button(key="spot_surprise").click().run()  # the next one is hidden again
    wait_for(page, lambda: has_button(page, "spot_check_button"))
    assert page.radio(key="spot_guess").value is None
    assert not [text for text in hidden if text in texts(page)]


def test_the_right_guess_is_praised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.recipes.spot_the_bug.secrets.choice", lambda _names: "exact")
    page = section("Spot the bug")
    page.button(key="spot_surprise").click().run()
    wait_for(page, lambda: has_button(page, "spot_reveal"))
    page.radio(key="spot_guess").set_value("exact").run()
    page.button(key="spot_reveal").click().run()
    assert "Well spotted: it was Nothing" in texts(page)


def test_the_run_is_left_alone_and_the_result_outlives_a_visit_elsewhere() -> None:
    page = section("Spot the bug")
    session = session_of(page)
    before, W = session.config, session.state.params["W"]
    train(page, "bias-over-classes")
    check(page)
    go_to(page, "")
    assert (session.config, session.state.step) == (before, 0)
    np.testing.assert_array_equal(session.state.params["W"], W)
    go_to(page, "recipes")
    page.segmented_control(key="recipes_section").set_value("Spot the bug").run()
    assert page.selectbox(key="spot_mistake").value == "bias-over-classes"
    assert said(page)


def test_points_in_the_plane_are_no_pictures_so_the_digits_serve() -> None:
    page = section("Spot the bug", data="blobs")
    assert any("On MNIST, 5,000 digits" in caption.value for caption in page.caption)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (WorkerDiedError("gone"), "This was interrupted. Nothing else was lost"),
        pytest.param(
            CancelledError(),
            "This was interrupted. Nothing else was lost",
            marks=pytest.mark.long,
        ),
        (UserError("data-missing", "These pictures are not here."), "These pictures are not here."),
    ],
)
def test_what_could_not_be_worked_out_says_so_and_can_be_asked_for_again(
    error: Exception, sentence: str
) -> None:
    page = section("Spot the bug")
    train(page, "one-bias")
    failed: Future[object] = Future()
    failed.set_exception(error)
    page.session_state["job_spot"] = page.session_state["job_spot"]._replace(future=failed)
    page.run()
    assert not page.exception
    assert sentence in page.warning[0].value
    train(page, "one-bias")
    assert not page.warning
