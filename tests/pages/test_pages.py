"""The Lab without a browser: what it shows and what it refuses."""

from __future__ import annotations

import pytest

from tests.pages.opening import lab, session_of

FOUR = ["Data set", "Learning rate", "Batch size", "Network"]


def test_the_lab_shows_four_settings_and_four_buttons() -> None:
    page = lab()
    labels = [w.label for w in [*page.main.selectbox, *page.main.select_slider]]
    assert [label for label in FOUR if label in labels] == FOUR
    assert [b.label for b in page.button if b.key in ("train", "step", "epoch", "reset")] == [
        "Train",
        "Step",
        "Epoch",
        "Reset",
    ]


def test_train_becomes_pause_and_back() -> None:
    page = lab(epochs="200")
    page.button(key="train").click().run()
    assert page.button(key="train").label == "Pause"
    assert session_of(page).status == "running"
    page.button(key="train").click().run()
    assert page.button(key="train").label == "Train"
    assert session_of(page).status == "idle"


def test_settings_reach_the_engine_and_the_address() -> None:
    page = lab()
    page.select_slider(key="setting_learning_rate").set_value(0.5).run()
    page.selectbox(key="setting_network").set_value("mlp").run()
    page.number_input(key="setting_hidden_units").set_value(16).run()
    config = session_of(page).config
    assert (config.learning_rate, config.network, config.hidden_units) == (0.5, "mlp", 16)
    assert dict(page.query_params) == {"lr": "0.5", "network": "mlp", "hidden": "16"}
    assert not page.exception


def test_an_address_sets_the_settings() -> None:
    page = lab(lr="0.25", batch="37", data="digits", seed="9", init="zero", l2="0.001")
    config = session_of(page).config
    assert (config.learning_rate, config.batch_size, config.dataset) == (0.25, 37, "digits")
    assert (config.seed, config.init, config.l2) == (9, "zero", 0.001)
    assert page.select_slider(key="setting_learning_rate").value == 0.25


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lr", "banana"),
        ("lr", "nan"),
        ("lr", "-1"),
        ("lr", "1e309"),
        ("lr", "1_0"),
        ("lr", "0" * 100),
        ("batch", "0"),
        ("batch", "1.5"),
        ("batch", "9" * 40),
        ("batch", "٣"),
        ("network", "resnet"),
        ("data", "folder:/etc"),
        ("data", "../../etc/passwd"),
        ("seed", "<script>alert(1)</script>"),
        ("init", "\x00"),
        ("epochs", "1001"),
        ("speed", "ludicrous"),
        ("gradient", "diagonal+diagonal"),
        ("gradient", "exact+one-bias"),
        ("reduction", "max"),
        ("softmax", "1"),
        ("loss", "hinge"),
        ("bias", "some"),
        ("pixels", "255"),
        ("order", "random"),
    ],
)
def test_a_bad_value_in_the_address_is_ignored_with_a_sentence(name: str, value: str) -> None:
    page = lab(**{name: value, "momentum": "0.5"})
    config = session_of(page).config
    assert config.momentum == 0.5
    assert len(page.toast) == 1
    sentence = page.toast[0].value
    assert sentence.startswith(f"The address says {name}=")
    assert "<" not in sentence


def test_leaving_the_page_alone_changes_nothing() -> None:
    page = lab(lr="0.3")
    token, config = page.session_state["token"], session_of(page).config
    page.run()
    assert page.session_state["token"] == token
    assert session_of(page).config == config
    assert session_of(page).state.step == 0
