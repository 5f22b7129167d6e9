"""``datasets`` lists what there is; ``fetch`` downloads one."""

from __future__ import annotations

import threading

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn
from rich.table import Table

from softmax_core.data.catalogue import DATASETS, dataset_info
from softmax_core.data.store import fetch as fetch_dataset
from softmax_core.data.store import is_available


@click.command()
def datasets() -> None:
    """List the data sets and whether they are on this machine."""
    table = Table(box=None, pad_edge=False)
    for heading in ("Name", "Title", "Pictures", "Size", "Classes", "On this machine", "Licence"):
        table.add_column(heading)
    for name, info in DATASETS.items():
        rows, columns = info.image_shape
        table.add_row(
            name,
            info.title,
            f"{info.n_train:,} + {info.n_test:,}",
            f"{rows} x {columns}",
            str(len(info.class_names)),
            "yes" if is_available(name) else f"no: fetch {name}",
            info.licence,
        )
    # Wide enough for every column: a listing that is cut is of no use in a pipe.
    Console(width=160, soft_wrap=True).print(table)


@click.command()
@click.argument("name")
def fetch(name: str) -> None:
    """Download the data set NAME; ctrl-C stops it and leaves nothing behind."""
    title = dataset_info(name).title
    cancel = threading.Event()
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, TransferSpeedColumn(), console=Console(stderr=True)) as progress:
        task = progress.add_task(title, total=None)
        try:
            fetch_dataset(
                name, lambda done, total: progress.update(task, completed=done, total=total), cancel
            )
        except KeyboardInterrupt:
            cancel.set()
            raise click.exceptions.Abort from None
    click.echo(f"{title} is ready.")
