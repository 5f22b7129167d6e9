"""Figures as files: the same figure always gives the same bytes."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from matplotlib.figure import Figure


_FILE_DPI: Final = 200  # twice what the sizes are given for: sharp when printed
_NO_TRACES: Final = {"png": {"Software": None}, "svg": {"Date": None, "Creator": None}}


def figure_bytes(figure: Figure, format: Literal["png", "svg"]) -> bytes:
    """Return the figure as a file, without date or program in it.

    Parameters
    ----------
    figure : Figure
        Is not changed, and not kept.
    format : {"png", "svg"}
    """
    import matplotlib as mpl

    # The same for all and for good. A context that restores them would not be safe in a
    # server: two threads inside it at once restore each other's values.
    mpl.rcParams["svg.hashsalt"] = "softmax-lab"  # or else every file has new random names
    mpl.rcParams["svg.fonttype"] = "none"  # text stays text: it can be searched and read aloud
    file = BytesIO()
    figure.savefig(file, format=format, dpi=_FILE_DPI, metadata=_NO_TRACES[format])
    return file.getvalue()
