"""Gates: when a tier's failures withhold the tiers above it."""

from __future__ import annotations

from typing import NamedTuple


class GatePolicy(NamedTuple):
    """How a gate decides. `mode` is strict, soft or off; `max_failures` is how many failures a tier may have.

    strict: no test of a tier starts before all tests below have finished well.
    soft: idle workers start the next tier early; when the cord is pulled nothing new of an upper tier starts.
    off: tiers in order, nothing is withheld.
    """

    mode: str = "strict"
    max_failures: int = 0


class Tally(NamedTuple):
    """What has been seen of one tier so far; files that could not be collected count as failures."""

    tier: str
    rank: int
    tests: int
    finished: int
    failed: int
    complete: bool
    """True when no test of the tier is left to finish."""


class Verdict(NamedTuple):
    """Whether the tiers above may start, and why."""

    is_open: bool
    reason: str


class Cord(NamedTuple):
    """The first confirmed failure of a gate."""

    tier: str
    nodeid: str
    message: str
    withheld: int
    """How many tests the closed gate keeps from running, as known at that moment."""


def decide(policy: GatePolicy, tally: Tally) -> Verdict:
    """The policy's verdict on a tier; defined for every tally, complete or not."""
    if policy.mode == "off":
        return Verdict(is_open=True, reason="gates are off")
    if tally.failed > policy.max_failures:
        plural = "" if tally.failed == 1 else "s"
        return Verdict(is_open=False, reason=f"{tally.failed} failure{plural} in {tally.tier}")
    return Verdict(is_open=True, reason=f"{tally.tier} went well")
