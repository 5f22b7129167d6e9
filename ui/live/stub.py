"""A component of the browser's as Streamlit registers it: a few lines that import its module.

The module comes from our own route: the browser keeps it, and a rerun of the page sends a
few bytes instead of the whole script.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import streamlit as st

from ui.live.routes import STATIC_VERSION

# Calls that wait for the same import may be answered in any order: only the newest may draw, or
# what was chosen in the meantime would be lost.
_STUB: Final = """
const newest = Symbol.for("softmax_lab_newest_call");
export default function (component) {
  const address = new URL("lab/static/%s/%s.js", document.baseURI).href;
  const call = (component.parentElement[newest] = {});
  let cleanup = null, ended = false;
  import(address).then((module) => {
    if (!ended && component.parentElement[newest] === call) cleanup = module.default(component);
  });
  return () => { ended = true; if (cleanup) cleanup(); };
}
"""


def component(name: str) -> Callable[..., Any]:
    """Register the component whose module in ``static/`` has this name."""
    stub = _STUB % (STATIC_VERSION, name)
    # Their elements stay in the page itself, where tests and screen readers look.
    return st.components.v2.component(f"softmax_lab_{name}", js=stub, isolate_styles=False)
