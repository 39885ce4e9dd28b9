"""What past runs teach: the seconds of a test without set-up that it shares, and what to expect of the next run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import compress
from math import isnan
from operator import attrgetter
from typing import NamedTuple

from pytest_pyramid.core.facts import Outcome, Result
from pytest_pyramid.core.forecast import Estimate

REMEMBERED = 15
"""So many results of a test make its estimate: enough for a steady median, few enough to follow a change in days."""
FEWEST_FOR_GUARD = 20
"""With fewer tests than this, most of them failing is an ordinary day's work and no broken machine."""
LEAST_SETUP = 0.001
"""Seconds; set-up that is shared and shorter than this is of no use to any plan."""
ABSENT = float("nan")
"""Stands in a column for a test that did not run."""
_INSTANT = 1e-9


class Lesson(NamedTuple):
    """What one run teaches about the tests of one file."""

    seconds: Mapping[str, float]
    """By node id: setup + call + teardown without shared set-up. A test that failed has them below zero."""
    setup: float | None = None
    """Seconds of the set-up that the tests of the file share, None when they share none that could be told."""


class Column(NamedTuple):
    """The results of one run in one file, in the order of the file's node ids."""

    code: int
    """What was tested: a fingerprint of commit and local changes, 0 where nobody could tell."""
    whole: bool
    """True when every known test of the file ran."""
    seconds: Sequence[float]
    """As in `Lesson`; `ABSENT` for a test that did not run."""


class FileMemory(NamedTuple):
    """What is remembered of one file, the newest run first."""

    nodeids: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    setups: tuple[float, ...] = ()


def is_broken(outcomes: Iterable[Outcome]) -> bool:
    """True for a run in which most tests failed: then the machine is at fault, and the run teaches nothing.

    Trunk's flaky-test service ignores a run in which 80 % fail, for the same reason; half is the careful side for
    durations, which nobody needs from such a run.
    """
    ran = [outcome.result for outcome in outcomes if outcome.result.ran]
    failed = sum(result is Result.FAILED or result is Result.ERROR for result in ran)
    return len(ran) >= FEWEST_FOR_GUARD and failed * 2 > len(ran)


def lessons(outcomes: Iterable[Outcome]) -> dict[str, Lesson]:
    """What the run teaches, by file.

    The first test that a worker runs in a file pays for the fixtures that the file shares. What its set-up takes
    beyond the usual set-up of the file's other tests is the shared part; it is taken off that test's seconds.
    """
    by_file: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        if outcome.start is not None:
            by_file.setdefault(outcome.nodeid.partition("::")[0], []).append(outcome)
    arrivals = _arrivals(by_file)
    return {file: _lesson(tests, arrivals.get(file, ())) for file, tests in by_file.items()}


class _Arrival(NamedTuple):
    """The first test that a worker ran in a file."""

    outcome: Outcome
    fresh: bool
    """True when the worker had run nothing before, so that the set-up of the session is in it too."""


def _arrivals(by_file: Mapping[str, Sequence[Outcome]]) -> dict[str, list[_Arrival]]:
    """By file, who paid for shared set-up; files that set nothing up are left out."""
    slow = {file for file, tests in by_file.items() if any(test.setup_seconds >= LEAST_SETUP for test in tests)}
    if not slow:
        return {}
    by_worker: dict[str | None, list[Outcome]] = {}
    for tests in by_file.values():
        for outcome in tests:
            by_worker.setdefault(outcome.worker, []).append(outcome)
    found: dict[str, list[_Arrival]] = {}
    for ran in by_worker.values():
        last = None
        for outcome in sorted(ran, key=attrgetter("start")):
            file = outcome.nodeid.partition("::")[0]
            if file != last and file in slow:
                found.setdefault(file, []).append(_Arrival(outcome, fresh=last is None))
            last = file
    return found


def _lesson(tests: Sequence[Outcome], arrivals: Sequence[_Arrival]) -> Lesson:
    """A crash costs the file's fixtures anew, so a test that failed says nothing about shared set-up."""
    seconds = {test.nodeid: _signed(test.seconds, test) for test in tests}
    paid = {id(arrival.outcome) for arrival in arrivals}
    others = [test.setup_seconds for test in tests if id(test) not in paid]
    if not arrivals or not others:
        return Lesson(seconds)
    usual = middle(others)
    shared = []
    for outcome, fresh in arrivals:
        cost = outcome.setup_seconds - usual
        if cost >= LEAST_SETUP and not outcome.result.pulls_the_cord:
            seconds[outcome.nodeid] = _signed(outcome.seconds - cost, outcome)
            shared.append((fresh, cost))
    costs = [cost for fresh, cost in shared if not fresh] or [cost for _, cost in shared]
    return Lesson(seconds, setup=middle(costs) if costs else None)


