"""What the guard sees and says, alike with and without workers: who did it, in which phase, and what follows."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.harness import NOTHING, Result

LAYERS = ["hook", "residue"] if sys.platform == "linux" else ["hook"]
WORKERS = pytest.mark.parametrize("workers", ["0", "4"])

PHASES = """
    import pytest
    from time import sleep

    @pytest.fixture
    def own():
        sleep(0.002)
        yield
        sleep(0.003)

    @pytest.fixture(scope="class")
    def of_class():
        sleep(0.004)

    @pytest.fixture(scope="module")
    def of_module():
        sleep(0.005)
        yield
        sleep(0.006)

    def test_call():
        sleep(0.007)

    def test_own(own):
        pass

    class TestClass:
        def test_one(self, of_class):
            pass

        def test_two(self, of_class):
            pass

    def test_module(of_module):
        pass

    def test_session_too(of_module, of_session):
        pass

    def test_quiet(tmp_path):
        (tmp_path / "a.txt").write_text("mine")
"""

SHARED = """
    import pytest
    from time import sleep

    @pytest.fixture(scope="session")
    def of_session():
        sleep(0.008)
        yield
        sleep(0.009)
"""

SUITE = (
    NOTHING.with_file("tests/unit/test_phases.py", PHASES)
    .with_file("tests/integration/test_more.py", "def test_service(of_session):\n    pass\n")
    .with_file("conftest.py", SHARED)
)


def seen(result: Result) -> Counter[tuple[str, str, str, str | None, str]]:
    """Every touch by test, phase, detail, fixture and action."""
    return Counter(
        (test["nodeid"].partition("::")[2], one["phase"], one["detail"], one["fixture"], one["action"])
        for test in result.tests
        for one in test["touches"]
    )


EXPECTED = {
    ("test_call", "call", "sleep 0.007 s", None, "warn"): 1,
    ("test_own", "setup", "sleep 0.002 s", None, "warn"): 1,
    ("test_own", "teardown", "sleep 0.003 s", None, "warn"): 1,
    ("TestClass::test_one", "setup", "sleep 0.004 s", "of_class", "warn"): 1,
    ("TestClass::test_two", "setup", "sleep 0.004 s", "of_class", "warn"): 1,
    ("test_module", "setup", "sleep 0.005 s", "of_module", "warn"): 1,
    ("test_session_too", "setup", "sleep 0.005 s", "of_module", "warn"): 1,
    ("test_session_too", "setup", "sleep 0.008 s", "of_session", "warn"): 1,
    ("test_service", "setup", "sleep 0.008 s", "of_session", "warn"): 1,
    ("test_module", "teardown", "sleep 0.006 s", "of_module", "warn"): 1,
    ("test_session_too", "teardown", "sleep 0.009 s", "of_session", "warn"): 1,
}


@WORKERS
def test_every_phase_and_every_scope_is_seen(tmp_path: Path, workers: str) -> None:
    """Who requests a wide fixture inherits what it did, whichever test ran first; nothing fails in warn mode."""
    result = SUITE.run(tmp_path, "-n", workers)
    assert seen(result) == EXPECTED
    assert (result.status, result.counts) == (0, {"passed": 8})
    assert (result.report["run"]["guard_mode"], result.report["run"]["guard_layers"]) == ("warn", LAYERS)
    found = [(one["message"].partition("::")[2], one["line"]) for one in result.report["violations"]]
    assert sorted(found) == sorted(set(found))
    assert len(found) == 9
    assert f"guard warn (by {', '.join(LAYERS)})" in result.output


@WORKERS
def test_an_error_fails_the_test_and_pulls_the_cord(tmp_path: Path, workers: str) -> None:
    """What a wide fixture did fails its tests in setup; nobody above starts; the fixture itself is not broken."""
    result = SUITE.run(tmp_path, "-n", workers, "--pyramid-guard=error")
    assert result.status == 1
    assert result.outcomes == {
        "test_call": "failed",
        "test_own": "error",
        "TestClass::test_one": "error",
        "TestClass::test_two": "error",
        "test_module": "error",
        "test_session_too": "error",
        "test_quiet": "passed",
        "test_service": "withheld",
    }
    assert result.gate("unit")["state"] == "closed"
    assert "TierViolation: unit test touched sleep: sleep 0.007 s" in result.output
    assert "phase   setup, fixture 'of_class' scope=class in tests/unit/test_phases.py:11" in result.output


@WORKERS
def test_off_watches_nothing(tmp_path: Path, workers: str) -> None:
    """No module of the guard is imported, and the report says so."""
    text = """
        import sys, time

        def test_idle():
            time.sleep(0.002)
            assert not [name for name in sys.modules if name.startswith("pytest_pyramid.guards")]
            assert "pytest_pyramid.session.guarding" not in sys.modules
    """
    result = NOTHING.with_file("tests/unit/test_idle.py", text).run(tmp_path, "-n", workers, "--pyramid-guard=off")
    assert (result.status, result.report["run"]["guard_layers"], result.tests[0]["touches"]) == (0, [], [])


SWALLOWED = """
    import asyncio, contextlib, socket, threading, unittest
    import pytest

    FAR = ("192.0.2.1", 9)

    def connect():
        with socket.socket() as one:
            one.settimeout(0.05)
            one.connect(FAR)

    def test_bare():
        with contextlib.suppress(BaseException):
            connect()

    def test_connect_ex():
        with contextlib.suppress(BaseException), socket.socket() as one:
            one.settimeout(0.05)
            one.connect_ex(FAR)

    @pytest.mark.filterwarnings("ignore")
    def test_thread():
        thread = threading.Thread(target=connect)
        thread.start()
        thread.join()

    def test_expected_error():
        with pytest.raises(BaseException):
            connect()

    def test_gathered():
        async def inner():
            await asyncio.gather(asyncio.to_thread(connect), return_exceptions=True)
        with contextlib.suppress(BaseException):
            asyncio.run(inner())

    def test_skipped_afterwards():
        with contextlib.suppress(BaseException):
            connect()
        pytest.skip("no network here")

    class TestCase(unittest.TestCase):
        def test_asserted(self):
            with self.assertRaises(BaseException):
                connect()

    @pytest.mark.xfail
    def test_expected_to_fail():
        connect()

    def test_own_failure_stays():
        with contextlib.suppress(BaseException):
            connect()
        assert "my own words" == ""
