"""Fixtures of the terminal's tests: a caller of commands, and a run saved by one."""

from __future__ import annotations

from pathlib import Path

import pytest

from softmax_core.data.store import open_dataset
from softmax_core.persist import write_run
from softmax_core.training import Samples, TrainingConfig, train
from tests.terminal.calls import Call, caller


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    return caller(monkeypatch, capsys)


@pytest.fixture(scope="session")
def saved_run(cache_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of ten epochs on the embedded digits, trained without the terminal."""
    config = TrainingConfig(epochs=10)
    dataset = open_dataset(config.dataset)
    train_set = Samples(dataset.train_images, dataset.train_labels)
    test_set = Samples(dataset.test_images, dataset.test_labels)
    *_, last = train(config, train_set, test_set, 10)
    path = tmp_path_factory.mktemp("runs") / "run.npz"
    path.write_bytes(write_run(config, last.state))
    return path
