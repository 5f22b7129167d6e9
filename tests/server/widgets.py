"""What a page has told of itself, and what its widgets send back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates


class Press(NamedTuple):
    """What a button is given to press it."""


class Seen:
    """What has come over one socket so far, as far as a student needs it.

    Attributes
    ----------
    tokens : dict of str to str
        ``run``, ``race`` and ``sweep``: the keys of what the page shows in our routes.
    widgets : dict of str to str
        Streamlit's name of every widget there has been, by key and by label.
    fragments : dict of str to str
        Which part of the page alone is run again when a widget changes, by Streamlit's name of it;
        none for those after which the whole script runs.
    exceptions : list of str
        Errors that Streamlit itself has shown on the page.
    """

    def __init__(self) -> None:
        self.session_id = ""
        self.page_hash = ""
        self.tokens: dict[str, str] = {}
        self.widgets: dict[str, str] = {}
        self.values: dict[str, WidgetState] = {}
        self.kinds: dict[str, str] = {}
        self.fragments: dict[str, str] = {}
        self.file_urls: list[Any] = []
        self.deferred: dict[str, str] = {}
        self.media: list[str] = []
        self.exceptions: list[str] = []

    def take(self, message: ForwardMsg) -> None:
        """Note what a message tells."""
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.session_id = message.new_session.initialize.session_id or self.session_id
            self.page_hash = message.new_session.page_script_hash
        elif kind == "file_urls_response":
            self.file_urls.extend(message.file_urls_response.file_urls)
        elif kind == "backend_operation_response":
            self.media.append(message.backend_operation_response.deferred_file.url)
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._take_element(message.delta.new_element, message.delta.fragment_id)

    def find(self, name: str) -> str:
        """Return Streamlit's name of a widget by its key, its label or the key's beginning."""
        if name in self.widgets:
            return self.widgets[name]
        found = {full for key, full in self.widgets.items() if key.startswith(name)}
        if len(found) != 1:
            raise LookupError(f"{len(found)} widgets are called {name}: {sorted(self.widgets)}")
        return found.pop()

    def fragment_of(self, names: Iterable[str]) -> str:
        """Return the part of the page that these widgets are in, "" for the whole of it."""
        fragments = {self.fragments[self.find(name)] for name in names}
        return fragments.pop() if len(fragments) == 1 else ""

    def _take_element(self, element: Any, fragment: str) -> None:
        kind = element.WhichOneof("type")
        if kind is None:
            return
        part = getattr(element, kind)
        if kind == "exception":
            self.exceptions.append(f"{part.type}: {part.message}")
        if kind == "bidi_component" and part.component_name.startswith("softmax_lab"):
            self._take_data(part.component_name, part.json or part.mixed.json)
        full = getattr(part, "id", "")
        if full.startswith("$$"):
            key = full.split("-", 2)[-1]
            names = (key, getattr(part, "label", ""))
            self.widgets.update({name: full for name in names if name and name != "None"})
            self.kinds[full], self.fragments[full] = kind, fragment
            if kind == "download_button":
                self.deferred[full] = part.deferred_file_id

    def _take_data(self, component: str, data: str) -> None:
        told = json.loads(data or "{}")
        of = component.removeprefix("softmax_lab_")
        owner = of if of in ("race", "sweep") else "run"
        for name, value in ((owner, told.get("token")), ("race", told.get("race"))):
            if isinstance(value, str) and value:
                self.tokens[name] = value


def filled_in(seen: Seen, given: Mapping[str, Any]) -> WidgetStates:
    """Return all widgets' values as a page sends them, with those just given.

    Like a browser's they stay for the next time, but for what was pressed.
    """
    pressed = []
    for name, value in given.items():
        state = _state(seen.find(name), seen.kinds[seen.find(name)], value)
        if state.WhichOneof("value") in ("trigger_value", "json_trigger_value"):
            pressed.append(state)
        else:
            seen.values[state.id] = state
    return WidgetStates(widgets=[*seen.values.values(), *pressed])


def _state(full: str, kind: str, value: Any) -> WidgetState:
    """Put a value into the field that Streamlit's own page uses for this kind of widget."""
    state = WidgetState(id=full)
    if isinstance(value, Press):
        state.trigger_value = True
    elif kind == "file_uploader":
        _put_files(state, value)
    elif kind == "bidi_component":
        state.json_value = json.dumps(value)
    elif kind == "slider" and not isinstance(value, str):
        state.double_array_value.data.append(float(value))
    elif kind in ("slider", "button_group"):  # a slider over words, such as learning rates
        state.string_array_value.data.extend(value if isinstance(value, list) else [value])
    elif kind in ("checkbox", "toggle") or isinstance(value, bool):
        state.bool_value = bool(value)
    elif kind == "number_input":
        state.double_value = float(value)
    else:
        state.string_value = str(value)
    return state


def _put_files(state: WidgetState, files: list[tuple[str, int, Any]]) -> None:
    for name, size, urls in files:
        info = state.file_uploader_state_value.uploaded_file_info.add()
        info.file_id, info.name, info.size = urls.file_id, name, size
        info.file_urls.CopyFrom(urls)
