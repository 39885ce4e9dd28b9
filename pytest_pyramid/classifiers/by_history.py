"""By history: how a test behaved in past runs. It only suggests, for a cache must not decide where a test belongs."""

from __future__ import annotations

from pytest_pyramid.core.behaviour import ENOUGH_RUNS, QUICK, Behaviour
from pytest_pyramid.core.evidence import SERVICE_WORDS, Evidence, Suggestion, tier_for
from pytest_pyramid.core.tiers import Pyramid, Resource

LIKE_BASE = 0.7
"""Of tests that touched nothing and were quick, the share that their projects file as unit tests (five suites, the
mean); where a session's database connection is opened by another test, it is far lower."""
LIKE_SERVICE = 0.6
"""Many projects file tests that start processes under unit."""

_OUTSIDE = (Resource.NETWORK, Resource.PROCESS, Resource.DATABASE, Resource.LOCALHOST)
"""What a test of one piece of code has no part in; the first of them that was touched is told."""


class ByHistory:
    """Suggests the lowest tier that a test's past behaviour and seconds fit into."""

    def __init__(self, pyramid: Pyramid) -> None:
        self._base = pyramid.base
        self._service = tier_for(SERVICE_WORDS, pyramid)

    def suggest(self, evidence: Evidence) -> Suggestion | None:
        """The tier that the past speaks for; None after too few runs, and where the past fits no tier."""
        past, seconds = evidence.behaviour, evidence.seconds
        if len(past.runs) < ENOUGH_RUNS or seconds is None:
            return None
        outside = next((one for one in _OUTSIDE if one in past.touched), None)
        if outside is not None:
            return self._outside(outside, past)
        limit = QUICK if self._base.max_seconds is None else self._base.max_seconds
        if not past.fits(self._base) or seconds > limit:
            return None
        said = f"of {len(past.runs)} runs: touched nothing that {self._base.name} may not, {seconds:.2g} s"
        return Suggestion(self._base.name, "history", said, LIKE_BASE)

    def _outside(self, resource: Resource, past: Behaviour) -> Suggestion | None:
        if self._service is None:
            return None
        times = sum(resource in run for run in past.runs)
        said = f"of {len(past.runs)} runs: touched {resource.value} in {times}"
        return Suggestion(self._service, "history", said, LIKE_SERVICE)
