"""Every report format: what it says, and that nothing from outside breaks it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pytest_pyramid.core.facts import Result
from pytest_pyramid.core.report import RunReport
from pytest_pyramid.core.violations import Severity
from pytest_pyramid.reporters import BUILTIN, badge, github, gitlab, junit, markdown, obstacle, svg, trace
from tests.unit.canonical import (
    FAILED_TEST,
    TREND,
    VIOLATIONS,
    Level,
    closed_report,
    cone_report,
    full_report,
    hostile_report,
    open_report,
    partial_report,
    report_of,
)

HOSTILE = "<script>alert(1)</script>]]>-->\x1b[31m\x00\u202e\ud800\ufffe\r\n::error::`|`@ada${{x}}\"'&amp;%0A"
SCRIPT = re.compile("<script", re.IGNORECASE)


def tree(text: str) -> ET.Element:
    """The parsed XML."""
    return ET.fromstring(text)  # noqa: S314  # our own text


def events(report: RunReport, phase: str) -> list[dict[str, Any]]:
    """The trace events of one phase."""
    return [event for event in json.loads(trace.render(report))["traceEvents"] if event["ph"] == phase]


def test_every_module_is_registered_under_its_own_name() -> None:
    """What the table says is what the module says, no name occurs twice, and each can work here."""
    from importlib import import_module

    names = [reporter.name for reporter in BUILTIN]
    assert len(set(names)) == len(names)
    for reporter in BUILTIN:
        module = import_module(f"pytest_pyramid.reporters.{reporter.module}")
        assert module.name == reporter.name
        assert module.__doc__
        assert obstacle(reporter) is None


@pytest.mark.parametrize("reporter", BUILTIN, ids=lambda one: one.name)
@pytest.mark.parametrize(
    "make", [open_report, closed_report, cone_report, partial_report, full_report, lambda: report_of({})]
)
def test_every_format_tells_every_run(reporter: Any, make: Any) -> None:
    """Each gives the same text for the same report, for a run without tests too, and the text can be encoded."""
    text = reporter.render(make())
    assert text == reporter.render(make())
    text.encode("utf-8")
    assert text == "" or text.endswith("\n")


@pytest.mark.parametrize("reporter", BUILTIN, ids=lambda one: one.name)
@given(text=st.text(st.characters(), max_size=40))
@example(text=HOSTILE)
@settings(max_examples=25, deadline=None)
def test_nothing_from_outside_breaks_a_format(reporter: Any, text: str) -> None:
    """Whatever stands in ids, messages and names: the file is well-formed and holds nothing hidden."""
    made = reporter.render(hostile_report(text))
    made.encode("utf-8")
    if reporter.name in {"json", "gitlab", "trace"}:
        json.loads(made)
    if reporter.name in {"junit", "svg", "badge"}:
        assert not list(tree(made).iter("script"))
    if reporter.name != "json":  # JSON holds every character as it was
        assert all(one.isprintable() or one in "\n\t\u200b" for one in made)
    if reporter.name == "markdown":
        assert not SCRIPT.search(re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", made))
    if reporter.name == "github":
        assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in made.splitlines())


@pytest.mark.parametrize("reporter", BUILTIN[1:], ids=lambda one: one.name)
def test_a_long_message_makes_no_long_report(reporter: Any) -> None:
    """Of a megabyte the beginning is kept, in every format but JSON."""
    made = report_of({"unit": Level(results={Result.FAILED: 1})})
    long = replace(made, outcomes=(made.outcomes[0]._replace(message="é" * 1_000_000),))
    assert len(reporter.render(long)) < 60_000


class TestJunit:
    """The JUnit file."""

    def test_a_suite_has_tier_and_reason(self) -> None:
        """One suite per tier and reason, with both and the gate as properties."""
        suites = tree(junit.render(closed_report())).findall("testsuite")
        assert [suite.get("name") for suite in suites] == [
            "unit (marker unit)", "service (marker service)", "ui (marker ui)", "not collected",
        ]  # fmt: skip
        found = {one.get("name"): one.get("value") for one in suites[0].iter("property")}
        assert found == {"tier": "unit", "reason": "marker unit", "gate": "closed", "tool.version": "0.1.0"}

    def test_the_counts_are_those_of_the_cases(self) -> None:
        """Failures, errors and skipped are what a reader counts."""
        for suite in tree(junit.render(closed_report())).findall("testsuite"):
            cases = suite.findall("testcase")
            kinds = [child.tag for case in cases for child in case]
            wanted = (len(cases), kinds.count("failure"), kinds.count("error"), kinds.count("skipped"))
            assert tuple(int(suite.get(key) or -1) for key in ("tests", "failures", "errors", "skipped")) == wanted

    def test_withheld_is_skipped_with_its_own_type(self) -> None:
        """So that no reader takes it for passed, nor for a skip that a person wrote."""
        skipped = tree(junit.render(closed_report())).findall(".//skipped")
        assert {one.get("type") for one in skipped} == {"pytest.skip", "pyramid.withheld"}
        assert sum(one.get("type") == "pyramid.withheld" for one in skipped) == 37

    @pytest.mark.parametrize(
        ("nodeid", "classname", "name"),
        [
            ("tests/unit/test_a.py::test_x", "tests.unit.test_a", "test_x"),
            ("t/test_a.py::TestA::TestB::test_x[a::b.c[d]]", "t.test_a.TestA.TestB", "test_x[a::b.c[d]]"),
            ("docs/page.rst", "", "docs/page.rst"),
        ],
    )
    def test_names_are_those_of_pytest(self, nodeid: str, classname: str, name: str) -> None:
        """Module and classes are the classname, parameters stay with the function."""
        made = report_of({"unit": Level(results={Result.PASSED: 1})})
        case = tree(junit.render(replace(made, tests=(made.tests[0]._replace(nodeid=nodeid),)))).find(".//testcase")
        assert case is not None
        assert (case.get("classname"), case.get("name")) == (classname, name)


class TestGithub:
    """Annotations."""

    def test_the_most_important_first_and_never_more_than_ten(self) -> None:
        """GitHub drops what is beyond ten without a word, so the tenth says how many there are."""
        many = report_of({"unit": Level(results={Result.FAILED: 15})})
        lines = github.render(many).splitlines()
        assert len(lines) == 10
        assert lines[0].startswith("::error file=tests/unit/test_0.py,line=3,title=unit failed%3A ")
        assert lines[-1].startswith("::notice title=pytest-pyramid::6 more findings")

    def test_warnings_are_warnings(self) -> None:
        """The severity of a rule is kept, and its hint stands on a line of its own."""
        (line,) = github.render(replace(open_report(), violations=(VIOLATIONS[1],))).splitlines()
        assert line.startswith("::warning title=PYR204 dead-tier::")
        assert "%0Aremove the marker" in line

    def test_a_sound_run_says_nothing(self) -> None:
        """No annotation, no line."""
        assert github.render(open_report()) == ""


class TestGitlab:
    """Code quality."""

    def test_entries_have_what_gitlab_asks_for(self) -> None:
        """Description, check, fingerprint, severity and a place, for every finding."""
        entries = json.loads(gitlab.render(closed_report()))
        assert [entry["severity"] for entry in entries] == ["critical"] * 4 + ["major", "minor"]
        assert entries[0]["location"] == {"path": "tests/unit/test_0.py", "lines": {"begin": 3}}
        assert entries[-1]["location"]["path"] == "tests/service/test_0.py"
        assert all(re.fullmatch("[0-9a-f]{64}", entry["fingerprint"]) for entry in entries)

    def test_a_fingerprint_does_not_know_lines_and_figures(self) -> None:
        """An old finding is known again after the code above it has changed; two findings are never one."""
        moved = tuple(
            v._replace(message="other", location=v.location and v.location._replace(line=99)) for v in VIOLATIONS
        )
        before, after = (
            [entry["fingerprint"] for entry in json.loads(gitlab.render(replace(cone_report(), violations=found)))]
            for found in (VIOLATIONS, moved)
        )
        assert before == after
        twins = json.loads(gitlab.render(replace(open_report(), violations=(VIOLATIONS[0],) * 3)))
        assert len({entry["fingerprint"] for entry in twins}) == 3

    def test_a_run_without_tests_has_a_place_too(self) -> None:
        """GitLab wants a file; the settings are the last resort."""
        (entry,) = json.loads(gitlab.render(replace(report_of({}), violations=(VIOLATIONS[1],))))
        assert entry["location"] == {"path": "pyproject.toml", "lines": {"begin": 1}}


class TestTrace:
    """Chrome trace events."""

    def test_workers_are_rows_and_tests_are_spans(self) -> None:
        """Each test that ran is one complete event in the row of its worker, in microseconds."""
        names = [event["args"]["name"] for event in events(full_report(), "M") if event["name"] == "thread_name"]
        assert names == ["tiers", "gw0", "gw1", "gw2", "gw3"]
        spans = events(full_report(), "X")
        assert len(spans) == 70
        assert spans[0]["args"]["nodeid"] == FAILED_TEST
        assert (spans[0]["ts"], spans[0]["dur"], spans[0]["cat"]) == (100000.0, 10000.0, "unit")

    def test_gates_are_marks(self) -> None:
        """Each with its moment and what it withheld, and the first failure beside them."""
        marks = {event["name"]: event for event in events(full_report(), "i")}
        assert set(marks) == {"gate unit closed", "first failure"}
        assert marks["gate unit closed"]["args"]["withheld"] == 37

    def test_tiers_begin_and_end(self) -> None:
        """Every tier that ran is a span of its own above the workers."""
        assert [(e["name"], e["ts"]) for e in events(closed_report(), "e")] == [("unit", 1300000.0)]


class TestMarkdown:
    """The comment."""

    def test_it_begins_with_a_mark_and_the_verdict(self) -> None:
        """A bot finds its comment again, a person sees the verdict and the next action first."""
        lines = markdown.render(closed_report()).splitlines()
        assert lines[0] == "<!-- pytest-test-pyramid -->"
        assert lines[1].startswith("### ❌ not passed: 107 tests")
        assert f"**Next:** `pytest {FAILED_TEST}`" in lines

    def test_it_compares_with_main(self) -> None:
        """The table shows what has changed since the last run on the main branch; without one there is none."""
        text = markdown.render(full_report())
        assert "#### Compared with main (`0000021`)" in text
        assert "| unit | 70 (-1) | 0.70 s (+40 %) |" in text
        assert "| whole run | | 12.3 s (-85 %) |" in text
        assert "Compared" not in markdown.render(closed_report())

    def test_coverage_stands_beside_that_of_main(self) -> None:
        """In percentage points, for a run of which no coverage is missing."""
        whole = full_report()
        assert whole.coverage is not None
        text = markdown.render(replace(whole, coverage=whole.coverage._replace(incomplete=())))
        assert "| unit | 33.3 % | 33.3 % (+3.3) | 2 | 1 |" in text
        assert "| ui | 41.7 % | 58.3 % | 2 | 2 |" in text
        assert "adds no coverage is not the same as adds no checks" in text
        assert "(+3.3)" not in markdown.render(whole)
        assert "Coverage" not in markdown.render(closed_report())

    def test_a_changed_shape_is_told(self) -> None:
        """Only when both are known and differ."""
        now = replace(cone_report(), trend=TREND)
        assert "Shape: pyramid → **ice-cream cone**" in markdown.render(now)
        assert "→" not in markdown.render(replace(open_report(), trend=TREND))

    def test_it_stays_within_its_size(self) -> None:
        """Never more than a comment may hold, whatever failed."""
        wide = tuple(VIOLATIONS[0]._replace(hint="*" * 90_000, message="|" * 90_000) for _ in range(400))
        text = markdown.render(replace(closed_report(), violations=wide, notes=("_" * 9000,) * 400))
        assert len(text) <= markdown.MOST_CHARACTERS


class TestSvg:
    """The pyramid and the badge."""

    @staticmethod
    def boxes(report: RunReport, kind: str) -> Iterator[float]:
        """The widths of the boxes of one kind, top first."""
        for box in tree(svg.render(report)).iter("{http://www.w3.org/2000/svg}rect"):
            if box.get("class") == kind:
                yield float(box.get("width") or 0)

    def test_area_is_the_number_of_tests(self) -> None:
        """Widths of rows of one height are in the proportion of the counts."""
        top, middle, base = self.boxes(open_report(), "bar")
        assert base / top == pytest.approx(7, rel=0.01)
        assert base / middle == pytest.approx(3.5, rel=0.01)

    def test_target_and_last_green_run(self) -> None:
        """The outline of the target where there is one, the ghost where the report knows a green run."""
        assert len(list(self.boxes(open_report(), "target"))) == 1
        assert len(list(self.boxes(open_report(), "ghost"))) == 0
        assert len(list(self.boxes(full_report(), "ghost"))) == 3

    @pytest.mark.parametrize(
        ("make", "words"),
        [
            (open_report, "tests: pyramid"),
            (closed_report, "tests: gate unit closed"),
            (cone_report, "tests: not passed"),
            (
                lambda: replace(partial_report(), run=partial_report().run._replace(exit_status=0)),
                "tests: passed, shape not judged",
            ),
        ],
    )
    def test_the_badge_says_what_matters_most(self, make: Any, words: str) -> None:
        """A closed gate over a failed run over the shape."""
        assert tree(badge.render(make())).get("aria-label") == words


def test_severity_of_the_canonical_violations() -> None:
    """The canonical report holds both severities, or the tests above would prove less than they say."""
    assert {violation.severity for violation in VIOLATIONS} == {Severity.ERROR, Severity.WARNING}


@pytest.mark.parametrize(
    ("file", "shown"),
    [
        ("tests/a.py", ("tests/a.py", 7)),
        ("././tests/a.py", ("tests/a.py", 7)),
        ("/usr/lib/x.py", ("pyproject.toml", 1)),
        ("../x.py", ("pyproject.toml", 1)),
        ("C:/x.py", ("pyproject.toml", 1)),
    ],
)
def test_gitlab_gets_paths_inside_the_repository_only(file: str, shown: tuple[str, int]) -> None:
    """It shows no entry of another; what a library of Python's did stands at the settings."""
    (reporter,) = [one for one in BUILTIN if one.name == "gitlab"]
    place = json.loads(reporter.render(hostile_report(file)))[0]["location"]
    assert (place["path"], place["lines"]["begin"]) == shown
