"""Data sets by the names that people type."""

from __future__ import annotations

from pathlib import Path

import click

from softmax_core.data.catalogue import FOLDER_PREFIX
from softmax_core.data.dataset import Dataset
from softmax_core.data.store import open_dataset, store_notice


def full_name(name: str) -> str:
    """Return the name under which a data set is found from any working directory."""
    if not name.startswith(FOLDER_PREFIX):
        return name
    folder = Path(name.removeprefix(FOLDER_PREFIX)).expanduser().resolve()
    return f"{FOLDER_PREFIX}{folder}"


def open_named(name: str) -> Dataset:
    """Open a data set; say so if it could not be stored on this computer.

    Raises
    ------
    UserError
        If there is no such data set, it is not on this computer, or it is damaged.
    """
    dataset = open_dataset(full_name(name))
    show_notice()
    return dataset


def show_notice() -> None:
    """Say what the data store could not do, if there is anything; it is no fault of the command."""
    notice = store_notice()
    if notice:
        click.echo(f"Note: {notice}", err=True)
