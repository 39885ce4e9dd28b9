"""The census: how many tests and functions every row of the pyramid holds, and how many seconds they took."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from pytest_pyramid.core.facts import Outcome, TestFacts
from pytest_pyramid.core.tiers import UNCLASSIFIED, Pyramid


class Row(NamedTuple):
    """What one tier, or the unclassified row, holds."""

    name: str
    tests: int = 0
    functions: int = 0
    """Distinct test functions: all cases of a parametrized one count once."""
    seconds: float = 0.0
    """Setup + call + teardown of all its tests."""
    unrun: int = 0
    """Tests that were withheld or lost, so that `seconds` does not hold theirs."""
    side: bool = False
    """True for a tier beside the shape, which no share and no total counts."""


class Census(NamedTuple):
    """The rows of a pyramid: every tier, base first, then the unclassified row."""

    rows: tuple[Row, ...]

    @classmethod
    def counted(cls, pyramid: Pyramid, tests: Iterable[TestFacts], outcomes: Iterable[Outcome] = ()) -> Census:
        """The census of `tests`, manual ones among them, with the seconds of `outcomes`.

        Raises KeyError for a test or an outcome whose tier is no row of the pyramid.
        """
        tested = dict.fromkeys(pyramid.rows, 0)
        functions: dict[str, set[str]] = {name: set() for name in pyramid.rows}
        for test in tests:
            tier = test.tier
            tested[tier] += 1
            functions[tier].add(test.function)
        seconds: dict[str, list[float]] = {name: [] for name in pyramid.rows}
        unrun = dict.fromkeys(pyramid.rows, 0)
        aside = {tier.name for tier in pyramid if tier.side}
        for outcome in outcomes:
            tier = outcome.tier
            seconds[tier].append(outcome.setup_seconds + outcome.call_seconds + outcome.teardown_seconds)
            if outcome.result.is_missing:
                unrun[tier] += 1
        return cls(
            rows=tuple(
                Row(
                    name=name,
                    tests=tested[name],
                    functions=len(functions[name]),
                    seconds=math.fsum(seconds[name]),  # the same for every order in which workers report
                    unrun=unrun[name],
                    side=name in aside,
                )
                for name in pyramid.rows
            )
        )

    @classmethod
    def of(cls, **functions: int) -> Census:
        """A census of that many functions by tier, base first, each a single test; `unclassified` is no tier."""
        counts = {**functions, UNCLASSIFIED: functions.get(UNCLASSIFIED, 0)}
        names = (*(name for name in counts if name != UNCLASSIFIED), UNCLASSIFIED)
        return cls(rows=tuple(Row(name=name, tests=counts[name], functions=counts[name]) for name in names))

    @property
    def tiers(self) -> tuple[Row, ...]:
        """The rows of the tiers that the shape is made of, base first."""
        return tuple(row for row in self.rows[:-1] if not row.side)

    @property
    def unclassified(self) -> Row:
        """The row of tests without a tier."""
        return self.rows[-1]

    @property
    def total(self) -> Row:
        """All rows of the shape and the unclassified one together, under the name "total"."""
        rows = (*self.tiers, self.unclassified)
        return Row(
            name="total",
            tests=sum(row.tests for row in rows),
            functions=sum(row.functions for row in rows),
            seconds=math.fsum(row.seconds for row in rows),
            unrun=sum(row.unrun for row in rows),
        )

    def row(self, name: str) -> Row:
        """The row called `name`. Raises KeyError when there is none."""
        for row in self.rows:
            if row.name == name:
                return row
        raise KeyError(name)

    def share_of_functions(self, name: str) -> float:
        """The share (0–1) of all functions, classified or not, that row `name` holds; 0 when there are none.

        0 for a tier beside the shape.
        """
        row = self.row(name)
        return 0.0 if row.side else _share(row.functions, self.total.functions)

    def share_of_tests(self, name: str) -> float:
        """The share (0–1) of all tests, classified or not, that row `name` holds; 0 when there are none.

        0 for a tier beside the shape.
        """
        row = self.row(name)
        return 0.0 if row.side else _share(row.tests, self.total.tests)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
