"""The pool of tests of one tier that no worker holds."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from pytest_pyramid.core.claims import Claims
from pytest_pyramid.core.estimates import Estimates
from pytest_pyramid.core.plan import Group, Plan
from pytest_pyramid.core.progress import Joinable, Progress

ALONE = 1.5
"""A group is joined before others are begun when each of its workers has so many times a fair share of the rest."""


class Pins:
    """Which worker a pin is bound to; the same in all tiers."""

    __slots__ = ("of", "owners")

    def __init__(self, plan: Plan) -> None:
        self.owners: dict[str, str] = {}
        self.of = {t: group.pin for groups in plan.groups for group in groups if group.pin for t in group.tests}
        """By test, its pin; tests without one are left out."""

    def forget(self, worker: str) -> None:
        """The worker is gone and owns no pin any more."""
        self.owners = {pin: owner for pin, owner in self.owners.items() if owner != worker}


class Pool:
    """The unsent tests of one tier, in groups: who works on which, who waits for what.

    A worker stays with its group. When that is used up it takes, in this order: a group for last that would otherwise end
    the run alone, what is bound to it, what waited for a resource that has become free, what came back from other
    workers, the next group in order. When there is none of these it joins the group that has most left for each of
    its workers, if that is worth the set-up.
    """

    def __init__(self, rank: int, plan: Plan, estimates: Estimates, pins: Pins, claims: Claims) -> None:
        self.unsent = sum(len(group.tests) for group in plan.groups[rank])
        """How many tests are in the pool."""
        self.groups = plan.groups[rank]
        self.setups = sum(group.setup or 0.0 for group in self.groups)
        """Seconds of shared set-up that nobody has begun to pay."""
        self._late = plan.late[rank] if plan.late else len(self.groups)
        self._head, self._tail = 0, self._late
        self._weighed, self._weight = -1, 0.0
        self._estimates = estimates
        self._pins = pins
        self._claims = claims
        self._homes: dict[str, Progress] = {}
        self._waiting: deque[Progress] = deque()
        self._blocked: dict[tuple[str, ...], deque[Progress]] = {}
        self._bound: dict[str, deque[Progress]] = {}
        self._free = Joinable(estimates)
        self._costly = Joinable(estimates)

    def group_for(self, worker: str, horizon: float, *, join: bool) -> Progress | None:
        """The group that the worker takes its next test from; None when it should take none of this tier.

        `horizon` is how long the run still takes if all workers share it, in seconds.
        """
        home = self._homes.get(worker)
        if home is not None and (home.is_done or not self._claims.allows(worker, home.group.needs)):
            self.leave(worker)
            home = None
        urgent = self._alone_at_the_end(worker, horizon) if home is None or home.setup == 0.0 else None
        if urgent is None and home is None and join:
            urgent = self._costly.best(self._fits_claims(worker), above=ALONE * horizon)
        if home is not None and urgent is None:
            return home
        self.leave(worker)
        found = urgent or self._promised(worker) or self._fresh(worker)
        if found is None and join and self.unsent:
            fits = self._fits_claims(worker)
            found = self._free.best(fits) or self._costly.best(fits)
        if found is not None:
            self._adopt(worker, found)
        return found

    def keeps(self, worker: str) -> bool:
        """True when the worker is on a group with shared set-up that has tests left for it."""
        home = self._homes.get(worker)
        if home is None or home.setup == 0.0 or home.is_done:
            return False
        return self._claims.allows(worker, home.group.needs)

    def _adopt(self, worker: str, progress: Progress) -> None:
        progress.owners += 1
        progress.newcomer = worker
        self._homes[worker] = progress
        (self._costly if progress.setup != 0.0 or progress.group.needs else self._free).add(progress)

    def _fits_claims(self, worker: str) -> Callable[[Progress], bool]:
        return lambda progress: self._claims.allows(worker, progress.group.needs)

    def next_of(self, progress: Progress) -> int:
        """Take the next test of the group out of the pool."""
        self.unsent -= 1
        return progress.next(self._estimates)

    def leave(self, worker: str) -> None:
        """The worker is on no group any more."""
        progress = self._homes.pop(worker, None)
        if progress is None:
            return
        progress.owners -= 1
        if not progress.owners and not progress.is_done:
            self._waiting.append(progress)

    def forget(self, worker: str) -> None:
        """The worker is gone, and what was bound to it is free."""
        self.leave(worker)
        self._waiting.extend(self._bound.pop(worker, ()))

    def give_back(self, groups: list[Group]) -> None:
        """Take tests back that no worker holds any more; they go before all others."""
        for group in reversed(groups):
            self.unsent += len(group.tests)
            self._waiting.appendleft(Progress(group, self._estimates))

    def has_for(self, worker: str) -> bool:
        """True when some tests can only go to this worker."""
        return bool(self._bound.get(worker))

    @property
    def longest(self) -> float:
        """The seconds of the first group for last; 0.0 when there is none or they are not known."""
        if self._weighed != self._tail:
            self._weighed, self._weight = self._tail, self._weigh_next()
        return self._weight

    def _weigh_next(self) -> float:
        if self._tail >= len(self.groups):
            return 0.0
        group = self.groups[self._tail]
        known = [self._estimates.known(test) for test in group.tests]
        return 0.0 if None in known else sum(seconds or 0.0 for seconds in known) + (group.setup or 0.0)

    def _promised(self, worker: str) -> Progress | None:
        """What is bound to the worker, waited for what is free now, or came back."""
        bound = self._bound.get(worker)
        found = self._first_that_fits(bound, worker) if bound else None
        if found is not None:
            return found
        for needs, queue in self._blocked.items():
            if queue and self._claims.allows(worker, needs):
                found = self._first_that_fits(queue, worker)
                if found is not None:
                    return found
        return self._first_that_fits(self._waiting, worker)

    def _first_that_fits(self, queue: deque[Progress], worker: str) -> Progress | None:
        while queue:
            progress = queue.popleft()
            # Somebody may have joined it while it waited, and used it up.
            if not progress.is_done and self._fits(progress, worker):
                return progress
        return None

    def _alone_at_the_end(self, worker: str, horizon: float) -> Progress | None:
        """The first group for last, when it takes longer than the horizon."""
        if self.longest <= horizon:
            return None
        self._tail += 1
        progress = self._begin(self._tail - 1)
        return progress if self._fits(progress, worker) else None

    def _fresh(self, worker: str) -> Progress | None:
        """The next group in order that nobody has begun."""
        while self._head < self._late or self._tail < len(self.groups):
            if self._head < self._late:
                self._head += 1
                progress = self._begin(self._head - 1)
            else:
                self._tail += 1
                progress = self._begin(self._tail - 1)
            if self._fits(progress, worker):
                return progress
        return None

    def _begin(self, number: int) -> Progress:
        self.setups -= self.groups[number].setup or 0.0
        return Progress(self.groups[number], self._estimates)

    def _fits(self, progress: Progress, worker: str) -> bool:
        """True when the worker may take it; otherwise it is put where it waits for whoever may."""
        pin, needs = progress.group.pin, progress.group.needs
        if pin is not None:
            owner = self._pins.owners.setdefault(pin, worker)
            if owner != worker:
                self._bound.setdefault(owner, deque()).append(progress)
                return False
        if needs and not self._claims.allows(worker, needs):
            self._blocked.setdefault(needs, deque()).append(progress)
            return False
        return True
