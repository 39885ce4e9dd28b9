"""The role without workers: the same machine, with this process as its only worker and a whole tier as one entry."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest

from pytest_pyramid.core import schedule
from pytest_pyramid.core.plan import plan_of
from pytest_pyramid.session import unrun
from pytest_pyramid.session.collecting import Collecting
from pytest_pyramid.session.collection import Collection
from pytest_pyramid.session.fence import tear_down
from pytest_pyramid.session.ledger import Passed
from pytest_pyramid.session.passing import Ended, sorted_out
from pytest_pyramid.session.record import Record
from pytest_pyramid.session.run import Run
from pytest_pyramid.session.stopwatch import Lap, Start, Stopwatch

MAIN = "main"
BOOKED_EVERY = 0.02
"""Seconds that a test which passed may wait to be booked: many at once are cheaper, as long as the processor still has
their reports at hand."""


class Solo:
    """Runs pytest's own loop; tells the machine when a tier has ended, and refuses tests that may not start."""

    workers = 1

    def __init__(self, run: Run, collecting: Collecting) -> None:
        self.run = run
        self._collecting = collecting
        self._stopwatch = Stopwatch()
        self._index_of: dict[int, int] = {}
        self._entry_of: dict[int, int] = {}
        self._ranks: list[int] = []
        self._current: int | None = None
        self._now = time.perf_counter  # kept, because tests replace it
        self._start: Start = self._now(), self._now
        self._laps: list[Lap] = []
        self._eventful = False
        """True when something of the current test did not pass."""
        self._ended: list[Ended] = []
        """Tests that ended and are not booked yet."""
        self._book_from = 0.0
        """The instant from which on tests are booked again."""
        self._rank: int | None = None
        self._may_start = False
        """Asked once a tier: a gate that closes closes the tiers above it."""
        self._last: pytest.Item | None = None
        self._looks_out = False
        """True when somebody has to know what runs."""
        collecting.arrange = self._arrange

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Take up the final collection, one entry of the schedule for each tier that has tests."""
        items, collecting, settings = list(session.items), self._collecting, self.run.settings
        self._index_of = {id(item): index for index, item in enumerate(items)}
        tiers = collecting.tiers_of(items)
        rank_of = {tier: settings.pyramid.rank_of(tier) for tier in set(tiers)}
        self._ranks = [rank_of[tier] for tier in tiers]
        ranks = sorted(set(self._ranks))
        self._entry_of = {rank: entry for entry, rank in enumerate(ranks)}
        nodeids = [item.nodeid for item in items]
        self.run.announce(lambda: nodeids)
        self._check_claims(items)
        pyramid = settings.pyramid
        plan = plan_of(ranks, tiers=pyramid.height(ranks), mode=settings.gate, shared=len(pyramid.storeys))
        self.run.begin(
            Collection(
                tiers=tiers,
                nodeid_of=nodeids.__getitem__,
                describe=lambda: collecting.manifest(items, nodeids),
                manual=collecting.has_manual,
            ),
            plan,
        )
        self._looks_out = self.run.watching is not None and self.run.watching.looks_out
        self.run.tell(schedule.Joined(MAIN))

    def _check_claims(self, items: list[pytest.Item]) -> None:
        """Complain about unknown resources as a run with workers does; with one process each has places enough."""
        claiming = self._collecting.claiming(items)
        if claiming:
            from pytest_pyramid.session.planning import claims_of  # noqa: PLC0415  # few suites claim anything

            claims_of(claiming, self.run.settings)

    def _arrange(self, items: list[pytest.Item]) -> None:
        """Move the files of what is likely to fail to the front of their tiers, whole."""
        self.run.announce(lambda: [item.nodeid for item in items])
        if self.run.forecast.tests or self.run.forecast.changed or self._collecting.has_smoke:
            from pytest_pyramid.session.arranging import arrange  # noqa: PLC0415  # a first run has nothing to go by

            arrange(self.run, self._collecting, items)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
        """Settle the test before; refuse this one when its tier may not start; report it when a person does it."""
        index = self._index_of.get(id(item))
        if index is None or self.run.state is None:
            return None
        if self._current is not None:
            self._end(self._current)
        rank = self._ranks[index]
        if rank != self._rank:
            self._end_tier()
            self._rank = rank
            self._may_start = self.run.state.may_start(self._entry_of[rank])
        if not self._may_start:
            self._leave()
            return True
        self._current, self._start = index, (self._now(), time.perf_counter)
        if self._looks_out and self.run.watching is not None:
            self.run.watching.begins(index, rank, self._start[0] - self.run.clock.origin, len(self._ended))
        if self._collecting.has_manual and self._collecting.is_manual(item):
            return unrun.report_manual(item, self._collecting.facts_of(item), nextitem)
        self._last = item
        return None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take the report down."""
        if self._current is not None:
            self._laps.append((report, self._now(), time.perf_counter))
            if report.outcome != "passed":
                self._eventful = True

    def settle(self) -> None:
        """Book what ran last: nothing comes after it."""
        self._end_current()
        self._end_tier()

    def _leave(self) -> None:
        """Tear down, once, what the last test left standing for tests that will never start; an error is its own."""
        item, self._last = self._last, None
        if item is not None:
            self._current = self._index_of[id(item)]
            tear_down(item, None)
            self._end_current()

    def _end_current(self) -> None:
        """Book what has ended, the test that ran last with it."""
        if self._current is not None:
            self._end(self._current)
        self._book()

    def _end(self, index: int) -> None:
        """Put a test among those to be booked; book at once where somebody waits for it."""
        self._current = None
        start, laps, self._laps = self._start, self._laps, []
        self._ended.append((index, start, laps))
        if self._eventful or start[0] >= self._book_from:
            self._book()

    def _book(self) -> None:
        """Book what ended: what only passed in one go, which takes a third of the time, and then the others."""
        ended, self._ended, self._eventful = self._ended, [], False
        passed: list[Passed] = []
        others = ended
        if self.run.is_too_slow is None:  # else each is looked at, as soon as it has ended
            passed, others = sorted_out(ended, self._stopwatch, self.run.clock.origin, self.run.ledger.ended)
            self._book_from = self._start[0] + BOOKED_EVERY
        self.run.settle_passed(passed, MAIN)
        for index, start, laps in others:
            self._stopwatch.take_up(start)
            self.run.settle(Record(self._stopwatch.corrections(laps)), index, MAIN)

    def _end_tier(self) -> None:
        """Tell the machine that the tier is done, and walk past the fences, which mean nothing to a single process."""
        if self._rank is None:
            return
        self._book()
        self._pass_fences()
        entry, queue = self._entry_of[self._rank], self._queue()
        if queue and queue[0] == entry:
            self.run.tell(schedule.Completed(MAIN, entry))
        self._pass_fences()

    def _pass_fences(self) -> None:
        while len(queue := self._queue()) > 1 and queue[0] < 0:
            self.run.tell(schedule.Completed(MAIN, queue[0]))

    def _queue(self) -> Sequence[int]:
        return self.run.state.workers[MAIN].queue if self.run.state is not None else ()
