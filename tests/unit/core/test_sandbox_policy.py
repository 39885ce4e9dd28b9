"""How the sandbox judges: as the hook would."""

from __future__ import annotations

import pytest

from pytest_pyramid.core.acts import Act
from pytest_pyramid.core.guarding import decide
from pytest_pyramid.core.sandbox_policy import Policy, policy
from pytest_pyramid.core.tiers import Action, Allowance, AllowList, Resource, Tier

GUARD = ((Resource.NETWORK, Action.ERROR), (Resource.FILES, Action.WARN), (Resource.PROCESS, Action.ERROR))
UNIT = Tier(name="unit", rank=0, guard=GUARD, allow=AllowList(hosts=("*.test",), paths=("build/*",)))
MARKED = (Allowance(resource="process", reason=None, place="test_a.py"),)
ACTS = (
    Act(Resource.NETWORK, "connect", "a.test:80"),
    Act(Resource.NETWORK, "connect", "192.0.2.1:80"),
    Act(Resource.LOCALHOST, "connect", "127.0.0.1:80"),
    Act(Resource.FILES, "write", "build/a.txt"),
    Act(Resource.FILES, "write", "src/a.txt"),
    Act(Resource.PROCESS, "start", "true"),
)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.detail)
@pytest.mark.parametrize("mode", ["warn", "error"])
@pytest.mark.parametrize("allowances", [(), MARKED], ids=["plain", "marked"])
@pytest.mark.parametrize("tier", [UNIT, None], ids=["unit", "no tier"])
def test_a_policy_decides_as_the_hook_does(
    act: Act, mode: str, allowances: tuple[Allowance, ...], tier: Tier | None
) -> None:
    """Also on the other side of a pipe."""
    there = Policy.from_plain(policy(tier, allowances, mode).to_plain())
    assert there.action(act) is decide(act, tier, allowances, mode)


@pytest.mark.parametrize(
    ("guard", "idle"),
    [((), True), (((Resource.SLEEP, Action.ERROR),), True), (((Resource.FILES, Action.WARN),), False)],
)
def test_a_tier_that_may_do_all_but_sleep_needs_no_kernel(
    guard: tuple[tuple[Resource, Action], ...], *, idle: bool
) -> None:
    """The kernel is not asked about pauses."""
    assert policy(Tier(name="ui", rank=2, guard=guard), (), "error").is_idle is idle
