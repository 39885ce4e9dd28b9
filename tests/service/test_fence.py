"""The fence: what stays set up when it is the next item, and who is blamed for what it tears down."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_pyramid.session.fence import Fence, fences
from tests.harness import WITHOUT
from tests.service.conftest import Project

SUITE = """
import pytest

@pytest.fixture(scope="session")
def for_session():
    print("session up")
    yield
    print("session down")

@pytest.fixture(scope="module")
def for_module(for_session):
    print("module up")
    yield
    print("module down")
    {broken}

@pytest.fixture
def for_test():
    yield
    print("test down")

def test_a(for_module, for_test): pass
def test_b(for_module): pass
"""


class Fencing:
    """Runs the first test of a session in front of a fence, as a worker does, and keeps what was reported."""

    def __init__(self, *, soft: bool) -> None:
        self.soft = soft
        self.reports: list[pytest.TestReport] = []
        self.said: list[str] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """One test, the fence, and the second test behind it."""
        first, second = session.items
        soft, hard = fences(session)
        fence: Fence = soft if self.soft else hard
        hook = session.config.hook
        soft.last = first
        hook.pytest_runtest_protocol(item=first, nextitem=fence)
        print("at the fence")  # noqa: T201  # the fixtures print too; the order of both is what is tested
        fence.pass_by(second if not self.soft else None)
        print("behind the fence")  # noqa: T201  # the same
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the report."""
        self.reports.append(report)


def run(project: Project, pytester: pytest.Pytester, *, soft: bool, broken: str = "") -> tuple[list[str], Fencing]:
    """What was printed around the fence, and what was reported."""
    project.files({"test_x.py": SUITE.format(broken=broken)})
    fencing = Fencing(soft=soft)
    result = pytester.runpytest_inprocess("-s", "-q", *WITHOUT, "-p", "no:cacheprovider", plugins=[fencing])
    words = ("up", "down", "fence")
    return [line.lstrip(".") for line in result.outlines if line.endswith(words)], fencing


def test_a_soft_fence_keeps_the_module(project: Project, pytester: pytest.Pytester) -> None:
    """Only the test's own fixtures go; the module's are torn down when the fence is passed towards something else."""
    lines, fencing = run(project, pytester, soft=True)
    assert lines[:5] == ["session up", "module up", "test down", "at the fence", "module down"]
    assert lines[-1] == "behind the fence"
    assert [report.when for report in fencing.reports] == ["setup", "call", "teardown"]


def test_a_hard_fence_keeps_the_session_only(project: Project, pytester: pytest.Pytester) -> None:
    """Nothing below session scope survives, so that no idle worker holds a lock."""
    lines, _ = run(project, pytester, soft=False)
    assert lines[:5] == ["session up", "module up", "test down", "module down", "at the fence"]
    assert "session down" not in lines[:5]


def test_a_failing_postponed_teardown_is_the_last_tests(project: Project, pytester: pytest.Pytester) -> None:
    """The error is reported in the name and at the place of the test that ran last."""
    _, fencing = run(project, pytester, soft=True, broken="raise OSError('no disk')")
    last = fencing.reports[-1]
    assert (last.nodeid, last.when, last.outcome) == ("test_x.py::test_a", "teardown", "failed")
    assert last.location == fencing.reports[0].location
    assert "no disk" in last.longreprtext


def test_a_fence_stands_for_the_test_before_it(pytester: pytest.Pytester) -> None:
    """Without a test it has a name of its own; behind one it has that test's id, place, and for a soft one parents."""
    path = pytester.makepyfile("def test_b(): pass")
    (test,), _ = pytester.inline_genitems(path, *WITHOUT, "-p", "no:cacheprovider")
    session: Any = test.session
    soft, hard = fences(session)
    assert (soft.soft, hard.soft, soft.nodeid) == (True, False, "pytest_pyramid/fence")
    assert soft.listchain() == [session, soft]
    soft.last = test
    assert (soft.nodeid, soft.reportinfo()) == (test.nodeid, test.reportinfo())
    assert soft.listchain() == [*test.listchain()[:-1], soft]
    assert hard.listchain() == [session, hard]
