"""Sets of lines of one file as whole numbers: bit n stands for line n, so that union and difference are one step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def bits_of(lines: Iterable[int]) -> int:
    """The set of the lines; each a number from 0 on."""
    found = 0
    for line in lines:
        found |= 1 << line
    return found


def lines_of(bits: int) -> Iterator[int]:
    """The lines of the set, lowest first."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def stretches(bits: int, among: int) -> Iterator[tuple[int, int]]:
    """(first, last) of every run of lines in the set that no other line of `among` interrupts, lowest first.

    So a comment between two statements does not part them.
    """
    first = last = 0
    for line in lines_of(bits | among):
        if bits >> line & 1:
            first, last = first or line, line
        elif first:
            yield first, last
            first = 0
    if first:
        yield first, last
