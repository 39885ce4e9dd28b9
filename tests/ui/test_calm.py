"""What must not matter: warnings as errors, missing plugins, frozen clocks, partial runs, and being switched off."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness import NOTHING, Suite

UNMARKED = NOTHING.with_file("test_plain.py", "def test_one():\n    pass\n\ndef test_two():\n    pass\n")

SWITCHES = {
    "warnings are errors": ("-W", "error"),
    "no cache": ("-p", "no:cacheprovider"),
    "no terminal": ("-p", "no:terminal"),
    "all of it": ("-W", "error", "-p", "no:cacheprovider", "-p", "no:terminal"),
}


@pytest.mark.parametrize("workers", ["0", "2"])
@pytest.mark.parametrize("switches", SWITCHES)
def test_a_suite_without_any_tier_runs_as_in_plain_pytest(tmp_path: Path, switches: str, workers: str) -> None:
    """Unmarked tests pass, are counted in a row of their own, and no verdict on the shape is given."""
    result = UNMARKED.run(tmp_path, "-n", workers, *SWITCHES[switches])
    assert result.status == 0
    assert result.of_tier("unclassified") == {"passed": 2}
    assert result.report["shape"]["judged"] is False
    assert "Traceback" not in result.output + result.errors
    assert not [one for one in result.report["violations"] if one["severity"] == "error"]


@pytest.mark.parametrize("workers", ["0", "2"])
def test_collect_only_runs_and_judges_nothing(tmp_path: Path, workers: str) -> None:
    """--co lists the tests as in plain pytest and writes no report about a run that was none."""
    suite = Suite(unit=0, service=12, ui=12)
    plain, ours = suite.pytest(tmp_path, "--co", "-q"), suite.run(tmp_path, "-n", workers, "--co", "-q")
    assert (ours.status, plain.status) == (0, 0)
    names = [line for line in plain.output.splitlines() if "::" in line]
    assert sorted(line for line in ours.output.splitlines() if "::" in line) == sorted(names)
    assert ours.report == {}


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_single_node_id_is_not_judged(tmp_path: Path, workers: str) -> None:
    """One ui test of an inverted suite runs well: a part of a suite has no shape."""
    suite = Suite(unit=0, service=2, ui=25)
    result = suite.run(tmp_path, "-n", workers, "tests/e2e/test_ui.py::test_ui_3")
    assert (result.status, result.counts) == (0, {"passed": 1})
    assert (result.report["shape"]["judged"], result.codes) == (False, [])
    assert "partial run" in result.report["shape"]["reason"]


@pytest.mark.parametrize("workers", ["0", "2"])
def test_clocks_that_tests_stop_do_not_reach_the_report(tmp_path: Path, workers: str) -> None:
    """A test of 0.3 s that freezes or moves time is reported with its real seconds, and so is the run."""
    text = """
        import time, freezegun, time_machine

        real_sleep = time.sleep

        @freezegun.freeze_time("2001-01-01")
        def test_frozen():
            real_sleep(0.3)

        @time_machine.travel("2051-01-01")
        def test_travelled():
            real_sleep(0.3)

        def test_left_frozen():
            freezegun.freeze_time("2001-01-01").start()
            real_sleep(0.3)
    """
    result = NOTHING.with_file("tests/unit/test_time.py", text).run(tmp_path, "-n", workers)
    assert result.counts == {"passed": 3}
    assert all(0.25 <= test["seconds"] < 5 for test in result.tests)
    assert 0.5 < result.report["run"]["seconds"] < 60
    assert all(0 <= test["start"] < result.report["run"]["seconds"] for test in result.tests)
    assert result.report["run"]["started"][:4] not in ("2001", "2051")


IDLE = """
    import sys

    def test_idle():
        ours = sorted(name for name in sys.modules if name.startswith("pytest_pyramid."))
        assert [name for name in ours if name not in ("pytest_pyramid.plugin", "pytest_pyramid.hookspecs")] == []
"""


@pytest.mark.parametrize("workers", ["0", "2"])
def test_switched_off_nothing_is_imported(tmp_path: Path, workers: str) -> None:
    """Without --pyramid only the entry module and the hook specifications are loaded, in workers too."""
    assert NOTHING.with_file("test_idle.py", IDLE).pytest(tmp_path, "-n", workers).status == 0


LEAN = """
    import sys

    UNASKED = (
        "commands", "core.plain_report", "session.asking", "session.controller", "session.scheduler", "session.worker"
    )

    def test_lean():
        loaded = [name for name in UNASKED if f"pytest_pyramid.{name}" in sys.modules]
        assert "pytest_pyramid.session.solo" in sys.modules
        assert loaded == []
