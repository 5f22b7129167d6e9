"""Data sets, from files or packages, and drawings, from canvas to model input.

Import the module you need (``softmax_core.data.store``, ``...ink``): this file
imports nothing, so that a program that only draws does not pay for the rest.
"""

from __future__ import annotations
