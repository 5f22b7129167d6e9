"""Running a recipe in short slices, and keeping the figures that its receipt asks for."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace

from softmax_core.data.store import open_dataset
from softmax_core.training.advance import Budget, advance
from softmax_core.training.config import TrainingConfig
from softmax_core.training.dead import DeadClass, dead_classes
from softmax_core.training.epochs import EpochMeter
from softmax_core.training.evaluate import evaluate
from softmax_core.training.layered import network_of
from softmax_core.training.recipes.recipe import Claim, Recipe, Version
from softmax_core.training.samples import Samples
from softmax_core.training.start import first_state
from softmax_core.training.state import StepRecords, TrainingState

Wanted = Mapping[str, frozenset[int]]  # of each quantity, the steps or epochs to keep
Figures = Mapping[str, Mapping[int, float]]  # of each quantity, its value there


@dataclass(frozen=True)
class Measuring:
    """One run of a recipe so far; picklable, never changed in place.

    Attributes
    ----------
    config : TrainingConfig
    wanted : dict of frozensets
    last_epoch : int
        When it has all that is wanted.
    state : TrainingState
    meter : EpochMeter
        Adds the present epoch's batches up.
    figures : dict of dicts
    seconds : float
        Of all its slices.
    """

    config: TrainingConfig
    wanted: Wanted
    last_epoch: int
    state: TrainingState
    meter: EpochMeter
    figures: Figures
    seconds: float = 0.0

    @property
    def is_done(self) -> bool:
        """Tell whether there is nothing more to train."""
        return self.state.epoch >= self.last_epoch or self.state.stop is not None

    @property
    def share(self) -> float:
        """How much of it is done, in [0, 1]."""
        return 1.0 if self.is_done else self.state.epoch / self.last_epoch


def wanted_figures(recipe: Recipe, version: Version, *, quick: bool = False) -> Wanted:
    """Return which figures a receipt needs: of its claims, and to draw its curves."""
    claims = recipe.claims_of(version, quick=quick)
    points = [(claim.quantity, claim.at) for claim in claims]
    last = max((at for _, at in points), default=-1)
    for curve in recipe.curves_of(version):
        points += [(curve.quantity, at) for at in curve.points]
    for quantity, places in recipe.drawn.items():
        points += [(quantity, at) for at in places]
    return _grouped((q, at) for q, at in points if at <= last or not quick)


def wanted_by(claims: Iterable[Claim]) -> Wanted:
    """Return the figures that these claims alone ask for."""
    return _grouped((claim.quantity, claim.at) for claim in claims)


def start_measuring(config: TrainingConfig, wanted: Wanted, train_set: Samples) -> Measuring:
    """Return a run before its first step; the classes are counted from the labels."""
    # A recipe counts in steps only where a step is a whole epoch.
    last = max((at for places in wanted.values() for at in places), default=0)
    n_classes = int(train_set.labels.max()) + 1
    state = first_state(config, train_set.images.shape[1], n_classes)
    return Measuring(config, wanted, last, state, EpochMeter(len(train_set.labels)), {})


def go_on(run: Measuring, train_set: Samples, test_set: Samples, seconds: float) -> Measuring:
    """Train for about so long, and return the run with the figures it passed.

    Parameters
    ----------
    run : Measuring
        Not changed.
    train_set, test_set : Samples
    seconds : float
        Without the evaluations.
    """
    began = time.perf_counter()
    state, meter = run.state, deepcopy(run.meter)
    figures = {quantity: dict(values) for quantity, values in run.figures.items()}
    if state.step == 0:
        _evaluate(run, state, figures, (train_set, test_set))
    while state.epoch < run.last_epoch and state.stop is None:
        left = seconds - (time.perf_counter() - began)
        if left <= 0 and state is not run.state:
            break
        epoch = state.epoch
        budget = Budget(until_epoch=epoch + 1, seconds=max(left, 0.0))
        state, records = advance(state, run.config, train_set, budget)
        _keep(run, state, records, meter, figures)
        if state.epoch > epoch:
            _evaluate(run, state, figures, (train_set, test_set))
    spent = run.seconds + time.perf_counter() - began
    return replace(run, state=state, meter=meter, figures=figures, seconds=spent)


def go_on_with_data(run: Measuring, seconds: float) -> Measuring:
    """Open the run's data set and go on; pure but for that, so any worker process will do.

    Raises
    ------
    UserError
        When the data set cannot be had.
    """
    dataset = open_dataset(run.config.dataset)
    train_set = Samples(dataset.train_images, dataset.train_labels)
    test_set = Samples(dataset.test_images, dataset.test_labels)
    return go_on(run, train_set, test_set, seconds)


def measure(
    config: TrainingConfig, wanted: Wanted, train_set: Samples, test_set: Samples
) -> Figures:
    """Train until all wanted figures are known, and return them."""
    run = start_measuring(config, wanted, train_set)
    while not run.is_done:
        run = go_on(run, train_set, test_set, seconds=60.0)
    return run.figures


def dead_of(run: Measuring, n_samples: int) -> tuple[DeadClass, ...]:
    """Return which classes are dead where the run is now, of so many training samples."""
    return dead_classes(run.state, n_samples)


def _grouped(points: Iterable[tuple[str, int]]) -> Wanted:
    wanted: dict[str, frozenset[int]] = {}
    for quantity, at in points:
        wanted[quantity] = wanted.get(quantity, frozenset()) | {at}
    return wanted


def _keep(
    run: Measuring,
    state: TrainingState,
    records: StepRecords,
    meter: EpochMeter,
    figures: dict[str, dict[int, float]],
) -> None:
    """Keep what is wanted of the records of a slice."""
    start_loss = state.start_loss or 1.0  # it is set once there is a record
    columns = {
        "batch_loss": records.loss,
        "batch_accuracy": records.accuracy,
        "loss_left": records.loss / start_loss,
    }
    for quantity in columns.keys() & run.wanted.keys():
        for step, value in zip(records.step, columns[quantity], strict=True):
            _note(run, quantity, int(step), float(value), figures)
    for means in meter.add(records):
        _note(run, "epoch_loss", means.epoch, means.loss, figures)
        _note(run, "epoch_accuracy", means.epoch, means.accuracy, figures)


def _evaluate(
    run: Measuring,
    state: TrainingState,
    figures: dict[str, dict[int, float]],
    sets: tuple[Samples, Samples],
) -> None:
    """Evaluate the weights where that is wanted."""
    network = network_of(run.config, state.params)
    for name, samples in zip(("train", "test"), sets, strict=True):
        quantities = (f"{name}_loss", f"{name}_accuracy")
        if any(state.epoch in run.wanted.get(q, ()) for q in quantities):
            values = evaluate(network, state.params, samples, run.config)
            for quantity, value in zip(quantities, values, strict=True):
                _note(run, quantity, state.epoch, value, figures)
    dead = dead_classes(state, len(sets[0].labels))
    _note(run, "dead_classes", state.epoch, len(dead), figures)


def _note(
    run: Measuring, quantity: str, at: int, value: float, figures: dict[str, dict[int, float]]
) -> None:
    if at in run.wanted.get(quantity, frozenset()):
        figures.setdefault(quantity, {})[at] = float(value)
