"""The past in a report: the last runs as a trend, and what has changed since the last one on the main branch."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

from pytest_pyramid.core.deltas import delta_of
from pytest_pyramid.core.facts import Result
from pytest_pyramid.core.past_runs import PastRun
from pytest_pyramid.core.report import RunReport
from pytest_pyramid.core.trend import last_main_run, trend_of_runs
from pytest_pyramid.stores import history

LOOKED_AT = 500
"""So many runs are looked through for whole ones and for one on the main branch."""


def recalled(report: RunReport, path: Path, main: str | None) -> RunReport:
    """The report with what the history at `path` knows; `main` is the name of the main branch.

    Raises UnusableError or HistoryError.
    """
    runs = history.runs(path, LOOKED_AT)
    trend = trend_of_runs(runs, main=main, started={run.key: _date(run) for run in runs}, now=int(time.time()))
    base = last_main_run(runs, main)
    if base is None:
        return replace(report, trend=trend)
    failed = (Result.FAILED.value, Result.ERROR.value)
    before = [(one.nodeid, one.result in failed) for one in history.results_of_run(path, base.key)]
    delta = delta_of(base.commit, before, report.outcomes, report.violations, base.violations)
    return replace(report, trend=trend, delta=delta)


def _date(run: PastRun) -> str:
    return datetime.fromtimestamp(run.started, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
