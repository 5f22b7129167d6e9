"""What a click does is done as a whole, also when another click follows at once.

Streamlit lets the next click cut in wherever the page touches its state, callbacks
included, and forgets what was left of them: a recipe would be loaded and the page not
know it. A callback that changes both the run and the page's state goes through here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Final, ParamSpec

from streamlit.runtime.scriptrunner import RerunException

_Given = ParamSpec("_Given")
_TRIES: Final = 20  # each is another click that came within milliseconds


def whole(callback: Callable[_Given, object]) -> Callable[_Given, None]:
    """Return the callback so that it ends before the next click gets its turn.

    It begins anew when it was cut short, so doing half of it and then all of it must come
    to the same as doing it once.
    """

    @wraps(callback)
    def undivided(*args: _Given.args, **kwargs: _Given.kwargs) -> None:
        cut: RerunException | None = None
        for _try in range(_TRIES):
            try:
                callback(*args, **kwargs)
            except RerunException as another_click:
                cut = another_click
            else:
                break
        if cut is not None:
            raise cut  # now it is the other's turn

    return undivided
