"""How far groups of tests have been handed out, and which of them a further worker should join."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator

from pytest_pyramid.core.estimates import Estimates
from pytest_pyramid.core.plan import Group

COLD_SETUP_SECONDS = 0.5
"""What shared set-up is taken to cost until it has been measured."""
JOIN_GAIN = 1.2
"""A worker joins a group when what is left for each of its workers is worth so many times the set-up."""
LOOKED_AT = 16
"""How many groups are looked at to find one that is worth joining."""


class Progress:
    """One group while it is handed out."""

    __slots__ = ("at", "group", "known", "listed", "mean", "newcomer", "owners", "setup", "unknown")

    def __init__(self, group: Group, estimates: Estimates) -> None:
        self.group = group
        self.at = 0
        """How many of its tests have been handed out."""
        self.owners = 0
        """How many workers are on it."""
        self.newcomer: str | None = None
        """The worker that has joined and has not been given a test yet."""
        self.setup = group.setup
        """As of the group; what was None is learnt from the first test that ends."""
        self.listed = False
        """True while it stands among the groups that may be joined."""
        self.known, self.unknown = 0.0, 0
        """The recorded seconds of the tests that are left, and how many have none."""
        for test in group.tests:
            seconds = estimates.known(test)
            if seconds is None:
                self.unknown += 1
            else:
                self.known += seconds
        self.mean = self.known / len(group.tests)
        """The recorded seconds of one of its tests."""

    @property
    def is_done(self) -> bool:
        """True when all of its tests have been handed out."""
        return self.at >= len(self.group.tests)

    def next(self, estimates: Estimates) -> int:
        """Hand out the next test."""
        test = self.group.tests[self.at]
        self.at += 1
        seconds = estimates.known(test)
        if seconds is None:
            self.unknown -= 1
        else:
            self.known -= seconds
        return test

    def seconds_left(self, estimates: Estimates) -> float:
        """The estimated seconds of the tests that were not handed out."""
        unknown = self.unknown * estimates.of(self.group.tests[-1]) if self.unknown else 0.0
        return self.known + unknown

    def share(self, estimates: Estimates) -> float:
        """What is left for each worker that is on it."""
        return self.seconds_left(estimates) / max(1, self.owners)

    def is_worth_joining(self, estimates: Estimates) -> bool:
        """True when a further worker saves more than the set-up costs it, or may be expected to cost."""
        setup = COLD_SETUP_SECONDS if self.setup is None else self.setup
        return self.share(estimates) > JOIN_GAIN * setup


class Joinable:
    """Groups that workers are on, by how much is left for each of those; entries are corrected when they surface."""

    __slots__ = ("_estimates", "_heap", "_serial")

    def __init__(self, estimates: Estimates) -> None:
        self._estimates = estimates
        self._heap: list[tuple[float, int, Progress]] = []
        self._serial = 0

    def add(self, progress: Progress) -> None:
        """Take up a group that has tests left and that any worker may join."""
        if progress.is_done or progress.group.pin is not None or progress.listed:
            return
        progress.listed = True
        self._push(progress)

    def best(self, fits: Callable[[Progress], bool], above: float = 0.0) -> Progress | None:
        """The group with most left for each of its workers that fits and is worth joining.

        None when none has more left than `above`, in seconds and with a test that is running counted in.
        """
        aside: list[Progress] = []
        found = None
        for progress in self._descending():
            aside.append(progress)
            if progress.share(self._estimates) + progress.mean < above:
                break
            if progress.is_worth_joining(self._estimates) and fits(progress):
                found = progress
            if found is not None or len(aside) >= LOOKED_AT:
                break
        for progress in aside:
            self._push(progress)
        return found

    def _descending(self) -> Iterator[Progress]:
        """The groups, most left first, taken out of the list."""
        while self._heap:
            key, _, progress = heapq.heappop(self._heap)
            if progress.is_done:
                progress.listed = False
            elif -progress.share(self._estimates) > key + 1e-9:
                self._push(progress)  # it has shrunk since it was listed
            else:
                yield progress

    def _push(self, progress: Progress) -> None:
        self._serial += 1
        heapq.heappush(self._heap, (-progress.share(self._estimates), self._serial, progress))
