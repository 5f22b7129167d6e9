"""One epoch of a network with one hidden layer (100 units) on MNIST, beside the peers.

``python -m benchmarks.epoch_hidden [--json FILE] [--rounds N] [--threads one|all]``

Same start, same batches in the same order for everybody, and weights that read the test set
equally well, within 0.3 points, or the row is void.

Two thirds of a step are its two large products, at 70 to 100 GFLOP/s in OpenBLAS; the rest reads
pixels (7 %), and weights and gradient once more for the norm and the update (9 %): with the batch
they are 1.4 MB, more than the second cache holds. XLA, the peer that comes nearest or is ahead,
makes both a part of its products. Tried and left out: a row for each hidden unit (faster by a
tenth alone, slower within the step), leaving out pixels that are blank in the whole batch (4 %:
finding and picking them costs most of what it saves), the activation in buffers (2 %).
"""

from __future__ import annotations

from typing import Final

from threadpoolctl import threadpool_limits

from benchmarks.epoch import use_cores
from benchmarks.mnist import mnist
from benchmarks.peers.compared import measured_beside, peers_of
from benchmarks.peers.ours import OURS
from benchmarks.peers.task import Task
from benchmarks.report import Report, argument_parser
from benchmarks.timing import ratios, spread
from softmax_core.training import TrainingConfig

ROUNDS: Final = 5
CONFIG: Final = TrainingConfig(dataset="mnist", network="mlp", hidden_units=100, init="scaled")


def main() -> int:
    """Measure, print, and return the exit status."""
    parser = argument_parser(__doc__, ROUNDS)
    parser.add_argument("--threads", choices=("one", "all"), default="one")
    arguments = parser.parse_args()
    n_threads = use_cores(arguments.threads)
    report = Report(f"One epoch of one hidden layer on MNIST, {arguments.threads} of the cores")
    with mnist() as dataset, threadpool_limits(n_threads, user_api="blas"):
        task = Task(dataset, CONFIG)
        report.heading(f"100 units, batch size {CONFIG.batch_size} ({arguments.rounds} rounds)")
        peers = peers_of(report, task, n_threads)
        found = measured_beside(report, task, peers, {}, arguments.rounds)
    others = {name: values for name, values in found.items() if name != OURS}
    if others and arguments.threads == "one":
        fastest = min(others, key=lambda name: spread(others[name]).median)
        value = spread(ratios(others[fastest], found[OURS])).median
        report.goal_at_least(f"the fastest peer ({fastest}) / ours", value, 1.0)
    return report.finish(arguments.json)


if __name__ == "__main__":
    raise SystemExit(main())
