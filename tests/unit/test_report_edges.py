"""What each report format does at its limits: cut texts, unknown places, other results than passed and failed."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from pytest_pyramid.core.facts import Location, Result
from pytest_pyramid.core.report import RunReport, ShapeVerdict
from pytest_pyramid.reporters import badge, github, gitlab, junit, markdown, trace
from tests.unit.canonical import TREND, VIOLATIONS, Level, closed_report, full_report, open_report, passed, report_of


def one_test(result: Result, **changes: Any) -> RunReport:
    """A run of a single unit test."""
    made = report_of({"unit": Level(results={result: 1})})
    return replace(made, outcomes=(made.outcomes[0]._replace(**changes),))


def case(report: RunReport) -> ET.Element:
    """The only test case of the JUnit file."""
    found = ET.fromstring(junit.render(report)).find(".//testcase")  # noqa: S314  # our own text
    assert found is not None
    return found


def spans(report: RunReport, phase: str = "X") -> list[dict[str, Any]]:
    """The trace events of one phase."""
    return [event for event in json.loads(trace.render(report))["traceEvents"] if event["ph"] == phase]


class TestJunit:
    """The JUnit file."""

    def test_an_unexpected_pass_is_a_bare_case(self) -> None:
        """When it counts as a failure, pytest itself says that it failed."""
        assert list(case(one_test(Result.XPASSED))) == []

    def test_an_expected_failure_is_skipped_as_pytest_writes_it(self) -> None:
        """With the type that readers know, and its reason."""
        (skipped,) = case(one_test(Result.XFAILED, message="known"))
        assert (skipped.tag, skipped.get("type"), skipped.text) == ("skipped", "pytest.xfail", "known")

    def test_the_attribute_holds_the_first_line_only(self) -> None:
        """The text between the tags holds them all, and a test without a message says its result."""
        (failure,) = case(one_test(Result.FAILED, message="\nassert 1\nE  more"))
        assert (failure.get("message"), failure.text) == ("assert 1", "\nassert 1\nE  more")
        assert case(one_test(Result.ERROR, message=None))[0].get("message") == "error"

    def test_times_are_told_in_milliseconds_and_hosts_are_never_empty(self) -> None:
        """The form that the schema asks for; the time has no letter for its zone."""
        made = one_test(Result.PASSED, setup_seconds=0.5, call_seconds=0.0125, teardown_seconds=1.0)
        suite = ET.fromstring(junit.render(replace(made, run=made.run._replace(host=None))))[0]  # noqa: S314  # our own
        assert (case(made).get("time"), suite.get("time")) == ("1.512", "1.512")
        assert (suite.get("hostname"), suite.get("timestamp")) == ("localhost", "2026-11-22T20:00:00")


class TestGithub:
    """Annotations."""

    def test_ten_findings_are_told_whole(self) -> None:
        """Only the eleventh makes the tenth a count."""
        ten, eleven = (github.render(report_of({"unit": Level(results={Result.FAILED: n})})) for n in (10, 11))
        assert "::notice" not in ten
        assert "::notice title=pytest-pyramid::2 more findings" in eleven
        assert (len(ten.splitlines()), len(eleven.splitlines())) == (10, 10)

    def test_a_place_without_a_line_has_none(self) -> None:
        """GitHub would put it at line 0, which is nowhere."""
        rule = VIOLATIONS[0]._replace(location=Location(file="a,b:c%.py"))
        text = github.render(replace(open_report(), violations=(rule,)))
        assert text.startswith("::error file=a%2Cb%3Ac%25.py,title=PYR301 network::")

    def test_a_long_message_still_has_its_hint(self) -> None:
        """The beginning of the message and all of the hint."""
        rule = VIOLATIONS[0]._replace(message="m" * 9_000, hint="do this")
        text = github.render(replace(open_report(), violations=(rule,)))
        assert text.endswith("m … (7,000 more characters)%0Ado this\n")


class TestGitlab:
    """Code quality."""

    def test_a_finding_without_a_place_stands_at_its_test(self) -> None:
        """Before the first test of its tier."""
        made = open_report()
        rule = VIOLATIONS[0]._replace(location=None, nodeid=made.tests[4].nodeid)
        (entry,) = json.loads(gitlab.render(replace(made, violations=(rule,))))
        assert entry["location"] == {"path": "tests/unit/test_1.py", "lines": {"begin": made.tests[4].location.line}}

    def test_the_file_and_the_rule_belong_to_the_fingerprint(self) -> None:
        """The same subject in another file, or under another rule, is another finding."""
        base = VIOLATIONS[0]
        rules = (base, base._replace(location=Location(file="other.py", line=9)), base._replace(code="PYR302"))
        entries = [json.loads(gitlab.render(replace(open_report(), violations=(rule,))))[0] for rule in rules]
        assert len({entry["fingerprint"] for entry in entries}) == 3


class TestTrace:
    """Chrome trace events."""

    def test_only_what_ended_badly_or_idly_has_a_colour(self) -> None:
        """The others have the colour of their tier."""
        results = (Result.FAILED, Result.ERROR, Result.SKIPPED, Result.XFAILED, Result.PASSED)
        colours = [spans(one_test(result))[0].get("cname") for result in results]
        assert colours == ["terrible", "terrible", "grey", "grey", None]

    def test_a_message_is_told_short_and_on_one_line(self) -> None:
        """And not at all where there is none."""
        long = spans(one_test(Result.FAILED, message="a\nb" + "x" * 600))[0]["args"]["message"]
        assert long.startswith("a bx")
        assert long.endswith(f"… ({603 - trace.LONGEST} more characters)")
        assert "message" not in spans(one_test(Result.PASSED))[0]["args"]

    def test_a_run_without_failures_has_no_first_one(self) -> None:
        """Only the gates are marks then, and a failure at once is one too."""
        assert "first failure" not in [event["name"] for event in spans(open_report(), "i")]
        at_once = replace(open_report(), run=open_report().run._replace(first_failure_seconds=0.0))
        assert [event["ts"] for event in spans(at_once, "i") if event["name"] == "first failure"] == [0.0]

    def test_a_node_without_a_function_keeps_its_id(self) -> None:
        """A page of documentation is a test as well."""
        made = open_report()
        page = replace(made, tests=(made.tests[0]._replace(nodeid="docs/page.rst"), *made.tests[1:]))
        assert [span["name"] for span in spans(page)[:2]] == ["docs/page.rst", "test_1"]


class TestMarkdown:
    """The comment."""

    def test_a_tier_that_is_new_has_nothing_to_compare_with(self) -> None:
        """Its tests are all more, its seconds are new, and a run without a commit is told without one."""
        known = TREND[-1]._replace(commit=None, tiers=(TREND[-1].tiers[0]._replace(tests=3, seconds=0.03),))
        text = markdown.render(replace(report_of({"unit": passed(3), "api": passed(2)}), trend=(known,)))
        assert "#### Compared with main\n" in text
        assert "| unit | 3 (+0) | 0.03 s (same) |" in text
        assert "| api | 2 (+2) | 0.02 s (new) |" in text

    def test_less_than_half_a_per_cent_is_the_same(self) -> None:
        """A run is never exactly as long as another."""
        for before, told in ((12.3 / 1.004, "same"), (12.3 / 1.006, "+1 %"), (12.3 / 0.994, "-1 %")):
            text = markdown.render(replace(report_of({}), trend=(TREND[-1]._replace(seconds=before),)))
            assert f"| whole run | | 12.3 s ({told}) |" in text

    def test_what_is_beyond_twenty_is_counted(self) -> None:
        """Twenty failures are told whole."""
        texts = [markdown.render(report_of({"unit": Level(results={Result.FAILED: n})})) for n in (20, 23)]
        assert "- … and" not in texts[0]
        assert "- … and 3 more\n" in texts[1]

    def test_a_closed_gate_is_told_with_what_followed(self) -> None:
        """Who closed it when, and what that kept from running; open gates are not told."""
        text = markdown.render(closed_report())
        assert "- Gate **unit** closed after 0.80 s by `tests/unit/test_0.py::test_0`: 37 tests of service, ui" in text
        assert "- Gate" not in markdown.render(open_report())

    def test_the_largest_saving_is_told_first(self) -> None:
        """Its seconds stand in the line that opens the list."""
        text = markdown.render(full_report())
        opened = text.partition("What would save most time: up to ")[2].partition("</summary>")[0]
        assert opened
        assert f"</summary>\n\n- **{opened}** " in text


class TestBadge:
    """The badge."""

    @pytest.mark.parametrize(
        ("shape", "colour"),
        [
            (ShapeVerdict(name="pyramid", judged=True), badge.GOOD),
            (ShapeVerdict(name="trophy", judged=True), badge.POOR),
            (ShapeVerdict(name="not judged", judged=False), badge.UNKNOWN),
        ],
    )
    def test_only_a_pyramid_is_green(self, shape: ShapeVerdict, colour: str) -> None:
        """Another shape is a warning, no verdict is neither."""
        assert f'fill="{colour}"' in badge.render(replace(open_report(), shape=shape))
        assert f'fill="{badge.BAD}"' in badge.render(closed_report())

    def test_a_long_name_is_cut_and_the_badge_as_wide_as_its_words(self) -> None:
        """Forty characters at most, each with the same room."""
        made = closed_report()
        long = replace(made, gates=(made.gates[0]._replace(tier="t" * 99),))
        root = ET.fromstring(badge.render(long))  # noqa: S314  # our own text
        assert root.get("aria-label") == f"tests: gate {'t' * 35}"
        assert root.get("width") == f"{4 * badge.PADDING + badge.LETTER * (5 + 40):.0f}"
