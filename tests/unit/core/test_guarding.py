"""What a tier's guard makes of an act."""

from __future__ import annotations

import pytest

from pytest_pyramid.core.acts import Act
from pytest_pyramid.core.guarding import decide, is_listed, stricter
from pytest_pyramid.core.tiers import Action, Allowance, AllowList, Resource, Tier

UNIT = Tier(name="unit", rank=0, guard=((Resource.NETWORK, Action.ERROR), (Resource.SLEEP, Action.WARN)))
CONNECT = Act(Resource.NETWORK, "connect", "10.0.0.1:443")
SLEEP = Act(Resource.SLEEP, "sleep", "1 s")
WRITE = Act(Resource.FILES, "write", "out.csv")


@pytest.mark.parametrize(
    ("act", "mode", "action"),
    [
        (CONNECT, "error", Action.ERROR),
        (CONNECT, "warn", Action.WARN),
        (SLEEP, "error", Action.WARN),
        (SLEEP, "warn", Action.WARN),
        (WRITE, "error", Action.ALLOW),
    ],
)
def test_the_mode_of_the_run_is_a_ceiling(act: Act, mode: str, action: Action) -> None:
    """A warning of the tier stays one; what the tier does not speak of is allowed."""
    assert decide(act, UNIT, (), mode) is action


def test_a_test_without_a_tier_may_touch_everything() -> None:
    """It claims nothing, so nothing can be held against it."""
    assert decide(CONNECT, None, (), "error") is Action.ALLOW


@pytest.mark.parametrize(("resource", "action"), [("network", Action.ALLOW), ("process", Action.ERROR)])
def test_a_mark_allows_its_own_resource_only(resource: str, action: Action) -> None:
    """With or without a reason, which is another rule's matter."""
    mark = Allowance(resource=resource, reason=None, place="t.py::a")
    assert decide(CONNECT, UNIT, (mark,), "error") is action


def test_of_two_readings_the_harder_one_counts_and_the_first_of_equals() -> None:
    """A client of a database is judged as what it is, where that weighs more than where it goes."""
    mild, hard = (CONNECT, Action.WARN), (SLEEP, Action.ERROR)
    assert stricter(mild, hard) == stricter(hard, mild) == hard
    assert stricter(mild, (SLEEP, Action.WARN)) == mild


@pytest.mark.parametrize(
    ("act", "allow", "listed"),
    [
        (CONNECT, AllowList(hosts=("10.0.0.1",)), True),
        (CONNECT, AllowList(hosts=("10.*",)), True),
        (CONNECT, AllowList(hosts=("10.0.0.1:443",)), True),
        (CONNECT, AllowList(hosts=("10.0.0.1:80",)), False),
        (Act(Resource.LOCALHOST, "connect", "[::1]:80"), AllowList(hosts=("::1",)), True),
        (Act(Resource.NETWORK, "look up", "a.example.org"), AllowList(hosts=("*.example.org",)), True),
        (WRITE, AllowList(paths=("*.csv",)), True),
        (WRITE, AllowList(hosts=("*",), commands=("*",)), False),
        (Act(Resource.PROCESS, "start", "/usr/bin/git log"), AllowList(commands=("git",)), True),
        (Act(Resource.PROCESS, "start", "git log -1"), AllowList(commands=("git log *",)), True),
        (Act(Resource.PROCESS, "start", "gitk"), AllowList(commands=("git",)), False),
        (SLEEP, AllowList(hosts=("*",), paths=("*",), commands=("*",)), False),
    ],
)
def test_the_lists_of_a_tier_name_hosts_paths_and_commands(act: Act, allow: AllowList, *, listed: bool) -> None:
    """Each kind of list speaks of its own resources only."""
    assert is_listed(act, allow) is listed


def test_a_host_is_named_exactly() -> None:
    """What follows a last colon is a port only when it is a number, and a case is a case."""
    named = AllowList(hosts=("db",))
    subjects = ("db:5432", "db:x", "DB:5432", "db", "mydb:1")
    assert [is_listed(Act(Resource.DATABASE, "connect", one), named) for one in subjects] == [
        True, False, False, True, False,
    ]  # fmt: skip


def test_a_program_is_known_on_every_system() -> None:
    """By its last part, whichever way the slashes lean."""
    act = Act(Resource.PROCESS, "start", r"C:\tools\git.exe log")
    assert is_listed(act, AllowList(commands=("git.exe",)))
    assert not is_listed(act, AllowList(commands=("tools",)))
