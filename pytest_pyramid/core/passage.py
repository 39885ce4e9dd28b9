"""How far a long run is, as lines for the terminal: what is done by tier, what runs for long, how much time is left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pytest_pyramid.core.drawing import duration
from pytest_pyramid.core.styled_text import cells, cut_middle, safe
from pytest_pyramid.core.wording import counted

FIRST_SECONDS = 10.0
"""Shorter runs and tiers are over before anybody asks."""
LONGEST_PAUSE = 60.0
LONG_SECONDS = 5.0
"""A test that runs for less is no long one."""
BEYOND = 2.0
"""Nor is one that has not taken so many times what it usually takes."""
UNKNOWN_LONG_SECONDS = 15.0
MOST_RUNNERS = 2
SHORTEST_NAME = 20
ENOUGH_KNOWN = 0.5
LEAST_LEFT = 1.0
PREFIX = "pyramid: "


class Tier(NamedTuple):
    """One tier that has tests."""

    name: str
    tests: int
    finished: int
    failed: int = 0
    withheld: bool = False
    """True when a closed gate keeps it from running."""


class Runner(NamedTuple):
    """What a worker is at."""

    worker: str
    nodeid: str
    seconds: float
    """For how long."""
    usual: float | None = None
    """What the test usually takes; None for one that nobody has seen."""


def time_left(expected: Sequence[tuple[int, float | None]], workers: int) -> float | None:
    """Seconds until tests of these ranks and lengths are done, tier after tier; None when that is not worth telling.

    A tier takes as long as its longest test or as the even share of its seconds; tests of unknown length count like the
    others of their tier. Nothing is told when fewer than half are known, or when less than a second is left.
    """
    tiers: dict[int, list[float]] = {}
    counts: dict[int, int] = {}
    for rank, seconds in expected:
        counts[rank] = counts.get(rank, 0) + 1
        tiers.setdefault(rank, []).extend([] if seconds is None else [seconds])
    known = sum(map(len, tiers.values()))
    if known < ENOUGH_KNOWN * len(expected):
        return None
    whole = 0.0
    for rank, found in tiers.items():
        if found:
            whole += max(*found, sum(found) / len(found) * counts[rank] / workers)
    return whole if whole >= LEAST_LEFT else None


def pause_after(elapsed: float) -> float:
    """Seconds until the next line: a quarter of what has passed, from ten seconds to a minute."""
    return min(LONGEST_PAUSE, max(FIRST_SECONDS, elapsed / 4))


def is_long(runner: Runner) -> bool:
    """True for a test that runs for many seconds, and for much longer than usual."""
    if runner.usual is None:
        return runner.seconds >= UNKNOWN_LONG_SECONDS
    return runner.seconds >= max(LONG_SECONDS, BEYOND * runner.usual)


def passage(tiers: Sequence[Tier], runners: Sequence[Runner], left: float | None, *, width: int, unicode: bool) -> str:
    """One line of at most `width` cells: every tier, what runs for long, and the time left where it is known."""
    dot = " · " if unicode else ", "
    end = [f"about {_roughly(left)} left"] if left is not None else []
    parts = [_state(tier, unicode=unicode) for tier in tiers]
    long = sorted((one for one in runners if is_long(one)), key=lambda one: -one.seconds)[:MOST_RUNNERS]
    for runner in long:
        room = width - cells(PREFIX + dot.join([*parts, _runner(runner, "", unicode=unicode), *end]))
        if room >= SHORTEST_NAME:
            mark = "…" if unicode else "..."
            parts.append(_runner(runner, cut_middle(safe(runner.nodeid, unicode=unicode), room, mark), unicode=unicode))
    return PREFIX + dot.join([*parts, *end])


def boundary(done: Tier, seconds: float, following: Tier | None, left: float | None, *, unicode: bool) -> str:
    """One line when a tier has ended after so many seconds, with the one that begins now, if one does."""
    failed = f", {done.failed:,} failed" if done.failed else ""
    said = f"{_name(done, unicode=unicode)} done: {counted(done.tests, 'test')} in {duration(seconds)}{failed}"
    if following is None:
        return PREFIX + said
    expected = f", about {_roughly(left)} left" if left is not None else ""
    return f"{PREFIX}{said}; {_name(following, unicode=unicode)} begins: {counted(following.tests, 'test')}{expected}"


def beginning(first: Tier, left: float, *, unicode: bool) -> str:
    """One line before a run that will be a long one."""
    return (
        f"{PREFIX}{_name(first, unicode=unicode)} begins: {counted(first.tests, 'test')}, about {_roughly(left)} in all"
    )


def _state(tier: Tier, *, unicode: bool) -> str:
    return " ".join(_words(tier, unicode=unicode))


def _words(tier: Tier, *, unicode: bool) -> Iterator[str]:
    yield _name(tier, unicode=unicode)
    if tier.finished >= tier.tests:
        yield f"{'✓' if unicode else 'done'} {tier.tests:,}" if not tier.failed else f"{tier.tests:,} done"
    elif tier.withheld:
        yield f"{tier.tests - tier.finished:,} withheld"
    else:
        yield f"{tier.finished:,}/{tier.tests:,}"
    if tier.failed:
        yield f"({tier.failed:,} failed)"


def _runner(runner: Runner, shown: str, *, unicode: bool) -> str:
    usually = f" (usually {duration(runner.usual)})" if runner.usual is not None else ""
    return f"{safe(runner.worker, unicode=unicode)} at {shown} for {duration(runner.seconds)}{usually}"


def _roughly(seconds: float) -> str:
    """What is only estimated is told without false digits."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else duration(seconds)


def _name(tier: Tier, *, unicode: bool) -> str:
    return safe(tier.name, unicode=unicode)