"""


def test_a_swallowed_error_still_fails_its_test(tmp_path: Path) -> None:
    """Whatever the code under test does with the error; a test's own failure keeps its text."""
    result = NOTHING.with_file("tests/unit/test_swallowed.py", SWALLOWED).run(tmp_path, "--pyramid-guard=error")
    wrong = {name: outcome for name, outcome in result.outcomes.items() if outcome != "failed"}
    assert wrong == {"test_expected_to_fail": "xfailed"}
    assert all("touched network" in test["message"] for test in result.tests[:7])
    assert "my own words" in result.test("test_own_failure_stays")["message"]
    assert result.output.count("swallowed the error") >= 5


ALLOWED = """
    import subprocess, sys, time
    import pytest

    @pytest.mark.pyramid_allow("process", reason="it is about the program")
    def test_marked():
        subprocess.run([sys.executable, "-c", "pass"], check=True)

    @pytest.mark.pyramid_allow("process")
    def test_marked_in_vain():
        pass

    def test_listed():
        subprocess.run(["true"], check=True)

    def test_neither():
        time.sleep(0.002)
"""

LISTED = """
    [[tool.pytest_pyramid.tiers]]
    name = "unit"
    guard = { sleep = "allow" }
    allow = { commands = ["true"] }
"""


@WORKERS
def test_lists_and_marks_allow_and_idle_marks_are_told(tmp_path: Path, workers: str) -> None:
    """What is allowed is kept as a touch and is no violation; a mark without use or reason is one."""
    suite = NOTHING.with_file("tests/unit/test_allowed.py", ALLOWED).with_file("pyproject.toml", LISTED)
    result = suite.run(tmp_path, "-n", workers, "--pyramid-guard=error")
    assert (result.status, result.counts) == (0, {"passed": 4})
    assert [one["action"] for test in result.tests for one in test["touches"]] == ["allow", "allow", "allow"]
    assert sorted(result.codes) == ["PYR390", "PYR391"]
    assert "without effect" not in result.output


INNER: dict[str, Any] = {
    "same process": 'result = pytester.inline_run("--pyramid"); assert result.ret == 0',
    "own process": 'assert pytester.runpytest_subprocess("--pyramid").ret == 0',
}


@pytest.mark.parametrize("kind", INNER)
def test_a_run_inside_a_test_leaves_the_outer_guard_as_it_was(tmp_path: Path, kind: str) -> None:
    """The outer test answers for what the inner one does in its process, and is watched as before when that is over."""
    text = f"""
        import time

        def test_outer(pytester):
            pytester.makepyfile("import time\\ndef test_inner():\\n    time.sleep(0.002)")
            {INNER[kind]}
            time.sleep(0.003)

        def test_after():
            time.sleep(0.004)
    """
    suite = NOTHING.with_file("conftest.py", 'pytest_plugins = "pytester"\n')
    result = suite.with_file("tests/unit/test_nested.py", text).run(tmp_path)
    touched = [(test["nodeid"].partition("::")[2], one["detail"]) for test in result.tests for one in test["touches"]]
    assert result.status == 0
    assert ("test_outer", "sleep 0.003 s") in touched
    assert ("test_after", "sleep 0.004 s") in touched
    assert (("test_outer", "sleep 0.002 s") in touched) is (kind == "same process")
    assert len([one for one in touched if "sleep" in one[1]]) == (3 if kind == "same process" else 2)
