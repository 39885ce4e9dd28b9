"""Small suites for the examples of rules, in the built-in tiers, so that an example shows only what it is about."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_pyramid.core.facts import Location, Outcome, Placement, Result, Suite, TestFacts
from pytest_pyramid.core.tiers import UNCLASSIFIED, Pyramid, Share, Tier

NAMES = ("unit", "service", "ui")


def example_pyramid(shares: Mapping[str, Share] | None = None) -> Pyramid:
    """The tiers unit, service and ui, with target shares by name."""
    targets = shares or {}
    return Pyramid(
        tiers=tuple(
            Tier(name=name, rank=rank, markers=(name,), paths=(f"tests/{name}/**",), share=targets.get(name, Share()))
            for rank, name in enumerate(NAMES)
        )
    )


def example_test(nodeid: str, *placements: Placement) -> TestFacts:
    """A test with every classifier's answer, the deciding one first; unclassified when there is none."""
    file = nodeid.partition("::")[0]
    tier = placements[0].tier if placements else UNCLASSIFIED
    function = nodeid.partition("[")[0]
    where = Location(file=file, line=3)
    return TestFacts(nodeid=nodeid, function=function, location=where, tier=tier, placements=placements)


def example_suite(
    counts: Mapping[str, int], *, seconds: Mapping[str, float] | None = None, shares: Mapping[str, Share] | None = None
) -> Suite:
    """A suite of that many functions by row, each a single test; `seconds` gives every test of a row its time."""
    tests = tuple(_counted(row, number) for row, count in counts.items() for number in range(count))
    took = seconds or {}
    outcomes = tuple(
        Outcome(nodeid=test.nodeid, tier=test.tier, result=Result.PASSED, call_seconds=took[test.tier])
        for test in tests
        if test.tier in took
    )
    return Suite(pyramid=example_pyramid(shares), tests=tests, outcomes=outcomes)


def _counted(row: str, number: int) -> TestFacts:
    if row == UNCLASSIFIED:
        return example_test(f"tests/test_rest.py::test_{number}")
    placement = Placement(tier=row, source="marker", reason=f"marker {row}")
    return example_test(f"tests/{row}/test_{row}.py::test_{number}", placement)
