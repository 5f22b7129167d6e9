"""One student of a simulated class with a real Chromium, in a thread of its own."""

from __future__ import annotations

import threading
import time
from typing import Final

from playwright.sync_api import Error, Page, expect

from benchmarks.classroom_notes import Notes
from benchmarks.lab import open_page
from benchmarks.watch import Watch
from tests.browser.lab import Lab

PATIENCE: Final = 20_000.0  # ms; software has to draw the page while all cores are busy
QUIET: Final = 100.0  # ms without a change until a click's effect is taken to be complete
_LOOKS: Final = 3.0  # seconds between two clicks


class BrowserPupil(threading.Thread):
    """Opens the Lab, trains, and presses Pause and Train now and then.

    Parameters
    ----------
    address : str
        Of the app, with the settings.
    """

    def __init__(self, address: str) -> None:
        super().__init__(name="chromium", daemon=True)
        self.notes = Notes()
        self.trains, self._ends = threading.Event(), threading.Event()
        self._address = address

    def leave(self) -> None:
        """Close the page and wait until that is done."""
        self._ends.set()
        self.join()

    def run(self) -> None:
        """Use the page until it is time to leave."""
        try:
            with open_page() as page:
                self._open(page)
                while not self._ends.is_set():
                    self._look(page)
                page.close()  # before the browser: so it tells the server
        except (AssertionError, Error) as error:
            self.notes.errors.append(f"Chromium: {str(error).partition(chr(10))[0]}")
        finally:
            self.trains.set()

    def _open(self, page: Page) -> None:
        began = time.perf_counter()
        page.goto(self._address)
        lab = Lab(page)
        self.notes.add("join", time.perf_counter() - began)
        lab.press("Train")
        expect(lab.live).to_have_attribute("data-status", "running", timeout=PATIENCE)
        self.trains.set()

    def _look(self, page: Page) -> None:
        """Count updates for a while, then pause and go on."""
        watch = Watch(page, "live", "data-step")
        self._ends.wait(_LOOKS)
        times = [change.milliseconds for change in watch.changes()]
        if len(times) > 1 and times[-1] > times[0]:
            self.notes.add("updates", 1e3 * (len(times) - 1) / (times[-1] - times[0]))
        for button, status in (("Pause", "idle"), ("Train", "running")):
            watch = Watch(page, "live", "data-status")
            page.get_by_role("button", name=button, exact=True).click()
            expect(page.get_by_test_id("live")).to_have_attribute(
                "data-status", status, timeout=PATIENCE
            )
            changes = watch.after_event(QUIET)
            # None where the page showed it before the click was noted: too quick to time.
            shown = next((change for change in changes if change.text == status), None)
            if shown is not None:
                self.notes.add("click", shown.milliseconds / 1e3)
