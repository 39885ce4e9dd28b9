"""The HTML report: what the page holds, with and without JavaScript."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pytest_pyramid.core.facts import Result
from pytest_pyramid.core.report import RunReport
from pytest_pyramid.reporters import html_report
from pytest_pyramid.reporters.html_report.rows import rows_as_json
from pytest_pyramid.reporters.html_report.timeline_svg import timeline_svg
from pytest_pyramid.reporters.html_report.trend_svg import recent, trend_svg
from tests.unit.canonical import (
    FAILED_TEST,
    TREND,
    Level,
    closed_report,
    full_report,
    hostile_report,
    open_report,
    passed,
    report_of,
)

HOSTILE = "</script><script>alert(1)</script><!--<img src=x onerror=alert(2)>]]>{{7*7}}\x1b[31m\x00\u202e\ud800\"' onclick=alert(3)"


class Page(HTMLParser):
    """The elements, attributes and text of a page, as a browser without JavaScript reads them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words = ""
        self.data = ""
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember the element."""
        found = {key: value or "" for key, value in attrs}
        self.tags.append((tag, found))
        self._inside = found.get("type", tag)

    def handle_endtag(self, tag: str) -> None:
        """What follows stands outside."""
        self._inside = ""

    def handle_data(self, data: str) -> None:
        """Scripts and styles are no text of the page."""
        if self._inside == "application/json":
            self.data += data
        elif self._inside not in {"script", "style"}:
            self.words += data

    def count(self, tag: str) -> int:
        """How many elements of that name the page has."""
        return sum(name == tag for name, _ in self.tags)


def page(report: RunReport) -> Page:
    """The page of the report."""
    return Page(html_report.render(report))


def test_the_verdict_and_the_next_action_come_first() -> None:
    """Whoever opens the page reads how the run ended and what to do, then the failures."""
    words = page(closed_report()).words
    order = ["not passed: 107 tests", f"pytest {FAILED_TEST}", "Failures", "Pyramid", "Gates", "Workers", "Rules"]
    order += ["What would save most time", "Filter", "Notes"]
    places = [words.index(each, 200 if each != "not passed: 107 tests" else 0) for each in order]
    assert places == sorted(places)


@pytest.mark.parametrize(
    "words",
    [
        "37 tests of service, ui withheld, about 210 s saved",
        "pulled by",
        "tests/unit/test_0.py:3",
        "assert 1 == 2",
        "ModuleNotFoundError: No module named 'shop.cart'",
        "use a fake of the client, or move the test to service",
        "The history file could not be read; estimates are empty.",
        "lower bound",
    ],
)
def test_everything_is_there_without_scripts(words: str) -> None:
    """Gates, failures with place and message, violations with hint, and notes are plain text."""
    assert words in page(closed_report()).words


def test_coverage_has_bars_lines_to_push_down_and_tests_that_add_nothing() -> None:
    """Every package with its parts, every file with its stretches, and the caveat beside the tests."""
    words = page(full_report()).words
    for said in (
        "Coverage by tier",
        "3 lines are covered only from above unit",
        "Incomplete: worker gw3 told of no coverage",
        "in pay(): 2 lines, lowest in service, quickest tests/service/test_0.py::test_0",
        "1 of 25 service tests add no line",
        "adds no coverage is not the same as adds no checks",
    ):
        assert said in words
    assert "Coverage by tier" not in page(replace(full_report(), coverage=None)).words


def test_nothing_is_fetched() -> None:
    """No address outside the page stands in any attribute, and the page's own policy forbids to fetch."""
    made = page(full_report())
    addresses = [value for _, found in made.tags for key, value in found.items() if key in {"src", "href"}]
    assert addresses
    assert all(address.startswith(("#", "data:")) for address in addresses)
    policies = [found["content"] for tag, found in made.tags if found.get("http-equiv") == "Content-Security-Policy"]
    assert policies[0].startswith("default-src 'none';")


def test_the_base_page_is_small() -> None:
    """A run of a few tests makes a page of less than 150 KB."""
    assert len(html_report.render(full_report()).encode()) < 100_000


def test_a_test_costs_about_a_hundred_bytes() -> None:
    """So that 10,000 tests stay below 2 MB and 50,000 below 6 MB."""
    big, small = (len(html_report.render(report_of({"unit": passed(count)})).encode()) for count in (6000, 1000))
    assert (big - small) / 5000 < 110


def test_the_plain_table_is_limited_and_says_so() -> None:
    """Without scripts the important tests are shown, and how many there are in all."""
    made = page(report_of({"unit": Level(results={Result.PASSED: 990, Result.FAILED: 10})}))
    assert "200 of 1,000 tests: what failed, then the slowest" in " ".join(made.words.split())
    assert [found["class"] for tag, found in made.tags if found.get("class", "").startswith("outcome ")][2:13] == [
        *["outcome failed"] * 10,
        "outcome passed",
    ]


def test_the_data_has_every_test() -> None:
    """One array per test, with numbers that lead into the tables of texts."""
    data = json.loads(page(full_report()).data)
    assert len(data["tests"]) == 107
    first, last = data["tests"][0], data["tests"][-1]
    assert data["files"][first[0]] + "::" + first[1] == FAILED_TEST
    assert (data["tiers"][first[2]], data["outcomes"][first[3]]) == (["unit", "#0072b2"], "failed")
    assert first[4:8] == [10, 100, 0, 3]
    assert (data["reasons"][first[8]], data["messages"][first[9]]) == ("marker unit", "assert 1 == 2")
    assert (data["outcomes"][last[3]], last[5:7], last[9]) == ("withheld", [-1, -1], -1)


