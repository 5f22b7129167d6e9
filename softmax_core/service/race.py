"""One race: several runs that start, pause, step and begin anew together."""

from __future__ import annotations

from dataclasses import dataclass, field

from softmax_core.service.beginning import Beginning
from softmax_core.service.measuring import Measuring
from softmax_core.service.session import Goal, Session, Status
from softmax_core.training import History, TrainingConfig, TrainingState


@dataclass
class RaceLane:
    """One run of a race; its state and history are those of the last slice.

    Attributes
    ----------
    n_samples : int
        Size of its training set, with the drawings that have joined it.
    n_base : int
        Its size without them.
    seconds : float
        How long its steps took in the workers; lanes computed as one have that time together.
    """

    config: TrainingConfig
    state: TrainingState
    n_samples: int
    n_base: int
    history: History = field(init=False)
    seconds: float = 0.0

    def __post_init__(self) -> None:
        self.history = History(self.n_samples)

    @property
    def goes_on(self) -> bool:
        """Tell whether it has not had to stop."""
        return self.state.stop is None

    @property
    def batch_size(self) -> int:
        """Samples of an update; all there are where the settings ask for the whole data set."""
        return self.n_samples if self.config.batch_size >= self.n_base else self.config.batch_size


class Race:
    """State of one race; only the engine changes it, under the engine's lock.

    Its steps are rounds: in each the lane with the largest batch makes one update, and the
    others as many as it takes to have seen as many examples.

    Parameters
    ----------
    token : str
        The random key that stands for this race in requests.
    session : Session
        Of the same browser: its drawing is what the lanes are shown.
    now : float
        By the engine's clock.

    Attributes
    ----------
    lanes : list of RaceLane
    examples_target : int
        Where the race ends by itself: every lane has seen so many examples.
    steps_wanted : int
        Rounds still to make for ``Goal.STEPS``.
    pace : float or None
        Epochs a second at the most; None for full speed.
    run_id : int
        Grows with every new start; a slice of an older one is thrown away.
    evaluation_took : float
        Seconds of a worker that the last evaluation took.
    measuring : tuple of Measuring
        Evaluations under way; the worker's states, not the lanes'.
    in_flight, waiting, failures, not_before, last_slice, last_evaluation, last_seen, left_at
        As those of a session.
    """

    def __init__(self, token: str, session: Session, now: float) -> None:
        self.token, self.session, self.last_seen = token, session, now
        self.left_at: float | None = None
        self.lanes: list[RaceLane] = []
        self.status, self.message, self.goal = Status.IDLE, "", Goal.TRAIN
        self.examples_target = self.steps_wanted = 0
        self.pace: float | None = None
        self.run_id = 1
        self.in_flight = self.waiting = False
        self.failures = 0
        self.not_before = self.last_slice = self.last_evaluation = 0.0
        self.evaluation_took = 0.0
        self.measuring: tuple[Measuring, ...] = ()
        self._changes = self._first_generation = 0

    @property
    def version(self) -> int:
        """Grows with every visible change, those of the drawing too."""
        return self._changes + self.session.version

    @property
    def generation(self) -> int:
        """Grows whenever earlier parts of a curve change."""
        return self._first_generation + sum(lane.history.generation for lane in self.lanes)

    @property
    def n_samples(self) -> int:
        """Size of the largest training set: what an epoch of the race is."""
        return max(lane.n_samples for lane in self.lanes)

    @property
    def goes_on(self) -> bool:
        """Tell whether some lane has not had to stop."""
        return any(lane.goes_on for lane in self.lanes)

    @property
    def examples_seen(self) -> int:
        """How many examples every lane that goes on has seen at least."""
        seen = [lane.state.samples_seen for lane in self.lanes if lane.goes_on]
        return min(seen, default=max(lane.state.samples_seen for lane in self.lanes))

    @property
    def is_over(self) -> bool:
        """Tell whether every lane has seen its examples or had to stop."""
        return not self.goes_on or self.examples_seen >= self.examples_target

    @property
    def reached_goal(self) -> bool:
        """Tell whether what was asked for is done."""
        if self.goal is Goal.STEPS:
            return self.steps_wanted <= 0 or not self.goes_on
        return self.is_over

    @property
    def is_measured(self) -> bool:
        """Tell whether every lane that goes on was evaluated where it is."""
        return all(
            [e.step for e in lane.history.evaluations[-1:]] == [lane.state.step]
            for lane in self.lanes
            if lane.goes_on
        )

    @property
    def is_measuring_here(self) -> bool:
        """Tell whether the newest evaluation under way is of where the lanes are."""
        if not self.measuring:
            return False
        newest = self.measuring[-1]
        steps = {lane: state.step for lane, state in zip(newest.lanes, newest.states, strict=True)}
        going = {lane: own.state.step for lane, own in enumerate(self.lanes) if own.goes_on}
        return going.items() <= steps.items()

    @property
    def allowed_steps_a_second(self) -> float | None:
        """The pace as rounds a second; None when nothing holds the race back."""
        if self.pace is None:
            return None
        return self.pace * self.n_samples / max(lane.batch_size for lane in self.lanes)

    def begin(self, configs: tuple[TrainingConfig, ...], beginnings: list[Beginning]) -> None:
        """Put a new start in place of whatever there was; token, drawing and pace stay."""
        self._first_generation = self.generation + 1
        pairs = zip(configs, beginnings, strict=True)
        self.lanes = [RaceLane(config, *beginning) for config, beginning in pairs]
        self.run_id += 1
        self.failures, self.steps_wanted, self.not_before = 0, 0, 0.0
        self.measuring = ()
        self.set_target(0)
        self.settle(Status.IDLE)

    def set_target(self, from_epoch: int) -> None:
        """Count the epochs of the settings from one on."""
        self.examples_target = (from_epoch + self.lanes[0].config.epochs) * self.n_samples

    def settle(self, status: Status, message: str = "") -> None:
        """Take a status and what there is to say about it."""
        self.status, self.message = status, message
        self.changed()

    def changed(self) -> None:
        """Note that there is something new to show."""
        self._changes += 1
