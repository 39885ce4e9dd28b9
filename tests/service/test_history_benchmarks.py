"""Benchmarks in the history file: their own table, made when there is something to keep."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_pyramid.core.benchmarks import Benchmark
from pytest_pyramid.core.history import REMEMBERED
from pytest_pyramid.core.past_runs import Limits
from pytest_pyramid.stores import history, history_benchmarks
from pytest_pyramid.stores.history_schema import reading, writing


def figures(median: float) -> Benchmark:
    """Figures with this median."""
    return Benchmark(median, 0.1, 0.2, 5, 2)


def test_what_is_kept_comes_back_newest_first_and_no_more_than_counts(tmp_path: Path) -> None:
    """The figures are whole, and of each test only the last runs stay."""
    path = tmp_path / "h.sqlite3"
    for number in range(REMEMBERED + 3):
        with writing(path) as connection:
            history_benchmarks.put(connection, f"run{number}", 1000 + number, {"a.py::t": figures(float(number))})
    found = history_benchmarks.remembered(path, ["a.py::t", "b.py::unknown"])
    newest = REMEMBERED + 2
    assert found == {"a.py::t": [figures(float(newest - number)) for number in range(REMEMBERED)]}
    assert history_benchmarks.remembered(path) == found


def test_a_history_without_benchmarks_has_no_table_for_them(tmp_path: Path) -> None:
    """It costs nothing, and asking and forgetting work all the same."""
    path = tmp_path / "h.sqlite3"
    with writing(path) as connection:
        history_benchmarks.put(connection, "run", 1, {})
        history.forget(connection, Limits(), 1)
    assert history_benchmarks.remembered(path, ["a.py::t"]) == {}
    with reading(path) as connection:
        assert connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'benchmark'").fetchone() is None


@pytest.mark.parametrize(("days", "left"), [(1, 1), (100, 2)])
def test_what_is_old_is_forgotten_with_the_rest(tmp_path: Path, days: int, left: int) -> None:
    """By the days that the settings give."""
    path, day = tmp_path / "h.sqlite3", 86400
    with writing(path) as connection:
        history_benchmarks.put(connection, "old", 10 * day, {"a.py::t": figures(1.0)})
        history_benchmarks.put(connection, "new", 20 * day, {"a.py::t": figures(2.0)})
        history.forget(connection, Limits(days=days), 20 * day)
    assert len(history_benchmarks.remembered(path)["a.py::t"]) == left
