"""The reports of shards and stages become the one report of the whole run: judged again, as if one machine had run it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pytest_pyramid.core.census import Census
from pytest_pyramid.core.facts import GateState, Outcome, Suite, TestFacts
from pytest_pyramid.core.merged_coverage import ShardCoverage, merged_coverage
from pytest_pyramid.core.pieces import Piece, in_sequence, selected_tiers, stages_of
from pytest_pyramid.core.ratchet_judging import with_baseline
from pytest_pyramid.core.report import RunInfo, RunReport
from pytest_pyramid.core.ruling import Judgement, RuleBook, Stage, judge
from pytest_pyramid.core.selecting import lacking_storeys
from pytest_pyramid.core.shapes import judge_shape
from pytest_pyramid.core.tier_rows import tier_rows
from pytest_pyramid.core.violations import Severity, Violation, in_order

NOT_ASKED_AGAIN = ("PYR701", "PYR702")
"""Rules that look at past runs, which no report holds: what the shards found is taken over."""
_WELL, _UNWELL, _NOTHING = 0, 1, 5


def merged(pieces: Sequence[Piece], book: RuleBook, *, default_tiers: bool) -> RunReport:
    """The report of all pieces together; `default_tiers` is True when nobody configured the tiers.

    Times stay what they were on each machine, so that all shards seem to start at once, and one stage when the stage
    below it has ended; workers are called by their piece, "2.gw0". Expects pieces in which `pieces_of` found nothing
    wrong.
    """
    settings = pieces[0].part.settings
    pieces, only = in_sequence(pieces), selected_tiers(pieces)
    tests, outcomes = _in_collection_order(pieces)
    reached = {gate.tier for piece in pieces for gate in piece.report.gates}
    gates = tuple(_gate(tier.name, pieces, tests) for tier in settings.pyramid if not tier.side or tier.name in reached)
    census = Census.counted(settings.pyramid, tests, outcomes)
    narrowed = next((piece.report.run.narrowed for piece in pieces if piece.report.run.narrowed), None)
    partial = _partial_reason(pieces, only, narrowed)
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
        whole_tiers=only if narrowed is None else (),
        default_tiers=default_tiers,
    )
    judgement = _judged(book, suite, pieces)
    violations = in_order(judgement.violations)
    return RunReport(
        version=pieces[0].report.version,
        pyramid=settings.pyramid,
        run=_run(pieces, only, partial, _status(pieces, outcomes, violations)),
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


def _partial_reason(pieces: Sequence[Piece], only: tuple[str, ...], narrowed: str | None) -> str | None:
    """Why all pieces together are not the suite: as the shards of one run say, or what the stages lack."""
    if len(stages_of(pieces)) == 1:
        return next((piece.shard.partial_reason for piece in pieces if piece.shard.partial_reason), None)
    return lacking_storeys(only, pieces[0].report.pyramid) or narrowed


def _in_collection_order(pieces: Sequence[Piece]) -> tuple[tuple[TestFacts, ...], tuple[Outcome, ...]]:
    """Stage by stage, because a whole run is sorted by tier as well."""
    rows = [
        ((piece.stage, position, piece.number), test, _of_piece(outcome, piece.number))
        for piece in pieces
        for position, test, outcome in zip(piece.part.positions, piece.report.tests, piece.report.outcomes, strict=True)
    ]
    rows.sort(key=lambda row: row[0])
    return tuple(row[1] for row in rows), tuple(row[2] for row in rows)


def _of_piece(outcome: Outcome, number: int) -> Outcome:
    return outcome if outcome.worker is None else outcome._replace(worker=f"{number}.{outcome.worker}")


def _gate(tier: str, pieces: Sequence[Piece], tests: Sequence[TestFacts]) -> GateState:
    """Closed when it is closed in some shard, open when it is in all; else some tests of it were not reached.

    Stages that did not select the tier have no say, unless none did.
    """
    selecting = [piece for piece in pieces if tier in piece.tiers] or pieces
    gates = [gate for piece in selecting for gate in piece.report.gates if gate.tier == tier]
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


def _judged(book: RuleBook, suite: Suite, pieces: Sequence[Piece]) -> Judgement:
    """What the rules find in the whole, and what of the pieces' own findings cannot be asked again."""
    asked = Judgement.joined(judge(book, suite, stage) for stage in Stage if stage is not Stage.BASELINE)
    found = asked._replace(violations=(*asked.violations, *_taken_over(book, pieces)))
    recorded = pieces[0].part.recorded
    return found if recorded is None else with_baseline(book, suite, found, recorded)


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
    errors = any(one.severity is Severity.ERROR and not one.baseline for one in violations)
    failed = any(outcome.result.pulls_the_cord for outcome in outcomes)
    return _UNWELL if worst == _WELL and (errors or failed) else worst


def _run(pieces: Sequence[Piece], only: tuple[str, ...], partial: str | None, status: int) -> RunInfo:
    runs = [piece.report.run for piece in pieces]
    first, stages = runs[0], stages_of(pieces)
    failures = [run.first_failure_seconds for run in runs if run.first_failure_seconds is not None]
    return RunInfo(
        started=min(run.started for run in runs),
        seconds=max(run.seconds for run in runs),
        command=tuple(_without(first.command, _SELECTING if len(stages) > 1 else _CUTTING)),
        workers=max(sum(piece.report.run.workers for piece in shards) for shards in stages),
        gate_mode=first.gate_mode,
        exit_status=status,
        commit=first.commit,
        host=_names(run.host for run in runs),
        user=_names(run.user for run in runs),
        partial_reason=partial,
        first_failure_seconds=min(failures, default=None),
        guard_mode=first.guard_mode,
        guard_layers=first.guard_layers,
        only=only,
        narrowed=next((run.narrowed for run in runs if run.narrowed), None),
    )


_CUTTING = ("--pyramid-shard",)
_SELECTING = (*_CUTTING, "--pyramid-stage", "--pyramid-tier", "--pyramid-upto")


def _without(command: Sequence[str], options: tuple[str, ...]) -> Iterator[str]:
    """The words of the command without these options, whose value may be a word of its own."""
    words = iter(command)
    for word in words:
        if word in options:
            next(words, None)
        elif word.partition("=")[0] not in options:
            yield word


def _names(names: Iterable[str | None]) -> str | None:
    return ", ".join(dict.fromkeys(name for name in names if name)) or None


def _notes(pieces: Sequence[Piece]) -> Iterator[str]:
    for piece in pieces:
        yield from piece.report.notes
