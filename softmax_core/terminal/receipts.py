"""``receipts``: run the published recipes, and print every published figure beside ours."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

import click

from softmax_core.data.catalogue import dataset_info
from softmax_core.errors import UserError
from softmax_core.service.workers import WorkerDiedError, WorkerPool
from softmax_core.terminal.files import check_can_write, write_file
from softmax_core.terminal.interrupt import interruptible
from softmax_core.terminal.opening import open_named
from softmax_core.terminal.options import output_option
from softmax_core.terminal.progress import ShownBar, share_bar
from softmax_core.terminal.receipt_table import print_receipt, report_console
from softmax_core.terminal.wording import INTERRUPTED, REFUSED, complain
from softmax_core.training import Samples
from softmax_core.training.recipes import RECIPES, Recipe, Version
from softmax_core.training.recipes.measure import (
    Measuring,
    go_on_with_data,
    start_measuring,
    wanted_figures,
)
from softmax_core.training.recipes.receipt import Receipt, SeedRun, seed_run, seeds_of
from softmax_core.training.recipes.stored import receipts_text

DISAGREES: Final = 1
_SLICE_SECONDS: Final = 0.5  # until ctrl-C is heard
_MOST_SEEDS: Final = 100
_MOST_DEATHS: Final = 3  # of worker processes, in one command


class Job(NamedTuple):
    """One version of a recipe, and the seeds to run it with."""

    recipe: Recipe
    version: Version
    seeds: tuple[int, ...]


@click.command("receipts")
@click.option("--recipe", "names", multiple=True, type=click.Choice(list(RECIPES)), help="Only it.")
@click.option(
    "--seeds",
    default=5,
    show_default=True,
    type=click.IntRange(1, _MOST_SEEDS),
    help="Random starts of each recipe.",
)
@click.option("--quick", is_flag=True, help="Only what is reached within seconds.")
@output_option("--report", "Write all figures (.json).")
def run_receipts(names: tuple[str, ...], seeds: int, quick: bool, report: Path | None) -> None:
    """Run the published recipes and print each published figure beside ours.

    Exits with 1 if a figure disagrees. Ctrl-C ends it; what is finished is kept.
    """
    check_can_write(report)
    began, console = time.perf_counter(), report_console()
    recipes, missing = _with_data([RECIPES[name] for name in dict.fromkeys(names or RECIPES)])
    jobs = [
        Job(recipe, version, seeds_of(recipe, seeds, quick=quick))
        for recipe in recipes
        for version in recipe.versions
        if recipe.claims_of(version, quick=quick)
    ]
    receipts: list[Receipt] = []
    try:
        with interruptible() as wish:
            for receipt in _receipts(jobs, wish, quick=quick):
                receipts.append(receipt)
                print_receipt(receipt, console)
    finally:  # what is finished is kept, whatever becomes of the rest
        seconds = time.perf_counter() - began
        order = [job.version for job in jobs]
        receipts.sort(key=lambda receipt: order.index(receipt.version))  # not as they finished
        if report is not None:
            write_file(report, receipts_text(receipts, seconds).encode())
    _end(receipts, len(jobs), missing, seconds)


def _with_data(recipes: Sequence[Recipe]) -> tuple[list[Recipe], bool]:
    """Return the recipes whose data sets are here; say of the others what to do."""
    there, refused = [], dict[str, str]()
    for recipe in recipes:
        try:
            open_named(recipe.dataset)
        except UserError as error:
            refused[recipe.dataset] = error.text
        else:
            there.append(recipe)
    for name, text in refused.items():
        left_out = ", ".join(recipe.name for recipe in recipes if recipe.dataset == name)
        complain(f"{left_out} cannot be run without {dataset_info(name).title}. {text}")
    return there, bool(refused)


def _receipts(jobs: list[Job], wish: threading.Event, *, quick: bool) -> Iterator[Receipt]:
    """Run all jobs, as many runs at once as there are cores; yield each that is finished."""
    starts = [_starts(job, quick=quick) for job in jobs]
    finished: dict[int, dict[int, SeedRun]] = {number: {} for number in range(len(jobs))}
    queue = [(number, run) for number, runs in enumerate(starts) for run in runs]
    pool, bar = WorkerPool(), share_bar()
    try:
        for number, run in _run_all(queue, pool, wish, bar):
            job, done = jobs[number], finished[number]
            done[run.config.seed] = seed_run(run, dataset_info(job.recipe.dataset).n_train)
            if len(done) == len(job.seeds):
                bar.clear()
                runs = tuple(done[seed] for seed in job.seeds)
                yield Receipt(job.recipe, job.version, runs, quick=quick)
    finally:
        bar.clear()
        pool.shutdown(wait=False, cancel_futures=True)


def _starts(job: Job, *, quick: bool) -> list[Measuring]:
    dataset = open_named(job.recipe.dataset)
    train_set = Samples(dataset.train_images, dataset.train_labels)
    wanted = wanted_figures(job.recipe, job.version, quick=quick)
    configs = [replace(job.version.config, seed=seed) for seed in job.seeds]
    return [start_measuring(config, wanted, train_set) for config in configs]


def _run_all(
    queue: list[tuple[int, Measuring]], pool: WorkerPool, wish: threading.Event, bar: ShownBar
) -> Iterator[tuple[int, Measuring]]:
    """Drive the runs slice by slice, the first ones first; yield each that is done."""
    waiting, at_work = iter(queue), dict[Future[Measuring], tuple[int, Measuring]]()
    ended = deaths = 0
    while not wish.is_set():
        while len(at_work) < pool.n_workers and (following := next(waiting, None)):
            at_work[pool.submit(go_on_with_data, following[1], _SLICE_SECONDS)] = following
        if not at_work:
            return
        for future in wait(at_work, timeout=_SLICE_SECONDS, return_when=FIRST_COMPLETED).done:
            number, run = at_work.pop(future)
            try:
                run = future.result()
            except WorkerDiedError:  # another one makes the same slice: nothing is lost
                deaths += 1
                _check_deaths(deaths)
            if run.is_done:
                ended += 1
                yield number, run
            else:
                at_work[pool.submit(go_on_with_data, run, _SLICE_SECONDS)] = (number, run)
        bar.show("receipts", ended + sum(run.share for _, run in at_work.values()), len(queue))


def _check_deaths(deaths: int) -> None:
    if deaths > _MOST_DEATHS:
        raise UserError(
            "receipts-workers",
            f"{deaths} processes that ran recipes died, perhaps for want of memory. Close other "
            "programs, or run one recipe at a time with --recipe. Finished receipts are kept.",
        )


def _end(receipts: list[Receipt], n_jobs: int, missing: bool, seconds: float) -> None:
    """Sum up, and exit with what it came to."""
    rows = [row for receipt in receipts for row in receipt.rows]
    held = sum(row.passed is True for row in rows)
    click.echo(f"\n{held} of {len(rows)} published figures agree with ours; {seconds:.0f} s.")
    context = click.get_current_context()
    if held < len(rows):
        context.exit(DISAGREES)
    if len(receipts) < n_jobs:
        click.echo(f"Stopped after {len(receipts)} of {n_jobs} receipts.", err=True)
        context.exit(INTERRUPTED)
    if missing:
        context.exit(REFUSED)
