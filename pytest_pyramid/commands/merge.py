"""merge: the reports of all shards and stages of a run become one, judged again as a whole."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from pytest_pyramid.commands import report_io
from pytest_pyramid.core.merging import merged
from pytest_pyramid.core.pieces import Piece, pieces_of
from pytest_pyramid.core.report import RunReport
from pytest_pyramid.core.ruling import RuleBook
from pytest_pyramid.core.selecting import has_shipped_tiers, selection_of
from pytest_pyramid.core.setting_tree import Settings
from pytest_pyramid.rules import BUILTIN
from pytest_pyramid.stores import remembering
from pytest_pyramid.stores.checkout import Checkout, Inquiry
from pytest_pyramid.stores.config_files import DEFAULTS
from pytest_pyramid.stores.history_schema import HistoryError, UnusableError

name = "merge"
summary = "make one report of the shards and stages of a run, with its verdict and exit status"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "reports", nargs="+", type=Path, metavar="PART.json", help="the JSON report of each shard or stage"
    )
    report_io.add_targets(parser)
    parser.add_argument(
        "--history", type=Path, metavar="PATH", help="enter the whole run into this history, which no shard did"
    )


def run(arguments: argparse.Namespace) -> int:
    """The exit status of the whole run. Raises ValueError, with every reason, for reports that are not one run."""
    pieces, wrong = pieces_of([(str(path), report_io.read(path)) for path in arguments.reports])
    if wrong:
        raise ValueError("these reports cannot be merged:" + "".join(f"\n  {reason}" for reason in wrong))
    report = _merged(pieces)
    report_io.give(report, arguments.targets)
    around = Inquiry(Path.cwd(), main=False).answer()
    _tell(report, pieces[0].part.settings, around, arguments.history)
    if arguments.history is not None:
        _remember(arguments.history, report, pieces[0].part.settings, around)
    return report.run.exit_status


def _merged(pieces: Sequence[Piece]) -> RunReport:
    settings = pieces[0].part.settings
    # What is said about rules of plugins was checked when the shards ran; here only the shipped rules are known.
    book, _ = RuleBook.made(BUILTIN, selection_of(settings))
    return merged(pieces, book, default_tiers=has_shipped_tiers(settings, defaults=DEFAULTS))


def _tell(report: RunReport, settings: Settings, around: Checkout, history: Path | None) -> None:
    """Let the team know of the gates, as a run of the whole would; before the history learns of this run."""
    if settings.andon.notify:
        from pytest_pyramid.commands import merged_andon  # noqa: PLC0415  # few projects tell anybody

        for note in merged_andon.tell(report, settings, around.branch, history, os.environ):
            sys.stderr.write(f"pytest-pyramid merge: {note}\n")


def _remember(path: Path, report: RunReport, settings: Settings, around: Checkout) -> None:
    """Enter the run; what is wrong with the history is told, and the verdict stands."""
    if around.commit != report.run.commit:
        around = around._replace(commit=report.run.commit, code=0)
    try:
        seal = remembering.enter(path, report, around) if report.run.gate_mode != "off" else None
        remembering.keep(path, report, around, seal, settings)
    except (HistoryError, UnusableError, OSError) as error:
        sys.stderr.write(f"pytest-pyramid merge: the history {path} was left out: {error}\n")
