"""Ten thousand spoilt texts for each parser of words and numbers that come from outside."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from random import Random
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import click
import pytest
from starlette.requests import Request
from starlette.responses import Response

from softmax_core import limits
from softmax_core.data.catalogue import DATASETS
from softmax_core.service import shared_engine
from softmax_core.terminal import cli
from softmax_core.terminal.recipe_run import take_recipe
from softmax_core.terminal.train import train_run
from softmax_core.training import TrainingConfig
from softmax_core.training.config import (
    ACTIVATIONS,
    BIASES,
    INITIAL_WEIGHTS,
    NETWORKS,
    ORDERS,
    PIXELS,
)
from tests.coroutines import one_loop
from tests.pages.opening import at_rest
from tests.zoo.addresses import LANES
from tests.zoo.case import assert_clear
from tests.zoo.mutants import CASES, hold, spoilt_text
from tests.zoo.options import OPTIONS
from tests.zoo.routes import REFUSED
from ui.address import SHORT_NAMES, read_settings, write_settings
from ui.canvas_payload import read_strokes
from ui.live.asking import plain_number, whole_number
from ui.live.explained.question import SECTIONS, read_question
from ui.live.routes import live_routes
from ui.race.address import read_lanes, write_lanes
from ui.race.differs import DIFFERENCES, choices_of
from ui.speeds import SPEEDS
from ui.state import RaceSetup

Query = dict[str, str]


def config_of(rng: Random) -> TrainingConfig:
    """Make any settings that there can be."""
    return TrainingConfig(
        dataset=rng.choice(list(DATASETS)),
        network=rng.choice(NETWORKS),
        learning_rate=min(max(10 ** rng.uniform(-6, 2), limits.MIN_LEARNING_RATE), 100.0),
        batch_size=rng.randint(1, limits.MAX_SAMPLES),
        epochs=rng.randint(1, limits.MAX_EPOCHS),
        seed=rng.randint(0, limits.MAX_SEED),
        init=rng.choice([name for name in INITIAL_WEIGHTS if name != "trained"]),
        l2=rng.choice((0.0, rng.random(), 10 ** rng.uniform(-300, 0))),
        momentum=rng.choice((0.0, rng.uniform(0, limits.MAX_MOMENTUM))),
        hidden_units=rng.randint(1, limits.MAX_HIDDEN_UNITS),
        activation=rng.choice(ACTIVATIONS),
        bias=rng.choice(BIASES),
        gradient=rng.choice(("exact", "separate-layers", "diagonal", "true-class+one-bias")),
        reduction=rng.choice(("mean", "sum")),
        pixels=rng.choice(PIXELS),
        order=rng.choice(ORDERS),
        n_train=rng.choice((0, rng.randint(limits.MIN_TRAIN_SAMPLES, limits.MAX_SAMPLES))),
    )


def come_back(given: tuple[TrainingConfig, str]) -> None:
    """Write settings into an address, read them as a browser hands them on."""
    config, speed = given
    typed = dict(parse_qsl(urlencode(write_settings(config, speed))))
    assert read_settings(typed) == (config, speed, [])


def test_ten_thousand_settings_come_back_from_their_address() -> None:
    assert not hold(lambda rng: (config_of(rng), rng.choice(list(SPEEDS))), come_back)


def lanes_come_back(setup: RaceSetup) -> None:
    assert read_lanes(write_lanes(setup), setup.base) == (setup.field, setup.values)


def lanes_of(rng: Random, choices: dict[str, list[Any]], base: TrainingConfig) -> RaceSetup:
    field = rng.choice(DIFFERENCES)
    offered = choices[field]
    n_lanes = rng.randint(2, min(limits.MAX_LANES, len(offered)))
    places = sorted(rng.sample(range(len(offered)), n_lanes))
    return RaceSetup(base, field, tuple(offered[i] for i in places))


def test_ten_thousand_races_come_back_from_their_address() -> None:
    base = TrainingConfig(epochs=3)
    choices = {field: choices_of(field, base) for field in DIFFERENCES}
    assert not hold(lambda rng: lanes_of(rng, choices, base), lanes_come_back)


def address_of(rng: Random) -> Query:
    """Make an address of which one or two values, or a name, are spoilt."""
    query = write_settings(config_of(rng), rng.choice(list(SPEEDS))) | {"v": "1"}
    for _ in range(rng.choice((1, 1, 2))):
        name = rng.choice([*SHORT_NAMES, "speed", "v"])
        query[name] = spoilt_text(rng, [query.get(name, "0.5"), "1", "mnist-5k"])
    if rng.random() < 0.2:
        query[spoilt_text(rng, ["lr", "batch"])] = "x"
    return query


def is_settings(query: Query) -> None:
    config, speed, notices = read_settings(query)
    assert isinstance(config, TrainingConfig)
    assert speed in SPEEDS
    assert len(notices) <= 1
    for notice in notices:
        assert_clear(notice, "")


def test_ten_thousand_spoilt_addresses() -> None:
    hold(address_of, is_settings)


def test_ten_thousand_spoilt_races() -> None:
    base = TrainingConfig(epochs=3)
    sound = ["lr:0.1,0.5", "batch:8,64,512", "network:softmax,mlp", "examples:100,0"]

    def is_race(text: str) -> None:
        found = read_lanes({"race": text}, base)
        if found is not None:
            field, values = found
            assert field in DIFFERENCES
            assert 2 <= len(set(values)) == len(values) <= limits.MAX_LANES
            assert all(replace(base, **{field: value}) for value in values)

    hold(lambda rng: spoilt_text(rng, [*sound, *list(LANES.values())[:10]]), is_race)


def number_is_plain(text: str) -> None:
    """Hold the routes' numbers to Python's own, and to plain digits."""
    whole, number = whole_number(text), plain_number(text)
    assert -1 <= whole < 10**15
    if whole >= 0:
        assert text.isascii()
        assert int(text) == whole
    if number is not None:
        assert text.isascii()
        assert float(text) == number
        assert abs(number) < 1e109


def test_ten_thousand_spoilt_numbers() -> None:
    hold(
        lambda rng: spoilt_text(rng, ["0", "17", "-1.5", "1e3", "999999999999999"]), number_is_plain
    )


def question_of(rng: Random) -> Query:
    query = {"section": rng.choice(SECTIONS), "k": "1", "a": "2", "b": "3", "down": "0.5"}
    name = rng.choice([*query, "right", "scale", "thickness", "tilt", "invert"])
    query[name] = spoilt_text(rng, [query.get(name, "1.5"), "-3", "100", "1e9"])
    return query


def is_question(query: Query) -> None:
    question = read_question(query)
    assert question.section in SECTIONS
    assert all(k is None or 0 <= k < 1_000 for k in (question.k, question.a, question.b))
    question.nudge.check()


def test_ten_thousand_spoilt_questions() -> None:
    assert hold(question_of, is_question, kept=False) > CASES / 10


def strokes_of(rng: Random) -> Any:
    """Make what a canvas's strokes could be, as a reader of JSON makes it of a spoilt text."""
    sound = ['{"version": "6", "objects": [{"type": "Path", "left": 1.5, "path": [["M", 1, 2]]}]}']
    while True:
        text = spoilt_text(rng, sound)
        try:
            return json.loads(text.replace("1.5", rng.choice(("NaN", "1e999", "[]", "{}", "1"))))
        except ValueError:
            sound = [*sound, '{"objects": []}', '[{"objects": {}}]', "1.5"]


