"""What all tests share: small data, and a cache folder that is not the user's."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import numpy as np
import pytest

from softmax_core.data.store import open_dataset
from softmax_core.training import Samples
from tests.real_data import real_folder

# No test is timed: the machine may be busy, and a first call fills caches.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """Say how tests are spread over processes (pytest -n 2)."""
    from tests.processes import BrowserTogether

    return BrowserTogether(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests that take minutes, unless the command line asks for them."""
    if "long" in config.option.markexpr:
        return
    long = [item for item in items if item.get_closest_marker("long")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


@pytest.fixture(scope="session", autouse=True)
def cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep prepared data in a folder of this test run's, for worker processes too."""
    folder = tmp_path_factory.getbasetemp() / "cache"
    if "PYTEST_XDIST_WORKER" in os.environ:  # what one process has prepared serves the others
        folder = folder.parent.parent / "cache"
    folder.mkdir(exist_ok=True)
    before = os.environ.get("SOFTMAX_CACHE")
    os.environ["SOFTMAX_CACHE"] = str(folder)
    yield folder
    if before is None:
        del os.environ["SOFTMAX_CACHE"]
    else:
        os.environ["SOFTMAX_CACHE"] = before


@pytest.fixture
def real_data() -> Path:
    """Return the folder of real data, or skip the test with the reason."""
    return real_folder()


@pytest.fixture(scope="session")
def small_samples(cache_folder: Path) -> Samples:
    """Return 400 real digits of the embedded set."""
    dataset = open_dataset("mnist-5k")
    stride = len(dataset.train_labels) // 400
    return Samples(
        np.ascontiguousarray(dataset.train_images[::stride][:400]),
        np.ascontiguousarray(dataset.train_labels[::stride][:400]),
    )
