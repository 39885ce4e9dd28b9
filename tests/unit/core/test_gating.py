"""Gates: when failures withhold what stands above."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_pyramid.core.gating import GatePolicy, Tally, Verdict, decide


def tally(failed: int, *, complete: bool = True) -> Tally:
    """Ten tests of the base, some of which failed."""
    return Tally(tier="unit", rank=0, tests=10, finished=10 if complete else failed, failed=failed, complete=complete)


VERDICTS = [
    (GatePolicy(), 0, Verdict(is_open=True, reason="unit went well")),
    (GatePolicy(), 1, Verdict(is_open=False, reason="1 failure in unit")),
    (GatePolicy(mode="soft"), 2, Verdict(is_open=False, reason="2 failures in unit")),
    (GatePolicy(mode="off"), 9, Verdict(is_open=True, reason="gates are off")),
    (GatePolicy(max_failures=2), 2, Verdict(is_open=True, reason="unit went well")),
    (GatePolicy(max_failures=2), 3, Verdict(is_open=False, reason="3 failures in unit")),
]


@pytest.mark.parametrize(("policy", "failed", "verdict"), VERDICTS)
@pytest.mark.parametrize("complete", [True, False])
def test_the_gate_closes_on_failures(policy: GatePolicy, failed: int, verdict: Verdict, complete: bool) -> None:
    """One failure more than allowed closes the gate at once, unless gates are off; the reason says how many."""
    assert decide(policy, tally(failed, complete=complete)) == verdict


@given(
    mode=st.sampled_from(["strict", "soft", "off"]),
    most=st.integers(0, 5),
    failed=st.integers(0, 9),
    more=st.integers(0, 9),
)
def test_a_closed_gate_never_opens_by_more_failures(mode: str, most: int, failed: int, more: int) -> None:
    """What closes a gate closes it with any further failure too."""
    policy = GatePolicy(mode=mode, max_failures=most)
    assert decide(policy, tally(failed)).is_open or not decide(policy, tally(failed + more)).is_open


def test_a_gate_is_strict_and_forgives_nothing_by_default() -> None:
    """Who configures nothing gets the pyramid as it was meant."""
    assert (GatePolicy().mode, GatePolicy().max_failures) == ("strict", 0)


def test_the_reason_names_the_tier_that_was_counted() -> None:
    """A closed gate above the base is not put down to the base."""
    service = Tally(tier="service", rank=1, tests=2, finished=2, failed=2, complete=True)
    assert decide(GatePolicy(), service).reason == "2 failures in service"


def test_a_tier_without_tests_closes_no_gate() -> None:
    """Nothing failed where nothing ran."""
    empty = Tally(tier="unit", rank=0, tests=0, finished=0, failed=0, complete=True)
    assert decide(GatePolicy(), empty).is_open


def test_files_that_could_not_be_collected_close_an_empty_tier() -> None:
    """They count as failures though no test stands behind them."""
    broken = Tally(tier="unit", rank=0, tests=0, finished=0, failed=1, complete=True)
    assert not decide(GatePolicy(), broken).is_open