def can_be_shown(data: object) -> None:
    strokes = read_strokes(data)
    if strokes is not None:
        assert json.loads(json.dumps(strokes, allow_nan=False)) == strokes


def test_ten_thousand_spoilt_strokes() -> None:
    assert hold(strokes_of, can_be_shown) > CASES / 10


def line_of(rng: Random) -> list[str]:
    """Make a command line of which one word is spoilt."""
    sound = ["--learning-rate", "0.1", "--batch-size", "64", "--network", "mlp", "--seed", "3"]
    odd = [word for line in OPTIONS.values() for word in line.words if len(word) < 200]
    at = rng.randrange(len(sound))
    sound[at] = spoilt_text(rng, [sound[at], *odd])
    return [word for word in sound if word not in ("--help", "-h")]


def is_run(words: list[str]) -> None:
    """Read a line as ``train`` does before it trains; click may refuse it by itself."""
    try:
        # Within the whole terminal, as always: click keeps a command's help as it is first asked.
        parent = click.Context(cli, **cli.context_settings)
        context = train_run.make_context("train", list(words), parent=parent)
    except click.ClickException:
        return
    with context:
        files = ("save", "save_npy", "report", "figure")
        settings = {name: value for name, value in context.params.items() if name not in files}
        _recipe, config = take_recipe(settings)
    assert config.learning_rate <= limits.MAX_LEARNING_RATE


def test_ten_thousand_spoilt_command_lines() -> None:
    hold(line_of, is_run, kept=False)


@pytest.mark.long
@pytest.mark.timeout(3_600)
def test_a_hundred_thousand_other_command_lines_each_time() -> None:
    hold(line_of, is_run, kept=False, cases=100_000, repeatable=False)


ENDPOINTS: dict[str, Callable[..., Any]] = {
    route.path.removeprefix("/lab/"): route.endpoint
    for route in live_routes()
    # No worker is to be kept busy, and no file is to be made.
    if not {"film", "batch", "accuracy", "picture", "static"} & set(route.path.split("/"))
}


def test_ten_thousand_spoilt_requests_leave_the_run_as_it_was() -> None:
    engine = shared_engine()
    session = at_rest(engine.open(TrainingConfig("digits")))
    sound = sorted({str(value) for asked in REFUSED.values() for value in asked.query.values()})
    params, config = session.state.params, session.config

    def request_of(rng: Random) -> tuple[str, bytes, bytes]:
        names = rng.sample(("i", "s", "v", "g", "n", "cell", "section", "down"), 3)
        query = {name: spoilt_text(rng, sound)[:1_500] for name in names}
        text = "&".join(f"{n}={quote(v, errors='replace')}" for n, v in query.items())
        body = bytes(rng.choice((0, 1, 63, 3_135, 3_137)))
        return rng.choice(sorted(ENDPOINTS)), f"t={session.token}&{text}".encode(), body

    def is_answered(asked: tuple[str, bytes, bytes], run: Callable[..., Response]) -> None:
        name, query, body = asked

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        scope = {"type": "http", "headers": [], "query_string": query}
        response = run(ENDPOINTS[name](Request(scope, receive)))
        assert response.status_code in (200, 202, 204, 400, 409, 410)

    with one_loop() as run:
        hold(request_of, partial(is_answered, run=run))
    # Looking at a step and at a picture is what some of them rightly did.
    assert session.state.params is params
    assert session.config is config
    assert (session.drawing, session.edits, session.state.step) == (None, (), 0)


@pytest.mark.long
@pytest.mark.timeout(3_600)
def test_two_hundred_thousand_other_addresses_each_time() -> None:
    hold(address_of, is_settings, cases=200_000, repeatable=False)