def _signed(seconds: float, outcome: Outcome) -> float:
    seconds = max(seconds, _INSTANT)
    return -seconds if outcome.result.pulls_the_cord else seconds


def remember(memory: FileMemory, lesson: Lesson, code: int, *, whole: bool) -> FileMemory:
    """The memory with one run more; `whole` when all tests of the file ran, so that others no longer exist.

    At most `REMEMBERED` runs of the whole file are kept and as many of parts of it, so that a single test that is run
    again and again takes nothing from its neighbours. A test of which no kept run knows anything is forgotten.
    """
    nodeids, columns = memory.nodeids, memory.columns
    if tuple(lesson.seconds) != nodeids:
        known = () if whole else nodeids
        nodeids = tuple(dict.fromkeys((*known, *lesson.seconds)))
        columns = tuple(_moved(column, memory.nodeids, nodeids) for column in columns)
    seconds = tuple(lesson.seconds.get(nodeid, ABSENT) for nodeid in nodeids)
    newest = Column(code, len(lesson.seconds) == len(nodeids), seconds)
    setups = memory.setups if lesson.setup is None else (lesson.setup, *memory.setups)[:REMEMBERED]
    return _without_strangers(FileMemory(nodeids, _kept((newest, *columns)), setups))


def _moved(column: Column, before: Sequence[str], after: Sequence[str]) -> Column:
    """The column in the order of other node ids."""
    seconds = dict(zip(before, column.seconds, strict=True))
    return column._replace(seconds=tuple(seconds.get(nodeid, ABSENT) for nodeid in after))


def _kept(columns: Sequence[Column]) -> tuple[Column, ...]:
    seen = {True: 0, False: 0}
    kept = []
    for column in columns:
        seen[column.whole] += 1
        if seen[column.whole] <= REMEMBERED:
            kept.append(column)
    return tuple(kept)


def _without_strangers(memory: FileMemory) -> FileMemory:
    """The memory without tests that no column knows."""
    if memory.columns[0].whole:
        return memory
    rows = zip(*(column.seconds for column in memory.columns), strict=True)
    heard = [any(not isnan(second) for second in row) for row in rows]
    if all(heard):
        return memory
    nodeids = tuple(compress(memory.nodeids, heard))
    columns = tuple(column._replace(seconds=tuple(compress(column.seconds, heard))) for column in memory.columns)
    return memory._replace(nodeids=nodeids, columns=columns)


def results(memory: FileMemory) -> Iterator[tuple[str, list[float]]]:
    """Each test of the file with the seconds of its remembered runs, newest first, those that failed below zero."""
    rows = zip(*(column.seconds for column in memory.columns), strict=True)
    gaps = any(isnan(sum(column.seconds)) for column in memory.columns)  # one look, where most files have none
    for nodeid, row in zip(memory.nodeids, rows, strict=True) if memory.columns else ():
        known = [second for second in row if not isnan(second)] if gaps else list(row)
        if known:
            yield nodeid, known[:REMEMBERED]


def estimates(memory: FileMemory) -> Iterator[tuple[str, Estimate]]:
    """What to expect of each test of the file."""
    return ((nodeid, estimate(recent)) for nodeid, recent in results(memory))


def setup_of(memory: FileMemory) -> float | None:
    """Seconds of the set-up that the file's tests share, None when nothing is known about it."""
    return middle(memory.setups) if memory.setups else None


def middle(values: Iterable[float]) -> float:
    """The median, of an even number the upper one. Raises IndexError for no value."""
    known = sorted(values)
    return known[len(known) // 2]


def estimate(recent: Sequence[float]) -> Estimate:
    """What to expect after these results, newest first, in seconds, those that failed below zero.

    Median and median absolute deviation: up to half of the results may be outliers of any size (Hampel 1974). A
    failure mostly ends a test early, so failures count for the time only when there is nothing else. Raises
    IndexError for no result.
    """
    known, failed = sorted(recent), 0
    if known[0] < 0:
        good = [second for second in known if second >= 0]
        failed = len(known) - len(good)
        known = good or sorted([-second for second in known])
    half = len(known) // 2
    typical = known[half]
    spread = sorted([abs(second - typical) for second in known])[half]
    return Estimate(typical, spread, len(recent), recent[0] < 0, failed / len(recent), abs(recent[0]))
