"""What has changed since the last run on the main branch, and the runs that are a trend."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_pyramid.core.build_server import main_branch_told
from pytest_pyramid.core.deltas import MOST_KEYS, delta_of, violation_key, violation_keys
from pytest_pyramid.core.facts import Location, Outcome, Result
from pytest_pyramid.core.past_runs import PastRun, PastTier, last_green, with_rows
from pytest_pyramid.core.plain_report import from_plain, to_plain
from pytest_pyramid.core.trend import MOST, last_main_run, trend_of_runs
from pytest_pyramid.core.violations import Severity, Violation
from pytest_pyramid.reporters import markdown
from tests.unit.canonical import DELTA, full_report

SLEEP = Violation(
    code="PYR305",
    name="sleep",
    severity=Severity.WARNING,
    message="slept 1 s",
    hint="do not",
    tier="unit",
    nodeid="a.py::a",
    location=Location(file="a.py", line=3),
)


def ended(nodeid: str, result: Result) -> Outcome:
    """A test that ended so."""
    return Outcome(nodeid=nodeid, tier="unit", result=result)


def test_a_new_failure_is_one_that_did_not_fail_before() -> None:
    """A test that failed on main too, or did not run there, is none; one that passes now is fixed."""
    before = [("a", False), ("b", True), ("c", True), ("d", False)]
    outcomes = [
        ended("a", Result.FAILED),
        ended("b", Result.ERROR),
        ended("c", Result.PASSED),
        ended("d", Result.WITHHELD),
        ended("new", Result.FAILED),
    ]
    found = delta_of("c0ffee", before, outcomes, (), ())
    assert (found.commit, found.new_failures, found.fixed, found.new_violations) == ("c0ffee", ("a",), ("c",), ())


def test_a_violation_is_known_again_by_rule_and_place() -> None:
    """Another line and other figures are the same violation; another test is none."""
    moved = SLEEP._replace(message="slept 2 s", location=Location(file="a.py", line=9))
    assert violation_key(moved) == violation_key(SLEEP)
    other = SLEEP._replace(nodeid="a.py::b")
    found = delta_of(None, [], [], (moved, other, other._replace(severity=Severity.OFF)), [violation_key(SLEEP)])
    assert found.new_violations == ("PYR305 sleep: slept 1 s",)


def test_of_unknown_violations_nothing_is_told() -> None:
    """A run of an older version, or one with too many, says nothing about what is new."""
    assert delta_of(None, [], [], (SLEEP,), None).new_violations is None
    assert violation_keys([SLEEP, SLEEP]) == (violation_key(SLEEP),)
    many = [SLEEP._replace(nodeid=str(number)) for number in range(MOST_KEYS + 1)]
    assert violation_keys(many) is None


@pytest.mark.parametrize("delta", [DELTA, DELTA._replace(new_violations=None), None])
def test_it_survives_json(delta: object) -> None:
    """Also where nobody can tell, and where there is nothing to compare with."""
    report = replace(full_report(), delta=delta)  # type: ignore[arg-type]  # one of the three above
    assert from_plain(to_plain(report)).delta == delta


def test_markdown_tells_what_is_new() -> None:
    """In the comparison with main."""
    text = markdown.render(full_report())
    assert "New failures: 1\n\n- `tests/unit/test_0.py::test_0`" in text
    assert "Fixed: 1" in text
    assert "New rule violations: 1\n\n- PYR305 sleep" in text


def past(number: int, **facts: object) -> PastRun:
    """A whole run on main, a minute after the one before."""
    run = PastRun(
        key=str(number), started=60 * number, seconds=5.0, exit_status=0, workers=1, tests=3, branch="main",
        shape="pyramid", tiers=(PastTier("unit", 3, 0.5, 0.0),), commit=f"c{number}",
    )  # fmt: skip
    return run._replace(**facts)  # type: ignore[arg-type]  # names and values of the fields


def trend(runs: list[PastRun], now: int = 10_000) -> list[tuple[str | None, float | None]]:
    """Commit and red seconds of the trend."""
    found = trend_of_runs(runs, main="main", started={run.key: run.key for run in runs}, now=now)
    return [(run.commit, run.red_seconds) for run in found]


def test_the_trend_has_the_last_whole_runs() -> None:
    """The oldest first; parts of the suite and runs without figures are left out."""
    runs = [past(number) for number in range(40, 0, -1)]
    runs[0] = runs[0]._replace(partial="-k x")
    runs[1] = runs[1]._replace(tiers=())
    found = trend(runs)
    assert (len(found), found[0][0], found[-1][0]) == (MOST, "c9", "c38")


def test_a_branch_is_red_until_its_next_run() -> None:
    """Runs of other branches do not end it; the latest is red until now."""
    runs = [past(5, exit_status=1), past(4), past(3, branch="topic"), past(2, exit_status=1)]
    assert trend(runs, now=400) == [("c2", 120.0), ("c3", 0.0), ("c4", 0.0), ("c5", 100.0)]


def test_an_older_run_on_main_is_kept_to_compare_with() -> None:
    """A busy branch must not push it out."""
    runs = [past(number, branch="topic") for number in range(60, 10, -1)] + [past(3), past(2)]
    found = trend_of_runs(runs, main="main", started={run.key: "" for run in runs}, now=0)
    assert (len(found), found[0].commit, found[0].main) == (MOST, "c3", True)
    assert last_main_run(runs, None) is None
    assert last_main_run(runs, "trunk") is None


def test_the_last_green_run_of_a_branch() -> None:
    """Its commit is known, and it ended well."""
    runs = [past(5, exit_status=1), past(4, commit=None), past(3, branch="topic"), past(2), past(1)]
    assert last_green(runs, "main") == runs[3]
    assert last_green(runs, "other") is None


def test_rows_come_back_from_json() -> None:
    """Lists are tuples again; older runs have none."""
    facts = with_rows({"gates": [["unit", "open"]], "tiers": [["unit", 3, 1, None]], "violations": ["k"]})
    assert facts["tiers"] == (PastTier("unit", 3, 1.0),)
    assert (facts["gates"], facts["violations"]) == ((("unit", "open"),), ("k",))
    assert with_rows({}) == {"gates": (), "tiers": (), "violations": None}
    with pytest.raises(ValueError, match="unpack"):
        with_rows({"tiers": [["unit"]]})


def test_gitlab_names_the_main_branch() -> None:
    """Others do not."""
    assert main_branch_told({"CI_DEFAULT_BRANCH": "trunk"}) == "trunk"
    assert main_branch_told({}) is None
