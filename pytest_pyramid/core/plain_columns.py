"""The facts of many tests as columns of plain data: what tests share is there once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from pytest_pyramid.core.evidence import Suggestion
from pytest_pyramid.core.facts import Location, Placement, TestFacts
from pytest_pyramid.core.tiers import Allowance


def facts_to_columns(tests: Sequence[TestFacts]) -> dict[str, Any]:
    """Everything about the tests except their node ids, which stand elsewhere anyway."""
    return {
        "function": column(len(t.nodeid) - len(t.function) for t in tests),
        "file": column(t.location.file for t in tests),
        "line": [t.location.line for t in tests],
        "marks": column(t.marks for t in tests),
        "fixtures": column(t.fixtures for t in tests),
        "claims": column(((t.needs, t.max_seconds, t.manual, t.allowances) for t in tests), _plain_claim),
        "placements": column((t.placements for t in tests), _plain_all),
        "shares": column(t.shares for t in tests),
        "hints": column((t.hints for t in tests), _plain_hints),
        "tier": column(t.tier for t in tests),
        "other_function": {str(i): t.function for i, t in enumerate(tests) if not t.nodeid.startswith(t.function)},
    }


def facts_from_columns(plain: Mapping[str, Any], nodeids: Sequence[str]) -> tuple[TestFacts, ...]:
    """The facts again, of the tests with these node ids. Raises KeyError, IndexError or TypeError for other data."""
    lines: list[int | None] = plain["line"]
    marks = values_of(plain["marks"], _levels)
    fixtures = values_of(plain["fixtures"], tuple)
    placements = values_of(plain["placements"], lambda found: tuple(_placement(p) for p in found))
    claims = values_of(plain["claims"], _claim)
    hints = values_of(plain["hints"], lambda found: tuple(Suggestion(*one) for one in found))
    files, tiers, cut, shares = (values_of(plain[key]) for key in ("file", "tier", "function", "shares"))
    return tuple(
        TestFacts(
            nodeid=nodeid,
            function=plain["other_function"].get(str(i)) or nodeid[: len(nodeid) - cut[i]],
            location=Location(file=files[i], line=lines[i]),
            marks=marks[i],
            fixtures=fixtures[i],
            needs=claims[i][0],
            shares=shares[i],
            max_seconds=claims[i][1],
            manual=claims[i][2],
            allowances=claims[i][3],
            tier=tiers[i],
            placements=placements[i],
            hints=hints[i],
        )
        for i, nodeid in enumerate(nodeids)
    )


def column(values: Iterable[Any], plain: Callable[[Any], Any] | None = None) -> dict[str, list[Any]]:
    """The distinct values, each made `plain`, and for each place which of them stands there."""
    table: dict[Any, int] = {}
    places = [table.setdefault(value, len(table)) for value in values]
    return {"table": [plain(value) for value in table] if plain else list(table), "places": places}


def values_of(column: Mapping[str, list[Any]], made: Callable[[Any], Any] | None = None) -> list[Any]:
    """The values of a column, place by place, each distinct one `made` once."""
    table = [made(value) for value in column["table"]] if made else column["table"]
    return [table[place] for place in column["places"]]


def _levels(marks: list[list[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(level) for level in marks)


def _plain_all(found: Iterable[Any]) -> list[dict[str, Any]]:
    return [one._asdict() for one in found]


def _plain_hints(found: Iterable[Suggestion]) -> list[list[Any]]:
    return [list(one) for one in found]


def _plain_claim(claim: tuple[Any, ...]) -> list[Any]:
    *plain, allowances = claim
    return [*plain, _plain_all(allowances)]


def _claim(claim: list[Any]) -> list[Any]:
    needs, max_seconds, manual, allowances = claim
    return [tuple(needs), max_seconds, manual, tuple(Allowance(**one) for one in allowances)]


def _placement(plain: dict[str, Any]) -> Placement:
    return Placement(tier=plain["tier"], source=plain["source"], reason=plain["reason"], also=tuple(plain["also"]))
