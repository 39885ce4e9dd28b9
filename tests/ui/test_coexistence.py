"""Beside other plugins and options of pytest and pytest-xdist."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.harness import Result, Suite

BOTH = pytest.mark.parametrize("workers", ["0", "2"])

COVERED = """
    import covered

    def test_half():
        assert covered.half(1) == 1
"""


def node_ids(result: Result) -> list[str]:
    """The ids of the report, sorted, because workers may report in any order."""
    return sorted(test["nodeid"] for test in result.tests)


@BOTH
def test_coverage_is_measured_as_without_the_plugin(tmp_path: Path, workers: str) -> None:
    """pytest-cov sees the same lines, in one process and from workers."""
    suite = Suite().with_file("covered.py", "def half(x):\n    if x:\n        return x\n    return 0\n")
    suite = suite.with_file("conftest.py", "").with_file("tests/unit/test_half.py", COVERED)
    result = suite.run(tmp_path, "-n", workers, "--cov=covered", "--cov-report=json:cov.json")
    assert (result.status, result.counts) == (0, {"passed": 7})
    found = json.loads((tmp_path / "cov.json").read_text())["files"]["covered.py"]
    assert found["missing_lines"] == [4]


@BOTH
def test_a_plugin_that_reorders_stays_inside_the_tiers(tmp_path: Path, workers: str) -> None:
    """A random order from a late hook keeps its order within a tier; the tiers keep theirs."""
    shuffle = """
        import pytest

        @pytest.hookimpl(trylast=True)
        def pytest_collection_modifyitems(items):
            items.sort(key=lambda item: item.name[::-1], reverse=True)
    """
    result = Suite(unit=4, service=3, ui=2).with_file("conftest.py", shuffle).run(tmp_path, "-n", workers)
    assert result.status == 0
    assert [test["nodeid"].rpartition("_")[2] for test in result.tests] == list("321021010")
    assert result.started_tiers == ["unit"] * 4 + ["service"] * 3 + ["ui"] * 2


@BOTH
def test_last_failed_still_knows_a_withheld_test(tmp_path: Path, workers: str) -> None:
    """A ui test that failed before and was withheld since is among the last failed, with the one that closed the gate."""
    first = Suite().failing("ui").run(tmp_path, "-n", workers)
    assert first.counts == {"passed": 5, "failed": 1}
    second = Suite().failing("ui").failing("unit").run(tmp_path, "-n", workers)
    assert second.of_tier("ui") == {"withheld": 1}
    third = Suite().failing("ui").run(tmp_path, "-n", workers, "--lf")
    assert (third.status, third.outcomes) == (1, {"test_unit_0": "passed", "test_ui_0": "failed"})
    assert third.report["run"]["partial_reason"] == "--last-failed"


@BOTH
def test_failed_first_puts_them_first_inside_their_tier(tmp_path: Path, workers: str) -> None:
    """--ff moves a failed ui test to the front of ui, not before unit."""
    suite = Suite(ui=3).failing("ui", at=2)
    suite.run(tmp_path, "-n", workers)
    result = suite.run(tmp_path, "-n", workers, "--ff")
    assert [test["nodeid"].partition("::")[2] for test in result.tests][5:] == ["test_ui_2", "test_ui_0", "test_ui_1"]
    assert result.tests[0]["tier"] == "unit"
    assert result.report["run"]["partial"] is False


def test_stepwise_goes_on_where_it_stopped_in_our_order(tmp_path: Path) -> None:
    """--sw stops at the failing service test and begins with it the next time."""
    suite = Suite(service=3).failing("service", at=1)
    assert suite.run(tmp_path, "--sw").of_tier("service")["failed"] == 1
    again = Suite(service=3).run(tmp_path, "--sw")
    assert (again.status, list(again.outcomes)) == (0, ["test_service_1", "test_service_2", "test_ui_0"])


@BOTH
def test_a_keyword_selects_and_the_shape_is_not_judged(tmp_path: Path, workers: str) -> None:
    """-k leaves out the rest; the gate still holds among what is left."""
    result = Suite(unit=3).failing("unit", at=1).run(tmp_path, "-n", workers, "-k", "unit_1 or ui")
    assert result.outcomes == {"test_unit_1": "failed", "test_ui_0": "withheld"}
    assert (result.report["shape"]["judged"], result.report["run"]["partial_reason"]) == (False, "-k unit_1 or ui")


@BOTH
def test_junit_has_withheld_tests_as_skipped(tmp_path: Path, workers: str) -> None:
    """The XML is well formed, counts every test once, and says why a test was withheld."""
    Suite().failing("unit").run(tmp_path, "-n", workers, "--junitxml=junit.xml")
    root = ET.parse(tmp_path / "junit.xml").getroot()  # noqa: S314  # pytest wrote it a moment ago
    suite = root.find("testsuite")
    assert suite is not None
    assert [suite.get(key) for key in ("tests", "failures", "errors", "skipped")] == ["6", "1", "0", "3"]
    said = [element.get("message", "") for element in suite.iter("skipped")]
    assert len(said) == 3
    assert all("tests/unit/test_unit.py::test_unit_0" in text and text.startswith("withheld:") for text in said)


@BOTH
def test_verbose_names_withheld_tests_and_durations_do_not(tmp_path: Path, workers: str) -> None:
    """-v has a word of its own for them; --durations lists what ran."""
    result = Suite().failing("unit").run(tmp_path, "-n", workers, "-v", "--durations=3", "--durations-min=0")
    assert re.search(r"test_ui_0.*WITHHELD|WITHHELD.*test_ui_0", result.output)
    durations = result.output.partition("slowest")[2].partition("pyramid")[0]
    assert "test_unit" in durations
    assert "test_ui_0" not in durations


@BOTH
def test_quiet_prints_the_pyramid_in_one_line(tmp_path: Path, workers: str) -> None:
    """-q sums the run up in one line that begins with our name."""
    result = Suite().failing("unit").run(tmp_path, "-n", workers, "-q")
    (line,) = [line for line in result.output.splitlines() if line.startswith("pyramid: ")]
    assert "3 withheld" in line
    assert "shape:" not in result.output


GROUPS = """
    import pytest, time

    @pytest.mark.parametrize("number", range(6))
    @pytest.mark.xdist_group("left")
    def test_left(number):
        time.sleep(0.02)

    @pytest.mark.parametrize("number", range(6))
    @pytest.mark.xdist_group(name="right")
    def test_right(number):
        time.sleep(0.02)
