"""Operate on a trained model: rub out part of a class's weights, or swap two classes.

New parameters are returned and the old ones left as they are: keeping them is the undo.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from softmax_core.errors import UserError
from softmax_core.explain.contrast import check_pair
from softmax_core.explain.ledger import check_class, linear_parts
from softmax_core.nn import Network, Params


def erased(network: Network, params: Params, k: int, region: NDArray[np.bool_]) -> Params:
    """Return the parameters with class k's weights set to 0 in a region of the picture.

    Ink there then speaks neither for the class nor against it.

    Parameters
    ----------
    network : Network
        With one linear layer.
    params : dict of arrays
    k : int
    region : ndarray of bool with n_features entries, in any shape

    Raises
    ------
    UserError
        If the model has a hidden layer, or the class or the region do not fit it.
    """
    linear_parts(network, params)  # refuses hidden layers
    check_class(k, network.n_classes)
    if region.dtype != np.bool_ or region.size != network.n_features:
        raise UserError(
            "edit-region",
            f"A region says yes or no for each of the {network.n_features} pixels; this one holds "
            f"{region.size} values of {region.dtype}.",
        )
    name = network.linear_layers[0].weight
    W = params[name].copy()
    W[region.ravel(), k] = 0
    return params | {name: W}


def swapped(network: Network, params: Params, a: int, b: int) -> Params:
    """Return the parameters with two classes exchanged: every a is called b, and every b a.

    Parameters
    ----------
    network : Network
        Of any kind: only the last layer of weights changes.
    params : dict of arrays
    a, b : int

    Raises
    ------
    UserError
        If they are the same, or not classes of the model.
    """
    check_pair(a, b, network.n_classes)
    last = network.linear_layers[-1]
    order = np.arange(network.n_classes)
    order[[a, b]] = b, a
    names = [name for name in (last.weight, last.bias) if name is not None]
    return params | {name: params[name][..., order] for name in names}
