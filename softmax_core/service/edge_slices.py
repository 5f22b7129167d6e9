"""What a worker does for a run's edge: measure it, and how long that took."""

from __future__ import annotations

from dataclasses import dataclass
from time import process_time
from typing import Any

from numpy.typing import NDArray

from softmax_core.data.store import open_dataset
from softmax_core.training import TrainingConfig
from softmax_core.training.edge import measure_edge

Params = dict[str, NDArray[Any]]


@dataclass(frozen=True, eq=False)
class EdgeOrder:
    """Weights whose edge is asked for.

    Attributes
    ----------
    step : int
        At which the run had them.
    vector : ndarray or None
        The steepest direction of weights close by, which saves most of the work.
    """

    config: TrainingConfig
    params: Params
    step: int
    vector: NDArray[Any] | None


@dataclass(frozen=True, eq=False)
class EdgeResult:
    """The largest stable rate, where to begin next time, and the seconds a core worked for it."""

    rate: float
    vector: NDArray[Any]
    seconds: float


def run_edge(order: EdgeOrder) -> EdgeResult:
    """Measure the edge at some weights; pure but for reading the data set.

    Opening the data set is not counted: each worker does it once, for whatever comes first.
    """
    open_dataset(order.config.dataset)
    began = process_time()
    edge = measure_edge(order.config, order.params, order.vector)
    return EdgeResult(edge.rate, edge.vector, process_time() - began)
