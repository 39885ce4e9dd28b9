"""Beside the plugins that people use: the same outcomes as without ours, the tiers in order, the gate kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness import NOTHING, Suite

BOTH = pytest.mark.parametrize("workers", ["0", "2"])
TIERED = ["unit"] * 4 + ["service"] * 3 + ["ui"] * 2

SLEEPY = """
    import time

    def test_before():
        pass

    def test_sleepy():
        time.sleep(30)

    def test_after():
        pass
"""


@BOTH
def test_randomly_shuffles_inside_the_tiers(tmp_path: Path, workers: str) -> None:
    """The order is another one, the same for the same seed, and never crosses a tier; a failure closes the gate."""
    arguments = ("-n", workers, "-p", "randomly")
    suite = Suite(unit=12, service=3, ui=2)
    plain = suite.run(tmp_path, "-n", workers)
    seeded = [suite.run(tmp_path, *arguments, "--randomly-seed=7") for _ in "ab"]
    assert seeded[0].outcomes.keys() == plain.outcomes.keys()
    assert list(seeded[0].outcomes) == list(seeded[1].outcomes) != list(plain.outcomes)
    for run in seeded:
        assert (run.status, run.counts) == (0, {"passed": 17})
        assert run.started_tiers == ["unit"] * 12 + ["service"] * 3 + ["ui"] * 2
    broken = suite.failing("unit", at=5).run(tmp_path, *arguments)
    assert (broken.status, broken.counts) == (1, {"failed": 1, "passed": 11, "withheld": 5})


@BOTH
def test_order_marks_hold_inside_a_tier(tmp_path: Path, workers: str) -> None:
    """pytest-order puts a ui test first and a unit test last of all; we keep that order within each tier only."""
    text = """
        import pytest

        @pytest.mark.order(-1)
        def test_last():
            pass

        def test_middle():
            pass

        @pytest.mark.order(1)
        def test_first():
            pass
    """
    suite = NOTHING.with_file("tests/unit/test_low.py", text)
    suite = suite.with_file("tests/e2e/test_high.py", text)
    result = suite.run(tmp_path, "-n", workers, "-p", "pytest_order")
    assert [test["nodeid"].partition("::")[2] for test in result.tests] == [
        "test_first",
        "test_middle",
        "test_last",
    ] * 2
    assert (result.status, result.started_tiers) == (0, ["unit"] * 3 + ["ui"] * 3)


@BOTH
def test_reruns_give_the_outcomes_of_plain_pytest(tmp_path: Path, workers: str) -> None:
    """Failures in set-up, call and teardown that a rerun mends are none; one that stays closes the gate once."""
    text = """
        import pathlib, pytest

        def fails(times, name):
            mark = pathlib.Path(__file__).with_name(name)
            count = len(mark.read_text()) if mark.exists() else 0
            mark.write_text("x" * (count + 1))
            assert count >= times

        @pytest.fixture
        def weak_start():
            fails(1, "start")

        @pytest.fixture
        def weak_end():
            yield
            fails(1, "end")

        def test_start(weak_start):
            pass

        def test_call():
            fails(2, "call")

        def test_end(weak_end):
            pass
    """
    suite = Suite(unit=1).with_file("tests/unit/test_weak.py", text)
    plain = suite.pytest(tmp_path, "-n", workers, "--reruns", "2")
    for name in ("start", "call", "end"):
        (tmp_path / "tests" / "unit" / name).unlink()
    result = suite.run(tmp_path, "-n", workers, "--reruns", "2")
    assert (result.status, result.counts) == (plain.status, {"passed": 7})
    assert result.said == plain.said
    assert result.gate("unit")["state"] == "open"
    once = suite.failing("unit").run(tmp_path, "-n", workers, "--reruns", "2")
    assert (once.status, once.counts) == (1, {"failed": 1, "passed": 3, "withheld": 3})


@BOTH
def test_a_timeout_by_signal_is_a_failure(tmp_path: Path, workers: str) -> None:
    """pytest-timeout interrupts the test; the others of the tier run, the tiers above do not."""
    suite = Suite(unit=1).with_file("tests/unit/test_sleepy.py", SLEEPY)
    result = suite.run(tmp_path, "-n", workers, "--timeout=1", "--timeout-method=signal")
    assert (result.status, result.counts) == (1, {"failed": 1, "passed": 3, "withheld": 3})
    assert "imeout" in result.test("test_sleepy")["message"]
    assert result.gate("unit")["pulled_by"] == ["tests/unit/test_sleepy.py::test_sleepy"]


def test_a_timeout_by_thread_is_a_crash(tmp_path: Path) -> None:
    """That method ends the worker's process: a failure of the test that was too slow, and nothing else is missing."""
    suite = Suite(unit=1).with_file("tests/unit/test_sleepy.py", SLEEPY)
    result = suite.run(tmp_path, "-n", "2", "--timeout=1", "--timeout-method=thread")
    assert (result.status, result.counts) == (1, {"failed": 1, "passed": 3, "withheld": 3})
    assert result.gate("unit")["pulled_by"] == ["tests/unit/test_sleepy.py::test_sleepy"]


