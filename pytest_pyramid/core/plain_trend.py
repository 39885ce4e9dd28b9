"""The earlier runs of a report as plain data, and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pytest_pyramid.core.plain_entry import Entry, rounded
from pytest_pyramid.core.trend import TrendRow, TrendRun


def plain_trend(runs: Sequence[TrendRun]) -> dict[str, Any]:
    """The key "trend" with one object per run, or nothing when there are no earlier runs."""
    return {"trend": [_plain_run(run) for run in runs]} if runs else {}


def trend_of(whole: Entry) -> tuple[TrendRun, ...]:
    """The earlier runs of the report, none when it has no such key.

    Raises ValueError when a key is missing or of the wrong kind.
    """
    return tuple(_run(entry) for entry in whole.entries("trend")) if whole.has("trend") else ()


def _plain_run(run: TrendRun) -> dict[str, Any]:
    return {
        "started": run.started,
        "seconds": rounded(run.seconds),
        "exit_status": run.exit_status,
        "shape": run.shape,
        "first_failure_seconds": rounded(run.first_failure_seconds),
        "commit": run.commit,
        "branch": run.branch,
        "main": run.main,
        "red_seconds": rounded(run.red_seconds),
        "tiers": [
            {
                "name": row.name,
                "tests": row.tests,
                "seconds": rounded(row.seconds),
                "flaky": rounded(row.flaky),
                "coverage": rounded(row.coverage),
            }
            for row in run.tiers
        ],
    }


def _run(entry: Entry) -> TrendRun:
    return TrendRun(
        started=entry.text("started"),
        seconds=entry.number("seconds"),
        exit_status=entry.whole("exit_status"),
        shape=entry.text("shape"),
        first_failure_seconds=entry.number_or_none("first_failure_seconds"),
        commit=entry.text_or_none("commit"),
        branch=entry.text_or_none("branch"),
        main=entry.flag("main"),
        red_seconds=entry.number_or_none("red_seconds") if entry.has("red_seconds") else None,
        tiers=tuple(_row(row) for row in entry.entries("tiers")),
    )


def _row(entry: Entry) -> TrendRow:
    return TrendRow(
        name=entry.text("name"),
        tests=entry.whole("tests"),
        seconds=entry.number("seconds"),
        flaky=entry.number_or_none("flaky"),
        coverage=entry.number_or_none("coverage") if entry.has("coverage") else None,
    )
