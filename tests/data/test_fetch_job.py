"""Downloads in the background: watched, stopped, and shared by all who ask."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from softmax_core.data import fetch_job, store
from softmax_core.data.fetch_job import start_fetch
from softmax_core.data.store import open_dataset
from softmax_core.errors import UserError
from tests.data import local_mirror, small_mnist
from tests.data.local_mirror import Mirror

FIRST = "/train-images-idx3-ubyte.gz"


@pytest.fixture(autouse=True)
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    monkeypatch.setenv("SOFTMAX_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("SOFTMAX_DATA", raising=False)
    monkeypatch.setattr(store, "_SHARED", store._Shared())
    monkeypatch.setattr(fetch_job, "_JOBS", {})
    small_mnist.publish(monkeypatch)
    with local_mirror.serve() as running:
        running.offers(small_mnist.packed())
        yield running


def hold_back(mirror: Mirror, release: threading.Event) -> None:
    """Let the first file wait until the test says so."""
    content = small_mnist.packed()[FIRST[1:]]

    def answer(handler: BaseHTTPRequestHandler) -> None:
        release.wait(20)
        local_mirror.body(content)(handler)

    mirror.answers[FIRST] = answer


def test_a_job_runs_to_its_end_and_the_data_are_there(mirror: Mirror) -> None:
    job = start_fetch("mnist", (f"{mirror.url}/",))
    assert job.wait(20)
    assert (job.state, job.message) == ("done", "MNIST, 70,000 digits is ready.")
    assert job.progress[0] == job.progress[1] > 0
    assert open_dataset("mnist").info.n_train == 40


def test_a_hundred_who_ask_at_once_share_one_download(mirror: Mirror) -> None:
    release = threading.Event()
    hold_back(mirror, release)
    with ThreadPoolExecutor(20) as pool:
        jobs = list(pool.map(lambda _: start_fetch("mnist", (f"{mirror.url}/",)), range(100)))
    assert len(set(map(id, jobs))) == 1
    release.set()
    assert jobs[0].wait(20)
    assert jobs[0].state == "done"
    assert sum(mirror.requests.values()) == 4


def test_a_cancelled_job_says_so_and_can_be_started_again(mirror: Mirror) -> None:
    release = threading.Event()
    hold_back(mirror, release)
    job = start_fetch("mnist", (f"{mirror.url}/",))
    job.cancel()
    release.set()
    assert job.wait(20)
    assert (job.state, "stopped" in job.message) == ("cancelled", True)
    again = start_fetch("mnist", (f"{mirror.url}/",))
    assert again is not job
    assert again.wait(20)
    assert again.state == "done"


def test_a_failed_job_carries_the_sentence(mirror: Mirror) -> None:
    mirror.answers[FIRST] = local_mirror.body(b"<html>login</html>")
    job = start_fetch("mnist", (f"{mirror.url}/",))
    assert job.wait(20)
    assert job.state == "failed"
    assert "web page" in job.message


def test_a_fault_of_ours_is_logged_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(fetch_job, "fetch", broken)
    job = start_fetch("mnist")
    assert job.wait(20)
    assert job.state == "failed"
    assert "secret" not in job.message
    assert "secret detail" in caplog.text


def test_an_unknown_name_is_refused_at_once() -> None:
    with pytest.raises(UserError, match="no data set nonsense"):
        start_fetch("nonsense")
