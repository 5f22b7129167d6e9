"""``datasets`` and ``fetch``."""

from __future__ import annotations

from pathlib import Path

import pytest

from softmax_core.data import store
from softmax_core.data.catalogue import DATASETS
from softmax_core.data.remote import MIRRORS
from tests.data import small_mnist
from tests.data.local_mirror import serve
from tests.terminal.calls import Call, assert_refused


@pytest.fixture(autouse=True)
def nothing_is_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOFTMAX_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("SOFTMAX_DATA", raising=False)
    monkeypatch.setattr(store._SHARED, "notices", {})


def test_every_data_set_has_a_line_with_its_size_and_where_it_is(call: Call) -> None:
    answer = call("datasets")
    assert (answer.code, answer.err) == (0, "")
    heading, *lines = answer.out.splitlines()
    assert heading.split()[0] == "Name"
    assert [line.split()[0] for line in lines] == list(DATASETS)
    by_name = dict(zip(DATASETS, lines, strict=True))
    assert "4,000 + 1,000" in by_name["mnist-5k"]
    assert "  yes " in by_name["mnist-5k"]
    assert "no: fetch mnist " in by_name["mnist"]
    assert "8 x 8" in by_name["digits"]


def test_a_data_set_is_fetched_once_and_is_then_there(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_mnist.publish(monkeypatch)
    with serve() as mirror:
        monkeypatch.setitem(MIRRORS, "mnist", (mirror.offers(small_mnist.packed()),))
        for _ in range(2):
            answer = call("fetch", "mnist")
            assert (answer.code, answer.out) == (0, "MNIST, 70,000 digits is ready.\n")
            assert answer.err.strip() == ""  # a bar is for terminals
        assert set(mirror.requests.values()) == {1}
    assert "no: fetch mnist " not in call("datasets").out
    assert call("train", "--dataset", "mnist", "--epochs", 1).code == 0


def test_a_download_that_fails_is_one_sentence(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    with serve() as mirror:
        monkeypatch.setitem(MIRRORS, "mnist", (f"{mirror.url}/",))
        answer = call("fetch", "mnist")
    assert_refused(answer, "could not be downloaded", "mnist-5k")


def test_what_needs_no_download_is_ready_at_once(call: Call) -> None:
    assert call("fetch", "digits").out == f"{DATASETS['digits'].title} is ready.\n"


def test_an_unknown_data_set_is_refused_with_the_names_there_are(call: Call) -> None:
    assert_refused(call("fetch", "cifar"), "no data set cifar", *DATASETS)


def test_a_data_set_that_is_not_here_says_how_to_get_it(call: Call) -> None:
    answer = call("train", "--dataset", "mnist")
    assert_refused(answer, "python -m softmax_core fetch mnist", "SOFTMAX_DATA")


def test_a_cache_that_cannot_be_written_is_a_note_and_no_fault(call: Call, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    answer = call("train", "--dataset", "digits", "--epochs", 1)
    assert answer.code == 0
    assert answer.err.startswith("Note: ")
    assert "could not be stored on this computer" in answer.err
