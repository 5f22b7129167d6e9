"""Command lines that cannot be followed: one sentence, code 2, and no file is changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.persist_zoo import META, run_file
from tests.terminal.calls import Call, assert_refused
from tests.zoo.case import assert_clear
from tests.zoo.options import OPTIONS
from tests.zoo.pictures import PICTURES
from tests.zoo.uploads import run


def sentence(text: str) -> str:
    return text.removeprefix("Error: ").strip()


@pytest.mark.parametrize("name", OPTIONS)
def test_each_is_refused_before_anything_is_done(call: Call, tmp_path: Path, name: str) -> None:
    words, said = OPTIONS[name]
    answer = call(*(word.replace("{folder}", str(tmp_path)) for word in words))
    assert answer.out == ""
    assert_refused(answer)
    # Paths are the user's own here: a terminal may repeat them.
    text = sentence(answer.err).replace(str(tmp_path), "FOLDER")
    assert_clear(text, said.replace("{folder}", "FOLDER"), kept=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "dataset", ["folder:~nobody-here/x", "folder:" + "x" * 600, "<img src=x>", "../../etc", ""]
)
def test_a_data_set_that_a_strangers_run_names(call: Call, tmp_path: Path, dataset: str) -> None:
    path = tmp_path / "run.npz"
    path.write_bytes(run(dataset=dataset))
    answer = call("evaluate", path)
    assert_refused(answer)
    assert "Traceback" not in answer.err
    assert path.read_bytes() == run(dataset=dataset)


def test_every_picture_of_the_zoo_in_one_command(
    call: Call, saved_run: Path, tmp_path: Path
) -> None:
    paths = {name: tmp_path / f"{name}.png" for name in PICTURES}
    for name, path in paths.items():
        path.write_bytes(PICTURES[name].data)
    answer = call("predict", saved_run, *paths.values())
    assert (answer.code, answer.out) == (2, "")
    lines = answer.err.splitlines()
    for (name, path), line in zip(paths.items(), lines, strict=True):
        assert_clear(sentence(line).removeprefix(f"{path}: "), PICTURES[name].words)
        assert path.read_bytes() == PICTURES[name].data


def test_a_run_of_a_few_pixels_reads_no_picture_it_cannot(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    path.write_bytes(run_file(META))
    answer = call("predict", path, tmp_path / "none.png")
    assert_refused(answer, "No such file")
