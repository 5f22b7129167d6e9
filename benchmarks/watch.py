"""Times as the page itself has them: when something was done to it, and what changed after.

The benchmark's own process is too far away: its clicks and its looks take milliseconds.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from playwright.sync_api import Page

# A change is dated when the frame that shows it is drawn: the page's own drawing was asked
# for earlier than ours and so is done before.
_BEGIN: Final = """({ testId, attribute, event }) => {
  window.watched?.stop();
  const log = { began: null, changes: [] };
  const observer = new MutationObserver(() => {
    const text = document.querySelector(`[data-testid=${testId}]`)?.getAttribute(attribute);
    requestAnimationFrame(() => log.changes.push([performance.now(), text ?? ""]));
  });
  observer.observe(document.body,
    { subtree: true, attributes: true, attributeFilter: [attribute] });
  const began = ({ timeStamp }) => { log.began = timeStamp; };
  window.addEventListener(event, began, true);
  const stop = () => {
    observer.disconnect();
    window.removeEventListener(event, began, true);
  };
  window.watched = { log, stop };
}"""
_QUIET: Final = """quiet => {
  const { began, changes } = window.watched.log;
  const last = Math.max(began ?? Infinity, changes.at(-1)?.[0] ?? 0);
  return performance.now() - last > quiet;
}"""


class Change(NamedTuple):
    """A new value of the attribute."""

    milliseconds: float  # by the page's clock
    text: str


class Watch:
    """Watches one attribute of one element, and for one kind of event, from now on.

    Parameters
    ----------
    page : Page
    test_id, attribute : str
        Which element's, and which of its ``data-`` attributes.
    event : str
        The DOM event that begins the time, such as ``click``; the last one counts.
    """

    def __init__(self, page: Page, test_id: str, attribute: str, event: str = "click") -> None:
        self._page = page
        page.evaluate(_BEGIN, {"testId": test_id, "attribute": attribute, "event": event})

    def changes(self) -> list[Change]:
        """Return what has changed so far."""
        return [Change(*change) for change in self._log()["changes"]]

    def after_event(self, quiet: float) -> list[Change]:
        """Wait until nothing has changed for so many ms after the event; return all later changes.

        Their times count from the event.
        """
        self._page.wait_for_function(_QUIET, arg=quiet, polling=50)
        began = self._log()["began"]
        return [Change(at - began, text) for at, text in self.changes() if at >= began]

    def _log(self) -> dict[str, Any]:
        log: dict[str, Any] = self._page.evaluate("window.watched.log")
        return log
