"""Opening a lane of a race as the run that all other pages look at."""

from __future__ import annotations

from dataclasses import replace

from softmax_core.errors import UserError
from softmax_core.service import Race, Session, shared_engine
from softmax_core.training.train import without_stop
from ui import state
from ui.race.differs import difference_of, difference_title, lane_name
from ui.words import _


def open_in_lab(session: Session, race: Race, index: int) -> str | None:
    """Put a lane in place of the run; return why that cannot be, or None.

    Its weights go on from where they are; the race itself stays as it is.
    """
    view = shared_engine().race_view(race)
    if not 0 <= index < len(view.lanes):
        return _("There is no such lane any more.")
    lane = view.lanes[index]
    # As many epochs as the run had been asked for: a race's few are over, or soon will be.
    config = replace(lane.config, epochs=session.config.epochs)
    try:
        shared_engine().load(session, config, without_stop(lane.state))
    except UserError as error:
        return error.text
    field = difference_of([each.config for each in view.lanes])
    state.remember_recipe(None)
    state.add_notice(
        _("This run is the lane of the race with {what} {name}, from step {step:,} on.").format(
            what=difference_title(field).lower(),
            name=lane_name(lane.config, field),
            step=lane.state.step,
        )
    )
    return None
