"""Markdown for a comment on a pull request or the summary of a job."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pytest_pyramid.core.drawing import UNICODE, duration, percent, picture
from pytest_pyramid.core.findings import Finding, Kind, findings
from pytest_pyramid.core.markup import code, markdown, shortened, visible
from pytest_pyramid.core.report import RunReport, TierRow
from pytest_pyramid.core.savings import savings
from pytest_pyramid.core.trend import TrendRow, TrendRun, last_on_main
from pytest_pyramid.core.wording import counted, followed, next_action, shape_sentence, shape_words, verdict

name = "markdown"
MARK = "<!-- pytest-test-pyramid -->"
"""The first line, by which a bot finds its comment again."""
MOST_CHARACTERS = 60_000
"""A comment on GitHub holds 65,536 characters, the summary of a step 1 MiB, a note on GitLab 1,000,000 characters."""
MOST_SHOWN = 20
LONGEST = 300
COLUMNS = 78


def render(report: RunReport) -> str:
    """At most 60,000 characters: verdict, next action, picture, gates, failures, violations, and what has changed.

    The comparison is with the last run on the main branch, when the report knows one.
    """
    lines = [MARK, *_head(report), *_picture(report), *_gates(report)]
    lines += _changes(report)
    found = findings(report)
    lines += _section("Failures", [one for one in found if one.kind is not Kind.RULE])
    lines += _section("Rules", [one for one in found if one.kind is Kind.RULE])
    lines += _coverage(report)
    lines += _benchmarks(report)
    lines += _savings(report)
    lines += [f"> {markdown(shortened(note, LONGEST))}" for note in report.notes[:MOST_SHOWN]]
    return _within("\n".join([*lines, ""]))


def _within(text: str) -> str:
    """The text without its last lines when it would be too long."""
    if len(text) <= MOST_CHARACTERS:
        return text
    end = "\n\nThe rest is in the JSON report.\n"
    return text[: MOST_CHARACTERS - len(end)].rpartition("\n")[0] + end


def _head(report: RunReport) -> Iterator[str]:
    sign = "✅" if report.run.exit_status == 0 else "❌"
    yield f"### {sign} {markdown(shortened(verdict(report), LONGEST))}"
    yield ""
    action = shortened(next_action(report), LONGEST)
    if action:
        shown = code(action) if action.startswith("pytest ") else markdown(action)
        yield f"**Next:** {shown}"
        yield ""
    yield f"Shape: {markdown(shortened(shape_sentence(report.shape), LONGEST))}"
    yield ""


def _picture(report: RunReport) -> Iterator[str]:
    """The terminal's picture; its fence is longer than any run of backticks in a tier's name."""
    text = "\n".join(visible(line.text) for line in picture(report.tiers, width=COLUMNS, glyphs=UNICODE))
    if text:
        fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
        yield from (f"{fence}text", text, fence, "")


def _gates(report: RunReport) -> Iterator[str]:
    for gate in report.gates:
        if gate.state == "closed":
            when = f" after {duration(gate.seconds)}" if gate.seconds is not None else ""
            by = f" by {code(shortened(gate.pulled_by[0], LONGEST))}" if gate.pulled_by else ""
            after = followed(gate, report.tiers)
            yield f"- Gate **{markdown(gate.tier)}** closed{when}{by}{f': {markdown(after)}' if after else ''}"
    yield ""


def _changes(report: RunReport) -> Iterator[str]:
    """A table of what differs from the last run on the main branch."""
    before = last_on_main(report.trend)
    if before is None:
        return
    commit = f" ({code(before.commit[:10])})" if before.commit else ""
    yield f"#### Compared with main{commit}"
    yield ""
    yield "| tier | tests | seconds |"
    yield "|---|---:|---:|"
    yield from (_change(row, before) for row in report.tiers)
    run = report.run
    yield f"| whole run | | {duration(run.seconds)} ({_difference(run.seconds, before.seconds)}) |"
    if report.shape.judged and report.shape.name != before.shape:
        yield ""
        yield f"Shape: {markdown(shape_words(before.shape))} → **{markdown(shape_words(report.shape.name))}**"
    yield ""
    if report.delta is not None:
        yield from _news("New failures", [code(shortened(one, LONGEST)) for one in report.delta.new_failures])
        yield from _news("Fixed", [code(shortened(one, LONGEST)) for one in report.delta.fixed])
        found = report.delta.new_violations or ()
        yield from _news("New rule violations", [markdown(shortened(one, LONGEST)) for one in found])


def _news(title: str, shown: list[str]) -> Iterator[str]:
    if shown:
        yield f"{title}: {len(shown):,}"
        yield ""
        yield from (f"- {one}" for one in shown[:MOST_SHOWN])
        yield from ([f"- … and {len(shown) - MOST_SHOWN:,} more"] if len(shown) > MOST_SHOWN else [])
        yield ""


def _change(row: TierRow, before: TrendRun) -> str:
    old = before.row(row.name)
    tests, seconds = (old.tests, old.seconds) if old else (0, 0.0)
    return (
        f"| {markdown(row.name)} | {row.tests:,} ({row.tests - tests:+,}) "
        f"| {duration(row.seconds)} ({_difference(row.seconds, seconds)}) |"
    )


def _coverage(report: RunReport) -> Iterator[str]:
    """Coverage by tier, beside that of the last run on the main branch, and what stands too high."""
    found = report.coverage
    if found is None:
        return
    from pytest_pyramid.core import coverage_table  # noqa: PLC0415  # few runs measure coverage

    before = last_on_main(report.trend)
    yield "#### Coverage by tier"
    yield ""
    yield "| tier | alone | with below | adds | only here |"
    yield "|---|---:|---:|---:|---:|"
    for name, alone, with_below, adds, only in coverage_table.table(found, report.pyramid):
        change = _points(found.share_upto(name), before.row(name) if before else None)
        yield f"| {markdown(name)} | {alone} | {with_below}{change} | {adds} | {only} |"
    yield ""
    sentences = (coverage_table.total(found), *(f"incomplete: {reason}" for reason in found.incomplete))
    sentences += (coverage_table.from_above(found, report.pyramid), *coverage_table.redundant(found))
    sentences += (coverage_table.CAVEAT,) if any(one.redundant for one in found.redundancy) else ()
    for sentence in sentences:
        if sentence:
            yield f"- {markdown(shortened(sentence, LONGEST))}"
    yield ""


def _benchmarks(report: RunReport) -> Iterator[str]:
    """What pytest-benchmark measured, what got slower first."""
    if not report.benchmarks:
        return
    from pytest_pyramid.core import benchmark_table  # noqa: PLC0415  # few runs measure any

    rows = benchmark_table.rows(report.benchmarks)
    yield "#### Benchmarks"
    yield ""
    yield f"| benchmark | {' | '.join(benchmark_table.HEAD)} |"
    yield f"|---|{'---:|' * len(benchmark_table.HEAD)}"
    yield from (f"| {code(shortened(row.nodeid, LONGEST))} | {' | '.join(row.cells)} |" for row in rows[:MOST_SHOWN])
    if len(rows) > MOST_SHOWN:
        yield f"| … and {len(rows) - MOST_SHOWN:,} more |"
    yield ""


def _points(now: float | None, before: TrendRow | None) -> str:
    """How many percentage points more or less, where both are known."""
    if now is None or before is None or before.coverage is None:
        return ""
    return f" ({(now - before.coverage) * 100:+.1f})"


def _difference(now: float, before: float) -> str:
    if before <= 0:
        return "new"
    part = now / before - 1
    return "same" if abs(part) < 0.005 else f"{'+' if part > 0 else '-'}{percent(abs(part))}"


def _section(title: str, found: list[Finding]) -> Iterator[str]:
    if not found:
        return
    yield f"#### {title}"
    yield ""
    for one in found[:MOST_SHOWN]:
        yield from _item(one)
    if len(found) > MOST_SHOWN:
        yield f"- … and {len(found) - MOST_SHOWN:,} more"
    yield ""


def _item(one: Finding) -> Iterator[str]:
    where = ""
    if one.location:
        line = f":{one.location.line}" if one.location.line is not None else ""
        where = f" ({code(shortened(one.location.file + line, LONGEST))})"
    if one.kind is Kind.RULE:
        yield f"- **{markdown(one.title)}** {one.severity.value}: {markdown(shortened(one.message, LONGEST))}{where}"
        yield f"  {markdown(shortened(one.hint, LONGEST))}"
        return
    kind, _, nodeid = one.title.partition(": ")
    yield f"- {markdown(shortened(kind, LONGEST))}: {code(shortened(nodeid, LONGEST))}{where}"
    yield f"  {code(shortened(one.message, LONGEST))}"


def _savings(report: RunReport) -> Iterator[str]:
    found = savings(report)
    if not found:
        return
    yield f"<details><summary>What would save most time: up to {duration(found[0].seconds)}</summary>"
    yield ""
    for one in found:
        about = f" {code(shortened(one.nodeid, LONGEST))}" if one.nodeid else ""
        yield f"- **{duration(one.seconds)}** {markdown(one.what)}{about}: {markdown(one.why)}"
    yield ""
    yield f"Estimates from this run on {counted(report.run.workers, 'worker')}."
    yield ""
    yield "</details>"
    yield ""
