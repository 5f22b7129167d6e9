"""Who has won: by how much, whether that may be chance, and who had bet on it."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import CancelledError
from typing import Final

from softmax_core.errors import UserError
from softmax_core.explain.compared import Compared, compare_on_test
from softmax_core.figures.wording import percent
from softmax_core.service import Race, RaceView, Status, WorkerDiedError, shared_engine
from ui import state
from ui.race.differs import difference_of, lane_title
from ui.race.standings import Standing, ranked, standings_of
from ui.words import _

_LOG: Final = logging.getLogger(__name__)
_PATIENCE: Final = 5.0  # seconds for a worker to compare two lanes
_OVER: Final = (Status.FINISHED, Status.STOPPED)


def result_text(race: Race, view: RaceView, names: Sequence[str]) -> str:
    """Return what there is to say of a race that is over; "" before that.

    Parameters
    ----------
    race : Race
    view : RaceView
    names : sequence of str
        Of the lanes, by which bets are kept.
    """
    if view.status not in _OVER:
        return ""
    of = (race.token, view.generation, view.examples_seen, tuple(names))
    known, text = state.race_result()
    if known != of:
        text = _told(view, names)
        state.remember_race_result(of, text)
    tally = {name: count for name, count in state.bets().items() if name in names}
    told = bets_told(ranked(standings_of(view, names)), tally)
    return " ".join(part for part in (text, told) if part)


def _told(view: RaceView, names: Sequence[str]) -> str:
    order = ranked(standings_of(view, names))
    if not order:
        return _("The race is over. There is no test accuracy to tell a winner by.")
    if len(order) == 1:
        return _("{name} is the only lane with a test accuracy: {accuracy}.").format(
            name=order[0].name, accuracy=percent(order[0].test_accuracy)
        )
    places = [names.index(standing.name) for standing in order[:2]]
    configs = [lane.config for lane in view.lanes]
    first = order[0]._replace(name=lane_title(configs[places[0]], difference_of(configs)))
    second, compared = order[1], _compared(view, places)
    if compared is None:
        return _("{winner} is ahead with {accuracy} of the test pictures.").format(
            winner=first.name, accuracy=percent(first.test_accuracy)
        )
    return lead_told(first, second, compared)


def lead_told(first: Standing, second: Standing, compared: Compared) -> str:
    """Say by how much the first leads the second, and what that is worth."""
    lead = 100 * (first.test_accuracy - second.test_accuracy)
    text = _("{winner} wins with {accuracy}, {lead:.1f} points ahead of {second}.")
    if first.test_accuracy == second.test_accuracy:
        text = _("{winner} and {second} end level at {accuracy}.")
    said = text.format(
        winner=first.name, second=second.name, accuracy=percent(first.test_accuracy), lead=lead
    )
    counts = _(
        "Of {n:,} test pictures {more:,} are read right by the first alone, "
        "{fewer:,} by the second alone:"
    ).format(n=compared.n_pictures, more=compared.only_first, fewer=compared.only_second)
    worth = _("more than chance.")
    if compared.is_noise:
        worth = _("within the noise, other test pictures could turn it around.")
    return f"{said} {counts} {worth}"


def bets_told(order: Sequence[Standing], tally: Mapping[str, int]) -> str:
    """Say how many had bet on the winner; "" where nobody had bet."""
    best = [each.name for each in order if each.test_accuracy == order[0].test_accuracy]
    total = sum(tally.values())
    if not total or not best:
        return ""
    right = sum(tally.get(name, 0) for name in best)
    text = _("{right} of {total} bets were on it.")
    if not right:
        text = _("None of {total} bets was on it.")
    elif right == total:
        text = _("All {total} bets were on it.")
    return text.format(right=right, total=total)


def _compared(view: RaceView, lanes: Sequence[int]) -> Compared | None:
    """Have a worker compare two lanes; None where it cannot, or has too much to do."""
    first, second = ((view.lanes[i].config, view.lanes[i].state.params) for i in lanes)
    try:
        future = shared_engine().compute(compare_on_test, first, second)
        return future.result(timeout=_PATIENCE)
    except (UserError, TimeoutError, CancelledError, WorkerDiedError):
        return None
    except Exception:
        _LOG.exception("A worker could not compare two lanes.")
        return None
