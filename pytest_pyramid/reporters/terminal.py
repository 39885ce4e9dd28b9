"""The terminal summary: the picture of the pyramid, what the gates did, what is wrong, and the one next action."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from pytest_pyramid.core.drawing import ASCII, UNICODE, Glyphs, duration, picture
from pytest_pyramid.core.facts import CollectionError, GateState, Result
from pytest_pyramid.core.report import RunInfo, RunReport, ShapeVerdict
from pytest_pyramid.core.styled_text import (
    BOLD,
    DIM,
    GREEN,
    RED,
    YELLOW,
    Line,
    cells,
    cut_end,
    cut_middle,
    escaped,
    line,
    safe,
    within,
    wrapped,
)
from pytest_pyramid.core.violations import Severity
from pytest_pyramid.core.wording import counted, followed, listed, place_of, shape_words

name = "terminal"
WIDEST = 200
MOST_SHOWN = 10
LONGEST = 400
"""Of one message so many characters are shown; the JSON report has all."""
INDENT = 2


def lines(report: RunReport, *, width: int, unicode: bool, verbosity: int) -> tuple[Line, ...]:
    """The summary as lines of at most `width` cells; one line at verbosity -1, none below.

    Without `unicode` the lines are plain ASCII. What comes from outside is escaped, so that no terminal is disturbed.
    """
    if verbosity < -1:
        return ()
    width, glyphs = min(width, WIDEST), UNICODE if unicode else ASCII
    if verbosity < 0:
        brief = escaped(_brief(report), unicode=unicode)
        return (line(cut_end(brief.text, width, glyphs.mark)),)
    drawn = picture(report.tiers, width=width, glyphs=glyphs)
    made = [*drawn, line()] if drawn else []
    for sentence in _sentences(report, width, glyphs):
        made.extend(wrapped(escaped(sentence, unicode=unicode), width, indent=INDENT, mark=glyphs.mark))
    return tuple(within(each, width) for each in made)


def _sentences(report: RunReport, width: int, glyphs: Glyphs) -> Iterator[Line]:
    """Everything below the picture, one line for each thing that is to be said."""
    yield from _shard(report.run)
    yield _shape(report.shape)
    yield from _gates(report, width, glyphs)
    yield from _guard(report)
    yield from _coverage(report)
    yield from _benchmarks(report, width, glyphs)
    yield from _lost(report)
    yield from _collection_errors(report.collection_errors)
    action = _next(report, width, glyphs)
    yield from _violations(report, action, glyphs)
    yield from (line(("note: ", DIM), note[:LONGEST]) for note in report.notes)
    if action:
        yield line(("next: ", BOLD), action)


def _shard(run: RunInfo) -> Iterator[Line]:
    """Which part ran, and the fingerprint that all parts of one partition have in common."""
    shard = run.shard
    if shard is not None:
        hint = "" if shard.by == "seconds" else "; name one history for all shards to balance them by seconds"
        whole = counted(shard.tests, "test")
        yield line("shard: ", (str(shard), BOLD), f" of {whole}, balanced by {shard.by}, plan {shard.plan}{hint}")


def _shape(shape: ShapeVerdict) -> Line:
    if not shape.judged:
        return line("shape: ", ("not judged", YELLOW), f": {shape.reason}" if shape.reason else "")
    measures = {"tests": shape.by_tests, "seconds": shape.by_seconds}
    others = [
        f"by {measure}: {shape_words(other)}" for measure, other in measures.items() if other not in (None, shape.name)
    ]
    style = GREEN if shape.name == "pyramid" else YELLOW
    return line("shape: ", (shape_words(shape.name), style), f" ({'; '.join(['by functions', *others])})")


def _gates(report: RunReport, width: int, glyphs: Glyphs) -> Iterator[Line]:
    mode = report.run.gate_mode
    for gate in report.gates:
        if gate.state == "closed":
            yield from _closed(gate, report, width, glyphs)
    if mode == "off":
        yield line("gates off: the tiers ran in order, nothing was withheld")
        return
    closed = any(gate.state == "closed" for gate in report.gates)
    told = ("open",) if closed else ("open", "not reached")  # what a closed gate withheld, its own line has told
    by_state = {state: [gate.tier for gate in report.gates if gate.state == state] for state in told}
    texts = [f"{state}: {', '.join(tiers)}" for state, tiers in by_state.items() if tiers]
    if texts:
        soft = " (soft: idle workers start the next tier early)" if mode == "soft" else ""
        yield line("gates ", "; ".join(texts), (soft, DIM))


def _guard(report: RunReport) -> Iterator[Line]:
    """What watched the tests; nothing for a run without a guard."""
    if report.run.guard_layers:
        yield line("guard ", report.run.guard_mode, (f" (by {', '.join(report.run.guard_layers)})", DIM))


def _coverage(report: RunReport) -> Iterator[Line]:
    """The table of coverage by tier, where somebody measured it."""
    found = report.coverage
    if found is None:
        return
    from pytest_pyramid.core import coverage_table  # noqa: PLC0415  # few runs measure coverage

    rows = (coverage_table.HEAD, *coverage_table.table(found, report.pyramid))
    widths = [max(cells(row[column]) for row in rows) for column in range(len(rows[0]))]
    for number, row in enumerate(rows):
        figures = "  ".join(text.rjust(width) for text, width in zip(row[1:], widths[1:], strict=True))
        name = row[0] + " " * (widths[0] - cells(row[0]))
        yield line((f"{name}  {figures}".rstrip(), DIM if number == 0 else ""))
    yield line((f"{coverage_table.total(found)}", DIM))
    yield from (line(("coverage incomplete", YELLOW), f": {reason}") for reason in found.incomplete)
    sentences = (coverage_table.from_above(found, report.pyramid), *coverage_table.redundant(found))
    yield from (line(sentence) for sentence in sentences if sentence)
    if any(one.redundant for one in found.redundancy):
        yield line((coverage_table.CAVEAT, DIM))


def _benchmarks(report: RunReport, width: int, glyphs: Glyphs) -> Iterator[Line]:
    """The benchmarks that got slower, where pytest-benchmark measured any."""
    if report.benchmarks:
        from pytest_pyramid.core import benchmark_table  # noqa: PLC0415  # few runs measure any

        shown = benchmark_table.lines(report.benchmarks, width=width, unicode=glyphs.unicode, mark=glyphs.mark)
        yield from (line((text, "" if number else DIM)) for number, text in enumerate(shown))


def _closed(gate: GateState, report: RunReport, width: int, glyphs: Glyphs) -> Iterator[Line]:
    """On one line when all fits; else who closed it on one, with the node id cut, and what followed on the next."""
    when = f" after {duration(gate.seconds)}" if gate.seconds is not None else ""
    soft = " (soft)" if report.run.gate_mode == "soft" else ""
    start = ("gate " + safe(gate.tier, unicode=glyphs.unicode) + " closed", RED)
    more = f" (+{len(gate.pulled_by) - 1} more)" if len(gate.pulled_by) > 1 else ""
    culprit = safe(gate.pulled_by[0], unicode=glyphs.unicode) if gate.pulled_by else ""
    head = line(start, f"{soft}{when}", " by " if culprit else "")
    after = followed(gate, report.tiers)
    whole = line(*_parts(head), culprit, f"{more}: {after}" if after else more)
    if whole.cells <= width:
        yield whole
        return
    room = max(8, width - head.cells - cells(more) - 1)
    yield line(*_parts(head), cut_middle(culprit, room, glyphs.mark), f"{more}:" if after else more)
    if after:
        yield line(" " * INDENT + after)


def _parts(whole: Line) -> list[tuple[str, str]]:
    return [(segment.text, segment.style) for segment in whole.segments]


def _lost(report: RunReport) -> Iterator[Line]:
    lost = sum(dict(row.outcomes).get(Result.LOST.value, 0) for row in report.tiers)
    if lost:
        yield line((f"{counted(lost, 'test')} never ran", YELLOW), ": the run was stopped")


def _collection_errors(errors: tuple[CollectionError, ...]) -> Iterator[Line]:
    for error in errors[:MOST_SHOWN]:
        said = [text for text in error.message.splitlines() if text.strip()] or ["no message"]
        last = said[-1].removeprefix("E ").strip()
        yield line(("not collected", RED), f" {error.nodeid} ({error.tier}):", (f" {last[:LONGEST]}", DIM))
    yield from _more(len(errors))


def _more(number: int) -> Iterator[Line]:
    if number > MOST_SHOWN:
        yield line((f"... and {number - MOST_SHOWN:,} more (json report has all)", DIM))


def _violations(report: RunReport, action: str, glyphs: Glyphs) -> Iterator[Line]:
    found = listed(report)
    for violation in found[:MOST_SHOWN]:
        style = RED if violation.severity is Severity.ERROR else YELLOW
        place = place_of(violation)
        yield line(
            (violation.code, BOLD),
            f" {violation.name}",
            (f" {violation.severity.value}:", style),
            f" {cut_end(violation.message, LONGEST, glyphs.mark)}",
            (f" ({place})" if place else "", DIM),
        )
        if violation.hint and violation.hint != action:
            yield line((" " * INDENT + f"hint: {cut_end(violation.hint, LONGEST, glyphs.mark)}", DIM))
    yield from _more(len(found))
    known = sum(violation.baseline for violation in report.violations)
    if known:
        yield line((f"{counted(known, 'violation')} known to the baseline", DIM))


def _next(report: RunReport, width: int, glyphs: Glyphs) -> str:
    """The one thing to do now: run what closed the gate, mend the first violation, or place the unclassified."""
    culprits = [gate.pulled_by[0] for gate in report.gates if gate.state == "closed" and gate.pulled_by]
    if culprits:
        return _command(culprits[0], width - len("next: "), glyphs)
    found = listed(report)
    if found:
        return found[0].hint
    loose = any(row.rank is None and row.tests for row in report.tiers)
    return "pytest --pyramid-explain=all" if loose else ""


def _command(nodeid: str, room: int, glyphs: Glyphs) -> str:
    """A command that can be copied: for the test, else its function, its file, or whatever failed last."""
    for wanted in (nodeid, nodeid.partition("[")[0], nodeid.partition("::")[0]):
        command = f"pytest {shlex.quote(wanted)}"
        if cells(command) <= room and safe(command, unicode=glyphs.unicode) == command:
            return command
    return "pytest --lf"


def _brief(report: RunReport) -> Line:
    """The whole run in one line."""
    rows = [f"{row.tests:,} {row.name}" for row in report.tiers if row.rank is not None or row.tests]
    parts = [", ".join(rows) or "no tests", f"shape {shape_words(report.shape.name)}"]
    parts += [
        f"gate {gate.tier} closed" + (f", {gate.withheld:,} withheld" if gate.withheld else "")
        for gate in report.gates
        if gate.state == "closed"
    ]
    parts += [sentence.text.split(":")[0] for sentence in _lost(report)]
    found = listed(report)
    counts = [(severity, sum(v.severity is severity for v in found)) for severity in (Severity.ERROR, Severity.WARNING)]
    if found:
        parts.append(", ".join(counted(number, severity.value) for severity, number in counts if number))
    return line("pyramid: " + "; ".join(parts))
