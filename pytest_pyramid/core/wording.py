"""What is said of a run in words, the same in every report."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pytest_pyramid.core.drawing import duration
from pytest_pyramid.core.facts import GateState, Result
from pytest_pyramid.core.report import RunReport, ShapeVerdict, TierRow
from pytest_pyramid.core.violations import Severity, Violation, in_order

GATE_CLOSED = "PYR501"
"""The gate's own line says what this violation says, so that it is not listed again."""
_SHAPES = {"ice-cream-cone": "ice-cream cone"}
_SHELL_SAFE = re.compile(r"[\w@%+=:,./-]+", re.ASCII)


def counted(number: int, noun: str) -> str:
    """The number with its noun: "1 test", "1,200 tests"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def shape_words(shape: str | None) -> str:
    """The shape's name as people write it: "ice-cream cone"."""
    return _SHAPES.get(shape or "", (shape or "").replace("-", " "))


def shape_sentence(shape: ShapeVerdict) -> str:
    """The shape by functions, and by the other measures where they differ; or why it was not judged."""
    if not shape.judged:
        return "not judged" + (f": {shape.reason}" if shape.reason else "")
    measures = (("tests", shape.by_tests), ("seconds", shape.by_seconds))
    others = [f"by {name}: {shape_words(other)}" for name, other in measures if other not in (None, shape.name)]
    return f"{shape_words(shape.name)} ({'; '.join(['by functions', *others])})"


def listed(report: RunReport) -> list[Violation]:
    """The violations worth a line: not switched off, not known to the baseline, not the gate's own."""
    return [
        violation
        for violation in in_order(report.violations)
        if violation.severity is not Severity.OFF and not violation.baseline and violation.code != GATE_CLOSED
    ]


def place_of(violation: Violation) -> str:
    """Where the violation is: "file:line", the file, the node id, or nothing."""
    if violation.location is None:
        return violation.nodeid or ""
    line_number = violation.location.line
    return violation.location.file if line_number is None else f"{violation.location.file}:{line_number}"


def followed(gate: GateState, rows: Sequence[TierRow]) -> str:
    """What the closed gate kept from running, in words; nothing when nothing stands above it."""
    if not gate.withheld:
        return ""
    rank = next((row.rank for row in rows if row.name == gate.tier), None) or 0
    above = [row for row in rows if (row.rank or 0) > rank]
    names = [row.name for row in above if dict(row.outcomes).get(Result.WITHHELD.value)]
    of = f" of {', '.join(names)}" if names else ""
    saved = f", about {duration(gate.saved_seconds)} saved" if gate.saved_seconds else ""
    return f"{counted(gate.withheld, 'test')}{of} withheld{saved}"


def verdict(report: RunReport) -> str:
    """The run in one sentence: its end, the tests, what failed or was withheld, the shape."""
    parts = [f"{counted(_total(report), 'test')} in {duration(report.run.seconds)}"]
    parts += [
        f"{number:,} {result.value}" for result in (Result.FAILED, Result.ERROR) if (number := total_of(report, result))
    ]
    broken = len(report.collection_errors)
    parts += [f"{counted(broken, 'file')} not collected"] if broken else []
    parts += [f"gate {gate.tier} closed" for gate in report.gates if gate.state == "closed"]
    parts += [
        f"{number:,} {result.value}"
        for result in (Result.WITHHELD, Result.LOST)
        if (number := total_of(report, result))
    ]
    found = listed(report)
    for severity in (Severity.ERROR, Severity.WARNING):
        number = sum(violation.severity is severity for violation in found)
        parts += [f"{counted(number, f'rule {severity.value}')}"] if number else []
    return f"{'passed' if report.run.exit_status == 0 else 'not passed'}: {', '.join(parts)}"


def total_of(report: RunReport, result: Result) -> int:
    """How many tests of all rows ended so."""
    return sum(dict(row.outcomes).get(result.value, 0) for row in report.tiers)


def next_action(report: RunReport) -> str:
    """The one thing to do now: run what closed a gate or failed, mend the first violation, place the unclassified.

    Nothing when all is well. A command is quoted for a POSIX shell.
    """
    culprits = [gate.pulled_by[0] for gate in report.gates if gate.state == "closed" and gate.pulled_by]
    failed = next((one.nodeid for one in report.outcomes if one.result.pulls_the_cord), None)
    if culprits or failed:
        return f"pytest {quoted(culprits[0] if culprits else failed or '')}"
    found = listed(report)
    if found:
        return found[0].hint
    loose = any(row.rank is None and row.tests for row in report.tiers)
    return "pytest --pyramid-explain=all" if loose else ""


def quoted(word: str) -> str:
    """The word as one word of a POSIX shell (what `shlex.quote` gives)."""
    return word if _SHELL_SAFE.fullmatch(word) else "'" + word.replace("'", "'\"'\"'") + "'"


def _total(report: RunReport) -> int:
    return sum(row.tests for row in report.tiers)
