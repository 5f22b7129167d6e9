"""What a page was offered for download can still be fetched while it is told of something newer.

Streamlit forgets a download's maker, and in two rounds the file that it made, as soon as no page's
newest elements name them, and it looks at the end of every script of anybody's. A page that was
drawn anew then asks for what is gone before it has heard of the new button; a class of a hundred
met with that 14 times in a minute and a half (never so), and each left a traceback in the log.
"""

from __future__ import annotations

import threading
import time
from typing import Any, Final

from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.media_file_storage import MediaFileKind

GRACE: Final = 30.0  # seconds; with 10, a class of a hundred on a busy machine found one gone


class _Unused:
    """Since when nothing names a file or the maker of one; guarded by the manager's lock."""

    def __init__(self, manager: Any) -> None:
        self._manager = manager
        self._since: dict[str, tuple[object, float]] = {}
        self._looks_again = False

    def for_long(self, things: dict[str, object]) -> set[str]:
        """Return the names of those that have been unused for long, of all that are so now.

        A file that is made once more has the same name, and begins anew.
        """
        now = time.monotonic()

        def begun(name: str, thing: object) -> tuple[object, float]:
            before = self._since.get(name)
            return before if before is not None and before[0] is thing else (thing, now)

        self._since = {name: begun(name, thing) for name, thing in things.items()}
        old = {name for name, (_thing, since) in self._since.items() if now - since >= GRACE}
        if len(old) < len(things) and not self._looks_again:
            # Else what a class leaves behind would stay until the next one comes.
            self._looks_again = True
            timer = threading.Timer(GRACE + 1, self._look_again)
            timer.daemon = True
            timer.start()
        return old

    def _look_again(self) -> None:
        self._looks_again = False
        self._manager.remove_orphaned_files()


def keep_downloads_for_late_pages() -> None:
    """Have Streamlit keep downloads, and what makes them, for a while after they were replaced."""
    manager: Any = MediaFileManager
    inactive = manager._get_inactive_file_ids

    def inactive_for_long(self: Any) -> set[str]:
        """Return the stored files to be removed, and forget the makers that nobody needs."""
        named = {
            key for files in self._files_by_session_and_coord.values() for key in files.values()
        }
        makers = {key: entry for key, entry in self._deferred_callables.items() if key not in named}
        files = {key: self._file_metadata[key] for key in inactive(self)}
        made = {key: file for key, file in files.items() if file.kind is MediaFileKind.DOWNLOADABLE}
        unused = self.__dict__.setdefault("_unused", _Unused(self))
        old = unused.for_long({**makers, **made})
        for key in old & makers.keys():
            self._drop_deferred_id(key)
        return set(files.keys() - made.keys() | (old & made.keys()))

    def leave(self: Any) -> None:
        """Drop no maker: that was seen to with the files."""

    manager._get_inactive_file_ids = inactive_for_long
    manager._remove_orphaned_deferred_callables = leave
