"""What earlier runs of a benchmark amount to."""

from __future__ import annotations

from collections.abc import Sequence

from pytest_pyramid.core.benchmarks import Benchmark, PastBenchmark
from pytest_pyramid.core.history import REMEMBERED, middle


def past_of(runs: Sequence[Benchmark]) -> PastBenchmark | None:
    """What the last runs, the newest first, amount to; None for none. At most `REMEMBERED` of them count."""
    known = runs[:REMEMBERED]
    if not known:
        return None
    typical = middle(run.median for run in known)
    deviation = middle(abs(run.median - typical) for run in known)
    return PastBenchmark(typical, middle(run.iqr for run in known), deviation, len(known))
