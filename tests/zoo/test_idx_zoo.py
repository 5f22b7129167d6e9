"""A folder that is no data set is refused with a sentence, and the run is as it was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from softmax_core.errors import UserError
from softmax_core.service import Engine, Session
from tests.digest import digest
from tests.zoo.case import Case, assert_clear
from tests.zoo.idx import AS_IMAGES, AS_LABELS, FOLDERS, write_four

Run = tuple[Engine, Session]


def assert_refused(eventful: Run, folder: Path, case: Case) -> None:
    """Choose the folder as the settings do, with a name that markup could hide in."""
    engine, session = eventful
    before = digest(session)
    config = replace(session.config, dataset=f"folder:{folder}", taught=())
    with pytest.raises(UserError) as refusal:
        engine.configure(session, config)
    assert refusal.value.code == case.code
    assert_clear(refusal.value.text, case.words)
    assert digest(session) == before


def test_the_folder_that_all_are_made_from_is_sound(eventful: Run, tmp_path: Path) -> None:
    engine, session = eventful
    name = f"folder:{write_four(tmp_path / 'own')}"
    other = engine.open(replace(session.config, dataset=name, taught=()))
    assert digest(other) != digest(session)
    engine.drop(other)


@pytest.mark.parametrize("name", AS_IMAGES)
def test_what_is_no_file_of_images(eventful: Run, tmp_path: Path, name: str) -> None:
    case = AS_IMAGES[name]
    assert_refused(eventful, write_four(tmp_path / "own", 0, case.data), case)


@pytest.mark.parametrize("name", AS_LABELS)
def test_what_is_no_file_of_labels(eventful: Run, tmp_path: Path, name: str) -> None:
    case = AS_LABELS[name]
    assert_refused(eventful, write_four(tmp_path / "own", 1, case.data), case)


@pytest.mark.parametrize("name", FOLDERS)
def test_what_is_no_folder_of_a_data_set(eventful: Run, tmp_path: Path, name: str) -> None:
    case = FOLDERS[name]
    assert_refused(eventful, case.data(tmp_path / "own"), case)
