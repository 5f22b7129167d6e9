"""Softmax Lab's core: mathematics, data, training and pictures, without a page.

The floors, from the bottom up (imports only go down): ``errors`` and ``limits``,
``nn``, ``data``, ``training``, ``figures``, ``persist``, ``service``, ``terminal``.
"""

from __future__ import annotations

__version__ = "0.1.0"
