"""Every test of a run as compact JSON for the script of the page."""

from __future__ import annotations

import json
from typing import Any

from pytest_pyramid.core.colours import tier_colour
from pytest_pyramid.core.facts import Outcome, Result, TestFacts
from pytest_pyramid.core.markup import shortened, visible
from pytest_pyramid.core.report import RunReport

LONGEST = 1_000
LONGEST_ID = 2_000
_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


class Table:
    """Texts that occur often, each kept once and known by its number."""

    def __init__(self, most: int = LONGEST) -> None:
        self._numbers: dict[str, int] = {}
        self._most = most

    def number(self, text: str) -> int:
        """The number of the text."""
        return self._numbers.setdefault(text, len(self._numbers))

    def texts(self) -> list[str]:
        """The visible texts by number."""
        return [shortened(visible(text), self._most) for text in self._numbers]


def rows_as_json(report: RunReport) -> str:
    """One JSON object that is safe inside a script element: tables of texts, and one array per test.

    An array holds the numbers of file, tier, outcome, worker, reason and message (-1 for none), the name behind the
    file, the line, and seconds and start in milliseconds.
    """
    files, reasons, workers, messages = Table(), Table(), Table(), Table()
    tiers = [row.name for row in report.tiers]
    results = [result.value for result in Result]
    rows = []
    for test, outcome in zip(report.tests, report.outcomes, strict=True):
        file, name = _split(test)
        rows.append(
            [
                files.number(file),
                shortened(visible(name), LONGEST_ID),
                tiers.index(test.tier),
                results.index(outcome.result.value),
                _milliseconds(outcome.seconds),
                -1 if outcome.start is None else round(outcome.start * 1000),
                -1 if outcome.start is None else workers.number(outcome.worker or "main"),
                -1 if test.location.line is None else test.location.line,
                reasons.number(test.classified_by),
                messages.number(outcome.message) if _worth_saying(outcome) and outcome.message else -1,
            ]
        )
    whole = {
        "tiers": [[visible(row.name), tier_colour(row.name, row.rank)] for row in report.tiers],
        "outcomes": results,
        "files": files.texts(),
        "reasons": reasons.texts(),
        "workers": workers.texts(),
        "messages": messages.texts(),
        "tests": rows,
    }
    text = json.dumps(whole, separators=(",", ":"), ensure_ascii=False)
    for one, escape in _UNSAFE.items():
        text = text.replace(one, escape)
    return text


def _split(test: TestFacts) -> tuple[str, str]:
    """The file and what stands behind it; the page puts them together with "::"."""
    file, _, name = test.nodeid.partition("::")
    return file, name


def _worth_saying(outcome: Outcome) -> bool:
    return outcome.result is not Result.PASSED


def _milliseconds(seconds: float) -> Any:
    """Milliseconds with two digits at most, and without a point when none is needed."""
    value = round(seconds * 1000, 2)
    return int(value) if value == int(value) else value
