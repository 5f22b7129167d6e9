"""Who is measured beside us, and who is not installed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from benchmarks.peers.jax_peers import jax_peers
from benchmarks.peers.ours import ours, published_loop
from benchmarks.peers.pytorch import torch_peers
from benchmarks.peers.scikit import mlxtend_peer, scikit_peer
from benchmarks.peers.task import Floats, Peer, Task
from benchmarks.report import Report
from benchmarks.timing import in_turn, milliseconds, ratios

AGREES_WITHIN: Final = 0.003  # test accuracy; beyond it the work was not the same


def peers_of(report: Report, task: Task, n_threads: int) -> list[Peer]:
    """Return ourselves and all peers that are installed; name the others in the report."""
    makers: dict[str, Callable[[], list[Peer]]] = {
        "PyTorch": lambda: torch_peers(task, n_threads),
        "JAX": lambda: jax_peers(task),
        "scikit-learn": lambda: [scikit_peer(task)],
    }
    found = [ours(task)]
    if task.config.network == "softmax":
        found.append(published_loop(task))
        makers["mlxtend"] = lambda: [mlxtend_peer(task)]
    for name, make in makers.items():
        try:
            found += make()
        except ImportError:
            report.note(name, "not installed, not measured: pip install -r requirements-bench.txt")
    return found


def measured_beside(
    report: Report,
    task: Task,
    peers: list[Peer],
    floors: Mapping[str, Callable[[], object]],
    rounds: int,
) -> dict[str, list[float]]:
    """Measure an epoch of each in turn, print rows and ratios; return the milliseconds.

    A peer whose weights read the test set otherwise than ours has done other work: its row is
    printed as void and left out of what is returned.
    """
    ends: dict[str, Mapping[str, Floats]] = {}

    def kept(peer: Peer) -> Callable[[], None]:
        def epoch() -> None:
            ends[peer.name] = peer.epoch()

        return epoch

    actions = {peer.name: milliseconds(kept(peer)) for peer in peers}
    floor_actions = {name: milliseconds(do) for name, do in floors.items()}
    found = in_turn(floor_actions | actions, rounds)
    accuracies = {name: task.accuracy(params) for name, params in ends.items()}
    own = accuracies[peers[0].name]
    for name, values in list(found.items()):
        if abs(accuracies.get(name, own) - own) > AGREES_WITHIN:
            report.row(f"{name}: VOID, accuracy {accuracies[name]:.4f}", values, "ms")
            del found[name]
        else:
            report.row(name, values, "ms")
    ours_ms = found[peers[0].name]
    for peer in peers[1:]:
        if peer.name in found:
            report.row(f"{peer.name} / ours", ratios(found[peer.name], ours_ms))
    report.note_row("test accuracies", accuracies)
    return found
