"""Chrome trace events for ui.perfetto.dev: workers as rows, tests as spans, gates as marks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pytest_pyramid.core.markup import one_line, shortened
from pytest_pyramid.core.report import RunReport
from pytest_pyramid.core.timeline import Stretch, lanes, marks

name = "trace"
PROCESS = 1
TIERS_ROW = 0
"""The first row shows when each tier ran."""
LONGEST = 500
_COLOURS = {"failed": "terrible", "error": "terrible", "skipped": "grey", "xfailed": "grey"}


def render(report: RunReport) -> str:
    """A JSON object in the "JSON object format" of trace events; times are microseconds since the run started."""
    events = [*_names(report), *_tiers(report), *_tests(report), *_marks(report)]
    about = {"tool": f"pytest-test-pyramid {report.version}", "started": report.run.started}
    lines = ",\n".join(json.dumps(event) for event in events)
    return f'{{"displayTimeUnit": "ms", "otherData": {json.dumps(about)}, "traceEvents": [\n{lines}\n]}}\n'


def _names(report: RunReport) -> Iterator[dict[str, Any]]:
    yield _event("M", "process_name", args={"name": "pytest --pyramid"})
    rows = ["tiers", *(one_line(lane.worker) for lane in lanes(report))]
    for row, title in enumerate(rows):
        yield _event("M", "thread_name", tid=row, args={"name": title})
        yield _event("M", "thread_sort_index", tid=row, args={"sort_index": row})


def _tiers(report: RunReport) -> Iterator[dict[str, Any]]:
    for row in report.tiers:
        if row.started is not None and row.finished is not None:
            args = {"tests": row.tests, "seconds": round(row.seconds, 6), "outcomes": dict(row.outcomes)}
            # tiers may overlap with a soft gate, so each is an asynchronous span of its own
            title = one_line(row.name)
            yield _event("b", title, ts=row.started, cat="tier", id=title, args=args)
            yield _event("e", title, ts=row.finished, cat="tier", id=title)


def _tests(report: RunReport) -> Iterator[dict[str, Any]]:
    for row, lane in enumerate(lanes(report), 1):
        for stretch in lane.stretches:
            yield _test(report, row, stretch)


def _test(report: RunReport, row: int, stretch: Stretch) -> dict[str, Any]:
    test, outcome = report.tests[stretch.position], report.outcomes[stretch.position]
    args = {
        "nodeid": one_line(test.nodeid),
        "classified_by": one_line(test.classified_by),
        "outcome": outcome.result.value,
        "setup_seconds": round(outcome.setup_seconds, 6),
        "call_seconds": round(outcome.call_seconds, 6),
        "teardown_seconds": round(outcome.teardown_seconds, 6),
    }
    if outcome.message:
        args["message"] = shortened(one_line(outcome.message), LONGEST)
    title = one_line(test.nodeid.partition("::")[2] or test.nodeid)
    colour = {"cname": _COLOURS[outcome.result.value]} if outcome.result.value in _COLOURS else {}
    whole = _event("X", title, tid=row, cat=one_line(test.tier), ts=stretch.start, args=args, **colour)
    return {**whole, "dur": _microseconds(stretch.seconds)}


def _marks(report: RunReport) -> Iterator[dict[str, Any]]:
    for when, gate in marks(report):
        args = {"pulled_by": [one_line(nodeid) for nodeid in gate.pulled_by], "withheld": gate.withheld}
        title = one_line(f"gate {gate.tier} {gate.state}")
        yield _event("i", title, tid=TIERS_ROW, cat="gate", ts=when, args=args, s="g")
    if report.run.first_failure_seconds is not None:
        yield _event("i", "first failure", tid=TIERS_ROW, cat="gate", ts=report.run.first_failure_seconds, s="g")


def _event(phase: str, title: str, *, tid: int = TIERS_ROW, ts: float = 0.0, **others: Any) -> dict[str, Any]:
    return {"ph": phase, "name": title, "pid": PROCESS, "tid": tid, "ts": _microseconds(ts), **others}


def _microseconds(seconds: float) -> float:
    return round(seconds * 1e6, 1)
