"""The reports that make one run together: its shards, its stages, or the shards of its stages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple

from pytest_pyramid.core.facts import GateState, Outcome
from pytest_pyramid.core.report import Part, RunReport
from pytest_pyramid.core.setting_tree import Settings
from pytest_pyramid.core.shards import ShardInfo
from pytest_pyramid.core.wording import counted


class Piece(NamedTuple):
    """The report of one shard or stage, and what people call it."""

    name: str
    report: RunReport
    shard: ShardInfo
    """Its place among the shards of its stage; a stage in one run is its only shard."""
    part: Part
    number: int = 1
    """Its place among all pieces, from 1."""

    @property
    def tiers(self) -> tuple[str, ...]:
        """The tiers that were selected, base first."""
        return self.report.run.only or self.report.pyramid.names

    @property
    def stage(self) -> tuple[int, tuple[str, ...]]:
        """Equal for the shards of one stage, and lower for the stage that begins further down."""
        return min(self.report.pyramid.rank_of(tier) for tier in self.tiers), self.tiers


def pieces_of(reports: Sequence[tuple[str, RunReport]]) -> tuple[list[Piece], list[str]]:
    """The named reports in their order, stages from the base up, and every reason why they are not one run."""
    wrong = ["there is nothing to merge"] if not reports else []
    pieces = []
    for name, report in reports:
        shard = report.run.shard or _the_only_one(report)
        if shard is None or report.part is None:
            wrong.append(
                f"{name} is not the report of a shard or a stage, which runs with --pyramid-shard=I/N or"
                " --pyramid-stage=NAME write"
            )
        else:
            pieces.append(Piece(name, report, shard, report.part))
    pieces.sort(key=lambda piece: (piece.stage, piece.shard.number))
    pieces = [piece._replace(number=number) for number, piece in enumerate(pieces, start=1)]
    return pieces, [*wrong, *_misfits(pieces)] if pieces else wrong


def stages_of(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """The pieces by stage, in their order."""
    return [list(shards) for _, shards in groupby(pieces, key=lambda piece: piece.stage)]


def selected_tiers(pieces: Sequence[Piece]) -> tuple[str, ...]:
    """The tiers that all pieces together selected, base first; empty when that is every tier."""
    pyramid = pieces[0].report.pyramid
    selected = {tier for piece in pieces for tier in piece.tiers}
    return () if selected.issuperset(pyramid.names) else tuple(name for name in pyramid.names if name in selected)


def in_sequence(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces with their times put so that each stage begins when the one below it has ended.

    Shards of one stage seem to start at once: machines' own clocks need not agree.
    """
    put, began = [], 0.0
    for shards in stages_of(pieces):
        put += [_later(piece, began) for piece in shards]
        began += max(piece.report.run.seconds for piece in shards)
    return put


def _later(piece: Piece, seconds: float) -> Piece:
    if not seconds:
        return piece
    report, run = piece.report, piece.report.run
    first = run.first_failure_seconds
    later = replace(
        report,
        run=run._replace(
            seconds=run.seconds + seconds, first_failure_seconds=None if first is None else first + seconds
        ),
        gates=tuple(_gate_later(gate, seconds) for gate in report.gates),
        outcomes=tuple(_outcome_later(outcome, seconds) for outcome in report.outcomes),
    )
    return piece._replace(report=later)


def _gate_later(gate: GateState, seconds: float) -> GateState:
    return gate if gate.seconds is None else gate._replace(seconds=gate.seconds + seconds)


def _outcome_later(outcome: Outcome, seconds: float) -> Outcome:
    return outcome if outcome.start is None else outcome._replace(start=outcome.start + seconds)


def _the_only_one(report: RunReport) -> ShardInfo | None:
    """A stage in one run as a shard of it, None for a run of the whole suite."""
    run = report.run
    return ShardInfo(1, 1, "", len(report.tests), "tests", run.partial_reason) if run.only else None


def _misfits(pieces: Sequence[Piece]) -> Iterator[str]:
    """Everything that keeps the pieces from being one whole, a sentence each."""
    first = pieces[0]
    for piece in pieces[1:]:
        if piece.report.version != first.report.version:
            yield f"{piece.name} was written by version {piece.report.version}, {first.name} by {first.report.version}"
        if piece.report.run.commit != first.report.run.commit:
            commits = [one.report.run.commit or "no known commit" for one in (piece, first)]
            yield f"{piece.name} tested {commits[0]}, {first.name} {commits[1]}: all parts of a run test one commit"
        if different := _other_settings(piece.part.settings, first.part.settings):
            yield f"{piece.name} ran with other settings than {first.name}: {', '.join(different)}"
    stages = stages_of(pieces)
    yield from _overlaps(stages)
    for shards in stages:
        yield from _shard_misfits(shards)


def _overlaps(stages: Sequence[Sequence[Piece]]) -> Iterator[str]:
    """Stages that have a tier in common: its tests would count twice."""
    ran: dict[str, Piece] = {}
    for piece in (shards[0] for shards in stages):
        known = {tier: ran[tier] for tier in piece.tiers if tier in ran}
        if known:
            other = next(iter(known.values()))
            yield f"{other.name} and {piece.name} both ran {', '.join(known)}: stages have no tier in common"
        ran.update(dict.fromkeys(piece.tiers, piece))


def _shard_misfits(pieces: Sequence[Piece]) -> Iterator[str]:
    """What keeps these from being all shards of one stage."""
    first = pieces[0]
    others = [piece for piece in pieces[1:] if piece.shard.of != first.shard.of]
    for piece in others:
        yield f"{piece.name} is shard {piece.shard}, {first.name} is shard {first.shard}: they are of different runs"
    if others:
        return
    yield from _numbers(pieces)
    if len({piece.shard.plan for piece in pieces}) > 1:
        yield _other_plans(pieces)


def _numbers(pieces: Sequence[Piece]) -> Iterator[str]:
    """Shards that are there twice or not at all."""
    of, only = pieces[0].shard.of, pieces[0].report.run.only
    whose = f" of the stage {', '.join(only)}" if only else ""
    names: dict[int, list[str]] = {}
    for piece in pieces:
        names.setdefault(piece.shard.number, []).append(piece.name)
    for number, known in names.items():
        if len(known) > 1:
            yield f"shard {number}/{of}{whose} is there {len(known)} times: {', '.join(known)}"
    missing = [f"{number}/{of}" for number in range(1, of + 1) if number not in names]
    if missing:
        what = "shard" if len(missing) == 1 else "shards"
        yield f"{what} {', '.join(missing)}{whose} {'is' if len(missing) == 1 else 'are'} missing"


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
    """The settings in which two pieces differ, apart from those that may: what each selects and writes, and where."""
    mine, theirs = one.to_plain(), other.to_plain()
    return sorted(key for key in mine if key not in _MAY_DIFFER and mine[key] != theirs[key])


_MAY_DIFFER = ("shard", "only", "reports", "sources", "history", "andon", "transport")
