"""Fixtures of every scope are set up and torn down as in plain pytest, also at the edges of tiers."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from tests.harness import NOTHING, Suite

CONFTEST = """
    import os, time, pytest

    def log(word):
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        with open(os.path.join(os.path.dirname(__file__), "log.txt"), "a") as file:
            file.write(f"{time.monotonic():.6f} {worker} {word}\\n")

    def made(scope):
        @pytest.fixture(scope=scope)
        def fixture(request):
            name = f"{scope}:{request.node.name.rpartition('/')[2]}"
            log(f"+{name}")
            yield name
            log(f"-{name}")
        return fixture

    of_session, of_module, of_class, of_function = map(made, ("session", "module", "class", "function"))
"""

TESTS = """
    import time, pytest

    class TestFirst:
        @pytest.mark.parametrize("number", range(3))
        def test_some(self, number, of_session, of_module, of_class, of_function):
            time.sleep(SECONDS)

    class TestSecond:
        def test_other(self, of_session, of_module, of_class, of_function):
            time.sleep(SECONDS)
"""

LAYERS = ("tests/unit/test_a.py", "tests/unit/test_b.py", "tests/service/test_c.py", "tests/e2e/test_d.py")


def tracked(seconds: float) -> Suite:
    """Four files over all tiers whose fixtures write down when they come and go."""
    suite = NOTHING.with_file("conftest.py", CONFTEST)
    for path in LAYERS:
        suite = suite.with_file(path, TESTS.replace("SECONDS", str(seconds)))
    return suite


def log_of(folder: Path) -> dict[str, list[str]]:
    """What each process wrote down, in its order."""
    lines = [line.split(" ", 2) for line in (folder / "log.txt").read_text().splitlines()]
    found = defaultdict(list)
    for _, worker, word in lines:
        found[worker].append(word)
    return found


@pytest.mark.parametrize("workers", ["0", "2", "4"])
@pytest.mark.parametrize("seconds", [0.0, 0.06])
def test_fixtures_nest_and_every_one_is_torn_down(tmp_path: Path, workers: str, seconds: float) -> None:
    """In each process they open and close like brackets, a session fixture once; short and long tests alike."""
    result = tracked(seconds).run(tmp_path, "-n", workers)
    assert (result.status, result.counts) == (0, {"passed": 16})
    written = log_of(tmp_path)
    for words in written.values():
        open_now: list[str] = []
        for word in words:
            if word.startswith("+"):
                open_now.append(word[1:])
            else:
                assert open_now.pop() == word[1:]
        assert open_now == []
        assert sum(word.startswith("+session:") for word in words) == 1
    assert sum(word.startswith("+function:") for words in written.values() for word in words) == 16
    if workers == "0":
        assert sum(word.startswith("+module:") for word in written["main"]) == len(LAYERS)
        assert sum(word.startswith("+class:") for word in written["main"]) == 2 * len(LAYERS)


def test_module_fixtures_of_a_tier_are_gone_before_the_next_tier_starts(tmp_path: Path) -> None:
    """With workers, too, nothing of a module outlives its tier; only session fixtures cross the edge."""
    tracked(0.0).run(tmp_path, "-n", "2")
    lines = [line.split(" ", 2) for line in (tmp_path / "log.txt").read_text().splitlines()]
    lines.sort(key=lambda line: float(line[0]))
    words = [word for _, _, word in lines]
    last = max(i for i, word in enumerate(words) if word in ("-module:test_a.py", "-module:test_b.py"))
    first = min(i for i, word in enumerate(words) if word == "+module:test_c.py")
    assert last < first


BROKEN = """
    import time, pytest

    @pytest.fixture(scope="SCOPE")
    def broken():
        yield
        raise RuntimeError("no teardown")

    class TestAll:
        @pytest.mark.parametrize("number", range(4))
        def test_some(self, number, broken):
            time.sleep(SECONDS)
