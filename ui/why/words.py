"""Every word that the live view of Why? shows, in the reader's language."""

from __future__ import annotations

from ui.words import _


def why_words() -> dict[str, str]:
    """Return the words by the keys that ``static/why*.js`` ask for."""
    return _shared() | _evidence() | _contrast() | _nudge() | _operate()


def _shared() -> dict[str, str]:
    return {
        "why_label": _("Why the model reads it so"),
        "why_wait": _("Working it out …"),
        "why_example": _(
            "Nothing is drawn yet, so this is test picture {n} of {total}, labelled {label}. Draw "
            "a digit, or choose Test picture."
        ),
        "why_test_picture": _("This is test picture {n} of {total}, labelled {label}."),
        "why_untrained": _("No step is done yet: these are the weights before any training."),
        "why_begun": _("No step is done yet: these are the trained model's own weights."),
        "why_pinned": _("These are the weights of step {step}; the run goes on."),
        "why_follow": _("Follow the run"),
        "why_reads": _("The model reads {name}, {percent} sure (step {step})."),
        "why_save": _("Save picture"),
        "why_gone": _("This run is no longer on the server. Reload the page."),
        "why_seen": _(
            "This model has learned from these pictures, so neither number is a measure of how it "
            "reads new ones; what changes between them is."
        ),
    }


def _evidence() -> dict[str, str]:
    return {
        "evidence_look": _(
            "Every pixel's weight times its ink. Blue speaks for the class, orange against it; "
            "with the bias they add up to the logit, to the last digit."
        ),
        "evidence_look_hidden": _(
            "An approximation: how steeply each pixel raises the logit here, times its ink. "
            "What it misses is shown, and the hidden units below are exact."
        ),
        "evidence_look_relu": _("This model takes negative logits to 0 before the softmax."),
        "evidence_pick": _("{name}: logit {logit}. Look at this class."),
        "evidence_of": _("Evidence for {name}"),
        "ink_for": _("ink for"),
        "ink_against": _("ink against"),
        "bias": _("bias"),
        "missed": _("what it misses"),
        "logit": _("logit"),
        "logit_of": _("logit of {name}"),
        "softmax_title": _("Softmax with these numbers"),
        "softmax_how": _(
            "Subtract the largest logit, {largest}; raise e to it; divide by the sum, {total}."
        ),
        "softmax_class": _("class"),
        "softmax_shifted": _("− largest"),
        "softmax_exponential": _("e to it"),
        "softmax_fraction": _("÷ sum"),
        "softmax_sum": _("sum"),
        "softmax_others": _("{n} others"),
        "units_title": _("Hidden units that mattered for {name}"),
        "units_how": _(
            "Exact: {parts}; all others {rest}, bias {bias}: logit {logit}. Pictures: what each "
            "found in the ink, from {low} to {high}."
        ),
        "unit": _("unit {unit}"),
        "unit_label": _("Unit {unit}: active {active}, adds {part}"),
    }


def _contrast() -> dict[str, str]:
    return {
        "contrast_why": _("Why"),
        "contrast_not": _("and not"),
        "contrast_ask": _("?"),
        "contrast_a": _("Why this class"),
        "contrast_b": _("and not this class"),
        "contrast_look": _(
            "The weights of {a} less those of {b}, times the ink: blue strokes speak for {a}, "
            "orange ones for {b}."
        ),
        "contrast_look_hidden": _(
            "An approximation, the slope times the ink: blue strokes speak for {a}, orange ones "
            "for {b}."
        ),
        "contrast_scale_a": _("+{limit} for {name}"),
        "contrast_scale_b": _("−{limit} for {name}"),
        "contrast_auto": _("Back to the two largest logits"),
        "contrast_every": _("every pixel"),
        "contrast_decided": _("what decided"),
        "contrast_for": _("ink for {name}"),
        "contrast_total": _("logit of {a} − logit of {b}"),
        "contrast_share": _("{n} of {inked} inked pixels hold {share} of what speaks for {a}:"),
        "contrast_place": _("{place} {evidence}"),
        "change_title": _("The smallest change that makes it {name}"),
        "change_before": _("before: {name}"),
        "change_step": _("the change"),
        "change_step_times": _("the change × {factor}"),
        "change_after": _("after: {name}"),
        "change_step_done": _("changed"),
        "change_less": _("−1 all ink taken"),
        "change_more": _("+1 full ink"),
        "change_edge": _("Just beyond the border, where both are as likely."),
    }


def _nudge() -> dict[str, str]:
    return {
        "nudge_look": _(
            "The model knows pixels, not shapes: move the picture a little and watch. Every "
            "test picture is nudged the same way."
        ),
        "nudge_right": _("Right"),
        "nudge_down": _("Down"),
        "nudge_scale": _("Size"),
        "nudge_thickness": _("Thickness"),
        "nudge_tilt": _("Tilt"),
        "nudge_invert": _("Invert"),
        "nudge_reset": _("Reset"),
        "nudge_pixels": _("{n} px"),
        "nudge_percent": _("{n} %"),
        "nudge_degrees": _("{n}°"),
        "nudge_hand": _("Drag the picture, or move the sliders."),
        "nudge_before": _("as it is"),
        "nudge_after": _("nudged"),
        "nudge_bars": _("Probabilities (mark: before)"),
        "nudge_bar": _("{name}: {after}, before {before}"),
        "nudge_test": _("All {n} test pictures, nudged alike"),
        "nudge_seen": _("{n} pictures it has learned from, nudged alike"),
        "nudge_plain": _("as they are"),
        "nudge_measuring": _("Nudging all test pictures …"),
        "nudge_move": _("Move a slider: the test set follows."),
        "nudge_fell": _("{points} percentage points"),
    }


def _operate() -> dict[str, str]:
    return {
        "operate_look": _(
            "Choose a class and rub out part of its weights, or swap two classes: accuracy and "
            "readings change at once. Nothing is lost: Undo takes it back."
        ),
        "operate_pick": _("Weights of {name}. Operate on this class."),
        "operate_brush": _(
            "Weights of {name}. Rub out with the pointer, or move the brush with the arrow keys "
            "and press Space to erase."
        ),
        "operate_keys": _("Pointer or finger rubs out; or arrow keys and Space."),
        "operate_size": _("Brush"),
        "operate_hidden": _(
            "With a hidden layer no pixel speaks to a class directly, so there is nothing to rub "
            "out here. These are W1 · W2; swapping works."
        ),
        "operate_swap": _("Swap"),
        "operate_and": _("and"),
        "operate_first": _("First class to swap"),
        "operate_second": _("Second class to swap"),
        "operate_undo": _("Undo edit"),
        "operate_undo_more": _("Undo edit ({n})"),
        "operate_seen": _("Accuracy on pictures it has learned from"),
        "operate_accuracy": _("Test accuracy"),
        "operate_of": _("of {n} test pictures read right"),
        "operate_untouched": _("untouched"),
        "operate_now": _("now"),
        "operate_measuring": _("measuring …"),
        "operate_heal": _("Train on in the Lab and the wound heals; it can be undone until then."),
        "operate_bars": _("How this picture is read now"),
        "operate_bar": _("{name}: {after}"),
    }
