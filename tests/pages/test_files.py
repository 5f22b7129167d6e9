"""Saving and loading on the page: no path of the server leaves it, and none is taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from softmax_core import limits
from softmax_core.persist import read_run, write_run
from softmax_core.service import shared_engine
from softmax_core.training import TrainingConfig
from tests.pages.opening import at_rest, lab, session_of
from tests.pages.own_folder import write_own_folder

Downloads = dict[str, Callable[[], Any]]


@pytest.fixture
def downloads(monkeypatch: pytest.MonkeyPatch) -> Downloads:
    """The downloads on the page by their labels."""
    offered: Downloads = {}

    def download_button(label: str, content: Callable[[], Any], *_: object, **__: object) -> None:
        offered[label] = content

    monkeypatch.setattr("streamlit.download_button", download_button)
    return offered


@pytest.fixture
def letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("SOFTMAX_DATA", str(tmp_path))
    return write_own_folder(tmp_path / "letters", np.array([0, 1, 2, 2], np.uint8))


def upload(page: AppTest, data: bytes) -> str:
    """Drop a file on the page and return what it says of it."""
    page.file_uploader(key="upload").set_value(("run.npz", data, "application/zip")).run()
    assert not page.exception
    said: list[str] = [element.value for element in page.success]
    said += [element.value for element in page.warning]
    assert len(said) == 1
    return said[0]


def test_a_saved_run_names_a_folder_without_its_path_and_is_loaded_again(
    letters: str, tmp_path: Path, downloads: Downloads
) -> None:
    page = lab(data="letters", lr="0.7")
    assert session_of(page).config.dataset == letters
    data = downloads["Save run"]()
    assert str(tmp_path).encode() not in data
    assert read_run(data).config.dataset == "folder:letters"
    other = lab()
    assert upload(other, data).startswith("Loaded a run of 0 steps")
    config = session_of(other).config
    assert (config.dataset, config.learning_rate) == (letters, 0.7)


def test_a_run_of_a_folder_that_is_not_offered_is_refused(letters: str, tmp_path: Path) -> None:
    page = lab(data="letters")
    session = session_of(page)
    elsewhere = replace(session.config, dataset=f"folder:{tmp_path}/other")
    assert "Nothing was changed" in upload(page, write_run(elsewhere, session.state))
    assert session.config.dataset == letters


def test_a_run_too_large_to_be_saved_says_so_instead_of_offering_it(
    downloads: Downloads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_RUN_BYTES", 100_000)
    page = lab(network="mlp", hidden="200")
    assert not page.exception
    assert "Save run" not in downloads
    assert "Curves (PNG)" in downloads
    assert any("cannot be saved" in caption.value for caption in page.caption)
    page.number_input(key="setting_hidden_units").set_value(1).run()
    assert "Save run" in downloads


def test_a_run_whose_weights_ran_away_says_so_instead_of_offering_it(downloads: Downloads) -> None:
    page = lab()
    session = at_rest(session_of(page))
    W = np.full_like(session.state.params["W"], 2 * limits.MAX_WEIGHT)
    session.state = replace(session.state, params={**session.state.params, "W": W})
    downloads.clear()
    page.run()
    assert "Save run" not in downloads
    assert any("The run was not saved" in caption.value for caption in page.caption)


def test_a_loaded_run_sets_the_widgets() -> None:
    config = TrainingConfig("digits", "mlp", learning_rate=0.7, batch_size=5_000, hidden_units=9)
    data = write_run(config, shared_engine().open(config).state)
    page = lab()
    assert upload(page, data).startswith("Loaded a run")
    assert session_of(page).config == config
    assert page.select_slider(key="setting_batch_size_1437").value == 1_437
    assert page.selectbox(key="setting_dataset").value == "digits"
    assert page.number_input(key="setting_hidden_units").value == 9
    page.run()
    assert session_of(page).config == config
