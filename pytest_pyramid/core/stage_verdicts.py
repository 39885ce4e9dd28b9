"""The verdict of one stage, as a later stage reads it, and why that may not build on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pytest_pyramid.core.plain_entry import entry_of
from pytest_pyramid.core.report import RunReport

SCHEMA = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StageVerdict:
    """What a stage found, in as few words as the next one needs."""

    exit_status: int
    commit: str | None
    started: str
    """ISO 8601, UTC."""
    tiers: tuple[str, ...]
    """The tiers that ran, base first."""
    tests: int
    closed: tuple[str, ...] = ()
    """The tiers whose gate was closed."""
    shard: str | None = None
    """Which part of the tests ran, None for all."""
    narrowed: str | None = None
    """Why the tests of these tiers did not all take part, apart from shards."""


def verdict_of(report: RunReport) -> StageVerdict:
    """The verdict of the run that the report tells of."""
    run = report.run
    return StageVerdict(
        exit_status=run.exit_status,
        commit=run.commit,
        started=run.started,
        tiers=run.only or tuple(tier.name for tier in report.pyramid),
        tests=len(report.tests),
        closed=tuple(gate.tier for gate in report.gates if gate.state == "closed"),
        shard=str(run.shard) if run.shard is not None and run.shard.of > 1 else None,
        narrowed=run.narrowed,
    )


def to_plain(verdict: StageVerdict) -> dict[str, Any]:
    """The verdict as plain data."""
    return {
        "verdict": SCHEMA,
        "exit_status": verdict.exit_status,
        "commit": verdict.commit,
        "started": verdict.started,
        "tiers": list(verdict.tiers),
        "tests": verdict.tests,
        "closed": list(verdict.closed),
        "shard": verdict.shard,
        "narrowed": verdict.narrowed,
    }


def from_plain(plain: Mapping[str, Any]) -> StageVerdict:
    """The verdict again. Raises ValueError for another version, a missing key or a value of the wrong kind."""
    entry = entry_of(plain, "")
    if entry.whole("verdict") != SCHEMA:
        raise ValueError(f"another version of pytest-test-pyramid wrote it ({plain['verdict']}, not {SCHEMA})")
    return StageVerdict(
        exit_status=entry.whole("exit_status"),
        commit=entry.text_or_none("commit"),
        started=entry.text("started"),
        tiers=entry.texts("tiers"),
        tests=entry.whole("tests"),
        closed=entry.texts("closed"),
        shard=entry.text_or_none("shard"),
        narrowed=entry.text_or_none("narrowed"),
    )


def objections(verdict: StageVerdict, commit: str | None) -> Iterator[str]:
    """Every reason why a stage that tests `commit` may not build on the verdict; none for a good one."""
    what = f"the run of {', '.join(verdict.tiers)} that started at {verdict.started}"
    if verdict.exit_status != 0:
        gates = f"; the gate of {', '.join(verdict.closed)} was closed" if verdict.closed else ""
        yield f"{what} was red: it ended with exit status {verdict.exit_status}{gates}"
    if verdict.commit != commit:
        yield f"{what} tested {verdict.commit or 'no known commit'}, here is {commit or 'no known commit'}"
    if verdict.shard is not None:
        yield f"{what} was shard {verdict.shard} alone: let pytest-pyramid merge write the verdict of all shards"
    if verdict.narrowed is not None:
        yield f"{what} left tests out: {verdict.narrowed}"
