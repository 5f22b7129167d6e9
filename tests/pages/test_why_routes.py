"""What the page Why? is told: numbers that add up, of the weights and the picture on screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from softmax_core.data.store import open_dataset
from softmax_core.explain import Nudge, erased, nudged_accuracy, predict_samples, swapped
from softmax_core.limits import INK_SIDE
from softmax_core.service import Engine, Session, Status, shared_engine
from softmax_core.training import TrainingConfig, TrainingState
from tests.pages.opening import at_rest
from tests.pages.route_calls import call
from tests.pages.why_calls import error_of, measured, why
from tests.waiting import wait_for
from ui.live import why_routes
from ui.live.explained.saved import PICTURES
from ui.live.reading import network_of

SOFTMAX = TrainingConfig(learning_rate=0.5)
NETWORKS = {
    "softmax": SOFTMAX,
    "relu": replace(SOFTMAX, network="relu-softmax", init="small-normal"),
    "hidden": replace(SOFTMAX, network="mlp", hidden_units=12, init="scaled"),
    "raw": replace(SOFTMAX, pixels="raw", learning_rate=0.0001),
}


def trained(config: TrainingConfig = SOFTMAX, steps: int = 40) -> Session:
    """Open a run, make some steps, and show it the 4 among the first test pictures."""
    session = shared_engine().open(config)
    shared_engine().steps(session, steps)
    wait_for(lambda: session.state.step >= steps and session.status is not Status.RUNNING)
    wait_for(lambda: session.evaluation is not None and session.evaluation.step == steps)
    labels = open_dataset(config.dataset).test_labels
    shared_engine().set_test_picture(session, int(np.flatnonzero(labels == 4)[0]))
    return session


def number(text: str) -> Decimal:
    return Decimal(text.split(" ")[0].replace("−", "-").replace("+", ""))


@pytest.mark.parametrize("name", NETWORKS)
def test_the_printed_parts_add_up_to_the_printed_logit_of_every_class(name: str) -> None:
    session = trained(NETWORKS[name])
    for k in range(10):
        answer = why(session, "evidence", k=k)
        *parts, total = map(number, answer["account"])
        assert sum(parts) == total == number(answer["logits"][k])
        assert answer["k"] == k
    assert answer["kind"] == {"softmax": "linear", "raw": "linear"}.get(name, name)
    table = answer["softmax"]
    for row, other in combinations(table["rows"], 2):
        if row["shifted"] == other["shifted"] and "→" in row["logit"] and "→" in other["logit"]:
            assert row["exponential"] == other["exponential"]
    assert sum(number(row["exponential"]) for row in table["rows"]) == number(table["total"])
    assert answer["pictures"].shape == (10, 784)
    assert np.abs(answer["pictures"]).max() == 127  # one scale for all, and its limit is reached


def test_the_pictures_are_the_weights_times_the_ink() -> None:
    session = trained()
    answer = why(session, "evidence")
    picture = session.test_picture
    assert picture is not None
    x = open_dataset(SOFTMAX.dataset).test_images[picture].astype(np.float64) / 255
    exact = session.state.params["W"].T.astype(np.float64) * x
    drawn = answer["pictures"] / 127 * answer["limit"]
    np.testing.assert_allclose(drawn, exact, atol=answer["limit"] / 250)
    logits = exact.sum(axis=1) + session.state.params["b"]
    assert answer["prediction"] == logits.argmax()
    assert [float(number(text)) for text in answer["logits"]] == pytest.approx(logits, abs=0.006)


def test_hidden_units_are_exact_and_the_approximation_says_what_it_misses() -> None:
    answer = why(trained(NETWORKS["hidden"]), "evidence", k=4)
    parts = [number(unit["part"]) for unit in answer["units"]]
    whole = sum(parts) + number(answer["units_rest"]) + number(answer["units_bias"])
    assert abs(whole - number(answer["account"][-1])) <= Decimal("0.04")  # each is rounded
    assert answer["unit_pictures"].shape == (len(parts), 784)
    assert answer["summary"].startswith("An approximation")


@pytest.mark.parametrize("name", NETWORKS)
def test_the_contrast_is_the_difference_of_the_logits(name: str) -> None:
    session = trained(NETWORKS[name])
    logits = [number(text) for text in why(session, "evidence")["logits"]]
    free = why(session, "contrast")
    order = sorted(range(10), key=lambda k: -logits[k])
    if name != "relu":
        assert {free["a"], free["b"]} == set(order[:2])
    answer = why(session, "contrast", a=4, b=9)
    assert (answer["a"], answer["b"]) == (4, 9)
    *parts, total = map(number, answer["account"])
    assert sum(parts) == total
    assert abs(total - (logits[4] - logits[9])) <= Decimal("0.02")
    assert answer["pictures"].shape == (2, 784)


@pytest.mark.parametrize("name", ["softmax", "relu", "raw"])
def test_the_smallest_change_is_read_as_the_other_class(name: str) -> None:
    session = trained(NETWORKS[name])
    present = why(session, "evidence")["prediction"]
    other = (present + 5) % 10
    change = why(session, "contrast", a=present, b=other)["change"]
    assert (change["present"], change["wanted"], change["prediction"]) == (present, other, other)
    assert "the nearest picture" in change["summary"].lower()
    back = why(session, "contrast", a=other, b=present)["change"]
    assert back["wanted"] == other  # the picture is read as b already, so a is sought


def test_a_hidden_layer_has_no_closed_form_and_the_page_says_so() -> None:
    answer = why(trained(NETWORKS["hidden"]), "contrast")
    assert answer["change"] is None
    assert "Choose softmax regression" in answer["no_change"]


def test_a_class_is_never_compared_with_itself() -> None:
    session = trained()
    for query in ({"a": 3, "b": 3}, {"a": 3}, {"b": 3}, {"a": 99, "b": 3}):
        answer = why(session, "contrast", **query)
        assert answer["a"] != answer["b"]
        assert 3 in (answer["a"], answer["b"])


def test_a_nudge_is_read_like_the_picture_it_makes() -> None:
    session = trained()
    answer = why(session, "nudge", down=2)
    before, after = answer["digits"].reshape(2, 28, 28)
    np.testing.assert_array_equal(after[2:], before[:-2])
    assert not after[:2].any()
    dataset = open_dataset(SOFTMAX.dataset)
    network = network_of(shared_engine().view(session), dataset)
    read = predict_samples(network, session.state.params, after.reshape(1, -1))
    assert answer["after"] == read[0]
    assert answer["probabilities"].sum(axis=1) == pytest.approx([1, 1], abs=1e-5)
    assert answer["is_nudged"]
    assert not why(session, "nudge")["is_nudged"]


def test_the_whole_test_set_is_nudged_by_a_worker_once_for_one_nudge(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = trained()
    asked: list[str] = []
    compute = Engine.compute

    def counted(engine: Engine, function: Callable[..., Any], *args: Any) -> object:
        asked.append(getattr(function, "__name__", ""))
        return compute(engine, function, *args)

    monkeypatch.setattr(Engine, "compute", counted)
    found = measured(session, down=2)
    again = measured(session, down=2)
    assert found == again
    assert asked == ["nudged_accuracy"]
    alone = nudged_accuracy(session.config, session.state.params, Nudge(down=2))
    assert (found["plain"], found["nudged"]) == (alone.plain, alone.nudged)
    assert session.evaluation is not None
    assert found["plain"] == session.evaluation.test_accuracy
    assert found["step"] == 40
    other = measured(session, down=1)
    assert other["nudged"] > found["nudged"]


def test_erasing_and_swapping_change_the_weights_and_undo_brings_them_back() -> None:
    session = trained()
    begun: TrainingState = session.state
    dataset = open_dataset(SOFTMAX.dataset)
    network = network_of(shared_engine().view(session), dataset)
    region = np.zeros(784, np.uint8)
    region[300:420] = 1
    assert call(why_routes.erase_weights, region.tobytes(), t=session.token, k=4).status_code == 204
    expected = erased(network, begun.params, 4, region > 0)
    np.testing.assert_array_equal(session.state.params["W"], expected["W"])
    wait_for(lambda: why(session, "operate")["accuracy"] is not None)
    answer = why(session, "operate", k=4)
    read = predict_samples(network, expected, dataset.test_images)
    assert answer["accuracy"] == pytest.approx(np.mean(read == dataset.test_labels))
    assert answer["untouched"] is not None
    assert answer["untouched"] > answer["accuracy"]
    assert (answer["edits"], answer["can_erase"]) == (1, True)
    assert not answer["pictures"][4, 300:420].any()

    assert call(why_routes.swap_classes, t=session.token, a=1, b=7).status_code == 204
    both = swapped(network, expected, 1, 7)
    np.testing.assert_array_equal(session.state.params["W"], both["W"])
    first = answer["untouched"]
    for left in (1, 0):
        assert call(why_routes.undo, t=session.token).status_code == 204
        assert why(session, "operate")["edits"] == left
    for name, array in begun.params.items():
        np.testing.assert_array_equal(session.state.params[name], array)
    wait_for(lambda: why(session, "operate")["accuracy"] == first)


def test_pixels_of_a_hidden_layer_are_not_erased_but_its_classes_can_be_swapped() -> None:
    session = trained(NETWORKS["hidden"])
    assert not why(session, "operate")["can_erase"]
    refused = call(why_routes.erase_weights, bytes(784), t=session.token, k=1)
    assert "one layer only" in error_of(refused)
    before = session.state.params["W2"].copy()
    assert call(why_routes.swap_classes, t=session.token, a=2, b=5).status_code == 204
    np.testing.assert_array_equal(session.state.params["W2"][:, 5], before[:, 2])


def test_older_weights_are_not_operated_on() -> None:
    session = trained()
    shared_engine().look_at(session, 0)
    answer = why(session, "operate")
    assert (answer["pinned"], answer["step"]) == (True, 0)
    refused = call(why_routes.swap_classes, t=session.token, a=1, b=2)
    assert "Follow the run" in error_of(refused)
    shared_engine().look_at(session, None)
    assert call(why_routes.swap_classes, t=session.token, a=1, b=2).status_code == 204


REFUSED: list[tuple[Any, bytes, dict[str, Any], str]] = [
    (why_routes.why, b"", {"section": "nothing"}, "no such section"),
    (why_routes.why, b"", {"section": "nudge", "down": "nan"}, "plain numbers"),
    (why_routes.why, b"", {"section": "nudge", "down": "1e309"}, "plain numbers"),
    (why_routes.why, b"", {"section": "nudge", "down": "65"}, "goes from -64 to 64"),
    (why_routes.why, b"", {"section": "nudge", "scale": "0"}, "goes from 0.25 to 4"),
    (why_routes.accuracy, b"", {"section": "nudge", "tilt": "x" * 99}, "plain numbers"),
    (why_routes.picture, b"", {"section": "nudge", "picture": "../x"}, "no such picture"),
    (why_routes.erase_weights, bytes(783), {"k": 1}, "784 bytes"),
    (why_routes.erase_weights, bytes(100_000), {"k": 1}, "784 bytes"),
    (why_routes.erase_weights, bytes(784), {"k": 10}, "0 to 9"),
    (why_routes.erase_weights, bytes(784), {"k": "٣"}, "0 to 9"),
    (why_routes.swap_classes, b"", {"a": 1, "b": 1}, "Two different classes"),
    (why_routes.swap_classes, b"", {"a": 1}, "0 to 9"),
]


def test_what_is_no_question_is_refused_with_a_sentence() -> None:
    session = at_rest(shared_engine().open(SOFTMAX))
    before = session.state.params
    for route, body, query, said in REFUSED:
        refused = call(route, body, t=session.token, **query)
        assert said in error_of(refused), (query, said)
        assert session.state.params is before


def test_a_run_that_is_gone_is_said_to_be() -> None:
    for route in (why_routes.why, why_routes.accuracy, why_routes.picture, why_routes.undo):
        assert call(route, t="0" * 32, section="evidence").status_code == 410
    for route in (why_routes.erase_weights, why_routes.swap_classes):
        assert call(route, t="0" * 32, a=1, b=2).status_code == 410


def test_weights_gone_astray_give_a_sentence_and_no_pictures() -> None:
    session = shared_engine().open(SOFTMAX)
    params = {name: np.full_like(a, 1e38) for name, a in session.state.params.items()}
    shared_engine().load(session, SOFTMAX, replace(session.state, params=params))
    for section in ("evidence", "contrast"):
        answer = why(session, section)
        assert "not a number" in answer["trouble"]
        assert answer["arrays"] == []
    assert why(session, "nudge")["trouble"] == ""
    assert why(session, "operate")["trouble"] == ""


def test_points_in_the_plane_are_not_explained() -> None:
    session = shared_engine().open(TrainingConfig(dataset="blobs"))
    refused = call(why_routes.why, t=session.token, section="evidence")
    assert "no strokes" in error_of(refused)


def test_without_a_drawing_the_first_test_picture_serves() -> None:
    session = shared_engine().open(SOFTMAX)
    answer = why(session, "nudge")
    dataset = open_dataset(SOFTMAX.dataset)
    assert answer["is_example"]
    assert (answer["test_picture"], answer["label"]) == (0, str(dataset.test_labels[0]))
    first = dataset.test_images[0]
    np.testing.assert_array_equal(why(session, "nudge")["digits"][0], first)
    assert session.test_picture is None  # the other pages are left alone
    ink = np.zeros((INK_SIDE, INK_SIDE), np.uint8)
    ink[10:46, 26:31] = 255
    shared_engine().set_drawing(session, ink)
    drawn = why(session, "nudge")
    assert not drawn["is_example"]
    assert (drawn["test_picture"], drawn["label"]) == (None, None)
    shared_engine().set_test_picture(session, 12)
    chosen = why(session, "nudge")
    assert (chosen["test_picture"], chosen["label"]) == (12, str(dataset.test_labels[12]))
    assert not chosen["is_example"]


@pytest.mark.parametrize("network", ["softmax", "hidden"])
def test_every_picture_can_be_kept(network: str) -> None:
    session = trained(NETWORKS[network], steps=5)
    for name in PICTURES:
        section = "contrast" if name == "change" else name
        query: dict[str, Any] = {"t": session.token, "section": section, "picture": name, "down": 2}
        response = call(why_routes.picture, **query)
        if (name, network) == ("change", "hidden"):
            assert "softmax regression" in error_of(response)
            continue
        disposition = response.headers["Content-Disposition"]
        assert disposition == f'attachment; filename="why-{name}.png"'
        assert response.media_type == "image/png"
        assert bytes(response.body).startswith(b"\x89PNG")
