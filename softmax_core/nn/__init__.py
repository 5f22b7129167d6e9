"""The mathematics: losses, layers, networks and their gradients, with NumPy alone."""

from __future__ import annotations

from softmax_core.nn.arrays import Array, Params
from softmax_core.nn.gradcheck import check_gradients, complex_step_gradient, numeric_gradient
from softmax_core.nn.initial import normal_params, scaled_params, zero_params
from softmax_core.nn.layers import Layer, Linear, ReLU, Sigmoid
from softmax_core.nn.losses import (
    cross_entropy,
    cross_entropy_from_one_hot,
    cross_entropy_grad,
    log_softmax,
    one_hot,
    softmax,
)
from softmax_core.nn.metrics import accuracy, confusion_matrix, predictions
from softmax_core.nn.network import (
    Caches,
    Network,
    backward,
    forward,
    loss_and_grads,
    mlp_network,
    predict_logits,
    relu_softmax_network,
    softmax_network,
)

__all__ = [
    "Array",
    "Caches",
    "Layer",
    "Linear",
    "Network",
    "Params",
    "ReLU",
    "Sigmoid",
    "accuracy",
    "backward",
    "check_gradients",
    "complex_step_gradient",
    "confusion_matrix",
    "cross_entropy",
    "cross_entropy_from_one_hot",
    "cross_entropy_grad",
    "forward",
    "log_softmax",
    "loss_and_grads",
    "mlp_network",
    "normal_params",
    "numeric_gradient",
    "one_hot",
    "predict_logits",
    "predictions",
    "relu_softmax_network",
    "scaled_params",
    "softmax",
    "softmax_network",
    "zero_params",
]
