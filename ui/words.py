"""All visible words go through here, so that a second language is a catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from softmax_core.wording import _ as _

_TEXT: Final = Path(__file__).resolve().parent.parent / "assets" / "text"


def long_text(name: str) -> str:
    """Return a longer text of ``assets/text``."""
    return (_TEXT / f"{name}.md").read_text(encoding="utf-8")


def plain_number(value: float) -> str:
    """Return a number as one types it, 0.00001 and not 1e-05."""
    text = f"{value:g}"
    return f"{value:.12f}".rstrip("0") if "e-" in text and value >= 1e-12 else text


def network_title(network: str) -> str:
    """Return what the page calls a network."""
    return {
        "softmax": _("Softmax regression"),
        "relu-softmax": _("ReLU before softmax"),
        "mlp": _("One hidden layer"),
    }[network]


def initial_weights_title(init: str) -> str:
    """Return what the page calls a way to choose the first weights."""
    return {
        "zero": _("All zero"),
        "small-normal": _("Small random (0.01)"),
        "unit-normal": _("Large random (1)"),
        "scaled": _("Random, scaled to the layer"),
        "unit-normal-all": _("Large random (1), biases too"),
        "tiny-normal": _("Tiny random (0.001), NumPy's older generator"),
        "trained": _("The trained model that comes with the app"),
    }[init]


def activation_title(activation: str) -> str:
    """Return what the page calls a hidden layer's function."""
    return {"relu": _("ReLU"), "sigmoid": _("Sigmoid")}[activation]


def speed_title(speed: str) -> str:
    """Return what the page calls a speed."""
    return {
        "slow": _("Slow: 8 steps a second"),
        "watch": _("Watch: an epoch a second"),
        "brisk": _("Brisk: 100 steps a second"),
        "full": _("Full speed"),
    }[speed]


def bias_title(bias: str) -> str:
    """Return what the page calls which layers have a bias."""
    return {
        "all": _("a bias in every layer"),
        "first": _("bias in the first layer only"),
        "none": _("no bias"),
    }[bias]


def gradient_title(gradient: str) -> str:
    """Return what the page calls a way to compute the gradient."""
    parts = {
        "exact": _("exact"),
        "separate-layers": _("layer by layer, through the softmax's full Jacobian"),
        "true-class": _("only the true class's column"),
        "one-bias": _("one number for all biases"),
        "bias-over-classes": _("biases summed over the classes too"),
        "diagonal": _("only the diagonal of the softmax's derivative"),
    }
    return _(" and ").join(parts[part] for part in gradient.split("+"))


def reduction_title(reduction: str) -> str:
    """Return what the page calls how a batch's gradients are put together."""
    return {"mean": _("mean over the batch"), "sum": _("sum over the batch")}[reduction]


def softmax_title(softmax: str) -> str:
    """Return what the page calls a way to compute the softmax."""
    return {
        "stable": _("each row's maximum subtracted first"),
        "naive": _("nothing subtracted before the exponential"),
        "whole-max": _("the whole batch's maximum subtracted"),
    }[softmax]


def loss_title(loss: str) -> str:
    """Return what the page calls a way to compute the loss."""
    return {
        "log-sum-exp": _("from the logits"),
        "log-of-probability": _("log of a probability, unguarded"),
        "clipped": _("probability clipped at 1e-9"),
    }[loss]


def pixels_title(pixels: str) -> str:
    """Return what the page calls the range of the pixels."""
    return {"scaled": _("pixels 0 to 1"), "raw": _("pixels 0 to 255")}[pixels]


def order_title(order: str) -> str:
    """Return what the page calls the order of the examples."""
    return {"shuffled": _("examples shuffled"), "file": _("examples in the file's order")}[order]


def setting_title(field: str) -> str:
    """Return what a sentence calls a setting."""
    return {
        "dataset": _("data set"),
        "network": _("network"),
        "learning_rate": _("learning rate"),
        "batch_size": _("batch size"),
        "epochs": _("epochs"),
        "seed": _("seed"),
        "init": _("initial weights"),
        "l2": _("L2 penalty"),
        "momentum": _("momentum"),
        "hidden_units": _("hidden units"),
        "activation": _("activation"),
        "bias": _("bias"),
        "gradient": _("gradient"),
        "reduction": _("sum or mean of the gradient"),
        "softmax": _("softmax"),
        "loss": _("loss"),
        "pixels": _("pixels"),
        "order": _("order of the examples"),
        "n_train": _("training pictures"),
        "taught": _("drawings added"),
    }[field]
