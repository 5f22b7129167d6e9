"""What is taken home: plain file names, and tables in which no text is a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from softmax_core.data.store import open_dataset
from tests.pages.opening import at_rest, go_to, lab, session_of
from ui.live.judging import judged_now
from ui.mistakes import saving

NAME = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], Any]]:
    """The downloads on the page by their files' names."""
    found: dict[str, Callable[[], Any]] = {}

    def download_button(_label: str, content: Any, file_name: str, **_: object) -> None:
        found[file_name] = content

    monkeypatch.setattr("streamlit.download_button", download_button)
    return found


def test_files_of_the_pages_have_plain_names(offered: dict[str, Callable[[], Any]]) -> None:
    page = lab(data="digits")
    for name in ("mistakes", "race", "recipes", "why"):
        go_to(page, name)
    assert {"run.npz", "W.npy", "history.csv", "confusion.csv", "race.svg"} <= offered.keys()
    assert all(NAME.fullmatch(name) for name in offered)


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r"])
def test_a_class_whose_name_is_a_formula_is_text_in_the_table(
    first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = at_rest(session_of(lab(data="digits")))
    info = open_dataset("digits").info
    evil = (f'{first}HYPERLINK("http://example.org")', *info.class_names[1:])
    judged = judged_now(session, 60)
    monkeypatch.setattr(saving, "judged_now", lambda *_: judged)
    own = SimpleNamespace(info=replace(info, class_names=evil))
    monkeypatch.setattr(saving, "open_dataset", lambda _name: own)
    rows = list(csv.reader(io.StringIO(saving.matrix_csv(session).decode(), newline="")))
    cells = [cell for row in rows for cell in row]
    assert f"'{evil[0]}" in cells
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)
    assert [row[1:] for row in rows[1:]] == [
        [str(count) for count in row] for row in judged.confusion.counts.tolist()
    ]
