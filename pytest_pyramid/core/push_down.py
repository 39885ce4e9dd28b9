"""What only upper tiers execute: lines for which a test further down could be written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pytest_pyramid.core.coverage_report import PushDown
from pytest_pyramid.core.line_sets import stretches
from pytest_pyramid.core.source_lines import Source


def push_down(
    file: str, source: Source, above: Sequence[tuple[str, int]], tests: Sequence[tuple[str, Mapping[str, int]]]
) -> tuple[PushDown, ...]:
    """The stretches of `file` that the base does not execute, by line.

    `above` is (tier, executed statements without the base's) for the upper tiers, lowest first; `tests` is (node id,
    executed lines by file), quickest first. Headers of functions and classes are left out: importing executes them.
    """
    seen = source.headers
    found: list[PushDown] = []
    for tier, bits in above:
        fresh, seen = bits & ~seen, seen | bits
        for first, last in _parts(fresh, source):
            lines = (fresh >> first & ~(-1 << (last - first + 1))).bit_count()
            nodeid = next((name for name, lines_by_file in tests if lines_by_file.get(file, 0) >> first & 1), "")
            found.append(PushDown(first, last, lines, tier, source.function_at(first), nodeid))
    return tuple(sorted(found))


def _parts(bits: int, source: Source) -> Iterator[tuple[int, int]]:
    """The stretches of the set, parted where another function begins or ends."""
    for first, last in stretches(bits, source.statements):
        start, name = first, source.function_at(first)
        previous = first
        for line in _within(bits, first, last):
            here = source.function_at(line)
            if here != name:
                yield start, previous
                start, name = line, here
            previous = line
        yield start, previous


def _within(bits: int, first: int, last: int) -> Iterator[int]:
    return (line for line in range(first, last + 1) if bits >> line & 1)
