"""One run: the schedule, the gates and the ledger, told of events by the role and obeyed through it."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import pytest

from pytest_pyramid.core import schedule
from pytest_pyramid.core.facts import CollectionError, GateState, Outcome, Result, TestFacts, Touch
from pytest_pyramid.core.forecast import NOTHING_KNOWN, Forecast
from pytest_pyramid.core.gating import Cord, Verdict
from pytest_pyramid.core.plan import Plan
from pytest_pyramid.core.setting_tree import Settings
from pytest_pyramid.session import unrun
from pytest_pyramid.session.calm import grown_old, undisturbed
from pytest_pyramid.session.collection import NO_TESTS, Collection
from pytest_pyramid.session.gates import Gates
from pytest_pyramid.session.ledger import Ledger, Passed, with_late_touches, withheld_of
from pytest_pyramid.session.memory import Memory
from pytest_pyramid.session.record import Record
from pytest_pyramid.session.stopwatch import Clock
from pytest_pyramid.session.wire import Manifest

if TYPE_CHECKING:
    from pytest_pyramid.core.baseline import Shield
    from pytest_pyramid.session.benchmarking import Benchmarks
    from pytest_pyramid.session.coverage_desk import CoverageDesk
    from pytest_pyramid.session.watching import Watching


class Run:
    """What is going on, in the one process that decides. `obey` gets the Send and Forbid commands."""

    def __init__(
        self,
        config: pytest.Config,
        settings: Settings,
        obey: Callable[[schedule.Command], None] = lambda _: None,
        shield: Shield | None = None,
    ) -> None:
        self.settings = settings
        self.shield = shield
        """Which touches fail no test, because the baseline knows them."""
        self.clock = Clock()
        self.state: schedule.State | None = None
        self.ledger = Ledger()
        self.gates = Gates(settings.pyramid, settings.gate)
        self.collection_errors: list[CollectionError] = []
        self.first_failure: float | None = None
        self.memory: Memory | None = None
        self.watching: Watching | None = None
        self.wake: Callable[[], None] | None = None
        """Makes the loop that commands workers look up; None where there is none."""
        self.cord: Callable[[Cord], None] | None = None
        """Hears of every gate that closes, at the moment it does."""
        self.is_too_slow: Callable[[int, Outcome], bool] | None = None
        """Tells of a test, by index, that ended whether its time counts as a failure; None where no time does."""
        self.late_touches: list[tuple[str, Touch]] = []
        """What the guard saw of tests that had ended, by node id."""
        self.guard_notes: list[str] = []
        self.coverage: CoverageDesk | None = None
        """What measures coverage by tier, None when nobody asked."""
        self.benchmarks: Benchmarks | None = None  # where pytest-benchmark is installed
        self.lacking_layers: list[str] = []
        """Layers of the guard that cannot be had here."""
        self._ranks = {row: settings.pyramid.rank_of(row) for row in settings.pyramid.rows}
        self._collection = NO_TESTS
        self._selected: Callable[[], Iterable[str]] = tuple
        self._forecast: Forecast | None = None
        self._manifest: Manifest | None = None
        self._config = config
        self._hook: Any = config.hook
        self._obey = obey

    @property
    def guard_layers(self) -> tuple[str, ...]:
        """What watches the tests."""
        return tuple(one for one in self.settings.guard_layers(sys.platform) if one not in self.lacking_layers)

    @property
    def manifest(self) -> Manifest:
        """What there is to know about the selected tests; put together when it is first asked for."""
        if self._manifest is None:
            with undisturbed():
                self._manifest = self._collection.describe()
                grown_old()
        return self._manifest

    @property
    def forecast(self) -> Forecast:
        """What is expected of the selected tests; looked up when it is first asked for, once they are announced."""
        if self._forecast is None:
            self._forecast = self.memory.forecast(self._selected()) if self.memory is not None else NOTHING_KNOWN
        return self._forecast

    def announce(self, nodeids: Callable[[], Iterable[str]]) -> None:
        """The tests are selected, and none has run: what is expected of them may be asked from now on."""
        self._selected, self._forecast = nodeids, None
        if self.memory is not None:
            self.memory.look_around()

    def begin(self, collection: Collection, plan: Plan) -> None:
        """Take up the collection and the plan to run it by; gates that closed during collection stay closed."""
        self._collection = collection
        tiers, manual = collection.tiers, collection.manual
        for tier, count in Counter(tiers).items():
            self.gates[self._ranks[tier]].tests += count
        if manual:
            unrun.announce(self._config)
        self.state = schedule.begin(plan)
        for rank in range(len(self.settings.pyramid)):
            if self.gates[rank].closed_at is not None:
                self.tell(schedule.Closed(rank))
        if self.watching is not None:
            self.watching.begin()

    def nodeid_of(self, index: int) -> str:
        """The node id of a selected test."""
        return self._collection.nodeid_of(index)

    def waiting(self) -> list[tuple[int, int]]:
        """Index and rank of the tests that have not ended and that no closed gate keeps from running."""
        ended, limit = self.ledger.ended, self.gates.limit
        ranks = [self._ranks[tier] for tier in self._collection.tiers]
        return [(index, rank) for index, rank in enumerate(ranks) if rank <= limit and index not in ended]

    def tell(self, event: schedule.Event) -> None:
        """Advance the schedule and do what it says."""
        if self.state is None:
            return
        commands = schedule.advance(self.state, event)
        for command in commands:
            if isinstance(command, schedule.Decide):
                verdict = self._ask(command.rank)
                self.tell(schedule.Opened(command.rank) if verdict.is_open else self._close(command.rank))
            else:
                self._obey(command)

    def settle(self, record: Record, index: int, worker: str) -> Outcome | None:
        """How the test ended, once booked, None when it was refused; a failure pulls the cord."""
        now = self.clock()
        before = self.ledger.ended.get(index)
        tier, nodeid = self._collection.tiers[index], self._collection.nodeid_of(index)
        ended = self.ledger.settle(record, index, nodeid=nodeid, tier=tier, worker=worker, now=now)
        if ended is None:
            return None
        rank = self._ranks[tier]
        if before is None:
            self.gates[rank].finished += 1
        if ended.result.pulls_the_cord and not (before and before.result.pulls_the_cord):
            self._pull(rank, nodeid, ended.message, now)
        elif before is None and self.is_too_slow is not None and self.is_too_slow(index, ended):
            self._pull(rank, nodeid, f"took {ended.seconds:.2f} s, more than it may", now)
        if before is None and self.watching is not None:
            self.watching.ended(rank, worker, now)
        return ended

    def settle_passed(self, passed: Sequence[Passed], worker: str) -> None:
        """Book tests of one tier that passed, touched nothing and had not ended before; `is_too_slow` is not asked."""
        if not passed:
            return
        self.ledger.settle_passed(
            passed, nodeid_of=self._collection.nodeid_of, tiers=self._collection.tiers, worker=worker
        )
        rank = self._ranks[self._collection.tiers[passed[-1][0]]]
        self.gates[rank].finished += len(passed)
        if self.watching is not None:
            self.watching.ended(rank, worker, self.clock())

    def collection_failed(self, nodeid: str, tier: str, message: str) -> None:
        """Book a file that could not be collected: a failure of its tier. Every worker reports it; one counts."""
        if any(known.nodeid == nodeid for known in self.collection_errors):
            return
        self.collection_errors.append(CollectionError(nodeid=nodeid, tier=tier, message=message))
        self._pull(self.settings.pyramid.rank_of(tier), nodeid, message, self.clock())

    def rank_of(self, test: TestFacts) -> int:
        """The rank that the test runs with."""
        return self._ranks[test.tier]

    def outcomes(self) -> tuple[Outcome, ...]:
        """One outcome for every selected test, in collection order; what never ran is withheld or lost."""
        ended = self.ledger.ended
        found = tuple([ended.get(index) or self._unrun(index) for index in range(len(self._collection.tiers))])
        return with_late_touches(found, self.late_touches) if self.late_touches else found

    def forget(self) -> None:
        """Let go of every test; nothing is asked about them any more."""
        self._collection, self._selected, self.ledger.ended = NO_TESTS, tuple, {}
        self._manifest = self._forecast = None

    def gate_states(self, outcomes: tuple[Outcome, ...]) -> tuple[GateState, ...]:
        """How every gate ended, and what it saved, as far as the withheld tests have a past."""
        withheld = [outcomes[index].nodeid for index in withheld_of(outcomes)] if self.gates.is_closed else []
        known = self.forecast.tests if withheld else {}
        estimates = [known[nodeid].seconds for nodeid in withheld if nodeid in known]
        return self.gates.states(len(withheld), sum(estimates) if estimates else None)

    def why_withheld(self) -> str:
        """The sentence that withheld tests are reported with."""
        rank = self.gates.limit
        pulled = self.gates[rank].pulled_by
        more = f" and {len(pulled) - 1} more" if len(pulled) > 1 else ""
        by = f" by {pulled[0]}{more}" if pulled else ""
        return f"the gate above {self.settings.pyramid.tiers[rank].name} was closed{by}"

    def _unrun(self, index: int) -> Outcome:
        tier = self._collection.tiers[index]
        withheld = self._ranks[tier] > self.gates.limit
        message = self.why_withheld() if withheld else "the run was stopped"
        result = Result.WITHHELD if withheld else Result.LOST
        return Outcome(nodeid=self._collection.nodeid_of(index), tier=tier, result=result, message=message)

    def _pull(self, rank: int, nodeid: str, message: str | None, now: float) -> None:
        gate = self.gates[rank]
        gate.failed += 1
        gate.message = gate.message if gate.pulled_by else message or ""
        gate.pulled_by.append(nodeid)
        self.first_failure = now if self.first_failure is None else self.first_failure
        if gate.closed_at is None and not self._ask(rank).is_open:
            self.tell(self._close(rank, now))

    def _close(self, rank: int, now: float | None = None) -> schedule.Closed:
        gate = self.gates[rank]
        if gate.closed_at is None:
            gate.closed_at = self.clock() if now is None else now
            if self.cord is not None:
                tier, by = self.settings.pyramid.tiers[rank].name, gate.pulled_by[0] if gate.pulled_by else ""
                self.cord(Cord(tier, by, gate.message, self.gates.waiting_above(rank)))
        return schedule.Closed(rank)

    def _ask(self, rank: int) -> Verdict:
        verdict: Verdict = self._hook.pytest_pyramid_gate(tally=self.gates.tally(rank))
        return verdict