"""


@pytest.mark.parametrize("dist", [(), ("--dist=loadgroup",), ("--dist=worksteal",)])
def test_groups_stay_on_one_worker_and_ids_unchanged(tmp_path: Path, dist: tuple[str, ...]) -> None:
    """xdist_group is honoured with every distribution, within a tier, and never written into node ids."""
    suite = Suite().with_file("tests/unit/test_groups.py", GROUPS)
    plain = suite.run(tmp_path, "-n", "0")
    result = suite.run(tmp_path, "-n", "4", *dist)
    assert (result.status, result.counts) == (0, {"passed": 18})
    assert node_ids(result) == node_ids(plain)
    for group in ("left", "right"):
        assert len({test["worker"] for test in result.tests if f"test_{group}[" in test["nodeid"]}) == 1


@pytest.mark.parametrize("dist", ["loadfile", "loadscope"])
def test_files_stay_on_one_worker_when_asked_for(tmp_path: Path, dist: str) -> None:
    """--dist=loadfile and --dist=loadscope are honoured with the gate kept."""
    text = "import pytest, time\n\n@pytest.mark.parametrize('n', range(8))\ndef test_n(n):\n    time.sleep(0.02)\n"
    suite = Suite(ui=2).with_file("tests/unit/test_a.py", text).with_file("tests/unit/test_b.py", text)
    result = suite.run(tmp_path, "-n", "4", f"--dist={dist}")
    assert (result.status, result.counts) == (0, {"passed": 23})
    for name in ("test_a.py", "test_b.py", "test_service.py"):
        assert len({test["worker"] for test in result.tests if f"/{name}::" in test["nodeid"]}) == 1
    assert result.started_tiers == ["unit"] * 19 + ["service"] * 2 + ["ui"] * 2


@pytest.mark.parametrize("dist", ["load", "worksteal", "loadgroup"])
def test_the_gate_holds_with_every_distribution(tmp_path: Path, dist: str) -> None:
    """An explicit --dist changes nothing about what is withheld."""
    result = Suite().failing("unit").run(tmp_path, "-n", "2", f"--dist={dist}")
    assert result.counts == {"passed": 2, "failed": 1, "withheld": 3}


def test_one_process_is_the_same_however_it_is_asked_for(tmp_path: Path) -> None:
    """-n 0, no -n and no pytest-xdist at all give the same report."""
    suite = Suite().failing("service")
    results = [suite.run(tmp_path, *ask) for ask in ((), ("-n", "0"), ("-p", "no:xdist"))]
    assert all(result.same_everywhere() == results[0].same_everywhere() for result in results)
    assert [result.report["run"]["workers"] for result in results] == [1, 1, 1]


def test_node_ids_are_those_of_plain_pytest(tmp_path: Path) -> None:
    """With the plugin on, -v names the very ids that pytest collects without it."""
    text = """
        import pytest

        class TestOuter:
            class TestInner:
                @pytest.mark.parametrize("value", ["a b", "ä", 1.5, None])
                def test_deep(self, value):
                    pass
    """
    suite = Suite().with_file("tests/unit/test_nested.py", text)
    plain = [line for line in suite.pytest(tmp_path, "--co", "-q").output.splitlines() if "::" in line]
    assert node_ids(suite.run(tmp_path, "-n", "2")) == sorted(plain)
