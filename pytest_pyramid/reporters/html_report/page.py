"""The page: what its template shows, and the template filled."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pytest_pyramid.core import benchmark_table
from pytest_pyramid.core.colours import tier_colour
from pytest_pyramid.core.drawing import OUTCOMES, duration, percent
from pytest_pyramid.core.facts import Outcome, Result, TestFacts
from pytest_pyramid.core.findings import Kind, findings
from pytest_pyramid.core.markup import shortened, visible
from pytest_pyramid.core.plain_entry import DIGITS
from pytest_pyramid.core.pyramid_svg import pyramid_svg
from pytest_pyramid.core.report import RunReport
from pytest_pyramid.core.savings import savings
from pytest_pyramid.core.timeline import Lane, end_of, lanes, lower_bound
from pytest_pyramid.core.wording import counted, followed, next_action, shape_sentence, verdict
from pytest_pyramid.reporters.html_report.coverage_section import coverage_section
from pytest_pyramid.reporters.html_report.rows import rows_as_json
from pytest_pyramid.reporters.html_report.timeline_svg import timeline_svg
from pytest_pyramid.reporters.html_report.trend_svg import recent, trend_svg

MOST_FAILURES = 100
MOST_RULES = 100
MOST_NOTES = 50
MOST_BENCHMARKS = 100
PLAIN_ROWS = 200
"""So many tests stand in the page as a plain table; with JavaScript the table holds all."""
LONGEST = 2_000
LONGEST_LINE = 300
SIGNS = {
    "passed": "✓", "failed": "✗", "error": "✗", "skipped": "–", "xfailed": "–", "xpassed": "!", "manual": "☐",
    "withheld": "◌", "lost": "◌",
}  # fmt: skip
"""A shape for each outcome, so that no meaning hangs on a colour."""


class Fact(NamedTuple):
    """One figure at the head of the page."""

    label: str
    value: str


def page(report: RunReport) -> str:
    """The page as text. Everything is escaped by Jinja2, and hidden characters are made visible before that."""
    loader = PackageLoader("pytest_pyramid.reporters.html_report", "page")
    environment = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(duration=duration, percent=percent, cut=shortened, counted=counted)
    return environment.get_template("page.html").render(_context(report))


def _shown(value: Any) -> Any:
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _context(report: RunReport) -> dict[str, Any]:
    found = findings(report)
    failures = [one for one in found if one.kind is not Kind.RULE]
    rules = [one for one in found if one.kind is Kind.RULE]
    action = next_action(report)
    made, benchmarks = lanes(report), benchmark_table.rows(report.benchmarks)
    return {
        "report": report,
        "run": report.run,
        "verdict": shortened(verdict(report), LONGEST_LINE),
        "good": report.run.exit_status == 0,
        "action": shortened(action, LONGEST_LINE),
        "is_command": action.startswith("pytest "),
        "shape": shape_sentence(report.shape),
        "facts": list(_facts(report)),
        "pyramid": Markup(pyramid_svg(report, links=True)),  # noqa: S704  # made of escaped text
        "tiers": list(_tiers(report)),
        "gates": [(gate, followed(gate, report.tiers)) for gate in report.gates],
        "timeline": Markup(timeline_svg(report)) if made else "",  # noqa: S704  # made of escaped text
        "lanes": list(_lanes(report, made)),
        "failures": failures[:MOST_FAILURES],
        "more_failures": len(failures) - MOST_FAILURES,
        "rules": rules[:MOST_RULES],
        "more_rules": len(rules) - MOST_RULES,
        "savings": savings(report),
        "coverage": coverage_section(report),
        "benchmark_head": benchmark_table.HEAD,
        "benchmarks": benchmarks[:MOST_BENCHMARKS],
        "more_benchmarks": len(benchmarks) - MOST_BENCHMARKS,
        "trend": recent(report),
        "red": sum(one.red_seconds or 0 for one in report.trend),
        "trend_picture": Markup(trend_svg(report)) if report.trend else "",  # noqa: S704  # made of escaped text
        "notes": report.notes[:MOST_NOTES],
        "tests": list(islice(_important(report), PLAIN_ROWS)),
        "total": len(report.tests),
        "signs": SIGNS,
        "longest": LONGEST,
        "data": Markup(rows_as_json(report)),  # noqa: S704  # JSON without any character that HTML would obey
    }


def _facts(report: RunReport) -> Iterator[Fact]:
    run = report.run
    yield Fact("started", run.started)
    yield Fact("took", duration(run.seconds))
    bound = lower_bound(report)
    if bound:
        yield Fact("lower bound", duration(bound))
    if run.first_failure_seconds is not None:
        yield Fact("first failure", duration(run.first_failure_seconds))
    yield Fact("workers", str(run.workers))
    yield Fact("gate", run.gate_mode)
    saved = sum(gate.saved_seconds or 0.0 for gate in report.gates)
    if saved:
        yield Fact("saved by the gate", duration(saved))
    for label, value in (("commit", run.commit), ("host", run.host), ("by", run.user), ("partial", run.partial_reason)):
        if value:
            yield Fact(label, shortened(value, LONGEST_LINE))


def _tiers(report: RunReport) -> Iterator[dict[str, Any]]:
    """Top first, the unclassified row and tiers beside the shape last; outcomes with what needs a person first."""
    ranked = sorted(report.tiers, key=lambda row: (row.side, row.rank is None, -(row.rank or 0)))
    for row in ranked:
        counts = dict(row.outcomes)
        yield {
            "row": row,
            "colour": tier_colour(row.name, row.rank),
            "outcomes": [(name, counts[name], SIGNS[name]) for name, _ in OUTCOMES if counts.get(name)],
        }


def _lanes(report: RunReport, made: tuple[Lane, ...]) -> Iterator[dict[str, Any]]:
    end = end_of(report)
    for lane in made:
        failed = sum(one.result.pulls_the_cord for one in lane.stretches)
        busy = lane.busy
        idle = max(0.0, end - busy)
        yield {"worker": lane.worker, "tests": len(lane.stretches), "busy": busy, "idle": idle, "failed": failed}


def _important(report: RunReport) -> Iterator[tuple[TestFacts, Outcome]]:
    """What failed first, then what ran, the slowest first, then what did not run."""
    pairs = zip(report.tests, report.outcomes, strict=True)
    order = {Result.FAILED: 0, Result.ERROR: 0}
    return iter(
        sorted(pairs, key=lambda pair: (order.get(pair[1].result, 1 if pair[1].result.ran else 2), -_in_json(pair[1])))
    )


def _in_json(outcome: Outcome) -> float:
    """The test's seconds as JSON has them, so that a page made from JSON lists tests that are as quick in the same order."""
    return sum(round(each, DIGITS) for each in (outcome.setup_seconds, outcome.call_seconds, outcome.teardown_seconds))
