"""Outcomes as they come: the shell's only growing state besides the schedule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from pytest_pyramid.core.facts import Outcome, Result, Touch
from pytest_pyramid.session.record import Record

Passed = tuple[int, float, tuple[float, float, float]]
"""A test that passed: its index, when it began, and its seconds of setup, call and teardown."""

_new = tuple.__new__
_PASSED = Result.PASSED  # naming a member takes 120 ns on Python 3.11


def with_late_touches(outcomes: tuple[Outcome, ...], late: Iterable[tuple[str, Touch]]) -> tuple[Outcome, ...]:
    """The outcomes with the touches, by node id, that came when their tests had ended; the same one counts once."""
    wanted: dict[str, dict[Touch, None]] = {}
    for nodeid, touch in late:
        wanted.setdefault(nodeid, {})[touch] = None
    return tuple(
        outcome._replace(touches=(*outcome.touches, *wanted[outcome.nodeid])) if outcome.nodeid in wanted else outcome
        for outcome in outcomes
    )


def withheld_of(outcomes: Sequence[Outcome]) -> list[int]:
    """The indices of the tests that a closed gate kept from running."""
    withheld = Result.WITHHELD
    return [index for index, outcome in enumerate(outcomes) if outcome.result is withheld]


class Ledger:
    """Holds what became of the tests that ended, by index."""

    def __init__(self) -> None:
        self.ended: dict[int, Outcome] = {}

    def settle(self, record: Record, index: int, *, nodeid: str, tier: str, worker: str, now: float) -> Outcome | None:
        """What became of the test that ended with this record, None when nothing final was reported.

        `now` is the controller's clock in seconds; the start is reckoned back from it, so that clocks of other
        machines do not matter. A test that had ended before, whose fixtures failed later, keeps its times.
        """
        found = record.read()
        if found is None:
            return None
        result, message, setup, call, teardown, touches = found
        known = self.ended.get(index)
        if known is None:
            start, at = (now - setup - call - teardown, worker) if result.ran else (None, None)
            if start is not None and start < 0.0:
                start = 0.0
            outcome = Outcome(nodeid, tier, result, setup, call, teardown, start, at, message, touches)
        else:
            outcome = known if known.result.pulls_the_cord else known._replace(result=result, message=message)
        self.ended[index] = outcome
        return outcome

    def settle_passed(
        self, passed: Iterable[Passed], *, nodeid_of: Callable[[int], str], tiers: Sequence[str], worker: str
    ) -> None:
        """Book many tests that have not ended before: all passed and touched nothing."""
        book = self.ended
        for index, start, (setup, call, teardown) in passed:
            values = nodeid_of(index), tiers[index], _PASSED, setup, call, teardown, start, worker, None, ()
            book[index] = _new(Outcome, values)  # a third of the time of a call with arguments
