"""Keeping runs on the chart: add, rename, remove; they outlive resets and other settings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from softmax_core.errors import UserError
from softmax_core.limits import MAX_KEPT_RUNS
from softmax_core.service.edge_commands import EdgeCommands
from softmax_core.service.kept import KeptRun, kept_run
from softmax_core.service.session import Session


class KeptCommands(EdgeCommands):
    """Commands to the runs that a session keeps."""

    def keep_run(self, session: Session, name: str, *, test_seen: bool = False) -> KeptRun:
        """Keep the run as it is now.

        Parameters
        ----------
        session : Session
        name : str
        test_seen : bool
            Whether its test figures must not be shown.

        Raises
        ------
        UserError
            When it has made no step yet, or as many as there may be are kept already.
        """
        with self._lock:
            curve = session.history.curve()
            if not len(curve.step):
                raise UserError("keep-nothing", "There is no curve to keep yet: train a little.")
            if len(session.kept) >= MAX_KEPT_RUNS:
                raise UserError(
                    "keep-full",
                    f"At most {MAX_KEPT_RUNS} runs stay on the chart. Remove one first.",
                )
            serial = max((run.serial for run in session.kept), default=0) + 1
            # Settings that no step was made with yet are not those of the curve.
            config = session.trained_with or session.config
            run = kept_run(serial, config, curve, tuple(session.history.evaluations))
            run = replace(run.renamed(name), test_seen=test_seen)
            self._set_kept(session, (*session.kept, run))
            return run

    def rename_kept(self, session: Session, serial: int, name: str) -> None:
        """Call a kept run otherwise; without a name it is called after its settings."""
        with self._lock:
            runs = (run.renamed(name) if run.serial == serial else run for run in session.kept)
            self._set_kept(session, tuple(runs))

    def remove_kept(self, session: Session, serial: int) -> None:
        """Take a kept run off the chart."""
        with self._lock:
            self._set_kept(session, tuple(run for run in session.kept if run.serial != serial))

    def bring_kept(self, session: Session, runs: Iterable[KeptRun]) -> None:
        """Put runs on the chart that another session of the same browser had kept."""
        with self._lock:
            self._set_kept(session, tuple(runs)[:MAX_KEPT_RUNS])

    def _set_kept(self, session: Session, runs: tuple[KeptRun, ...]) -> None:
        session.kept = runs
        session.kept_version += 1
        session.changed()
