"""A network is a tuple of layers; the chain rule walks it forward and backward."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from softmax_core.errors import UserError
from softmax_core.nn.arrays import Array, Params, check_inputs
from softmax_core.nn.layers import Layer, Linear, ReLU
from softmax_core.nn.losses import cross_entropy, cross_entropy_grad

Caches = tuple[Array, ...]


@dataclass(frozen=True, repr=False)
class Network:
    """A description of a classifier whose output is logits.

    Parameters
    ----------
    kind : str
        A short name for people and saved runs, such as ``"softmax"``.
    layers : tuple of Layer
        In the order of the forward pass; the first is Linear.

    Raises
    ------
    UserError
        ``network-layers`` if the first layer is not Linear, two layers do not
        fit together, or two parameters have the same name.
    """

    kind: str
    layers: tuple[Layer, ...]

    def __post_init__(self) -> None:
        _check_layers(self.layers)

    @property
    def linear_layers(self) -> tuple[Linear, ...]:
        """The layers that have parameters."""
        return tuple(layer for layer in self.layers if isinstance(layer, Linear))

    @property
    def n_features(self) -> int:
        """Columns of X."""
        return self.linear_layers[0].n_in

    @property
    def n_classes(self) -> int:
        """Columns of the logits."""
        return self.linear_layers[-1].n_out

    def parameter_shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the shape of every parameter by name, in the order of the layers."""
        shapes: dict[str, tuple[int, ...]] = {}
        for layer in self.linear_layers:
            shapes[layer.weight] = (layer.n_in, layer.n_out)
            if layer.bias is not None:
                shapes[layer.bias] = (layer.n_out,)
        return shapes

    def __repr__(self) -> str:
        steps = [
            f"Linear {layer.n_out}" if isinstance(layer, Linear) else type(layer).__name__
            for layer in self.layers
        ]
        return f"Network({self.kind}: {' -> '.join([str(self.n_features), *steps])})"


def softmax_network(n_features: int, n_classes: int, *, bias: bool = True) -> Network:
    """Return softmax regression: logits ``X @ W + b``, or ``X @ W`` without a bias."""
    return Network("softmax", (Linear(n_features, n_classes, bias="b" if bias else None),))


def relu_softmax_network(n_features: int, n_classes: int, *, bias: bool = True) -> Network:
    """Return softmax regression with ReLU on the logits: ``max(X @ W + b, 0)``.

    From all-zero parameters it never learns: every logit is at the kink, where
    ReLU passes no gradient.
    """
    linear = Linear(n_features, n_classes, bias="b" if bias else None)
    return Network("relu-softmax", (linear, ReLU()))


def mlp_network(
    n_features: int,
    n_hidden: int,
    n_classes: int,
    activation: Layer,
    biases: tuple[bool, bool] = (True, True),
) -> Network:
    """Return one hidden layer: logits ``activation(X @ W1 + b1) @ W2 + b2``.

    Parameters
    ----------
    n_features, n_hidden, n_classes : int
        Inputs, hidden units and outputs.
    activation : Layer
        Between the two linear layers.
    biases : tuple of bool
        Whether there is a b1, and a b2.
    """
    first = Linear(n_features, n_hidden, "W1", "b1" if biases[0] else None)
    second = Linear(n_hidden, n_classes, "W2", "b2" if biases[1] else None)
    return Network("mlp", (first, activation, second))


def forward(network: Network, params: Params, X: Array) -> tuple[Array, Caches]:
    """Return the logits and what ``backward`` needs.

    Parameters
    ----------
    network : Network
    params : Params
        Named and shaped as ``network.parameter_shapes()``.
    X : (n_samples, n_features) floating-point array

    Returns
    -------
    logits : (n_samples, n_classes) array
    caches : tuple, one per layer

    Raises
    ------
    UserError
        ``inputs-shape`` or ``inputs-dtype`` (pixels that were not scaled).
    """
    check_inputs(X, network.n_features)
    out, caches = X, []
    for layer in network.layers:
        out, cache = layer.forward(params, out)
        caches.append(cache)
    return out, tuple(caches)


def predict_logits(network: Network, params: Params, X: Array) -> Array:
    """Return the logits alone, (n_samples, n_classes); arguments as ``forward``."""
    logits, _ = forward(network, params, X)
    return logits


def backward(
    network: Network, params: Params, caches: Caches, dlogits: Array
) -> tuple[Array, Params]:
    """Walk back from the gradient of the logits to all other gradients.

    Parameters
    ----------
    network, params
        As they were given to ``forward``.
    caches : tuple
        What ``forward`` returned.
    dlogits : (n_samples, n_classes) array

    Returns
    -------
    dX : (n_samples, n_features) array
    grads : Params
        Named and shaped as params.
    """
    return _backward_through(network.layers, params, caches, dlogits)


def loss_and_grads(
    network: Network, params: Params, X: Array, labels: Array, l2: float = 0.0
) -> tuple[float, Params, Array]:
    """Return the loss of one batch, its gradients and the logits on the way.

    ``loss = cross-entropy + l2/2 * (sum of all squared weights)``; biases are not
    held small, they only shift. The second part adds ``l2 * W`` to each dW.

    Parameters
    ----------
    network, params, X
        As in ``forward``.
    labels : (n_samples,) int array
    l2 : float
        At least 0.

    Returns
    -------
    loss : float
        Nats.
    grads : Params
        Named and shaped as params; new arrays, the caller's to change.
    logits : (n_samples, n_classes) array

    Raises
    ------
    UserError
        As ``forward`` and ``cross_entropy``.
    """
    logits, caches = forward(network, params, X)
    loss = cross_entropy(logits, labels)
    dlogits = cross_entropy_grad(logits, labels)
    # The first layer's dX would cost as much as its dW, and nobody asks for it here.
    dout, grads = _backward_through(network.layers[1:], params, caches[1:], dlogits)
    grads |= network.linear_layers[0].parameter_grads(caches[0], dout)
    if l2:
        for layer in network.linear_layers:
            W = params[layer.weight]
            loss += l2 / 2 * float(np.square(W).sum(dtype=np.float64))
            grads[layer.weight] += l2 * W
    return loss, grads, logits


def _backward_through(
    layers: tuple[Layer, ...], params: Params, caches: Caches, dout: Array
) -> tuple[Array, Params]:
    grads: Params = {}
    for layer, cache in zip(reversed(layers), reversed(caches), strict=True):
        dout, layer_grads = layer.backward(params, cache, dout)
        grads |= layer_grads
    return dout, grads


def _check_layers(layers: tuple[Layer, ...]) -> None:
    if not layers or not isinstance(layers[0], Linear):
        raise UserError("network-layers", "A network must begin with a linear layer.")
    linear = [layer for layer in layers if isinstance(layer, Linear)]
    for left, right in pairwise(linear):
        if left.n_out != right.n_in:
            raise UserError(
                "network-layers",
                f"A layer with {left.n_out} outputs cannot feed one with {right.n_in} inputs.",
            )
    names = [name for layer in linear for name in (layer.weight, layer.bias) if name is not None]
    if len(set(names)) != len(names):
        raise UserError(
            "network-layers", f"Each parameter needs a name of its own: {', '.join(names)}."
        )
