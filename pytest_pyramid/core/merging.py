"""Several shards' reports become the one report of the whole run: judged again, as if one machine had run it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from pytest_pyramid.core.census import Census
from pytest_pyramid.core.facts import GateState, Outcome, Suite, TestFacts
from pytest_pyramid.core.merged_coverage import ShardCoverage, merged_coverage
from pytest_pyramid.core.report import Part, RunInfo, RunReport
from pytest_pyramid.core.ruling import Judgement, RuleBook, Stage, judge
from pytest_pyramid.core.setting_tree import Settings
from pytest_pyramid.core.shapes import judge_shape
from pytest_pyramid.core.shards import ShardInfo
from pytest_pyramid.core.tier_rows import tier_rows
from pytest_pyramid.core.violations import Severity, Violation, in_order
from pytest_pyramid.core.wording import counted

NOT_ASKED_AGAIN = ("PYR701", "PYR702", "PYR703", "PYR704")
"""Rules that look at flaky tests or the baseline, which no report holds: what the shards found is taken over."""
_WELL, _UNWELL, _NOTHING = 0, 1, 5


class Piece(NamedTuple):
    """The report of one shard, and what people call it."""

    name: str
    report: RunReport
    shard: ShardInfo
    part: Part


def pieces_of(reports: Sequence[tuple[str, RunReport]]) -> tuple[list[Piece], list[str]]:
    """The shards among the named reports by their number, and every reason why they are not one whole run."""
    wrong = ["there is nothing to merge"] if not reports else []
    pieces = []
    for name, report in reports:
        if report.run.shard is None or report.part is None:
            wrong.append(f"{name} is not the report of a shard, which a run with --pyramid-shard=I/N writes")
        else:
            pieces.append(Piece(name, report, report.run.shard, report.part))
    pieces.sort(key=lambda piece: piece.shard.number)
    return pieces, [*wrong, *_misfits(pieces)] if pieces else wrong


def merged(pieces: Sequence[Piece], book: RuleBook, *, default_tiers: bool) -> RunReport:
    """The report of all shards together; `default_tiers` is True when nobody configured the tiers.

    Times stay what they were on each machine, so that all shards seem to start at once; workers are called by their
    shard, "2.gw0". Expects pieces in which `pieces_of` found nothing wrong.
    """
    settings = pieces[0].part.settings
    tests, outcomes = _in_collection_order(pieces)
    reached = {gate.tier for piece in pieces for gate in piece.report.gates}
    gates = tuple(_gate(tier.name, pieces, tests) for tier in settings.pyramid if not tier.side or tier.name in reached)
    census = Census.counted(settings.pyramid, tests, outcomes)
    partial = next((piece.shard.partial_reason for piece in pieces if piece.shard.partial_reason), None)
    errors = tuple({error.nodeid: error for piece in pieces for error in piece.report.collection_errors}.values())
    benchmarks = tuple(one for piece in pieces for one in piece.report.benchmarks)
    shards = [ShardCoverage(piece.name, piece.report.coverage) for piece in pieces]
    coverage = merged_coverage(shards, settings.pyramid, tests, outcomes)
    suite = Suite(
        pyramid=settings.pyramid,
        tests=tests,
        outcomes=outcomes,
        gates=gates,
        collection_errors=errors,
        conftest_marks=pieces[0].part.conftest_marks,
        partial_reason=partial,
        census=census,
        max_unclassified=settings.max_unclassified,
        past={nodeid: estimate for piece in pieces for nodeid, estimate in piece.part.past.items()},
        guard_layers=pieces[0].report.run.guard_layers,
        benchmarks=benchmarks,
        coverage=coverage.report,
        default_tiers=default_tiers,
    )
    judgement = Judgement.joined(judge(book, suite, stage) for stage in (Stage.COLLECTION, Stage.RUN))
    violations = in_order((*_with_baseline(judgement.violations, pieces), *_taken_over(book, pieces)))
    return RunReport(
        version=pieces[0].report.version,
        pyramid=settings.pyramid,
        run=_run(pieces, partial, _status(pieces, outcomes, violations)),
        shape=judge_shape(census, partial_reason=partial, max_unclassified=settings.max_unclassified),
        tiers=tier_rows(settings.pyramid, census, outcomes, gates),
        gates=gates,
        tests=tests,
        outcomes=outcomes,
        violations=violations,
        collection_errors=errors,
        notes=tuple(dict.fromkeys((*judgement.notes, *_notes(pieces), *coverage.notes))),
        trend=pieces[0].report.trend,
        benchmarks=benchmarks,
        coverage=coverage.report,
    )


def _misfits(pieces: Sequence[Piece]) -> Iterator[str]:
    """Everything that keeps the pieces from being one whole, a sentence each."""
    first = pieces[0]
    for piece in pieces[1:]:
        if piece.report.version != first.report.version:
            yield f"{piece.name} was written by version {piece.report.version}, {first.name} by {first.report.version}"
        if piece.report.run.commit != first.report.run.commit:
            commits = [one.report.run.commit or "no known commit" for one in (piece, first)]
            yield f"{piece.name} tested {commits[0]}, {first.name} {commits[1]}: all shards test one commit"
        if piece.shard.of != first.shard.of:
            yield f"{piece.name} is shard {piece.shard}, {first.name} is shard {first.shard}: they are of different runs"
        if different := _other_settings(piece.part.settings, first.part.settings):
            yield f"{piece.name} ran with other settings than {first.name}: {', '.join(different)}"
    if any(piece.shard.of != first.shard.of for piece in pieces):
        return
    yield from _numbers(pieces)
    if len({piece.shard.plan for piece in pieces}) > 1:
        yield _other_plans(pieces)


def _numbers(pieces: Sequence[Piece]) -> Iterator[str]:
    """Shards that are there twice or not at all."""
    of = pieces[0].shard.of
    names: dict[int, list[str]] = {}
    for piece in pieces:
        names.setdefault(piece.shard.number, []).append(piece.name)
    for number, known in names.items():
        if len(known) > 1:
            yield f"shard {number}/{of} is there {len(known)} times: {', '.join(known)}"
    missing = [f"{number}/{of}" for number in range(1, of + 1) if number not in names]
    if missing:
        yield (
            f"shard {', '.join(missing)} is missing"
            if len(missing) == 1
            else f"shards {', '.join(missing)} are missing"
        )


def _other_plans(pieces: Sequence[Piece]) -> str:
    """What shards of different partitions have twice and lack, as far as their reports tell."""
    seen = Counter(test.nodeid for piece in pieces for test in piece.report.tests)
    twice = [nodeid for nodeid, count in seen.items() if count > 1]
    lacking = max(piece.shard.tests for piece in pieces) - len(seen)
    plans = ", ".join(f"{piece.name} {piece.shard.plan}" for piece in pieces)
    said = [f"the shards were cut from different plans ({plans}), because their histories or their tests differ"]
    if twice:
        said.append(f"{counted(len(twice), 'test')} ran in several shards, the first is {twice[0]}")
    if lacking > 0:
        said.append(f"{counted(lacking, 'test')} ran in none")
    return "; ".join(said)


def _other_settings(one: Settings, other: Settings) -> list[str]:
    """The settings in which two shards differ, apart from those that may: what each writes, and where."""
    mine, theirs = one.to_plain(), other.to_plain()
    return sorted(key for key in mine if key not in _MAY_DIFFER and mine[key] != theirs[key])


_MAY_DIFFER = ("shard", "reports", "sources", "history", "andon", "transport")


def _in_collection_order(pieces: Sequence[Piece]) -> tuple[tuple[TestFacts, ...], tuple[Outcome, ...]]:
    rows = [
        (position, piece.shard.number, test, _of_shard(outcome, piece.shard))
        for piece in pieces
        for position, test, outcome in zip(piece.part.positions, piece.report.tests, piece.report.outcomes, strict=True)
    ]
    rows.sort(key=lambda row: row[:2])
    return tuple(row[2] for row in rows), tuple(row[3] for row in rows)


def _of_shard(outcome: Outcome, shard: ShardInfo) -> Outcome:
    return outcome if outcome.worker is None else outcome._replace(worker=f"{shard.number}.{outcome.worker}")


def _gate(tier: str, pieces: Sequence[Piece], tests: Sequence[TestFacts]) -> GateState:
    """Closed when it is closed in some shard, open when it is in all; else some tests of it were not reached."""
    gates = [gate for piece in pieces for gate in piece.report.gates if gate.tier == tier]
    states = {gate.state for gate in gates}
    closed = [gate.seconds for gate in gates if gate.seconds is not None]
    saved = [gate.saved_seconds for gate in gates if gate.saved_seconds is not None]
    pulled = set().union(*(gate.pulled_by for gate in gates))
    known = {test.nodeid for test in tests}
    return GateState(
        tier=tier,
        state="closed" if "closed" in states else states.pop() if len(states) == 1 else "not reached",
        seconds=min(closed, default=None),
        pulled_by=(*sorted(pulled - known), *(test.nodeid for test in tests if test.nodeid in pulled)),
        withheld=sum(gate.withheld for gate in gates),
        saved_seconds=sum(saved) if saved else None,
    )


def _with_baseline(found: Iterable[Violation], pieces: Sequence[Piece]) -> Iterator[Violation]:
    """The violations as the shards tell them that know the baseline."""
    known = {_key(one): one for piece in pieces for one in piece.report.violations if one.baseline}
    return (known.get(_key(one), one) for one in found)


def _taken_over(book: RuleBook, pieces: Sequence[Piece]) -> Iterable[Violation]:
    """What the rules found that cannot be asked again: those of others, and those that look at more than a report."""
    again = {rule.code for rule, _ in book.entries}.difference(NOT_ASKED_AGAIN)
    found = (one for piece in pieces for one in piece.report.violations if one.code not in again)
    return {_key(one): one for one in found}.values()


def _key(one: Violation) -> tuple[str, str | None, str | None, str]:
    return one.code, one.tier, one.nodeid, one.message


def _status(pieces: Sequence[Piece], outcomes: Sequence[Outcome], violations: Sequence[Violation]) -> int:
    """The worst that happened to a shard; nothing collected only when all of them collected nothing."""
    statuses = [piece.report.run.exit_status for piece in pieces if piece.report.run.exit_status != _NOTHING]
    worst = max(statuses, default=_NOTHING)
    errors = any(one.severity is Severity.ERROR for one in violations)
    failed = any(outcome.result.pulls_the_cord for outcome in outcomes)
    return _UNWELL if worst == _WELL and (errors or failed) else worst


def _run(pieces: Sequence[Piece], partial: str | None, status: int) -> RunInfo:
    runs = [piece.report.run for piece in pieces]
    first = runs[0]
    failures = [run.first_failure_seconds for run in runs if run.first_failure_seconds is not None]
    return RunInfo(
        started=min(run.started for run in runs),
        seconds=max(run.seconds for run in runs),
        command=tuple(word for word in first.command if not word.startswith("--pyramid-shard")),
        workers=sum(run.workers for run in runs),
        gate_mode=first.gate_mode,
        exit_status=status,
        commit=first.commit,
        host=_names(run.host for run in runs),
        user=_names(run.user for run in runs),
        partial_reason=partial,
        first_failure_seconds=min(failures, default=None),
        guard_mode=first.guard_mode,
        guard_layers=first.guard_layers,
        only=first.only,
        narrowed=first.narrowed,
    )


def _names(names: Iterable[str | None]) -> str | None:
    return ", ".join(dict.fromkeys(name for name in names if name)) or None


def _notes(pieces: Sequence[Piece]) -> Iterator[str]:
    for piece in pieces:
        yield from piece.report.notes
