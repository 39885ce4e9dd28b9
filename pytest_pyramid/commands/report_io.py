"""Reports that commands read and write."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from pathlib import Path

from pytest_pyramid.core.plain_report import from_plain
from pytest_pyramid.core.report import RunReport
from pytest_pyramid.reporters import BUILTIN, terminal
from pytest_pyramid.stores import report_files


def add_targets(parser: argparse.ArgumentParser) -> None:
    """Declare the argument that says which reports to write."""
    formats = ", ".join(reporter.name for reporter in BUILTIN)
    parser.add_argument(
        "--report",
        dest="targets",
        action="append",
        default=[],
        metavar="FORMAT:PATH",
        help=f"write it as FORMAT ({formats}) to PATH, '-' for the standard output; without it the summary is printed",
    )


def read(path: Path) -> RunReport:
    """The report in the file. Raises ValueError, which names the file, and OSError."""
    try:
        return from_plain(json.loads(path.read_text(encoding="utf-8")))
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


def give(report: RunReport, targets: list[str]) -> None:
    """Write the report to every target, or print its summary when there is none. Raises ValueError and OSError."""
    for target in targets:
        _write(report, target)
    if not targets:
        width = shutil.get_terminal_size().columns
        unicode = (sys.stdout.encoding or "").lower().startswith("utf")
        for line in terminal.lines(report, width=width, unicode=unicode, verbosity=0):
            sys.stdout.write(f"{line.text}\n")


def _write(report: RunReport, target: str) -> None:
    kind, _, path = target.partition(":")
    reporters = {reporter.name: reporter for reporter in BUILTIN}
    if kind not in reporters or not path:
        raise ValueError(f"--report {target!r} is not FORMAT:PATH with FORMAT one of {', '.join(reporters)}")
    reason = reporters[kind].obstacle()
    if reason is not None:
        raise ValueError(f"--report {target!r} cannot be written: {reason}")
    text = reporters[kind].render(report)
    if path == report_files.STANDARD_OUTPUT:
        report_files.show(text)
    else:
        report_files.write(Path(path), text)