"""


def test_a_plain_run_imports_only_what_it_uses(tmp_path: Path) -> None:
    """Without workers, reports and questions nothing is loaded that serves only these."""
    assert NOTHING.with_file("test_lean.py", LEAN).pytest(tmp_path, "--pyramid").status == 0


def test_switched_off_the_tier_markers_are_known_to_strict_markers(tmp_path: Path) -> None:
    """unit, service, ui and the markers of a configured tier need no registration of their own, on or off."""
    text = "import pytest\n\n" + "\n".join(
        f"@pytest.mark.{name}\ndef test_{name}():\n    pass\n" for name in ("unit", "service", "ui", "contractual")
    )
    suite = NOTHING.with_file("test_marks.py", text).with_file(
        "pyproject.toml",
        """
        [[tool.pytest_pyramid.tiers]]
        name = "unit"

        [[tool.pytest_pyramid.tiers]]
        name = "service"

        [[tool.pytest_pyramid.tiers]]
        name = "agreed"
        markers = ["contractual"]

        [[tool.pytest_pyramid.tiers]]
        name = "ui"
        """,
    )
    off = suite.pytest(tmp_path, "--strict-markers")
    assert off.status == 0
    on = suite.run(tmp_path, "--strict-markers", "-n", "2")
    assert (on.status, on.test("test_contractual")["tier"]) == (0, "agreed")
    misspelt = suite.with_file("test_typo.py", "import pytest\n\n@pytest.mark.unti\ndef test_typo():\n    pass\n")
    assert misspelt.pytest(tmp_path, "--strict-markers").status == 2


def test_an_ini_key_switches_it_on_and_an_option_off(tmp_path: Path) -> None:
    """`pyramid = true` acts on every run; --no-pyramid takes it back for one."""
    suite = (
        Suite().failing("unit").with_file("pytest.ini", "[pytest]\npyramid = true\npyramid_report = json:report.json\n")
    )
    assert suite.pytest(tmp_path).counts == {"failed": 1, "passed": 2, "withheld": 3}
    off = suite.pytest(tmp_path, "--no-pyramid")
    assert (off.report, off.status) == ({}, 1)
    assert "1 failed, 5 passed" in off.output


STEPS = """
    import pytest

    @pytest.mark.manual("look at the printed page")
    def test_by_a_person():
        raise AssertionError("nobody may run this")

    def test_by_a_machine():
        pass
"""


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_manual_test_is_counted_and_not_run(tmp_path: Path, workers: str) -> None:
    """It stands in the report with its steps, belongs to the shape, and closes no gate."""
    result = Suite(ui=0).with_file("tests/e2e/test_print.py", STEPS).run(tmp_path, "-n", workers)
    manual = result.test("test_by_a_person")
    assert (manual["outcome"], manual["tier"], manual["start"]) == ("manual", "ui", None)
    assert "look at the printed page" in manual["message"] + manual["manual"]
    assert (result.status, result.counts) == (0, {"passed": 6, "manual": 1})
    assert result.report["tiers"][2]["functions"] == 2
    assert "1 manual" in result.output


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_manual_unit_test_does_not_hold_the_gate(tmp_path: Path, workers: str) -> None:
    """The tiers above start although the manual test below them was not run."""
    result = Suite().with_file("tests/unit/test_print.py", STEPS).run(tmp_path, "-n", workers)
    assert (result.status, result.counts) == (0, {"passed": 7, "manual": 1})


@pytest.mark.parametrize("workers", ["0", "1", "2"])
def test_a_manual_test_at_the_end_of_its_file_leaves_no_fixture_behind(tmp_path: Path, workers: str) -> None:
    """The fixtures of the test before it are torn down although nothing runs in its place, and the next file is well."""
    text = """
        import pytest

        class TestShop:
            def test_first(self):
                pass

            @pytest.mark.manual("look at it")
            def test_by_hand(self):
                pass
    """
    suite = (
        Suite().with_file("a/unit/test_shop.py", text).with_file("b/unit/test_shop2.py", "def test_b():\n    pass\n")
    )
    result = suite.with_file("a/integration/test_shop3.py", text).run(tmp_path, "-n", workers)
    assert (result.status, result.counts) == (0, {"passed": 9, "manual": 2})
