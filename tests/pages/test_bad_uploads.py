"""Files on the page that are no runs and no weights: a sentence each, and the run is as it was."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from softmax_core import limits
from softmax_core.errors import UserError
from softmax_core.service import Session, shared_engine
from softmax_core.training import Taught, TrainingConfig
from tests.digest import digest
from tests.pages.opening import at_rest, lab, session_of
from tests.persist_zoo import ZOO
from tests.waiting import wait_for
from tests.zoo.case import Case, assert_clear
from tests.zoo.uploads import all_uploads, of_digits, run
from tests.zoo.weights import GOOD_B, GOOD_W
from ui.files import _loaded
from ui.state import Upload

CASES = all_uploads() | {
    f"a run: {name}": Case([("run.npz", data)], code, words)
    for name, (data, code, words) in ZOO.items()
}


def eventful() -> Session:
    """Return a run of the small digits that something has happened to, at rest."""
    engine = shared_engine()
    taught = (Taught(3, bytes(range(64))),)
    session = engine.open(TrainingConfig("digits", momentum=0.5, taught=taught))
    engine.steps(session, 5)
    wait_for(lambda: session.state.step == 5 and not session.in_flight)
    wait_for(lambda: session.evaluation is not None and session.evaluation.step == 5)
    engine.keep_run(session, "mine")
    return session


def test_the_files_that_all_are_made_from_are_loaded() -> None:
    for files in ([("run.npz", run())], [("W.npy", GOOD_W), ("b.npy", GOOD_B)]):
        session = eventful()
        before = digest(session)
        assert _loaded(session, [Upload(*file) for file in files])
        assert digest(session) != before


def test_none_of_them_is_loaded_and_nothing_changes() -> None:
    session = eventful()
    before = digest(session)
    for name, case in CASES.items():
        with pytest.raises(UserError) as refusal:
            _loaded(session, [Upload(*file) for file in case.data])
        assert refusal.value.code == case.code, name
        assert_clear(refusal.value.text, case.words)
        assert digest(session) == before, name


@pytest.mark.parametrize(
    "name",
    ["a run: a bomb", "a run: NaN", "W.npy: objects", "nine files", "a folder of the server's"],
)
def test_on_the_page_it_is_one_sentence(name: str) -> None:
    page = lab(data="digits")
    session = at_rest(session_of(page))
    before = digest(session)
    text = dropped(page, CASES[name].data)
    assert_clear(text, CASES[name].words)
    assert digest(session) == before


def dropped(page: AppTest, files: list[tuple[str, bytes]]) -> str:
    """Drop files on the page; return the one thing it says of them."""
    with_kinds = [(*file, "application/octet-stream") for file in files]
    page.file_uploader(key="upload").set_value(with_kinds).run()
    assert not page.exception
    (said,) = [element.value for element in page.warning]
    return str(said)


def test_of_a_file_that_is_too_large_no_more_is_read_than_tells_so() -> None:
    page = lab(data="digits")
    large = [("run.npz", of_digits({}) + bytes(4 * 2**20))]
    assert f"{limits.MAX_RUN_BYTES + 1:,} bytes" in dropped(page, large)
