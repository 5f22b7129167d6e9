"""``datasets`` lists what there is; ``fetch`` downloads one."""

from __future__ import annotations

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn
from rich.table import Table

from softmax_core.data.catalogue import DATASETS, dataset_info
from softmax_core.data.store import fetch, is_available
from softmax_core.terminal.opening import show_notice


@click.command("datasets")
def list_datasets() -> None:
    """List the data sets and whether they are on this machine."""
    table = Table(box=None, pad_edge=False)
    for heading in ("Name", "Title", "Samples", "Size", "Classes", "On this machine", "Licence"):
        table.add_column(heading)
    for name, info in DATASETS.items():
        table.add_row(
            name,
            info.title,
            f"{info.n_train:,} + {info.n_test:,}",
            "points" if info.kind == "points" else " x ".join(map(str, info.image_shape)),
            str(len(info.class_names)),
            "yes" if is_available(name) else f"no: fetch {name}",
            info.licence,
        )
    # Wide enough for every column: a listing that is cut is of no use in a pipe.
    Console(width=160, soft_wrap=True).print(table)


@click.command("fetch")
@click.argument("name")
def fetch_dataset(name: str) -> None:
    """Download the data set NAME; ctrl-C stops it and leaves nothing half done."""
    title = dataset_info(name).title
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    console = Console(stderr=True)
    with Progress(
        *columns,
        TransferSpeedColumn(),
        console=console,
        disable=not console.is_terminal,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    ) as progress:
        task = progress.add_task(title, total=None)
        fetch(name, lambda done, total: progress.update(task, completed=done, total=total))
    show_notice()
    click.echo(f"{title} is ready.")
