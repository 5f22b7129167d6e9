"""What can be done with a run's past: look at it, go back to it, undo."""

from __future__ import annotations

from typing import Any, NamedTuple

from numpy.typing import NDArray

from softmax_core.errors import UserError
from softmax_core.service.commands import Commands
from softmax_core.service.edits import Edit, with_edit
from softmax_core.service.session import Session, Status, measured_alike
from softmax_core.service.snapshots import Snapshot, bare
from softmax_core.service.stretches import Leg
from softmax_core.training.edited import edited
from softmax_core.training.history import Mark
from softmax_core.training.state import TrainingState
from softmax_core.training.train import without_stop


class Way(NamedTuple):
    """How training came to a step: from a state it had, leg by leg."""

    start: TrainingState
    legs: tuple[Leg, ...]


class PastCommands(Commands):
    """Commands that show or bring back what a session's run was like before."""

    def look_at(self, session: Session, step: int | None) -> None:
        """Show the last snapshot not later than a step; None to follow the run again.

        Training goes on meanwhile.
        """
        with self._lock:
            before = session.snapshots.pinned
            session.snapshots.pin(step)
            if session.snapshots.pinned is not before:
                session.changed()

    def pinned_step(self, session: Session) -> int | None:
        """Return the step that is looked at; None while the run is followed."""
        with self._lock:
            pinned = session.snapshots.pinned
            return None if pinned is None else pinned.step

    def go_on_from(self, session: Session, step: int) -> None:
        """Go back to the last snapshot not later than a step, and rest there.

        What came after it is forgotten. With the settings it was trained with the same
        future follows, bit for bit.
        """
        with self._lock:
            snapshot = session.snapshots.at(step)
            _go_back(session, snapshot.state)
            session.history.resize(session.n_samples, session.state)
            session.snapshots.pin(None)
            session.edits = ()
            # A change of settings since then is marked anew, where it now counts from.
            session.history.marks = list(snapshot.marks)
            session.trained_with = snapshot.config
            session.unmeasured = not measured_alike(snapshot.config, session.config)
            session.come_to_rest()
            self._traffic.evaluate_at_rest(session)

    def snapshots_of(self, session: Session) -> tuple[Snapshot, ...]:
        """Return the states of a run's past that are kept, oldest first."""
        with self._lock:
            return session.snapshots.all

    def way_to(self, session: Session, step: int, since: int) -> Way:
        """Return how training came to a step, so that it can be done once more, bit for bit.

        Parameters
        ----------
        session : Session
        step : int
            At most the newest.
        since : int
            Where the way begins at the latest: at the last snapshot not later.

        Raises
        ------
        UserError
            When the step is still to come, or weights that training did not give lie between,
            or the settings of that time are not known any more.
        """
        with self._lock:
            if step > session.state.step:
                raise UserError(
                    "past-future",
                    f"Step {step:,} has not been made yet; the run is at step "
                    f"{session.state.step:,}.",
                )
            start = session.snapshots.at(since).state
            replaced = session.stretches.replaced_between(start.step, step - 1)
            if replaced is not None:
                raise UserError(
                    "past-replaced",
                    f"Weights were changed by hand at step {replaced:,}, and those that came of "
                    f"it are not kept up to step {step:,}: it cannot be made again. Choose a "
                    "later step.",
                )
            legs = session.stretches.legs(start.step, step) if start.step <= since else None
            if legs is None:
                raise UserError(
                    "past-unknown",
                    f"How step {step:,} came about is not known any more. Choose a later step.",
                )
            return Way(start, legs)

    def rewind(self, session: Session) -> None:
        """Give up the steps since the loss left all bounds, if it has; the curve before stays."""
        with self._lock:
            doubt = session.state.doubt
            if doubt is not None:
                _go_back(session, without_stop(doubt.before))
                session.changed()

    def edit(self, session: Session, params: dict[str, NDArray[Any]], text: str) -> None:
        """Put other weights in place of the newest ones; a run in training goes on from them.

        They are evaluated at once, and marked on the curve with ``text``. Pages follow the
        run again.

        Raises
        ------
        UserError
            When they are no weights of this model; see ``edited``.
        """
        with self._lock:
            before = bare(session.state)
            after, mark = edited(before, params), Mark(before.step, text)
            session.history.mark(*mark)
            session.edits = with_edit(session.edits, Edit(before, mark))
            session.stretches.replace_at(before.step)
            self._put(session, after)

    def undo_edit(self, session: Session) -> None:
        """Take back the last edit, if no step was made since."""
        with self._lock:
            if session.edits:
                *others, last = session.edits
                session.edits = tuple(others)
                session.history.unmark(last.mark)
                session.stretches.restore_at(last.before.step)
                self._put(session, last.before)

    def _put(self, session: Session, state: TrainingState) -> None:
        """Put other weights in place of the present ones, at the same step."""
        session.run_id += 1  # a slice in flight is of the weights that go
        if session.status is Status.STOPPED:
            session.forget_after(state.step)
            session.settle(Status.IDLE)
        session.state, session.unmeasured, session.failures = state, True, 0
        session.snapshots.pin(None)
        marks = tuple(session.history.marks)
        session.snapshots.add(Snapshot(state, None, session.config, marks))
        session.history.generation += 1  # what was known of this step is of other weights
        session.changed()
        if session.status is not Status.RUNNING:
            self._traffic.evaluate_at_rest(session)


def _go_back(session: Session, state: TrainingState) -> None:
    """Make an earlier state the present one; what came after it is forgotten."""
    session.run_id += 1  # a slice in flight is of what is given up
    session.state = state
    session.forget_after(state.step)
