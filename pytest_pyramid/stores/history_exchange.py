"""The history as JSON lines, one run a line: to look at, to keep, and to carry to another machine."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pytest_pyramid.core.facts import Result
from pytest_pyramid.core.past_runs import PastResult, PastRun, with_rows
from pytest_pyramid.stores import history

SCHEMA = 1
_DIGITS = 7
_RESULTS = frozenset(result.value for result in Result)
_MOST = 2**63


def exported(path: Path) -> Iterator[str]:
    """One line for each run that has results, the oldest first. Raises UnusableError or HistoryError."""
    for run, results in history.results(path):
        rows = [[round(cell, _DIGITS) if isinstance(cell, float) else cell for cell in result] for result in results]
        yield json.dumps({"history": SCHEMA, "run": run._asdict(), "columns": PastResult._fields, "tests": rows})


def imported(lines: Iterable[str]) -> Iterator[tuple[PastRun, Sequence[PastResult]]]:
    """The runs again. Raises ValueError, with the number of the line, for anything that `exported` does not write."""
    for number, line in enumerate(lines, start=1):
        try:
            yield _run(json.loads(line))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise ValueError(f"line {number} is no exported run: {error}") from error


def _run(plain: dict[str, Any]) -> tuple[PastRun, list[PastResult]]:
    if plain["history"] != SCHEMA or tuple(plain["columns"]) != PastResult._fields:
        raise ValueError("another version of pytest-test-pyramid exported it")
    results = [_checked(PastResult(*row)) for row in plain["tests"]]
    facts = with_rows({name: value for name, value in plain["run"].items() if name in PastRun._fields})
    run = PastRun(**{**facts, "tests": len(results)})
    whole: list[Any] = [run.started, run.exit_status, run.workers, run.code]
    key: Any = run.key
    if not isinstance(key, str) or not all(type(number) is int and -_MOST <= number < _MOST for number in whole):
        raise ValueError("its facts are of another kind")
    return run._replace(seconds=float(run.seconds)), results


def _checked(result: PastResult) -> PastResult:
    texts = (result.nodeid, result.tier, result.worker)
    numbers = [float(number) for number in (result.setup, result.call, result.teardown, result.start)]
    good = all(isinstance(text, str) for text in texts) and all(map(math.isfinite, numbers))
    if not good or "\0" in result.nodeid or result.result not in _RESULTS:
        raise ValueError(f"{result.nodeid!r} has no result that could be read")
    return result
