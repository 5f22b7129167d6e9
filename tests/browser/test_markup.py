"""Markup in every field that takes text, in real Chromium: it is shown or refused, and never runs.

The page's policy is switched off here: it is the second layer, and this is about the first.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Browser, Dialog, FilePayload, Page, Route, expect

from softmax_core.npz import write_archive
from softmax_core.run_meta import write_meta
from softmax_core.training import TrainingConfig
from softmax_core.training.start import first_state
from tests.browser.lab import Lab
from tests.browser.payloads import EVIL, in_turn, payloads
from tests.serve import App
from ui.address import SHORT_NAMES

pytestmark = pytest.mark.browser
FIELDS = (*SHORT_NAMES, "speed", "race")
# Notes every node that runs something and every handler in an attribute, in shadow roots too.
_WATCH = """
window.found = [];
const bad = "script, iframe, object, embed, base, form";
const own = (node) => node.matches("script") && (node.src
  ? new URL(node.src).origin === location.origin : node.textContent.includes("prerenderReady"));
const look = (root) => {
  for (const node of root.querySelectorAll("*")) {
    if (node.matches(bad) && !own(node))
      window.found.push(node.outerHTML.slice(0, 200));
    for (const { name, value } of node.attributes) {
      // What is typed, a placeholder and a label are words, whatever they say.
      const words = ["value", "placeholder", "aria-label", "title"].includes(name);
      if (name.startsWith("on") || (!words && /^\\s*javascript:/i.test(value)))
        window.found.push(node.outerHTML.slice(0, 200));
    }
    if (node.shadowRoot) look(node.shadowRoot);
  }
};
window.lookForMarkup = () => { look(document); return window.found; };
"""


class Trap:
    """A page without a policy, and what happened on it."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self._url = page, url
        self.dialogs: list[str] = []
        self.asked: list[str] = []
        page.set_default_timeout(20_000)
        page.add_init_script(_WATCH)
        page.on("dialog", self._shut)
        page.route(lambda address: urlsplit(address).hostname == EVIL, self._note)

    def open(self, query: str) -> Lab:
        """Open the Lab."""
        self.page.goto(f"{self._url}/?{query}")
        # This browser has kept nothing of earlier tests: all that Streamlit sends comes anew.
        self.page.get_by_test_id("live").wait_for(timeout=60_000)
        return Lab(self.page)

    def check(self) -> None:
        """Fail when anything has run, was loaded, or stands ready to."""
        assert not self.page.evaluate("window.lookForMarkup()")
        assert (self.dialogs, self.asked) == ([], [])

    def _shut(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def _note(self, route: Route) -> None:
        self.asked.append(route.request.url)
        route.abort()


@pytest.fixture
def trap(browser: Browser, app: App) -> Iterator[Trap]:
    context = browser.new_context(bypass_csp=True)
    yield Trap(context.new_page(), app.url)
    context.close()


def _queries(values: list[str]) -> Iterator[str]:
    """Put one value into each field in turn, as many at once as an address may hold."""
    query: list[str] = []
    for i, value in enumerate(values):
        part = f"{FIELDS[i % len(FIELDS)]}={quote(value)}"
        if len("&".join([*query, part])) > 1900 or len(query) == len(FIELDS):
            yield "&".join(query)
            query = []
        query.append(part)
    yield "&".join(query)


def _files(names: list[str]) -> list[FilePayload]:
    return [
        {"name": name + ".npz", "mimeType": "application/zip", "buffer": b"PK"} for name in names
    ]


def _run_of(dataset: str) -> FilePayload:
    """Return a saved run whose data set is called so."""
    config = TrainingConfig()
    state = first_state(config, 784, 10)
    meta = json.loads(write_meta(config, state))
    meta["config"]["dataset"] = dataset
    arrays = {f"params/{name}": array for name, array in state.params.items()}
    data = write_archive(json.dumps(meta).encode(), arrays)
    return {"name": "run.npz", "mimeType": "application/zip", "buffer": data}


def test_markup_in_every_field_runs_nowhere(trap: Trap) -> None:
    for query in _queries(payloads()[:24]):
        trap.open(query)
        trap.check()
    lab = trap.open("")
    _name_kept_runs(lab, [*in_turn(2), "blanks around and  in "])
    trap.check()
    _upload(lab, in_turn(6, 20))
    trap.check()
    lab.page.evaluate("document.body.append(document.createElement('iframe'))")
    with pytest.raises(AssertionError, match="iframe"):
        trap.check()


@pytest.mark.long
@pytest.mark.timeout(1500)
def test_all_markup_in_every_field_runs_nowhere(trap: Trap) -> None:
    for start in range(len(FIELDS)):  # every payload comes to every field
        for query in _queries(in_turn(150, start)):
            trap.open(query)
            trap.check()
    lab = trap.open("")
    for start in range(0, 150, 3):
        _name_kept_runs(lab, in_turn(3, start))
        trap.check()


def _name_kept_runs(lab: Lab, names: list[str]) -> None:
    """Keep runs until there are so many, and call each of them so."""
    page = lab.page
    if page.get_by_text("Kept runs").count() == 0:
        for kept in range(len(names)):
            lab.press("Step")
            lab.wait_for_step(kept + 1)
            lab.wait_until("idle")
            page.get_by_test_id("keep").focus()
            page.keyboard.press("Enter")
            expect(page.get_by_text(f"Kept runs ({kept + 1})")).to_be_visible()
        page.get_by_text("Kept runs").click()
    for place, name in enumerate(names):
        field = page.get_by_role("textbox", name="Name on the chart").nth(place)
        field.fill(name[:24])
        field.press("Enter")
        expect(field).to_have_value(" ".join(name[:24].split()))


def _upload(lab: Lab, names: list[str]) -> None:
    """Drop files of these names, and what is no run."""
    page = lab.page
    page.keyboard.press("Escape")
    page.get_by_text("Save and load").click()
    uploader = page.locator("input[type=file]")
    uploader.set_input_files(_files(names))
    expect(page.get_by_text("Nothing was changed").first).to_be_visible()
    uploader.set_input_files(_run_of(names[0]))
    expect(page.get_by_text("is not open here")).to_be_visible()