"""


@pytest.mark.parametrize("seconds", ["0.0", "0.07"])
@pytest.mark.parametrize("scope", ["module", "class"])
@pytest.mark.parametrize("workers", ["0", "1", "2"])
def test_a_teardown_error_belongs_to_the_last_test_and_pulls_the_cord_in_time(
    tmp_path: Path, workers: str, scope: str, seconds: str
) -> None:
    """The error is that of the last test that used the fixture in its process; nothing above has started by then."""
    text = BROKEN.replace("SCOPE", scope).replace("SECONDS", seconds)
    suite = Suite(unit=2).with_file("tests/unit/test_broken.py", text)
    result = suite.run(tmp_path, "-n", workers)
    wrong = [test for test in result.tests if test["outcome"] == "error"]
    used = [test for test in result.tests if "test_broken.py" in test["nodeid"]]
    last = {test["worker"]: test["nodeid"] for test in sorted(used, key=lambda test: test["start"])}
    assert {test["nodeid"] for test in wrong} == set(last.values())
    assert all("no teardown" in test["message"] for test in wrong)
    assert sorted(result.gate("unit")["pulled_by"]) == sorted(last.values())
    assert set(result.started_tiers) == {"unit"}
    assert result.counts == {"passed": 6 - len(last), "error": len(last), "withheld": 3}
    assert result.status == 1


def test_what_a_postponed_teardown_prints_is_in_its_error(tmp_path: Path) -> None:
    """The output of a module fixture's teardown stands in the report of the error, not on the terminal of the worker."""
    text = """
        import sys, pytest

        @pytest.fixture(scope="module")
        def broken():
            yield
            print("said while leaving")
            raise RuntimeError("no teardown")

        def test_one(broken):
            pass
    """
    suite = Suite(unit=1, service=0).with_file("tests/service/test_broken.py", text)
    suite = suite.with_file("tests/service/test_next.py", "def test_next():\n    pass\n")
    result = suite.run(tmp_path, "-n", "1")
    assert result.outcomes["test_one"] == "error"
    captured = result.output.partition("Captured stdout teardown")[2]
    assert captured.partition("\n")[2].startswith("said while leaving\n")


@pytest.mark.parametrize("workers", ["0", "1", "2"])
def test_a_session_fixture_that_cannot_be_torn_down_fails_the_run(tmp_path: Path, workers: str) -> None:
    """It ends with its process, after all tiers: an error of the last test that ran there, and never lost."""
    text = BROKEN.replace("SCOPE", "session").replace("SECONDS", "0.05")
    result = Suite().with_file("tests/unit/test_broken.py", text).run(tmp_path, "-n", workers)
    used = {test["worker"] for test in result.tests if "test_broken.py" in test["nodeid"]}
    started = sorted((test for test in result.tests), key=lambda test: test["start"])
    last = {test["worker"]: test["nodeid"] for test in started if test["worker"] in used}
    wrong = {test["nodeid"] for test in result.tests if test["outcome"] == "error"}
    assert wrong == set(last.values())
    assert all("no teardown" in result.test(nodeid)["message"] for nodeid in wrong)
    assert (result.status, result.counts) == (1, {"passed": 10 - len(last), "error": len(last)})


@pytest.mark.parametrize("workers", ["0", "1", "2"])
def test_a_session_fixture_that_cannot_be_torn_down_is_no_fault_of_withheld_tests(tmp_path: Path, workers: str) -> None:
    """With the gate closed the error is that of a unit test, and the tests above stay withheld."""
    text = BROKEN.replace("SCOPE", "session").replace("SECONDS", "0.05")
    result = Suite().failing("unit").with_file("tests/unit/test_broken.py", text).run(tmp_path, "-n", workers)
    assert {**result.of_tier("service"), **result.of_tier("ui")}.keys() == {"withheld"}
    assert result.counts["withheld"] == 3
    assert sum(result.counts.values()) == 10
    assert "RuntimeError: no teardown" in result.output
    assert result.status == 1
