"""Data sets by the names that people type."""

from __future__ import annotations

from pathlib import Path

import click

from softmax_core.data.catalogue import FOLDER_PREFIX
from softmax_core.data.dataset import Dataset
from softmax_core.data.store import open_dataset, store_notice
from softmax_core.errors import UserError
from softmax_core.limits import MAX_FOLDER_NAME


def full_name(name: str) -> str:
    """Return the name under which a data set is found from any working directory.

    Raises
    ------
    UserError
        If there can be no folder of that name.
    """
    if not name.startswith(FOLDER_PREFIX):
        return name
    try:
        folder = Path(name.removeprefix(FOLDER_PREFIX)).expanduser().resolve()
    except (OSError, RuntimeError, ValueError) as fault:  # no such person's home; a zero byte
        raise _no_folder() from fault
    full = f"{FOLDER_PREFIX}{folder}"
    if len(full) > MAX_FOLDER_NAME or not full.isprintable():
        raise _no_folder()
    return full


def _no_folder() -> UserError:
    return UserError(
        "folder-name",
        f"There is no such folder: a name has at most {MAX_FOLDER_NAME:,} printable characters, "
        "and a ~ stands for somebody's home. Name another one; nothing was changed.",
    )


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
