"""What is odd about the drawing in front of the model, in one sentence."""

from __future__ import annotations

from softmax_core.data.ink_remark import ink_remark
from softmax_core.data.store import open_dataset
from softmax_core.service import View
from ui.live.reading import can_draw
from ui.words import _


def remark_of(view: View) -> str:
    """Return the sentence; "" when all is well, and for what was not drawn here."""
    if view.drawing is None or view.test_picture is not None:
        return ""
    if not can_draw(open_dataset(view.config.dataset)):
        return ""
    remark = ink_remark(view.drawing)
    return "" if remark is None else _(str(remark))
