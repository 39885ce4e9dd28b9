"""Coverage by tier: arithmetic on sets of lines and branches. Nothing is read or run here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pytest_pyramid.core.coverage_report import Count, CoverageReport, FileCoverage, PackageCoverage, RowCoverage
from pytest_pyramid.core.facts import Outcome
from pytest_pyramid.core.file_cover import FileCover
from pytest_pyramid.core.line_sets import bits_of, lines_of
from pytest_pyramid.core.push_down import push_down
from pytest_pyramid.core.recording import IMPORT, Arc, Recording
from pytest_pyramid.core.single_tests import beyond_base
from pytest_pyramid.core.source_lines import Source
from pytest_pyramid.core.tiers import UNCLASSIFIED, Pyramid


def rows_told(pyramid: Pyramid, outcomes: Iterable[Outcome]) -> list[str]:
    """The rows that coverage is told of: those beside the shape only when tests of them ran."""
    aside = {tier.name for tier in pyramid if tier.side} | {UNCLASSIFIED}
    used = {one.tier for one in outcomes if one.result.ran}
    return [row for row in pyramid.rows if row not in aside or row in used]


def quickest_first(outcomes: Iterable[Outcome]) -> list[str]:
    """The node ids of the tests that ran, the shortest test first."""
    return [one.nodeid for one in sorted(outcomes, key=lambda one: one.seconds) if one.result.ran]


def ran_by_tier(pyramid: Pyramid, outcomes: Iterable[Outcome]) -> dict[str, list[str]]:
    """The node ids of the tests that ran, by tier."""
    found: dict[str, list[str]] = {name: [] for name in pyramid.names}
    for one in outcomes:
        if one.result.ran and one.tier in found:
            found[one.tier].append(one.nodeid)
    return found


def file_covers(recording: Recording, sources: Mapping[str, Source]) -> dict[str, FileCover]:
    """The cover of every file whose source is known, by file in alphabetical order."""
    raw: dict[str, dict[str, list[int]]] = {file: {} for file in sorted(recording.files & sources.keys())}
    for label, trace in recording.traces.items():
        for place, sets in enumerate((trace.lines, trace.arcs)):
            for file, bits in sets.items():
                if file in raw:
                    raw[file].setdefault(label.row, [0, 0])[place] |= bits
    return {file: _file_cover(sources[file], rows, recording.arcs.get(file, ())) for file, rows in raw.items()}


def _file_cover(source: Source, rows: Mapping[str, Sequence[int]], arcs: Sequence[Arc]) -> FileCover:
    first_of = dict(source.continued)
    numbers = {branch: number for number, branch in enumerate(sorted(source.branches))}
    found = {
        row: (source.executed(lines), _branches(taken, arcs, first_of, numbers)) for row, (lines, taken) in rows.items()
    }
    return FileCover(source, len(source.branches), found.pop(IMPORT.row, (0, 0)), found)


def _branches(taken: int, arcs: Sequence[Arc], first_of: Mapping[int, int], numbers: Mapping[Arc, int]) -> int:
    """The taken branches by their numbers in the source."""
    if not numbers:
        return 0
    pairs = ((_first(start, first_of), _first(end, first_of)) for start, end in (arcs[n] for n in lines_of(taken)))
    return bits_of(numbers[pair] for pair in pairs if pair in numbers)


def _first(line: int, first_of: Mapping[int, int]) -> int:
    return first_of.get(line, line) if line >= 0 else -first_of.get(-line, -line)


def coverage_of(
    recording: Recording,
    sources: Mapping[str, Source],
    pyramid: Pyramid,
    rows: Sequence[str],
    quickest: Sequence[str] = (),
) -> CoverageReport:
    """The coverage of the recording, for `rows` of the pyramid; `quickest` are node ids, the shortest test first.

    Who measured, what is missing, and which tests are redundant, is left for others to say.
    """
    apart = any(label.nodeid for label in recording.traces)
    singles = beyond_base(recording, sources, pyramid) if apart else None
    tests = push_down_tests(singles, quickest) if singles is not None else ()
    found = report_of(file_covers(recording, sources), pyramid, rows, branch=recording.branch, tests=tests)
    return found._replace(detail="test" if apart else "tier", singles=singles)


def report_of(
    covers: Mapping[str, FileCover],
    pyramid: Pyramid,
    rows: Sequence[str],
    *,
    branch: bool,
    tests: Sequence[tuple[str, Mapping[str, int]]] = (),
) -> CoverageReport:
    """The coverage that the sets of all files amount to, by tier; `tests` as `push_down_tests` gives them."""
    files = tuple(_file(file, cover, pyramid, tests) for file, cover in covers.items())
    every = [cover.upto(cover.rows) for cover in covers.values()]
    return CoverageReport(
        detail="tier",
        source="",
        branch=branch,
        total=Count(
            sum(cover.source.statements.bit_count() for cover in covers.values()),
            sum(cover.branches for cover in covers.values()) if branch else 0,
        ),
        imported=_counted(cover.imported for cover in covers.values()),
        covered=_counted(every),
        rows=tuple(_row(row, tuple(covers.values()), pyramid) for row in rows),
        packages=_packages(files),
        files=files,
        covers=covers,
    )


def push_down_tests(singles: Recording, quickest: Sequence[str]) -> list[tuple[str, Mapping[str, int]]]:
    """(node id, what it executes beyond the base by file) of every test recorded by itself, the quickest first."""
    known = {label.nodeid: trace.lines for label, trace in singles.traces.items() if label.nodeid}
    order = [nodeid for nodeid in quickest if nodeid in known]
    return [(nodeid, known[nodeid]) for nodeid in order]


def _row(row: str, covers: Sequence[FileCover], pyramid: Pyramid) -> RowCoverage:
    tier = pyramid.named(row)
    below = [one.name for one in pyramid.below(tier.rank)] if tier else list(pyramid.names)
    parts: dict[str, list[tuple[int, int]]] = {"own": [], "alone": [], "cumulative": [], "new": [], "exclusive": []}
    for cover in covers:
        own, lower = cover.rows.get(row, (0, 0)), cover.upto(below)
        whole = cover.upto([*below, row])
        parts["own"].append(own)
        parts["alone"].append(cover.upto([row]))
        parts["cumulative"].append(whole)
        parts["new"].append(_minus(whole, lower))
        parts["exclusive"].append(_minus(own, cover.upto(other for other in cover.rows if other != row)))
    return RowCoverage(row, **{name: _counted(pairs) for name, pairs in parts.items()})


def _minus(whole: tuple[int, int], part: tuple[int, int]) -> tuple[int, int]:
    return whole[0] & ~part[0], whole[1] & ~part[1]


def _counted(pairs: Iterable[tuple[int, int]]) -> Count:
    lines = branches = 0
    for first, second in pairs:
        lines, branches = lines + first.bit_count(), branches + second.bit_count()
    return Count(lines, branches)


def _file(
    file: str, cover: FileCover, pyramid: Pyramid, tests: Sequence[tuple[str, Mapping[str, int]]]
) -> FileCoverage:
    base, _ = cover.upto(pyramid.names[:1])
    upper = [tier.name for tier in pyramid.storeys[1:]]
    rows = [(name, cover.rows.get(name, (0, 0))[0] & ~base) for name in upper]
    above = 0
    for _, bits in rows:
        above |= bits
    lower = push_down(file, cover.source, rows, tests) if above else ()
    return FileCoverage(file, cover.source.statements.bit_count(), base.bit_count(), above.bit_count(), lower)


def _packages(files: Sequence[FileCoverage]) -> tuple[PackageCoverage, ...]:
    """One row for every folder that holds files, in alphabetical order."""
    found: dict[str, list[FileCoverage]] = {}
    for one in files:
        found.setdefault(one.file.rpartition("/")[0] or ".", []).append(one)
    return tuple(
        PackageCoverage(
            name, sum(one.lines for one in held), sum(one.base for one in held), sum(one.above for one in held)
        )
        for name, held in sorted(found.items())
    )
