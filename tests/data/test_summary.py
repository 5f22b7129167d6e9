"""Pictures, averages and counts by class, also where a class has few pictures or none."""

from __future__ import annotations

import numpy as np

from softmax_core.data.summary import class_counts, class_means, rows_by_class

LABELS = np.array([2, 0, 2, 0, 2, 3], np.uint8)  # none of class 1, one of class 3


def test_rows_come_class_after_class_and_a_class_with_fewer_gives_what_it_has() -> None:
    assert rows_by_class(LABELS, 4, 2).tolist() == [1, 0, 5, 3, 2]


def test_no_more_than_asked_for_are_chosen_of_a_class() -> None:
    assert rows_by_class(LABELS, 4, 1).tolist() == [1, 0, 5]
    assert rows_by_class(np.array([], np.uint8), 3, 4).tolist() == []


def test_means_are_shares_of_full_ink_and_an_empty_class_has_none() -> None:
    images = np.array([[0, 255], [51, 0], [255, 255], [153, 0], [0, 255], [7, 9]], np.uint8)
    means = class_means(images, LABELS, 4)
    assert np.allclose(means[[0, 2]], [[0.4, 0], [1 / 3, 1]])
    assert np.isnan(means[1]).all()
    assert np.allclose(means[3], [7 / 255, 9 / 255])


def test_every_class_is_counted_even_one_without_pictures() -> None:
    assert class_counts(LABELS, 5).tolist() == [2, 0, 3, 1, 0]
