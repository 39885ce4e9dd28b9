"""The past as tables for people."""

from __future__ import annotations

from pytest_pyramid.core.history import Column, FileMemory
from pytest_pyramid.core.past_runs import PastRun
from pytest_pyramid.core.past_tables import dearest_setups, flakiest, slowest, strips, table, trend

MEMORIES = {
    "a.py": FileMemory(
        ("a.py::quick", "a.py::slow"),
        (Column(1, True, (0.002, 12.5)), Column(1, True, (-0.001, 12.0))),
        setups=(3.0, 0.5, 2.0),
    ),
    "b.py": FileMemory(("b.py::fair",), (Column(2, True, (0.5,)),)),
}


def run(key: str, **facts: object) -> PastRun:
    """A green run of everything."""
    plain = PastRun(
        key=key, started=0, seconds=12.3, exit_status=0, workers=4, tests=1234, complete=True, shape="pyramid"
    )
    return plain._replace(**facts)  # type: ignore[arg-type]  # each test knows the types of its facts


def test_columns_are_aligned_and_the_last_one_runs_free() -> None:
    """Numbers stand to the right; wide characters take two cells."""
    rows = [("1", "試験", "a name"), ("1,000", "x", "another")]
    assert list(table(("no", "what", "test"), rows, unicode=True)) == [
        "   no  what  test",
        "    1  試験  a name",
        "1,000     x  another",
    ]


def test_what_could_disturb_a_terminal_is_escaped() -> None:
    """Node ids come from outside."""
    (_, line) = table(("a", "test"), [("1", "x\x1b[31m\u202e")], unicode=False)
    assert line.isascii()
    assert "\x1b" not in line


def test_the_slowest_come_first() -> None:
    """By their median, the spread beside it; short times in milliseconds."""
    assert [row[0] for row in slowest(MEMORIES, 9)] == ["12.5 s", "0.50 s", "2.0 ms"]
    assert slowest(MEMORIES, 1) == [("12.5 s", "0.50 s", "2", "a.py::slow")]


def test_set_ups_are_ranked_by_their_median() -> None:
    """Files without shared set-up are left out."""
    assert dearest_setups(MEMORIES, 9) == [("2.00 s", "a.py")]


def test_a_flaky_test_is_shown_with_its_interval() -> None:
    """One failure in two runs tells little, and the bounds say so."""
    assert flakiest(MEMORIES, 9) == [("1 of 2", "9 % to 91 %", "1", "a.py::quick")]


def test_tests_are_found_by_words_of_their_node_id() -> None:
    """Results stand newest first, in plain characters where needed."""
    assert strips(MEMORIES, "quick", 9, unicode=True) == [("2.0 ms", "0.0 ms", "✓✗", "a.py::quick")]
    assert strips(MEMORIES, "quick", 9, unicode=False)[0][2] == ".F"
    assert len(strips(MEMORIES, "", 2, unicode=True)) == 2
    assert strips(MEMORIES, "none", 9, unicode=True) == []


def test_a_run_is_one_row_with_its_verdict() -> None:
    """Green or red, which gate was closed, why it was a part, and whether it taught."""
    runs = [
        run("a"),
        run("b", exit_status=1, failed=2, first_failure=0.5, gates=(("unit", "closed"),), commit="0123456789abcdef"),
        run("c", exit_status=1, failed=900, taught=False, complete=False, partial="-k cart"),
    ]
    rows = trend(runs, {"a": "monday", "b": "tuesday", "c": "friday"})
    assert rows[0] == ("monday", "-", "4", "1,234", "-", "12.3 s", "-", "green, pyramid")
    assert rows[1][:5] == ("tuesday", "0123456789", "4", "1,234", "2")
    assert [row[-1] for row in rows[1:]] == ["unit closed, pyramid", "red, -k cart, teaches nothing"]
