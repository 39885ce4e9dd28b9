"""history: what is remembered of past runs, shown, carried elsewhere, made smaller and verified."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from pytest_pyramid.commands.project import DEFAULT, history_of, settings_here
from pytest_pyramid.core import past_tables
from pytest_pyramid.core.past_runs import Limits, PastRun, in_time
from pytest_pyramid.stores import history, history_benchmarks, history_care, history_exchange, report_files, run_ledger
from pytest_pyramid.stores.history_schema import HistoryError, UnusableError
from pytest_pyramid.stores.terminal_text import shown_time, takes_unicode

name = "history"
summary = "what is remembered of past runs: durations, outcomes, and the ledger"

LAST_RUNS = 10
_RUNS = ("started (UTC)", "commit", "workers", "tests", "failed", "time", "first failure", "verdict")
_FAULTS = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    where = argparse.ArgumentParser(add_help=False)
    where.add_argument(
        "--file", type=Path, metavar="PATH", help=f"the history; without it the configured one, else {DEFAULT}"
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")

    def action(word: str, text: str) -> argparse.ArgumentParser:
        return actions.add_parser(word, help=text, parents=[where])

    show = action("show", "what is there, or what is known of the tests whose node id holds WORDS")
    show.add_argument("words", nargs="?", metavar="WORDS")
    shown = (
        show,
        action("slowest", "the tests and set-ups that take longest"),
        action("flaky", "tests that passed and failed on the same code"),
        action("benchmarks", "what pytest-benchmark measured, the slowest first"),
        action("trend", "the last runs, the oldest first"),
    )
    for each in shown:
        each.add_argument("-n", type=int, default=30, dest="most", metavar="N", help="at most so many (30)")
    export = action("export", "every run as a JSON line")
    export.add_argument("target", nargs="?", default=report_files.STANDARD_OUTPUT, metavar="PATH", help="to a file")
    action("import", "add the runs of an export").add_argument("source", type=Path, metavar="PATH")
    prune = action("prune", "forget what is old or too much, and give the space back")
    prune.add_argument("--runs", type=int, metavar="N", help="results to keep for each test, instead of history-runs")
    prune.add_argument("--days", type=int, metavar="N", help="days to keep, instead of history-days")
    action("verify", "find changed, removed and reordered lines of the ledger; exit status 1 when there are any")


def run(arguments: argparse.Namespace) -> int:
    """Exit status 0, or 1 when `verify` finds something. Raises ValueError and OSError for files of no use."""
    path = arguments.file or history_of(settings_here())
    try:
        return _ACTIONS[arguments.action](path, arguments)
    except (HistoryError, UnusableError) as error:
        raise ValueError(
            f"{path} cannot be used: {error}" if path.exists() else f"there is no history at {path}"
        ) from error


def _show(path: Path, arguments: argparse.Namespace) -> int:
    memories = history.memories(path)
    if arguments.words is not None:
        rows = past_tables.strips(memories, arguments.words, arguments.most, unicode=takes_unicode())
        return _print(
            ("time", "spread", "newest first", "test"), rows, f"no test is known whose name holds {arguments.words!r}"
        )
    runs = history.runs(path)
    tests = sum(len(memory.nodeids) for memory in memories.values())
    size = path.stat().st_size / 1e6
    sys.stdout.write(f"{path}: {len(runs):,} runs, {tests:,} tests in {len(memories):,} files, {size:.1f} MB\n\n")
    return _print_runs(runs[:LAST_RUNS])


def _slowest(path: Path, arguments: argparse.Namespace) -> int:
    memories = history.memories(path)
    _print(("time", "spread", "runs", "test"), past_tables.slowest(memories, arguments.most), "no test is known yet")
    setups = past_tables.dearest_setups(memories, arguments.most)
    if setups:
        sys.stdout.write("\n")
        _print(("set-up", "file"), setups, "")
    return 0


def _flaky(path: Path, arguments: argparse.Namespace) -> int:
    rows = past_tables.flakiest(history.memories(path), arguments.most)
    head = ("failed", "rate (95 %)", "codes", "test")
    return _print(head, rows, "no test is known to have both passed and failed on the same code")


def _benchmarks(path: Path, arguments: argparse.Namespace) -> int:
    rows = past_tables.benchmarks(history_benchmarks.remembered(path), arguments.most)
    return _print(("last", "median", "spread", "runs", "test"), rows, "no benchmark is known yet")


def _trend(path: Path, arguments: argparse.Namespace) -> int:
    return _print_runs(in_time(history.runs(path, arguments.most)))


def _export(path: Path, arguments: argparse.Namespace) -> int:
    lines = history_exchange.exported(path)
    if arguments.target == report_files.STANDARD_OUTPUT:
        sys.stdout.writelines(f"{line}\n" for line in lines)
    else:
        report_files.write(Path(arguments.target), "".join(f"{line}\n" for line in lines))
    return 0


def _import(path: Path, arguments: argparse.Namespace) -> int:
    with arguments.source.open(encoding="utf-8") as file:
        try:
            runs = list(history_exchange.imported(file))
        except ValueError as error:
            raise ValueError(f"{arguments.source}: {error}") from error
    sys.stdout.write(f"{history_care.take_in(path, runs):,} of {len(runs):,} runs were new\n")
    return 0


def _prune(path: Path, arguments: argparse.Namespace) -> int:
    settings = settings_here()
    usual = Limits() if settings is None else Limits(settings.history_runs, settings.history_days)
    runs = usual.runs if arguments.runs is None else max(0, arguments.runs)
    days = usual.days if arguments.days is None else max(0, arguments.days)
    limits = Limits(runs, days)
    sys.stdout.write(f"{history_care.prune(path, limits):,} runs forgotten, {path.stat().st_size / 1e6:.1f} MB left\n")
    return 0


def _verify(path: Path, _: argparse.Namespace) -> int:
    """A seal that the history knows and the ledger does not, belongs to a line that was cut off at the end."""
    ledger = run_ledger.ledger_of(path)
    count, faults = run_ledger.verify(ledger) if ledger.exists() else (0, ())
    known = run_ledger.seals(ledger) if ledger.exists() else frozenset()
    runs = history.runs(path) if path.exists() else []
    missing = [run.started for run in runs if run.seal is not None and run.seal not in known]
    said = [f"line {fault.line} {fault.reason}" for fault in faults]
    said += [f"the line of the run that started at {shown_time(started)} is missing" for started in missing]
    for sentence in said:
        sys.stdout.write(f"{ledger}: {sentence}\n")
    sys.stdout.write(f"{ledger}: {count:,} lines, {f'{len(said):,} faults' if said else 'as they were written'}\n")
    return _FAULTS if said else 0


def _print_runs(runs: Sequence[PastRun]) -> int:
    dates = {run.key: shown_time(run.started) for run in runs}
    return _print(_RUNS, past_tables.trend(runs, dates), "no run is known yet")


def _print(head: Sequence[str], rows: past_tables.Rows, otherwise: str) -> int:
    lines: Iterable[str] = past_tables.table(head, rows, unicode=takes_unicode()) if rows else [otherwise]
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 0


_ACTIONS: Mapping[str, Callable[[Path, argparse.Namespace], int]] = {
    "show": _show,
    "slowest": _slowest,
    "flaky": _flaky,
    "benchmarks": _benchmarks,
    "trend": _trend,
    "export": _export,
    "import": _import,
    "prune": _prune,
    "verify": _verify,
}
