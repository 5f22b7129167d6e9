"""Many training sessions over one executor; knows no mathematics and no page."""

from __future__ import annotations

from softmax_core.service.continuing import LastRun
from softmax_core.service.engine import Engine
from softmax_core.service.kept import KeptRun
from softmax_core.service.race import Race
from softmax_core.service.race_view import LaneView, RaceView
from softmax_core.service.session import Session, Status
from softmax_core.service.shared import close_shared_engine, shared_engine
from softmax_core.service.sweep import Sweep, SweepView
from softmax_core.service.view import View
from softmax_core.service.workers import WorkerDiedError, WorkerPool

__all__ = [
    "Engine",
    "KeptRun",
    "LaneView",
    "LastRun",
    "Race",
    "RaceView",
    "Session",
    "Status",
    "Sweep",
    "SweepView",
    "View",
    "WorkerDiedError",
    "WorkerPool",
    "close_shared_engine",
    "shared_engine",
]
