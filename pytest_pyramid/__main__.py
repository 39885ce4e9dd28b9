"""`python -m pytest_pyramid` and the script `pytest-pyramid`: hand over to a command."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import NoReturn

from pytest_pyramid import __version__
from pytest_pyramid.commands import andon, history, init, mark, merge, render

COMMANDS = (andon, history, init, mark, merge, render)
USAGE_ERROR = 4


class _Parser(argparse.ArgumentParser):
    """Ends with our status for arguments that cannot be used: 2 means an interrupted run everywhere else."""

    def error(self, message: str) -> NoReturn:
        """Print the usage and the message, and leave."""
        self.print_usage(sys.stderr)
        self.exit(USAGE_ERROR, f"{self.prog}: {message}\n")


def command_line() -> argparse.ArgumentParser:
    """The parser of all commands; it ends the process with status 4 for arguments that cannot be used."""
    parser = _Parser(
        prog="pytest-pyramid", description="Settings, marks, reports, history and incidents of the test pyramid."
    )
    parser.add_argument("--version", action="version", version=f"pytest-test-pyramid {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        command_parser = commands.add_parser(command.name, help=command.summary)
        command.add_arguments(command_parser)
        command_parser.set_defaults(run=command.run)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """The exit status of the command that `argv` names: 4 for what cannot be used, as in pytest."""
    arguments = command_line().parse_args(argv)
    try:
        status: int = arguments.run(arguments)
    except (ValueError, OSError) as error:
        sys.stderr.write(f"pytest-pyramid {arguments.command}: {error}\n")
        return USAGE_ERROR
    return status


if __name__ == "__main__":
    sys.exit(main())
