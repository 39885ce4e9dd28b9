"""The rows of the pyramid as it ran."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pytest_pyramid.core.census import Census
from pytest_pyramid.core.facts import GateState, Outcome, Result
from pytest_pyramid.core.report import TierRow
from pytest_pyramid.core.tiers import Pyramid


def tier_rows(
    pyramid: Pyramid, census: Census, outcomes: Sequence[Outcome], gates: Sequence[GateState]
) -> tuple[TierRow, ...]:
    """One row per tier, base first, and one for unclassified tests when there are any.

    A tier beside the shape has a row only when it has tests.
    """
    state_of = {gate.tier: gate.state for gate in gates}
    by_row: dict[str, list[Outcome]] = {row: [] for row in pyramid.rows}
    for outcome in outcomes:
        by_row[outcome.tier].append(outcome)
    rows = []
    for row in pyramid.rows:
        tier = pyramid.named(row)
        if (tier is None or tier.side) and not by_row[row]:
            continue
        results = Counter([outcome.result for outcome in by_row[row]])
        starts = [one.start for one in by_row[row] if one.start is not None]
        ends = [
            one.start + one.setup_seconds + one.call_seconds + one.teardown_seconds  # not `seconds`: twice the time
            for one in by_row[row]
            if one.start is not None
        ]
        count = census.row(row)
        rows.append(
            TierRow(
                name=row,
                rank=tier.rank if tier else None,
                tests=count.tests,
                functions=count.functions,
                share=census.share_of_functions(row),
                seconds=count.seconds,
                outcomes=tuple((result.value, results[result]) for result in Result if results[result]),
                target_min=tier.share.min if tier else None,
                target_max=tier.share.max if tier else None,
                gate=state_of.get(row),
                started=min(starts, default=None),
                finished=max(ends, default=None),
                side=tier is not None and tier.side,
            )
        )
    return tuple(rows)
