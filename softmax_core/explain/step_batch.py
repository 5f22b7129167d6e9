"""The batch of one training step: its pictures, their losses, and what made its loss high."""

from __future__ import annotations

import math
from typing import Any, Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_core.errors import UserError
from softmax_core.limits import MAX_BATCH_LISTED
from softmax_core.nn import Params, log_softmax, predict_logits, predictions, softmax
from softmax_core.nn.teaching import clipped_losses
from softmax_core.training.advance import real_batch_size
from softmax_core.training.config import TrainingConfig
from softmax_core.training.evaluate import evaluate
from softmax_core.training.layered import network_of
from softmax_core.training.samples import to_inputs
from softmax_core.training.start import epoch_order
from softmax_core.training.state import StepRecords, TrainingState
from softmax_core.training.taught import TrainSet
from softmax_core.training.threads import one_blas_thread

_CHUNK: Final = 250
_NOTICEABLE: Final = 0.1  # of the loss of all pictures: less than that is called no cause
_SAME: Final = 1e-4  # relative: float32 sums in another order differ by less


class StepBatch(NamedTuple):
    """A batch as the weights saw it that its step was about to move.

    Attributes
    ----------
    step : int
    loss : float
        What the step recorded: the point of the curve.
    n_samples : int
        Of the batch.
    n_right : int
        How many of them are read rightly.
    mean : float
        Of the batch's losses, in nats.
    penalty : float
        What the L2 penalty adds to it.
    train_loss : float
        Of the training pictures the counters measure, with the same weights.
    train_loss_earlier : float or None
        Likewise, one step earlier; None where that is not known.
    images, labels, predictions, losses
        Of the ``MAX_BATCH_LISTED`` samples with the highest losses, the highest first.
    """

    step: int
    loss: float
    n_samples: int
    n_right: int
    mean: float
    penalty: float
    train_loss: float
    train_loss_earlier: float | None
    images: NDArray[Any]  # (n_listed, n_features)
    labels: NDArray[np.intp]  # (n_listed,)
    predictions: NDArray[np.intp]  # (n_listed,)
    losses: NDArray[np.float64]  # (n_listed,)

    @property
    def adds_up(self) -> bool:
        """Tell whether mean and penalty are what the step recorded.

        Not in the naive and wrong ways of training, which have a loss of their own.
        """
        return math.isclose(self.mean + self.penalty, self.loss, rel_tol=_SAME, abs_tol=1e-6)

    @property
    def cause(self) -> Literal["batch", "weights", "both", "neither"]:
        """Tell what is behind a high loss: these samples, or what the step before made of all.

        The loss of the batch is that of all pictures one step earlier, plus what the step
        before changed of it, plus what this batch is harder than all pictures.
        """
        earlier = self.train_loss if self.train_loss_earlier is None else self.train_loss_earlier
        least = _NOTICEABLE * self.train_loss
        harder, worse = self.mean - self.train_loss > least, self.train_loss - earlier > least
        if harder and worse:
            return "both"
        return "batch" if harder else "weights" if worse else "neither"


def highest_step(records: StepRecords) -> tuple[int, float]:
    """Return the step with the highest loss and that loss; what is no number is the highest.

    Raises
    ------
    UserError
        Without a single step.
    """
    if not len(records.step):
        raise UserError("batch-none", "There is no step to look at. Choose another one.")
    at = int(np.argmax(np.nan_to_num(records.loss, nan=np.inf)))
    return int(records.step[at]), float(records.loss[at])


def step_batch(
    config: TrainingConfig,
    state: TrainingState,
    train_set: TrainSet,
    train_part: TrainSet,
    loss: float,
) -> StepBatch:
    """Show the batch that comes next to a state's weights.

    Parameters
    ----------
    config : TrainingConfig
        Of the step.
    state : TrainingState
        Before it.
    train_set : Samples or TaughtSamples
        What is trained on; the batch is drawn from it as training draws it.
    train_part : Samples or TaughtSamples
        What the loss of all pictures is measured on.
    loss : float
        What the step recorded.
    """
    order = epoch_order(config.seed, state.epoch, train_set.n_samples, config.order)
    rows = order[state.position : state.position + real_batch_size(config, train_set)]
    labels, read_as, losses = _losses(config, state.params, train_set, rows)
    highest = np.argsort(-np.nan_to_num(losses, nan=np.inf), kind="stable")[:MAX_BATCH_LISTED]
    images = np.empty((len(highest), train_set.n_features), train_set.dtype)
    train_set.gather(rows[highest], images)
    network, earlier = network_of(config, state.params), state.previous
    return StepBatch(
        step=state.step + 1,
        loss=loss,
        n_samples=len(rows),
        n_right=int(np.count_nonzero(read_as == labels)),
        mean=float(losses.mean()),
        penalty=_penalty(config, state.params),
        train_loss=evaluate(network, state.params, train_part, config)[0],
        train_loss_earlier=None
        if earlier is None
        else evaluate(network, earlier.params, train_part, config)[0],
        images=images,
        labels=labels[highest],
        predictions=read_as[highest],
        losses=losses[highest],
    )


def _losses(
    config: TrainingConfig, params: Params, train_set: TrainSet, rows: NDArray[np.int64]
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    """Return labels, predictions and losses of these rows, chunk by chunk."""
    network = network_of(config, params)
    labels, read_as = np.empty((2, len(rows)), np.intp)
    losses = np.empty(len(rows))
    gathered = np.empty((min(_CHUNK, len(rows)), train_set.n_features), train_set.dtype)
    with one_blas_thread(), np.errstate(all="ignore"):
        for start in range(0, len(rows), _CHUNK):
            part = slice(start, start + _CHUNK)
            images = gathered[: len(rows[part])]
            labels[part] = train_set.gather(rows[part], images)
            logits = predict_logits(network, params, to_inputs(images, config.pixels))
            read_as[part] = predictions(logits)
            if config.loss == "clipped":
                losses[part] = clipped_losses(softmax(logits), labels[part])
            else:
                chosen = np.arange(len(images)), labels[part]
                losses[part] = 0.0 - log_softmax(logits)[chosen]
    return labels, read_as, losses


def _penalty(config: TrainingConfig, params: Params) -> float:
    """Return ``l2 / 2`` times the sum of all squared weights; biases are free."""
    weights = (array for array in params.values() if array.ndim == 2)
    return config.l2 / 2 * sum(float(np.square(W, dtype=np.float64).sum()) for W in weights)
