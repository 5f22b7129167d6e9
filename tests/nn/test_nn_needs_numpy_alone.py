"""softmax_core.nn runs where nothing but NumPy is installed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[2]

# A finder that comes first and refuses everything but the standard library, NumPy and
# those two parts of ours. The import of scipy proves that it does.
SCRIPT = """
import sys

class OnlyNumpy:
    def find_spec(self, name, path=None, target=None):
        floor = ".".join(name.split(".")[:2])
        ours = floor in {"softmax_core", "softmax_core.errors", "softmax_core.nn"}
        top = name.partition(".")[0]
        if ours or top == "numpy" or top in sys.stdlib_module_names:
            return None
        raise ModuleNotFoundError(f"blocked: {name}", name=name)

sys.meta_path.insert(0, OnlyNumpy())
for blocked in ("scipy", "softmax_core.limits"):
    try:
        __import__(blocked)
    except ModuleNotFoundError as refusal:
        assert str(refusal) == f"blocked: {blocked}", refusal
    else:
        raise AssertionError(f"{blocked} was let through")

import numpy as np
from softmax_core import nn

network = nn.mlp_network(4, 3, 2, nn.ReLU())
params = nn.scaled_params(network, np.random.default_rng(0))
errors = nn.check_gradients(network, params, np.ones((2, 4)), np.array([0, 1]))
assert sorted(errors) == ["W1", "W2", "b1", "b2"]
sys.stdout.write("it runs")
"""


def test_nn_works_with_every_package_but_numpy_blocked() -> None:
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", SCRIPT],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (result.returncode, result.stdout, result.stderr) == (0, "it runs", "")


def test_the_public_names_are_sorted_and_all_there() -> None:
    from softmax_core import nn

    assert nn.__all__ == sorted(nn.__all__)
    assert [name for name in nn.__all__ if not hasattr(nn, name)] == []
