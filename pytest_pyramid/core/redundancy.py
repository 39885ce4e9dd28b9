"""Which tests of upper tiers execute nothing that lower tiers do not execute, and which few execute all the rest."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence

from pytest_pyramid.core.coverage_report import TierRedundancy
from pytest_pyramid.core.recording import IMPORT, Label, Recording
from pytest_pyramid.core.tiers import Pyramid

Cover = Mapping[str, int]
"""Sets of lines, or of numbers of arcs, by file."""


def redundancy(singles: Recording, pyramid: Pyramid, tests: Mapping[str, Sequence[str]]) -> tuple[TierRedundancy, ...]:
    """One value for every tier above the base whose tests were told apart; `tests` are the node ids that ran, by tier.

    `singles` is what `beyond_base` gives, of one run or joined. Arcs decide where they were measured, because two ways
    through the same lines are two things to test.
    """
    covers = {label: trace.arcs if singles.branch else trace.lines for label, trace in singles.traces.items()}
    lower: dict[str, int] = {}
    _join(lower, covers.get(IMPORT, {}))
    found = []
    for tier in pyramid:
        apart = {label.nodeid: cover for label, cover in covers.items() if label.row == tier.name and label.nodeid}
        if tier.rank > 0 and apart:
            found.append(_of_tier(tier.name, tests.get(tier.name, ()), apart, lower))
        for cover in (*apart.values(), covers.get(Label(tier.name), {})):
            _join(lower, cover)
    return tuple(found)


def _of_tier(tier: str, ran: Sequence[str], covers: Mapping[str, Cover], lower: Cover) -> TierRedundancy:
    rest = {nodeid: beyond(covers[nodeid], lower) for nodeid in ran if covers.get(nodeid)}
    new: dict[str, int] = {}
    for cover in rest.values():
        _join(new, cover)
    return TierRedundancy(
        tier=tier,
        tests=len(ran),
        new=_size(new),
        redundant=tuple(nodeid for nodeid, cover in rest.items() if not cover),
        without_code=tuple(nodeid for nodeid in ran if nodeid not in rest),
        kept=greedy_cover({nodeid: cover for nodeid, cover in rest.items() if cover}),
    )


def greedy_cover(covers: Mapping[str, Cover]) -> tuple[str, ...]:
    """Tests that execute everything that any of them executes, each the one that adds most when it is taken.

    Ties go to the first. The greedy cover is at most ln n times as large as the smallest one (Chvátal 1979), which is
    NP-hard to find. What a test adds only shrinks, so that a gain known from before is a bound and is looked at again
    only when it comes to the top (Minoux 1978).
    """
    names = list(covers)
    heap = [(-_size(covers[name]), place) for place, name in enumerate(names)]
    heapq.heapify(heap)
    left = {name: dict(cover) for name, cover in covers.items()}
    seen: dict[str, int] = {}
    taken: list[str] = []
    while heap:
        bound, place = heapq.heappop(heap)
        name = names[place]
        left[name] = beyond(left[name], seen)
        gain = _size(left[name])
        if gain == 0:
            continue
        if gain < -bound:
            heapq.heappush(heap, (-gain, place))
            continue
        taken.append(name)
        _join(seen, left[name])
    return tuple(taken)


def beyond(cover: Cover, lower: Cover) -> dict[str, int]:
    """What of `cover` is not in `lower`; files of which nothing is left are left out."""
    rest = ((file, bits & ~lower.get(file, 0)) for file, bits in cover.items())
    return {file: bits for file, bits in rest if bits}


def _join(whole: dict[str, int], part: Cover) -> None:
    for file, bits in part.items():
        whole[file] = whole.get(file, 0) | bits


def _size(cover: Cover) -> int:
    return sum(bits.bit_count() for bits in cover.values())
