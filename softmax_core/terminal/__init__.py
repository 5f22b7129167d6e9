"""The commands of the terminal, one file each; what is refused is one sentence on standard error.

Exit codes: 0 done, 1 a receipt disagrees, 2 something was refused or a run had to be stopped,
130 stopped by ctrl-C.
"""

from __future__ import annotations

import sys

import click

from softmax_core.errors import UserError
from softmax_core.terminal.datasets import fetch_dataset, list_datasets
from softmax_core.terminal.evaluate import evaluate_run
from softmax_core.terminal.predict import predict_pictures
from softmax_core.terminal.receipts import run_receipts
from softmax_core.terminal.train import train_run
from softmax_core.terminal.wording import INTERRUPTED, REFUSED, complain


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Softmax Lab in the terminal: the same training as on the page."""


for _command in (
    list_datasets,
    fetch_dataset,
    train_run,
    evaluate_run,
    predict_pictures,
    run_receipts,
):
    cli.add_command(_command)


def main() -> None:
    """Run the command that the arguments name, and exit."""
    sys.exit(_exit_code())


def _exit_code() -> int:
    try:
        return cli.main(standalone_mode=False) or 0
    except UserError as error:
        complain(error.text)
    except click.exceptions.Abort:
        complain("Stopped.")
        return INTERRUPTED
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 0
    except click.ClickException as error:
        complain(error.format_message())
    except OSError as error:
        name = f" {error.filename}" if error.filename else ""
        complain(f"The file{name} could not be used: {error.strerror or error}.")
    return REFUSED
