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
