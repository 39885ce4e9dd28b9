"""RunReport as plain data (dicts, lists, texts, numbers) for files and for merging, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_pyramid.core.benchmarks import benchmarks_of, plain_benchmarks
from pytest_pyramid.core.deltas import delta_from, plain_delta
from pytest_pyramid.core.facts import CollectionError, GateState
from pytest_pyramid.core.plain_coverage import coverage_of_entry, plain_coverage, plain_row_coverage
from pytest_pyramid.core.plain_entry import Entry, entry_of, plain_place, rounded
from pytest_pyramid.core.plain_outcome import facts_of, outcome_of, plain_test
from pytest_pyramid.core.plain_shard import part_of, plain_part, plain_shard_info, shard_info_of
from pytest_pyramid.core.plain_trend import plain_trend, trend_of
from pytest_pyramid.core.report import SCHEMA_VERSION, RunInfo, RunReport, ShapeVerdict, TierRow
from pytest_pyramid.core.tiers import Pyramid, Share, Tier
from pytest_pyramid.core.violations import Severity, Violation

TOOL = "pytest-test-pyramid"


def to_plain(report: RunReport, *, tests: bool = True) -> dict[str, Any]:
    """The report as plain data in the order of the published schema.

    Times are seconds, shares 0-1, both rounded to six digits. Keys beyond the schema's first list stand last. Without
    `tests` their list is empty: it is most of the report.
    """
    pairs = zip(report.tests, report.outcomes, strict=True) if tests else ()
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": TOOL, "version": report.version},
        "run": _plain_run(report.run),
        "shape": _plain_shape(report.shape),
        "tiers": [
            {**_plain_row(row), "coverage": plain_row_coverage(report.coverage, row.name)} for row in report.tiers
        ],
        "gates": [_plain_gate(gate) for gate in report.gates],
        "tests": [plain_test(*pair) for pair in pairs],
        "violations": [_plain_violation(violation) for violation in report.violations],
        "collection_errors": [
            {"nodeid": error.nodeid, "tier": error.tier, "message": error.message} for error in report.collection_errors
        ],
        "notes": list(report.notes),
        **plain_benchmarks(report.benchmarks),
        **plain_trend(report.trend),
        **plain_coverage(report.coverage),
        **plain_delta(report.delta),
        **plain_part(report),
    }


def from_plain(plain: Mapping[str, Any]) -> RunReport:
    """The report that `to_plain` made the data of; tiers come back with name, rank and target only.

    Raises ValueError, with one sentence that names the place, for another schema version, a missing key or a value
    of the wrong kind. Keys that the published schema does not list may be absent.
    """
    whole = entry_of(plain, "")
    _check_version(whole)
    rows = tuple(_row(entry) for entry in whole.entries("tiers"))
    tests = whole.entries("tests")
    part, facts = part_of(whole, [entry.text("nodeid") for entry in tests]) or (None, tuple(map(facts_of, tests)))
    return RunReport(
        version=whole.entry("tool").text("version"),
        pyramid=_pyramid(rows),
        run=_run(whole.entry("run")),
        shape=_shape(whole.entry("shape")),
        tiers=rows,
        gates=tuple(_gate(entry) for entry in whole.entries("gates")),
        tests=facts,
        outcomes=tuple(outcome_of(entry) for entry in tests),
        violations=tuple(_violation(entry) for entry in whole.entries("violations")),
        collection_errors=tuple(
            CollectionError(nodeid=entry.text("nodeid"), tier=entry.text("tier"), message=entry.text("message"))
            for entry in (whole.entries("collection_errors") if whole.has("collection_errors") else ())
        ),
        notes=whole.texts("notes") if whole.has("notes") else (),
        trend=trend_of(whole),
        benchmarks=benchmarks_of(whole),
        coverage=coverage_of_entry(whole),
        delta=delta_from(whole),
        part=part,
    )


def _check_version(whole: Entry) -> None:
    version = whole.values.get("schema_version")
    if isinstance(version, bool) or version != SCHEMA_VERSION:
        found = f"schema_version {version!r:.40}" if whole.has("schema_version") else "no key schema_version"
        raise ValueError(f"The report has {found}, this {TOOL} reads {SCHEMA_VERSION}.")


def _plain_run(run: RunInfo) -> dict[str, Any]:
    return {
        "started": run.started,
        "seconds": rounded(run.seconds),
        "command": list(run.command),
        "workers": run.workers,
        "commit": run.commit,
        "host": run.host,
        "user": run.user,
        "partial": run.partial_reason is not None,
        "partial_reason": run.partial_reason,
        "exit_status": run.exit_status,
        "first_failure_seconds": rounded(run.first_failure_seconds),
        "shard": plain_shard_info(run.shard),
        "gate_mode": run.gate_mode,
        "guard_mode": run.guard_mode,
        "guard_layers": list(run.guard_layers),
        "only": list(run.only),
        "narrowed": run.narrowed,
    }


def _run(entry: Entry) -> RunInfo:
    return RunInfo(
        started=entry.text("started"),
        seconds=entry.number("seconds"),
        command=entry.texts("command"),
        workers=entry.whole("workers"),
        gate_mode=entry.text("gate_mode", default="strict"),
        exit_status=entry.whole("exit_status"),
        commit=entry.text_or_none("commit"),
        host=entry.text_or_none("host"),
        user=entry.text_or_none("user"),
        partial_reason=entry.text_or_none("partial_reason"),
        first_failure_seconds=entry.number_or_none("first_failure_seconds"),
        shard=shard_info_of(entry),
        guard_mode=entry.text("guard_mode", default="off"),
        guard_layers=entry.texts("guard_layers") if entry.has("guard_layers") else (),
        only=entry.texts("only") if entry.has("only") else (),
        narrowed=entry.text_or_none("narrowed") if entry.has("narrowed") else None,
    )


def _plain_shape(shape: ShapeVerdict) -> dict[str, Any]:
    measures = {"tests": shape.by_tests, "functions": shape.by_functions, "seconds": shape.by_seconds}
    return {"name": shape.name, "judged": shape.judged, "by": measures, "reason": shape.reason}


def _shape(entry: Entry) -> ShapeVerdict:
    measures = entry.entry("by")
    return ShapeVerdict(
        name=entry.text("name"),
        judged=entry.flag("judged"),
        reason=entry.text_or_none("reason") if entry.has("reason") else None,
        by_tests=measures.text_or_none("tests"),
        by_functions=measures.text_or_none("functions"),
        by_seconds=measures.text_or_none("seconds"),
    )


def _plain_row(row: TierRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "rank": row.rank,
        "tests": row.tests,
        "functions": row.functions,
        "share": rounded(row.share),
        "seconds": rounded(row.seconds),
        "outcomes": dict(row.outcomes),
        "target": {"min": rounded(row.target_min), "max": rounded(row.target_max)},
        "gate": row.gate,
        "started": rounded(row.started),
        "finished": rounded(row.finished),
        **({"side": True} if row.side else {}),
    }


def _row(entry: Entry) -> TierRow:
    outcomes, target = entry.entry("outcomes"), entry.entry("target")
    return TierRow(
        name=entry.text("name"),
        rank=entry.whole_or_none("rank"),
        tests=entry.whole("tests"),
        functions=entry.whole("functions"),
        share=entry.number("share"),
        seconds=entry.number("seconds"),
        outcomes=tuple((result, outcomes.whole(result)) for result in outcomes.values),
        target_min=target.number_or_none("min"),
        target_max=target.number_or_none("max"),
        gate=entry.text_or_none("gate"),
        started=entry.number_or_none("started"),
        finished=entry.number_or_none("finished"),
        side=entry.has("side") and entry.flag("side"),
    )


def _pyramid(rows: tuple[TierRow, ...]) -> Pyramid:
    tiers = [
        Tier(name=row.name, rank=row.rank, share=Share(min=row.target_min, max=row.target_max), side=row.side)
        for row in rows
        if row.rank is not None
    ]
    return Pyramid(tiers=tuple(sorted(tiers, key=lambda tier: tier.rank)))


def _plain_gate(gate: GateState) -> dict[str, Any]:
    return {
        "tier": gate.tier,
        "state": gate.state,
        "seconds": rounded(gate.seconds),
        "pulled_by": list(gate.pulled_by),
        "withheld": gate.withheld,
        "saved_seconds": rounded(gate.saved_seconds),
    }


def _gate(entry: Entry) -> GateState:
    return GateState(
        tier=entry.text("tier"),
        state=entry.text("state"),
        seconds=entry.number_or_none("seconds"),
        pulled_by=entry.texts("pulled_by"),
        withheld=entry.whole("withheld"),
        saved_seconds=entry.number_or_none("saved_seconds"),
    )


def _plain_violation(violation: Violation) -> dict[str, Any]:
    return {
        "code": violation.code,
        "name": violation.name,
        "severity": violation.severity.value,
        "message": violation.message,
        "hint": violation.hint,
        "tier": violation.tier,
        "nodeid": violation.nodeid,
        **plain_place(violation.location),
        "baseline": violation.baseline,
        "data": {name: rounded(value) if isinstance(value, float) else value for name, value in violation.data},
    }


def _violation(entry: Entry) -> Violation:
    data = entry.entry("data").scalars() if entry.has("data") else ()
    return Violation(
        code=entry.text("code"),
        name=entry.text("name"),
        severity=entry.member("severity", Severity),
        message=entry.text("message"),
        hint=entry.text("hint"),
        tier=entry.text_or_none("tier"),
        nodeid=entry.text_or_none("nodeid"),
        location=entry.location(),
        baseline=entry.flag("baseline"),
        data=data,
    )
