"""Classes that ReLU before the softmax has silenced for good."""

from __future__ import annotations

from dataclasses import dataclass

from softmax_core.training.state import TrainingState


@dataclass(frozen=True)
class DeadClass:
    """A class whose logit no training picture raises above 0 any more."""

    index: int
    since_step: int  # its last sign of life; that step's update silenced it


def dead_classes(state: TrainingState, n_samples: int) -> tuple[DeadClass, ...]:
    """Return the classes that were silent for one whole pass over the training set.

    Where ReLU gives 0 it passes no gradient, so a class's weights change only by pictures
    that raise it above 0. When no picture of a whole pass does, the weights stood still all
    the while; the next pass meets the same pictures and the same weights, and so do all
    after it. (With momentum or an L2 penalty they may still drift.)

    Parameters
    ----------
    state : TrainingState
        Without ``last_active``, as for other networks, nothing is dead.
    n_samples : int
        Size of the training set. Where drawings joined or left it on the way, a pass is
        counted in its present size.
    """
    last_epoch_began = state.samples_seen - state.position - n_samples
    return tuple(
        DeadClass(index, last.step)
        for index, last in enumerate(state.last_active or ())
        if last.samples_seen <= last_epoch_began  # a whole epoch lies between
    )
