"""Judging the shape of a large suite takes no time that anybody notices."""

from __future__ import annotations

import time

from pytest_pyramid.core.census import Census
from pytest_pyramid.core.examples import example_suite
from pytest_pyramid.core.ruling import RuleBook, Stage, judge
from pytest_pyramid.rules import BUILTIN

SUITE = example_suite(
    {"unit": 70_000, "service": 20_000, "ui": 10_000}, seconds={"unit": 0.01, "service": 0.1, "ui": 1}
)


def test_a_hundred_thousand_tests_are_counted_quickly() -> None:
    """The best of three takes well under 0.3 s."""
    took = []
    for _ in range(3):
        start = time.perf_counter()
        census = Census.counted(SUITE.pyramid, SUITE.tests, SUITE.outcomes)
        took.append(time.perf_counter() - start)
    assert census.total.functions == 100_000
    assert min(took) < 0.3


def test_all_rules_judge_a_hundred_thousand_tests_quickly() -> None:
    """Every built-in rule together takes less than 2 s."""
    book, _ = RuleBook.made(BUILTIN)
    start = time.perf_counter()
    found = [judge(book, SUITE, stage) for stage in Stage]
    assert time.perf_counter() - start < 2
    assert [one.violations for one in found] == [(), ()]
