"""What pulls the cord, and what only looks like it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness import NOTHING, Suite

ONE_ABOVE = NOTHING.with_file("tests/e2e/test_above.py", "def test_above():\n    pass\n")

CAUSES = {
    "call": ("def test_bad():\n    assert 1 == 2\n", "failed", "assert 1 == 2"),
    "setup": (
        """
        import pytest

        @pytest.fixture
        def broken():
            raise RuntimeError("no setup")

        def test_bad(broken):
            pass
        """,
        "error",
        "no setup",
    ),
    "teardown of a function's fixture": (
        """
        import pytest

        @pytest.fixture
        def broken():
            yield
            raise RuntimeError("no teardown")

        def test_bad(broken):
            pass
        """,
        "error",
        "no teardown",
    ),
    "teardown of a module's fixture": (
        """
        import pytest

        @pytest.fixture(scope="module")
        def broken():
            yield
            raise RuntimeError("no teardown")

        def test_good(broken):
            pass

        def test_bad(broken):
            pass
        """,
        "error",
        "no teardown",
    ),
    "strict xpass": (
        """
        import pytest

        @pytest.mark.xfail(strict=True)
        def test_bad():
            pass
        """,
        "failed",
        "XPASS(strict)",
    ),
}


@pytest.mark.parametrize("workers", ["0", "2"])
@pytest.mark.parametrize("cause", CAUSES)
def test_the_cord_is_pulled(tmp_path: Path, cause: str, workers: str) -> None:
    """Every way to fail in the unit tier withholds the test above, and the report says which test and why."""
    text, outcome, message = CAUSES[cause]
    result = ONE_ABOVE.with_file("tests/unit/test_cause.py", text).run(tmp_path, "-n", workers)
    bad = result.test("::test_bad")
    assert (bad["outcome"], result.test("::test_above")["outcome"]) == (outcome, "withheld")
    assert message in bad["message"]
    assert result.gate("unit")["pulled_by"] == ["tests/unit/test_cause.py::test_bad"]
    assert set(result.outcomes) - {"test_bad", "test_above"} <= {"test_good"}
    assert result.outcomes.get("test_good", "passed") == "passed"
    assert result.status == 1


def test_a_crash_pulls_the_cord_and_loses_no_earlier_result(tmp_path: Path) -> None:
    """A unit test that kills its worker has failed; what that worker and the others did before is in the report."""
    text = (
        "import os, pytest\n\n@pytest.mark.parametrize('n', range(12))\ndef test_some(n):\n    n != 7 or os._exit(3)\n"
    )
    result = ONE_ABOVE.with_file("tests/unit/test_crash.py", text).run(tmp_path, "-n", "2")
    assert result.counts == {"passed": 11, "failed": 1, "withheld": 1}
    assert result.test("test_some[7]")["outcome"] == "failed"
    assert "crashed" in result.test("test_some[7]")["message"]
    assert result.gate("unit")["pulled_by"] == ["tests/unit/test_crash.py::test_some[7]"]
    assert result.status == 1


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_file_that_cannot_be_imported_pulls_the_cord_of_its_tier(tmp_path: Path, workers: str) -> None:
    """With --continue-on-collection-errors the other unit tests run, and nothing above does."""
    suite = Suite().with_file("tests/unit/test_broken.py", "import no_such_module\n\ndef test_unseen():\n    pass\n")
    result = suite.run(tmp_path, "-n", workers, "--continue-on-collection-errors")
    assert result.counts == {"passed": 3, "withheld": 3}
    assert result.gate("unit")["pulled_by"] == ["tests/unit/test_broken.py"]
    (error,) = result.report["collection_errors"]
    assert (error["nodeid"], error["tier"]) == ("tests/unit/test_broken.py", "unit")
    assert "no_such_module" in error["message"]
    assert result.status == 1


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_file_of_an_upper_tier_that_cannot_be_imported_withholds_nothing_below_it(
    tmp_path: Path, workers: str
) -> None:
    """The gate of service is closed before the run; unit and service run, ui does not."""
    suite = Suite().with_file("tests/service/test_broken.py", "import no_such_module\n")
    result = suite.run(tmp_path, "-n", workers, "--continue-on-collection-errors")
    assert result.counts == {"passed": 5, "withheld": 1}
    assert result.of_tier("ui") == {"withheld": 1}


HARMLESS = """
    import pytest

    @pytest.mark.xfail
    def test_xfail():
        assert 0

    @pytest.mark.xfail(run=False)
    def test_xfail_not_run():
        assert 0

    @pytest.mark.xfail(strict=False)
    def test_xpass():
        pass

    @pytest.mark.skip
    def test_skip():
        assert 0

    def test_skip_in_call():
        pytest.skip("later")

    def test_imperative_xfail():
        pytest.xfail("known")

    attempts = []

    def test_flaky():
        attempts.append(1)
        assert len(attempts) == 2
"""


@pytest.mark.parametrize("workers", ["0", "2"])
def test_the_cord_is_not_pulled_by_what_is_no_failure(tmp_path: Path, workers: str) -> None:
    """xfail, skip, a non-strict xpass, a module that skips itself, and a rerun that passes leave the gate open."""
    suite = ONE_ABOVE.with_file("tests/unit/test_harmless.py", HARMLESS).with_file(
        "tests/unit/test_optional.py", "import pytest\n\npytest.importorskip('no_such_module')\n"
    )
    result = suite.run(tmp_path, "-n", workers, "--reruns", "1")
    assert result.outcomes == {
        "test_xfail": "xfailed",
        "test_xfail_not_run": "xfailed",
        "test_xpass": "xpassed",
        "test_skip": "skipped",
        "test_skip_in_call": "skipped",
        "test_imperative_xfail": "xfailed",
        "test_flaky": "passed",
        "test_above": "passed",
    }
    assert (result.status, result.gate("unit")["state"], result.codes) == (0, "open", [])


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_rerun_that_fails_again_pulls_the_cord(tmp_path: Path, workers: str) -> None:
    """A failure that every rerun confirms is one failure."""
    result = Suite().failing("unit").run(tmp_path, "-n", workers, "--reruns", "1")
    assert result.counts == {"failed": 1, "passed": 2, "withheld": 3}
    assert result.gate("unit")["pulled_by"] == ["tests/unit/test_unit.py::test_unit_0"]


def test_a_test_is_failed_when_its_call_failed_whatever_its_module_fixture_does_later(tmp_path: Path) -> None:
    """With workers a module's teardown comes later than the test; its error does not hide the test's own failure."""
    text = """
        import pytest, time

        @pytest.fixture(scope="module")
        def broken():
            yield
            raise RuntimeError("no teardown")

        def test_bad(broken):
            time.sleep(0.2)
            assert 1 == 2
    """
    suite = ONE_ABOVE.with_file("tests/service/test_both.py", text)
    suite = suite.with_file("tests/service/test_next.py", "def test_next():\n    pass\n")
    for workers in ("0", "1"):
        result = suite.run(tmp_path, "-n", workers)
        bad = result.test("test_bad")
        assert (result.test("test_next")["outcome"], result.test("test_above")["outcome"]) == ("passed", "withheld")
        assert (bad["outcome"], bad["message"]) == ("failed", "assert 1 == 2")
        assert bad["seconds"] >= 0.2
        assert bad["start"] is not None
