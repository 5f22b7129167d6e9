"""``predict``: pictures of digits on any paper, and the same answer as the page's canvas."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from softmax_core.data.dataset import Dataset
from softmax_core.data.ink import canvas_to_ink, ink_to_digit
from softmax_core.data.store import open_dataset
from softmax_core.explain import read_digit
from softmax_core.limits import CANVAS_SIDE
from softmax_core.nn import softmax_network
from softmax_core.persist import read_run, write_run
from softmax_core.training import TrainingConfig, first_state
from tests.persist_zoo import run_file
from tests.terminal.calls import Call, assert_refused


def answers(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def stroke(side: int = CANVAS_SIDE, shift: int = 0) -> Image.Image:
    """A one, as drawn on the canvas: black on white."""
    picture, unit = Image.new("L", (side * 3, side * 3), 255), side * 3 / 280
    draw: Any = ImageDraw.Draw(picture)
    points = [(x * unit, y * unit) for x, y in ((130 + shift, 70), (145 + shift, 210))]
    draw.line(points, fill=0, width=round(20 * unit))
    return picture.resize((side, side), Image.Resampling.BOX)


def on_transparent(picture: Image.Image, ink: int) -> Image.Image:
    alpha = 255 - np.asarray(picture)
    return Image.fromarray(np.dstack([np.full_like(alpha, ink)] * 3 + [alpha]))


@pytest.fixture(scope="module")
def digits(cache_folder: Path) -> Dataset:
    return open_dataset("mnist-5k")


@pytest.fixture
def held_out(digits: Dataset, tmp_path: Path) -> list[tuple[Path, int]]:
    """Forty held-out digits as enlarged PNG files, dark on light."""
    files = []
    for i in range(0, 1000, 25):
        small = Image.fromarray(255 - np.asarray(digits.test_images[i]).reshape(28, 28))
        path = tmp_path / f"{i}.png"
        small.resize((280, 280), Image.Resampling.BICUBIC).save(path)
        files.append((path, int(digits.test_labels[i])))
    return files


def test_most_held_out_digits_in_picture_files_are_read_right(
    call: Call, saved_run: Path, held_out: list[tuple[Path, int]]
) -> None:
    answer = call("predict", saved_run, *(path for path, _ in held_out), "--json")
    assert (answer.code, answer.err) == (0, "")
    lines = answers(answer.out)
    assert [line["file"] for line in lines] == [str(path) for path, _ in held_out]
    right = [line["prediction"] == label for line, (_, label) in zip(lines, held_out, strict=True)]
    assert np.mean(right) >= 0.8


def test_json_has_the_class_number_and_probabilities_that_sum_to_one(
    call: Call, saved_run: Path, tmp_path: Path
) -> None:
    stroke().save(tmp_path / "one.png")
    (line,) = answers(call("predict", saved_run, tmp_path / "one.png", "--json").out)
    assert list(line) == ["file", "prediction", "probabilities"]
    assert line["prediction"] == 1
    assert type(line["prediction"]) is int
    assert len(line["probabilities"]) == 10
    assert sum(line["probabilities"]) == pytest.approx(1, abs=1e-6)
    assert max(line["probabilities"]) == line["probabilities"][1]


def test_without_json_a_line_says_the_digit_and_how_sure_it_is(
    call: Call, saved_run: Path, tmp_path: Path
) -> None:
    path = tmp_path / "one.png"
    stroke().save(path)
    (line,) = answers(call("predict", saved_run, path, "--json").out)
    percent = f"{100 * line['probabilities'][1]:.1f} %"
    assert call("predict", saved_run, path).out == f"{path}: 1 ({percent})\n"


WAYS: dict[str, Callable[[Image.Image, Path], None]] = {
    "light on dark": lambda one, path: Image.eval(one, lambda v: 255 - v).save(path, "PNG"),
    "grey on grey": lambda one, path: Image.eval(one, lambda v: 90 + v // 3).save(path, "PNG"),
    "a JPEG picture": lambda one, path: one.save(path, "JPEG", quality=90),
    "in colour": lambda one, path: one.convert("RGB").save(path, "PNG"),
    "black on transparent": lambda one, path: on_transparent(one, 0).save(path, "PNG"),
    "white on transparent": lambda one, path: on_transparent(one, 255).save(path, "PNG"),
    "of another size": lambda _, path: stroke(431).save(path, "PNG"),
    "elsewhere on the paper": lambda _, path: stroke(shift=60).save(path, "PNG"),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_same_stroke_is_the_same_digit_whatever_the_paper(
    call: Call, saved_run: Path, tmp_path: Path, way: str
) -> None:
    plain, other = tmp_path / "plain.png", tmp_path / "other"
    stroke().save(plain)
    WAYS[way](stroke(), other)
    first, second = answers(call("predict", saved_run, plain, other, "--json").out)
    assert (first["prediction"], second["prediction"]) == (1, 1)
    np.testing.assert_allclose(first["probabilities"], second["probabilities"], atol=0.06)


@pytest.mark.parametrize("transparent", [False, True])
def test_a_canvas_is_read_as_the_page_reads_it_bit_for_bit(
    call: Call, saved_run: Path, tmp_path: Path, transparent: bool
) -> None:
    path = tmp_path / "canvas.png"
    picture = on_transparent(stroke(), 0) if transparent else stroke().convert("RGBA")
    picture.save(path)
    digit = ink_to_digit(canvas_to_ink(np.asarray(picture)))
    assert digit is not None
    params = read_run(saved_run.read_bytes()).state.params
    expected = read_digit(softmax_network(784, 10), params, digit).probabilities
    (line,) = answers(call("predict", saved_run, path, "--json").out)
    assert np.float32(line["probabilities"]).tobytes() == expected.tobytes()


def test_classes_with_names_are_numbers_with_a_name_beside(call: Call, tmp_path: Path) -> None:
    config = TrainingConfig(dataset="fashion-mnist", init="zero")
    state = first_state(config, 784, 10)
    state.params["b"][9] = 1
    run, picture = tmp_path / "run.npz", tmp_path / "boot.png"
    run.write_bytes(write_run(config, state))
    stroke().save(picture)
    (line,) = answers(call("predict", run, picture, "--json").out)
    assert (line["prediction"], line["name"]) == (9, "Ankle boot")
    assert call("predict", run, picture).out == f"{picture}: Ankle boot (23.2 %)\n"


def test_a_run_on_8_by_8_pictures_reads_the_same_files(call: Call, tmp_path: Path) -> None:
    run, picture = tmp_path / "run.npz", tmp_path / "one.png"
    assert call("train", "--dataset", "digits", "--epochs", 20, "--save", run).code == 0
    stroke().save(picture)
    (line,) = answers(call("predict", run, picture, "--json").out)
    assert line["prediction"] == 1


def test_bad_pictures_among_good_ones_get_a_sentence_each_and_the_code_is_2(
    call: Call, saved_run: Path, tmp_path: Path
) -> None:
    good, last = tmp_path / "good.png", tmp_path / "last.png"
    stroke().save(good)
    stroke().save(last)
    blank, broken, words = tmp_path / "blank.png", tmp_path / "broken.png", tmp_path / "words.png"
    Image.new("L", (280, 280), 255).save(blank)
    broken.write_bytes(good.read_bytes()[:200])
    words.write_text("no picture")
    missing = tmp_path / "missing.png"
    bad = (blank, broken, words, missing, tmp_path)
    answer = call("predict", saved_run, good, *bad, last, "--json")
    assert answer.code == 2
    assert [line["file"] for line in answers(answer.out)] == [str(good), str(last)]
    sentences = answer.err.splitlines()
    assert len(sentences) == len(bad)
    for sentence, path, part in zip(
        sentences,
        bad,
        ("blank", "damaged", "not a picture", "No such file", "directory"),
        strict=True,
    ):
        assert sentence.startswith(f"Error: {path}: ")
        assert part in sentence


def test_control_characters_in_a_name_do_not_reach_the_terminal(
    call: Call, saved_run: Path, tmp_path: Path
) -> None:
    answer = call("predict", saved_run, tmp_path / "\x1b[2Jmissing.png")
    assert_refused(answer, "?[2Jmissing.png")
    assert "\x1b" not in answer.err


@pytest.mark.parametrize(
    ("content", "part"),
    [(b"", "is empty"), (b"PK\x03\x04", "cut short"), (bytes(2**21 + 1), "at most 2,097,152")],
)
def test_a_file_that_is_no_run_is_refused(
    call: Call, tmp_path: Path, content: bytes, part: str
) -> None:
    run = tmp_path / "run.npz"
    run.write_bytes(content)
    assert_refused(call("predict", run, tmp_path / "any.png"), part)


def test_a_run_without_a_picture_or_a_missing_run_is_refused(
    call: Call, saved_run: Path, tmp_path: Path
) -> None:
    assert_refused(call("predict", saved_run), "Missing argument", "PICTURES")
    assert_refused(call("predict", tmp_path / "no.npz", saved_run), "no.npz", "does not exist")


def test_a_run_on_pictures_that_are_not_square_is_refused(call: Call, tmp_path: Path) -> None:
    run, picture = tmp_path / "run.npz", tmp_path / "one.png"
    stroke().save(picture)
    run.write_bytes(run_file(W=np.zeros((6, 3), np.float32)))
    assert_refused(call("predict", run, picture), "6 pixels that are not square")


def test_a_run_that_only_says_it_is_of_a_known_data_set_is_read_by_its_own_size(
    call: Call, tmp_path: Path
) -> None:
    # 4 pixels and 3 classes, though its settings say "digits".
    run, picture = tmp_path / "run.npz", tmp_path / "one.png"
    stroke().save(picture)
    run.write_bytes(run_file())
    (line,) = answers(call("predict", run, picture, "--json").out)
    assert len(line["probabilities"]) == 3