@given(text=st.text(st.characters(), max_size=40))
@example(text=HOSTILE)
@settings(max_examples=40, deadline=None)
def test_nothing_from_outside_becomes_markup(text: str) -> None:
    """With anything in ids, messages and names the page has the elements and attributes of a harmless one."""
    harmless, made = page(hostile_report("x")), page(hostile_report(f"x{text}"))
    assert [(tag, sorted(found)) for tag, found in made.tags] == [(tag, sorted(found)) for tag, found in harmless.tags]
    json.loads(made.data)


@given(text=st.text(st.characters(), max_size=40))
@example(text=HOSTILE)
def test_the_data_cannot_end_its_script(text: str) -> None:
    """No character that HTML obeys stands in it, and a parser reads it back."""
    made = rows_as_json(hostile_report(text))
    assert not re.search("[<>&\u2028\u2029]", made)
    json.loads(made)


def test_templates_in_messages_are_text() -> None:
    """What looks like a template is not filled."""
    assert "{{7*7}}" in page(hostile_report("{{7*7}}")).words


class TestTimeline:
    """The workers over time."""

    @staticmethod
    def numbers(svg: str, pattern: str) -> list[float]:
        """What the pattern's group holds, as numbers."""
        return [float(found) for found in re.findall(pattern, svg)]

    def test_each_worker_has_a_lane_and_each_failure_a_flag(self) -> None:
        """Four lanes with their idle time behind, three flags."""
        svg = timeline_svg(full_report())
        assert re.findall('data-lane="([^"]*)"', svg) == ["gw0", "gw1", "gw2", "gw3"]
        assert svg.count('class="idle"') == 4
        assert svg.count('class="flag"') == 3

    def test_gates_and_the_lower_bound_are_marked(self) -> None:
        """Each with its name at its moment."""
        svg = timeline_svg(full_report())
        assert "✗ unit closed" in svg
        assert "lower bound" in svg
        assert svg.count('class="moment"') == 2

    def test_neighbours_are_drawn_as_one(self) -> None:
        """A page of fifty thousand tests is no larger for its picture than one of a few hundred."""
        many = report_of({"unit": passed(20_000, 0.001)})
        placed = tuple(one._replace(start=number / 1000) for number, one in enumerate(many.outcomes))
        svg = timeline_svg(replace(many, outcomes=placed, run=many.run._replace(seconds=20.0)))
        assert len(svg) < 5_000

    def test_a_run_of_no_time_has_a_picture(self) -> None:
        """Nothing is divided by zero."""
        made = report_of({"unit": passed(1, 0.0)})
        still = made.outcomes[0]._replace(start=0.0, call_seconds=0.0)
        assert "<svg" in timeline_svg(replace(made, outcomes=(still,), run=made.run._replace(seconds=0.0)))


class TestTrend:
    """The last runs."""

    def test_this_run_is_the_latest_of_thirty(self) -> None:
        """Older ones are left out."""
        runs = recent(replace(full_report(), trend=TREND * 9))
        assert (len(runs), runs[-1].started, runs[-2]) == (30, full_report().run.started, TREND[-1])
        assert recent(open_report()) == ()

    def test_failed_runs_have_a_sign_and_a_first_failure(self) -> None:
        """Colour is not the only difference."""
        svg = trend_svg(full_report())
        assert (svg.count("✗"), svg.count("✓"), svg.count("<circle")) == (2, 10, 2)

    def test_the_table_has_the_flaky_share(self) -> None:
        """By tier, where it is known."""
        words = " ".join(page(full_report()).words.split())
        assert "unit 0 %, service 5 %" in words


def test_without_jinja2_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is named; with Jinja2 there is nothing to say."""
    assert html_report.obstacle() is None
    missing: Any = lambda _: None  # noqa: E731  # a stand-in of one word
    monkeypatch.setattr(html_report, "find_spec", missing)
    assert "pip install pytest-test-pyramid[html]" in (html_report.obstacle() or "")


def test_a_tier_beside_the_shape_is_the_last_row_and_has_no_share() -> None:
    """The page's table ends with it, though its rank is the highest."""
    report = open_report()
    aside = report.tiers[0]._replace(name="speed", rank=9, side=True, tests=5)
    text = html_report.render(replace(report, tiers=(*report.tiers, aside)))
    table = text[text.index('<th scope="col">tier</th>') :]
    rows = table[: table.index("</table>")].split("<tr")[1:]
    assert "speed" in rows[-1]
    assert "not part of the shape" in rows[-1]
    assert not any("not part of the shape" in row for row in rows[:-1])


def test_tests_that_are_as_quick_in_json_keep_their_order() -> None:
    """A page made from JSON, where times are rounded, lists them as the page of the run does."""
    report = report_of({"unit": passed(2)})
    first, second = report.outcomes
    outcomes = (first._replace(call_seconds=0.0100001), second._replace(call_seconds=0.0100004))
    page = html_report.render(replace(report, outcomes=outcomes))
    assert page.index(f">{first.nodeid}<") < page.index(f">{second.nodeid}<")
