"""Orders that are kept are those of the epochs, in little room."""

from __future__ import annotations

import numpy as np
import pytest

from softmax_core.training.orders import kept_order
from softmax_core.training.start import epoch_order


@pytest.mark.parametrize(("n_samples", "n_bytes"), [(1, 1), (256, 1), (257, 2), (70_000, 4)])
@pytest.mark.parametrize("order", ["shuffled", "file"])
def test_a_kept_order_is_the_epochs(n_samples: int, n_bytes: int, order: str) -> None:
    for _ in range(2):
        kept = kept_order(7, 3, n_samples, order)
        np.testing.assert_array_equal(kept, epoch_order(7, 3, n_samples, order))
        assert kept.itemsize == n_bytes


def test_nobody_can_change_what_others_will_get() -> None:
    with pytest.raises(ValueError, match="read-only"):
        kept_order(0, 0, 10, "shuffled")[0] = 1
