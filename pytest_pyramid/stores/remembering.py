"""From the report of a run to what is kept of it: a line of the ledger, a run, results and lessons."""

from __future__ import annotations

import os
import platform
from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from pytest_pyramid.core.behaviour import telling, watched
from pytest_pyramid.core.deltas import violation_keys
from pytest_pyramid.core.facts import Outcome, Result
from pytest_pyramid.core.history import is_broken, lessons
from pytest_pyramid.core.past_runs import Limits, PastResult, PastRun, PastTier
from pytest_pyramid.core.report import RunReport
from pytest_pyramid.core.setting_tree import Settings
from pytest_pyramid.stores import history, run_ledger
from pytest_pyramid.stores.checkout import Checkout
from pytest_pyramid.stores.surroundings import user_name

LONGEST_COMMAND = 2000
MOST_PULLERS = 10


def enter(path: Path, report: RunReport, around: Checkout) -> str:
    """The seal of the run's line in the ledger beside the history. Raises OSError."""
    run = report.run
    record: dict[str, Any] = {
        "started": run.started,
        "seconds": round(run.seconds, 3),
        "command": " ".join(run.command)[:LONGEST_COMMAND],
        "user": run.user or user_name(),
        "host": run.host or platform.node() or None,
        "commit": around.commit,
        "branch": around.branch,
        "exit_status": run.exit_status,
        "partial": run.partial_reason,
        "gate_mode": run.gate_mode,
        "gates": [
            {
                "tier": gate.tier,
                "state": gate.state,
                "pulled_by": list(gate.pulled_by[:MOST_PULLERS]),
                "withheld": gate.withheld,
            }
            for gate in report.gates
        ],
        "tests": len(report.outcomes),
    }
    return run_ledger.append(run_ledger.ledger_of(path), record)


def keep(
    path: Path,
    report: RunReport,
    around: Checkout,
    seal: str | None,
    settings: Settings,
    *,
    flaky: Collection[str] = (),
) -> None:
    """Write the run into the history; `flaky` are the node ids known to be so. Raises HistoryError, UnusableError or OSError."""
    ran = [outcome for outcome in report.outcomes if outcome.start is not None]
    broken = is_broken(ran)
    learnt = {} if broken else lessons(ran)
    whole = _whole_files(report, learnt)
    results = [_result_of(outcome) for outcome in ran]
    run = _run_of(report, around, seal, ran=ran, taught=not broken)
    run = run._replace(tiers=_tiers(report, flaky), violations=violation_keys(report.violations))
    measured = {one.nodeid: one.now for one in report.benchmarks}
    guarded = watched(ran) if report.run.guard_layers else []
    worth = telling(report.tests, guarded, report.pyramid) if guarded else ()
    new = history.NewRun(run, results, learnt, whole, measured, guarded, worth)
    history.add(path, [new], Limits(runs=settings.history_runs, days=settings.history_days))


def _tiers(report: RunReport, flaky: Collection[str]) -> tuple[PastTier, ...]:
    moody = Counter(test.tier for test in report.tests if test.nodeid in flaky) if flaky else Counter[str]()
    return tuple(
        PastTier(
            row.name,
            row.tests,
            round(row.seconds, 6),
            round(moody[row.name] / row.tests, 6) if row.tests else None,
            report.coverage.share_upto(row.name) if report.coverage is not None else None,
        )
        for row in report.tiers
    )


def _run_of(report: RunReport, around: Checkout, seal: str | None, *, ran: list[Outcome], taught: bool) -> PastRun:
    run = report.run
    started = datetime.strptime(run.started, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    return PastRun(
        key=os.urandom(8).hex(),
        started=int(started.timestamp()),
        seconds=run.seconds,
        exit_status=run.exit_status,
        workers=run.workers,
        tests=len(ran),
        taught=taught,
        complete=run.partial_reason is None and not run.only and not report.collection_errors and not _unrun(report),
        shape=report.shape.name,
        gate_mode=run.gate_mode,
        gates=tuple((gate.tier, gate.state) for gate in report.gates),
        failed=sum(outcome.result.pulls_the_cord for outcome in ran),
        first_failure=run.first_failure_seconds,
        partial=run.partial_reason,
        commit=around.commit,
        branch=around.branch,
        code=around.code,
        host=run.host or platform.node() or None,
        python=platform.python_version(),
        seal=seal,
    )


def _result_of(outcome: Outcome) -> PastResult:
    return PastResult(
        outcome.nodeid,
        outcome.tier,
        outcome.result.value,
        outcome.setup_seconds,
        outcome.call_seconds,
        outcome.teardown_seconds,
        outcome.start or 0.0,
        outcome.worker or "",
    )


def _whole_files(report: RunReport, files: Iterable[str]) -> set[str]:
    """The files of which every test ran: what is remembered of others in them, no longer exists."""
    if report.run.partial_reason is not None or report.run.only or report.collection_errors:
        return set()
    return set(files) - {outcome.nodeid.partition("::")[0] for outcome in _unrun(report)}


def _unrun(report: RunReport) -> list[Outcome]:
    return [one for one in report.outcomes if one.result is Result.WITHHELD or one.result is Result.LOST]