ASYNC = """
    import asyncio, pytest

    @pytest.fixture
    async def answer():
        await asyncio.sleep(0)
        yield 42

    async def test_well(answer):
        assert answer == 42

    @pytest.mark.parametrize("number", [1, 2])
    async def test_numbers(number):
        await asyncio.sleep(0.01)
        assert number == 1
"""


@BOTH
def test_asynchronous_tests_run_as_without_the_plugin(tmp_path: Path, workers: str) -> None:
    """pytest-asyncio's tests pass and fail as they should, and its failure closes the gate."""
    ini = "[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function\n"
    suite = Suite(unit=1).with_file("tests/unit/test_async.py", ASYNC).with_file("pytest.ini", ini)
    result = suite.run(tmp_path, "-n", workers, "-p", "asyncio")
    assert (result.status, result.counts) == (1, {"failed": 1, "passed": 3, "withheld": 3})
    assert result.gate("unit")["pulled_by"] == ["tests/unit/test_async.py::test_numbers[2]"]


DJANGO = """
    import pytest
    from django.contrib.contenttypes.models import ContentType
    from django.test import TestCase, TransactionTestCase

    class TestTransactions(TransactionTestCase):
        def test_flush(self):
            ContentType.objects.create(app_label="a", model="b")

    class TestRolledBack(TestCase):
        def test_nothing_is_left(self):
            assert not ContentType.objects.filter(app_label="a").exists()

    @pytest.mark.django_db
    def test_marked():
        ContentType.objects.create(app_label="a", model="b")
        assert ContentType.objects.filter(app_label="a").count() == 1

    def test_without_a_database():
        pass
"""


@BOTH
def test_django_keeps_its_own_order_inside_a_tier(tmp_path: Path, workers: str) -> None:
    """pytest-django's databases and its order (rolled back before transactional) work in every tier."""
    configuration = """
        SECRET_KEY = "none"
        INSTALLED_APPS = ["django.contrib.contenttypes"]
        DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
        USE_TZ = True
    """
    suite = Suite(unit=1, service=1, ui=1).with_file("config.py", configuration)
    suite = suite.with_file("pytest.ini", "[pytest]\nDJANGO_SETTINGS_MODULE = config\npythonpath = .\n")
    suite = suite.with_file("tests/service/test_data.py", DJANGO).with_file("tests/e2e/test_pages.py", DJANGO)
    plain = suite.pytest(tmp_path, "-n", workers, "-p", "django")
    result = suite.run(tmp_path, "-n", workers, "-p", "django")
    assert (result.status, result.counts, result.said) == (0, {"passed": 11}, plain.said)
    assert result.started_tiers == ["unit"] + ["service"] * 5 + ["ui"] * 5
    names = [test["nodeid"].rpartition("::")[2] for test in result.tests if "test_data.py" in test["nodeid"]]
    assert names.index("test_nothing_is_left") < names.index("test_flush")


