"""What the guard stops, what it sees, what escapes it, and what it leaves alone: the matrix of the documentation."""

from __future__ import annotations

import sys

import pytest

from tests.harness import NOTHING, Result
from tests.ui.attempts import others, sockets
from tests.ui.attempts.attempt import Attempt, module
from tests.ui.attempts.matrix import ESCAPES, EVERY, PAGE, SEEN_AFTERWARDS, UNSEEN, figures, page, with_sandbox

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


@pytest.fixture(scope="module")
def sandboxed(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """The same with the sandbox, where the kernel lets there be one."""
    folder = tmp_path_factory.mktemp("sandboxed")
    home = folder / "home"
    home.mkdir()
    suite = SUITE.with_file("pytest.ini", "[pytest]\n[pytest_pyramid]\nguard-level = sandbox\n")
    result = suite.run(folder, "--pyramid-guard=error", env={"HOME": str(home)})
    if "sandbox" not in result.report["run"]["guard_layers"]:
        pytest.skip("; ".join(result.report["notes"]))
    return result


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
    """So many attempts, so many that get by, and each of them a row of the page."""
    hook, residue, sandbox = figures()
    assert hook == {"stopped": 99, "escapes": 16}
    assert residue == {"stopped": 99, "seen": 7, "escapes": 9}
    assert sandbox == {"stopped": 99, "refused": 8, "seen": 6, "escapes": 2}
    assert {*ESCAPES, *SEEN_AFTERWARDS, *UNSEEN} <= {one.name for one in EVERY}
    text = PAGE.read_text(encoding="utf-8")
    assert page(text) == text
    assert all(reason in " ".join(text.split()) for reason in UNSEEN.values())


@pytest.mark.parametrize("attempt", [one for one in EVERY if not one.resources], ids=lambda one: one.name)
def test_what_a_unit_test_may_do_is_left_alone(run: Result, attempt: Attempt) -> None:
    """No touch, and no failure."""
    assert touched(run, attempt) == set()
    assert run.test(f"::test_{attempt.name}")["outcome"] == "passed"


@pytest.mark.parametrize("attempt", EVERY, ids=lambda one: one.name)
def test_the_sandbox_refuses_what_the_hook_cannot_see(sandboxed: Result, attempt: Attempt) -> None:
    """What the hook stops it stops as ever; what is free stays free."""
    caught = touched(sandboxed, attempt)
    outcome = sandboxed.test(f"::test_{attempt.name}")["outcome"]
    if with_sandbox(attempt) == "refused":
        (*_, one) = [one for one in sandboxed.test(f"::test_{attempt.name}")["touches"] if one["layer"] == "sandbox"]
        assert one["action"] == "error"
        assert one["resource"] in (*attempt.resources, "files")  # the kernel knows no databases
        assert outcome in ("failed", "error")
    elif with_sandbox(attempt) in ("free", "allowed", "escapes"):
        assert caught <= {("tempfiles", "allow")}
        assert outcome == "passed"
    elif with_sandbox(attempt) == "stopped":
        assert caught & {(resource, "error") for resource in attempt.resources}
