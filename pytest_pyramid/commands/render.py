"""render: a report again from its JSON, in any format, or as the terminal summary."""

from __future__ import annotations

import argparse
from pathlib import Path

from pytest_pyramid.commands import report_io

name = "render"
summary = "make a report again from its JSON"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "report", type=Path, metavar="REPORT.json", help="a report written by --pyramid-report=json:PATH"
    )
    report_io.add_targets(parser)


def run(arguments: argparse.Namespace) -> int:
    """Exit status 0. Raises ValueError and OSError for files that cannot be read, written or understood."""
    report_io.give(report_io.read(arguments.report), arguments.targets)
    return 0