@BOTH
def test_every_repetition_counts(tmp_path: Path, workers: str) -> None:
    """pytest-repeat multiplies the tests: each has an outcome, and one failure among them closes the gate."""
    suite = Suite(unit=2).failing("unit", at=1)
    result = suite.run(tmp_path, "-n", workers, "-p", "repeat", "--count=3")
    assert (result.status, result.counts) == (1, {"failed": 3, "passed": 3, "withheld": 9})
    plain = suite.pytest(tmp_path, "-n", workers, "-p", "repeat", "--count=3", "tests/unit")
    assert plain.said == {"failed": 3, "passed": 3}


@BOTH
def test_the_parts_of_split_hold_every_test_once(tmp_path: Path, workers: str) -> None:
    """pytest-split cuts as without our plugin; each part runs its tiers in order, and all parts make the suite."""
    suite = Suite(unit=4, service=3, ui=2)
    seen: list[str] = []
    for part in ("1", "2"):
        arguments = ("-n", workers, "-p", "pytest-split", "--splits=2", f"--group={part}")
        plain = suite.pytest(tmp_path, *arguments)
        result = suite.run(tmp_path, *arguments)
        assert (result.status, result.said) == (0, plain.said)
        assert result.started_tiers == sorted(result.started_tiers, key=TIERED.index)
        assert result.report["run"]["partial"] is True
        seen += [test["nodeid"] for test in result.tests]
    assert (len(seen), len(set(seen))) == (9, 9)


SUBTESTS = """
    import unittest

    def test_parts(subtests):
        for number in range(4):
            with subtests.test(number=number):
                assert number != BAD

    class TestOld(unittest.TestCase):
        def test_old(self):
            for number in range(4):
                with self.subTest(number=number):
                    self.assertNotEqual(number, BAD)
"""


@BOTH
@pytest.mark.parametrize("bad", [2, 9])
def test_a_test_with_a_failing_subtest_has_failed_once(tmp_path: Path, workers: str, bad: int) -> None:
    """Whatever plain pytest makes of its parts: one outcome per test, and the gate closes when a part failed."""
    text = SUBTESTS.replace("BAD", str(bad))
    if int(pytest.__version__.split(".")[0]) < 9:  # before 9 subtests are a plugin's, and unittest's parts are not told
        text = text.partition("    class")[0].replace("def test_parts(subtests)", "def test_parts()")
        text = text.replace("with subtests.test(number=number)", "if True")
    suite = Suite(unit=1).with_file("tests/unit/test_parts.py", text)
    plain = suite.pytest(tmp_path, "-n", workers, "tests/unit")
    result = suite.run(tmp_path, "-n", workers)
    wrong = text.count("def test_") if bad == 2 else 0
    wanted = {"failed": wrong, "passed": 1, "withheld": 3} if wrong else {"passed": 4 + text.count("def test_")}
    assert (result.status, result.counts) == (plain.status, wanted)
    assert len(result.gate("unit")["pulled_by"]) == wrong


@BOTH
def test_many_plugins_at_once_change_no_outcome(tmp_path: Path, workers: str) -> None:
    """Random order, reruns, timeouts, coverage and repetition together: every test once in the report, tiers in order."""
    arguments = ("-p", "randomly", "-p", "pytest_order", "-p", "repeat", "--count=2", "--reruns=1", "--timeout=30")
    suite = Suite(unit=2, service=2, ui=2).with_file("tests/unit/test_a.py", "def test_a():\n    pass\n")
    result = suite.run(tmp_path, "-n", workers, *arguments, "--cov=tests", "--cov-report=")
    assert (result.status, result.counts) == (0, {"passed": 14})
    assert result.started_tiers == ["unit"] * 6 + ["service"] * 4 + ["ui"] * 4
