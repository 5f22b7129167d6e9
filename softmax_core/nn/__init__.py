"""The mathematics: losses, layers, networks and their gradients, with NumPy alone."""

from __future__ import annotations

from softmax_core.nn.arrays import Array, Params
from softmax_core.nn.batch_variants import batch_loss_and_grads
from softmax_core.nn.blockcheck import BlockCheck, check_blocks, culprits
from softmax_core.nn.fault import Fault
from softmax_core.nn.faults import find_fault
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
from softmax_core.nn.separate import CrossEntropy, Softmax
from softmax_core.nn.teaching import (
    clipped_cross_entropy,
    log_of_probability,
    naive_softmax,
    whole_max_softmax,
)
from softmax_core.nn.variants import Variant

__all__ = [
    "Array",
    "BlockCheck",
    "Caches",
    "CrossEntropy",
    "Fault",
    "Layer",
    "Linear",
    "Network",
    "Params",
    "ReLU",
    "Sigmoid",
    "Softmax",
    "Variant",
    "accuracy",
    "backward",
    "batch_loss_and_grads",
    "check_blocks",
    "check_gradients",
    "clipped_cross_entropy",
    "complex_step_gradient",
    "confusion_matrix",
    "cross_entropy",
    "cross_entropy_from_one_hot",
    "cross_entropy_grad",
    "culprits",
    "find_fault",
    "forward",
    "log_of_probability",
    "log_softmax",
    "loss_and_grads",
    "mlp_network",
    "naive_softmax",
    "normal_params",
    "numeric_gradient",
    "one_hot",
    "predict_logits",
    "predictions",
    "relu_softmax_network",
    "scaled_params",
    "softmax",
    "softmax_network",
    "whole_max_softmax",
    "zero_params",
]
