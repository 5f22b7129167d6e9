"""What a frame holds of points in the plane: small, whole, and in step with the counters."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from softmax_core.data.store import open_dataset
from softmax_core.explain import bounds_of
from softmax_core.service import shared_engine
from softmax_core.training import TrainingConfig
from tests.packed import unpacked
from ui.live.frame import encode_frame


def frame_of(config: TrainingConfig) -> tuple[dict[str, Any], dict[str, NDArray[Any]], int]:
    """Return a frame's header, its arrays and its size, read as the browser reads it."""
    body = encode_frame(shared_engine().view(shared_engine().open(config)))
    header, arrays = unpacked(body)
    return header, arrays, len(body)


def test_a_plane_is_a_few_kilobytes() -> None:
    header, arrays, size = frame_of(TrainingConfig(dataset="blobs"))
    assert header["regions_side"] == 64
    assert len(arrays["regions"]) == 64 * 64
    assert size < 18_000


def test_the_points_are_where_the_data_set_has_them() -> None:
    header, arrays, _ = frame_of(TrainingConfig(dataset="blobs"))
    dataset = open_dataset("blobs")
    left, right, bottom, top = header["regions_bounds"]
    assert (left, right, bottom, top) == bounds_of(dataset.train_images, dataset.test_images)
    shares = arrays["test_points"].reshape(-1, 2) / 65_535
    points = np.array([left, bottom]) + shares * np.array([right - left, top - bottom])
    np.testing.assert_allclose(points, dataset.test_images, atol=1e-4)
    np.testing.assert_array_equal(arrays["train_labels"], dataset.train_labels)


def test_without_any_weights_the_model_only_guesses() -> None:
    config = TrainingConfig(dataset="blobs", init="zero")
    _, arrays, _ = frame_of(config)
    assert not arrays["regions_confidence"].any()
    assert set(arrays["regions"]) == {0}


def test_a_frame_of_pictures_has_no_plane() -> None:
    header, arrays, _ = frame_of(TrainingConfig())
    assert "regions_side" not in header
    assert "regions" not in arrays
    assert header["dead"] == []
