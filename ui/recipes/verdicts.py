"""What the gradient check found, in words: a row for each block, and one sentence."""

from __future__ import annotations

import math

from softmax_core.nn import BlockCheck
from softmax_core.training.lane_check import LaneCheck
from ui.words import _


def block_title(name: str) -> str:
    """Return what the page calls a block of the gradient."""
    known = {"logits": _("logits Z"), "W": _("weights W"), "b": _("biases b")}
    return known.get(name, name)


def culprits_sentence(check: LaneCheck) -> str:
    """Say where the check points, and by which factor if there is a clean one."""
    if not check.culprits:
        if all(check.agrees(block) for block in check.blocks):
            return _(
                "The check points at none: every block is the slope of the loss to the last digits."
            )
        return _("The check points at none by its own rule.")
    names = _(" and ").join(block_title(name) for name in check.culprits)
    parts = [_("The check points at {names}.").format(names=names)]
    for block in check.blocks:
        if block.name in check.culprits:
            parts.append(_how_wrong(block, check.n_pictures))
    handed = [b for b in check.blocks if not check.agrees(b) and b.name not in check.culprits]
    if handed:
        names = _(" and ").join(block_title(block.name) for block in handed)
        parts.append(
            _("{names} only pass on what they were handed: their own rules are right.").format(
                names=names[0].upper() + names[1:]
            )
        )
    return " ".join(parts)


def table_of(check: LaneCheck) -> str:
    """Return a Markdown table: each block's distance from the slope of the loss, and a verdict."""
    rows = [
        f"| {block_title(block.name)} | {_number(block.error)} | {_ratio(block)} "
        f"| {_verdict(check, block)} |"
        for block in check.blocks
    ]
    head = "| {} | {} | {} | {} |".format(_("gradient of"), _("error"), _("factor"), _("verdict"))
    return "\n".join([head, "| --- | --- | --- | --- |", *rows])


def _how_wrong(block: BlockCheck, n_pictures: int) -> str:
    if block.ratio is None:
        return _("Its relative error is {error}, and no single factor would mend it.").format(
            error=_number(block.own_error)
        )
    said = _("What it claims is {ratio} times the slope").format(ratio=f"{block.ratio:.4g}")
    if math.isclose(block.ratio, n_pictures, rel_tol=1e-6):
        said += _(": the batch has {n} pictures, and the division by {n} is missing").format(
            n=n_pictures
        )
    return said + "."


def _verdict(check: LaneCheck, block: BlockCheck) -> str:
    if check.agrees(block):
        return _("✓\u00a0right")
    if block.name in check.culprits:
        return _("**✗\u00a0wrong**")
    return _("↳\u00a0handed\u00a0on")


def _ratio(block: BlockCheck) -> str:
    return "–" if block.ratio is None else f"{block.ratio:.4g}"


def _number(value: float) -> str:
    return f"{value:.2f}" if value >= 0.01 else f"{value:.0e}"
