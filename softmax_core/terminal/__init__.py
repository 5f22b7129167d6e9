"""The commands of the terminal, one file each; bad input is one sentence and exit code 2."""

from __future__ import annotations

import sys

import click

from softmax_core.errors import UserError
from softmax_core.terminal.datasets import datasets, fetch
from softmax_core.terminal.evaluate import evaluate_run
from softmax_core.terminal.predict import predict
from softmax_core.terminal.train import train_run


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Softmax Lab in the terminal: the same training as on the page."""


for _command in (datasets, fetch, train_run, evaluate_run, predict):
    cli.add_command(_command)


def main() -> None:
    """Run a command; say what is wrong in one sentence on standard error."""
    try:
        cli.main(standalone_mode=False)
    except UserError as error:
        _give_up(error.text)
    except click.exceptions.Abort:
        _give_up("Stopped.")
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
    except click.ClickException as error:
        _give_up(error.format_message())
    except OSError as error:
        name = f" {error.filename}" if error.filename else ""
        _give_up(f"The file{name} could not be used: {error.strerror or error}.")


def _give_up(sentence: str) -> None:
    click.echo(f"Error: {sentence}", err=True)
    sys.exit(2)
