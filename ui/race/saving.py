"""Taking a race home: its curves as a picture, with the sentence that says how it stands."""

from __future__ import annotations

from functools import partial

from softmax_core.figures import PRINT, figure_bytes, lane_means
from softmax_core.figures.race import RaceCurve, race_figure
from softmax_core.figures.sentence import sentence_figure
from softmax_core.service import LaneView, Race, shared_engine
from ui.live.race_frame import lane_tests, loss_examples
from ui.race.differs import difference_of, difference_title, fairness, lane_name
from ui.race.picture_buttons import Kind, picture_buttons_ui
from ui.race.standings import race_sentence
from ui.words import _


def saving_ui(race: Race) -> None:
    """Offer the curves as files."""
    hint = _("The curves of all lanes as a picture, with the sentence below them.")
    picture_buttons_ui("race", _("Save {kind}"), partial(race_picture, race), hint)


def race_picture(race: Race, kind: Kind) -> bytes:
    """Return the curves over the examples seen, light on white, with their caption."""
    view = shared_engine().race_view(race)
    field = difference_of([lane.config for lane in view.lanes])
    names = [lane_name(lane.config, field) for lane in view.lanes]
    examples = loss_examples(view)
    curves = [_curve(lane, name, examples) for lane, name in zip(view.lanes, names, strict=True)]
    figure = race_figure(curves, difference_title(field), examples, theme=PRINT)
    caption = f"{race_sentence(view, names)} {fairness(field)}"
    return figure_bytes(sentence_figure(figure, caption, theme=PRINT), kind)


def _curve(lane: LaneView, name: str, examples: int) -> RaceCurve:
    tested = lane_tests(lane)
    curve = lane.curve
    return RaceCurve(
        name,
        curve.samples_seen,
        lane_means(curve.step, curve.mean, lane.batch_size, examples),
        tested.seen,
        tested.accuracy,
        bool(lane.stop_text),
    )
