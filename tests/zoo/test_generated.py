"""Ten thousand spoilt inputs for each parser of bytes: it reads them or refuses in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.zoo.mutants import CASES, hold
from tests.zoo.parsers import parsers

NAMES = (
    *("images", "labels", "folder", "picture", "canvas"),
    *("run", "W.npy", "b.npy", "settings of a run"),
)


def test_every_parser_of_bytes_is_here(tmp_path: Path) -> None:
    assert tuple(parsers(tmp_path)) == NAMES


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("name", NAMES)
def test_ten_thousand_spoilt_inputs(tmp_path: Path, name: str) -> None:
    make, read = parsers(tmp_path)[name]
    assert hold(make, read) > CASES / 4  # most of them are spoilt indeed


@pytest.mark.long
@pytest.mark.timeout(3_600)
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("name", NAMES)
def test_two_hundred_thousand_others_each_time(tmp_path: Path, name: str) -> None:
    make, read = parsers(tmp_path)[name]
    hold(make, read, cases=200_000, repeatable=False)
