"""What can be done with a run's past: look at it, go back to it, undo."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from softmax_core.service.commands import Commands
from softmax_core.service.edits import Edit, with_edit
from softmax_core.service.session import Session, Status, measured_alike
from softmax_core.service.snapshots import Snapshot, bare
from softmax_core.training.edited import edited
from softmax_core.training.history import Mark
from softmax_core.training.state import TrainingState
from softmax_core.training.train import without_stop


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
            self._put(session, after)

    def undo_edit(self, session: Session) -> None:
        """Take back the last edit, if no step was made since."""
        with self._lock:
            if session.edits:
                *others, last = session.edits
                session.edits = tuple(others)
                session.history.unmark(last.mark)
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
