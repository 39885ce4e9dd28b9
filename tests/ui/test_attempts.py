"""What the guard stops, what it sees, what escapes it, and what it leaves alone: the matrix of the documentation."""

from __future__ import annotations

import sys

import pytest

from tests.harness import NOTHING, Result
from tests.ui.attempts import others, sockets
from tests.ui.attempts.attempt import Attempt, module

ESCAPES = frozenset(
    {
        *("listen_without_bind", "ctypes_connect", "dns_ctypes", "reuse_open_connection"),
        *("sqlite_attach", "pyarrow_parquet", "pyarrow_csv", "ctypes_fopen", "write_preopened_handle"),
    }
)
"""What neither an event nor a trampoline nor the kernel tells of."""
SEEN_AFTERWARDS = frozenset(
    {
        "ctypes_system",
        *("event_wait", "queue_get_timeout", "select_sleep", "trio_sleep", "ctypes_usleep", "sigtimedwait"),
    }
)
"""What only the kernel tells of, when it is over."""
EVERY = (*sockets.ATTEMPTS, *others.ATTEMPTS)
SUITE = (
    NOTHING.with_file("tests/unit/test_sockets.py", module(sockets.PREAMBLE, sockets.ATTEMPTS))
    .with_file("tests/unit/test_others.py", module(others.PREAMBLE, others.ATTEMPTS))
    .with_file("tests/unit/lazily.py", "VALUE = 1\n")
)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """All attempts in one run in which a touch is an error."""
    folder = tmp_path_factory.mktemp("attempts")
    home = folder / "home"
    home.mkdir()
    return SUITE.run(folder, "--pyramid-guard=error", env={"HOME": str(home)})


def touched(result: Result, attempt: Attempt) -> set[tuple[str, str]]:
    """The resources that the attempt was caught at, with the action; skips it when its library is not installed."""
    test = result.test(f"::test_{attempt.name}")
    if test["outcome"] == "skipped":
        pytest.skip(test["message"])
    return {(one["resource"], one["action"]) for one in test["touches"]}


@pytest.mark.parametrize("attempt", [one for one in EVERY if one.resources], ids=lambda one: one.name)
def test_an_attempt_is_stopped_or_known_to_escape(run: Result, attempt: Attempt) -> None:
    """It is taken for what it is, at an error of the test."""
    caught = touched(run, attempt)
    if attempt.name in ESCAPES:
        # A name server that answers late shows afterwards as a wait, which does not say for what.
        assert caught <= {("sleep", "warn")}
    elif attempt.resources == ("tempfiles",):
        assert caught == {("tempfiles", "allow")}
    elif attempt.name in SEEN_AFTERWARDS:
        assert caught <= {(attempt.resources[0], "warn")}  # the kernel settles its accounts lazily
    else:
        assert caught & {(resource, "error") for resource in attempt.resources}
        assert run.test(f"::test_{attempt.name}")["outcome"] in ("failed", "error")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps these accounts")
def test_what_the_kernel_tells_is_seen_afterwards(run: Result) -> None:
    """All of it on an idle machine; a busy one may miss one."""
    tests = [run.test(f"::test_{name}") for name in SEEN_AFTERWARDS]
    ran = [test for test in tests if test["outcome"] == "passed"]
    assert sum(any(one["layer"] == "residue" for one in test["touches"]) for test in ran) >= len(ran) - 1


def test_the_figures_of_the_documentation_hold() -> None:
    """So many attempts, so many that get by, and each of them named in the page."""
    denied = [one for one in EVERY if one.resources and one.resources != ("tempfiles",)]
    assert (len(denied), len(ESCAPES), len(SEEN_AFTERWARDS)) == (115, 9, 7)
    assert {*ESCAPES, *SEEN_AFTERWARDS} <= {one.name for one in denied}


@pytest.mark.parametrize("attempt", [one for one in EVERY if not one.resources], ids=lambda one: one.name)
def test_what_a_unit_test_may_do_is_left_alone(run: Result, attempt: Attempt) -> None:
    """No touch, and no failure."""
    assert touched(run, attempt) == set()
    assert run.test(f"::test_{attempt.name}")["outcome"] == "passed"
