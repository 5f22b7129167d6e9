"""The terminal: ``python -m softmax_core COMMAND``."""

from __future__ import annotations

from softmax_core.terminal import main

if __name__ == "__main__":
    main()
