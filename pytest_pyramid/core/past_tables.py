"""The past for people: tables of runs, slow tests and flaky tests as lines of text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import nlargest

from pytest_pyramid.core.benchmarks import Benchmark
from pytest_pyramid.core.drawing import duration, percent
from pytest_pyramid.core.figures import short_time
from pytest_pyramid.core.flakiness import flakes
from pytest_pyramid.core.history import FileMemory, estimates, results, setup_of
from pytest_pyramid.core.past_benchmarks import past_of
from pytest_pyramid.core.past_runs import PastRun
from pytest_pyramid.core.styled_text import cells, safe

Rows = Sequence[Sequence[str]]
LONGEST_COMMIT = 10


def table(head: Sequence[str], rows: Rows, *, unicode: bool) -> Iterator[str]:
    """The rows under their headings in aligned columns; numbers stand to the right, the last column as it is."""
    shown = [[safe(cell, unicode=unicode) for cell in row] for row in (head, *rows)]
    widths = [max(cells(row[column]) for row in shown) for column in range(len(head))]
    for row in shown:
        padded = [" " * (width - cells(cell)) + cell for cell, width in zip(row[:-1], widths[:-1], strict=True)]
        yield "  ".join([*padded, row[-1]]).rstrip()


def slowest(memories: Mapping[str, FileMemory], most: int) -> Rows:
    """The tests that take longest, with the spread of their seconds and the number of runs behind it."""
    known = (pair for memory in memories.values() for pair in estimates(memory))
    return [
        (_seconds(expected.seconds), _seconds(expected.spread), str(expected.runs), nodeid)
        for nodeid, expected in nlargest(most, known, key=lambda pair: pair[1].seconds)
    ]


def benchmarks(known: Mapping[str, Sequence[Benchmark]], most: int) -> Rows:
    """What each test measured last and in the median of its runs, which are given newest first; the slowest first."""
    pasts = [(past, runs[0], nodeid) for nodeid, runs in known.items() if (past := past_of(runs)) is not None]
    return [
        (short_time(last.median), short_time(past.median), short_time(past.iqr), str(past.runs), nodeid)
        for past, last, nodeid in nlargest(most, pasts, key=lambda one: one[0].median)
    ]


def dearest_setups(memories: Mapping[str, FileMemory], most: int) -> Rows:
    """The files whose shared set-up takes longest."""
    known = ((seconds, file) for file, memory in memories.items() if (seconds := setup_of(memory)) is not None)
    return [(_seconds(seconds), file) for seconds, file in nlargest(most, known)]


def flakiest(memories: Mapping[str, FileMemory], most: int) -> Rows:
    """The flaky tests, the surest first: how often they failed, and between what bounds their failure rate lies."""
    found = nlargest(most, (flake for memory in memories.values() for flake in flakes(memory)), key=lambda one: one.low)
    return [
        (f"{one.failures} of {one.runs}", f"{percent(one.low)} to {percent(one.high)}", str(one.codes), one.nodeid)
        for one in found
    ]


def trend(runs: Iterable[PastRun], dates: Mapping[str, str]) -> Rows:
    """One row per run in the given order; `dates` are texts by key."""
    return [
        (
            dates[run.key],
            (run.commit or "-")[:LONGEST_COMMIT],
            str(run.workers),
            f"{run.tests:,}",
            f"{run.failed:,}" if run.failed else "-",
            duration(run.seconds),
            "-" if run.first_failure is None else duration(run.first_failure),
            _verdict(run),
        )
        for run in runs
    ]


def strips(memories: Mapping[str, FileMemory], words: str, most: int, *, unicode: bool) -> Rows:
    """The tests whose node id holds the words: what is expected of them, and their last results, newest first."""
    rows: list[tuple[str, ...]] = []
    good, bad = ("✓", "✗") if unicode else (".", "F")
    for memory in memories.values():
        expected = dict(estimates(memory))
        for nodeid, recent in results(memory):
            if words in nodeid and len(rows) < most:
                strip = "".join(good if second >= 0 else bad for second in recent)
                found = expected[nodeid]
                rows.append((_seconds(found.seconds), _seconds(found.spread), strip, nodeid))
    return rows


def _verdict(run: PastRun) -> str:
    closed = [tier for tier, state in run.gates if state == "closed"]
    said = [f"{closed[0]} closed" if closed else "red" if run.exit_status else "green"]
    said += [run.shape] if run.complete and run.shape else []
    said += [] if run.partial is None else [run.partial]
    said += [] if run.taught else ["teaches nothing"]
    return ", ".join(said)


def _seconds(seconds: float) -> str:
    """With as many digits as tell fast tests apart."""
    return f"{seconds * 1000:.1f} ms" if seconds < 0.0995 else duration(seconds)
