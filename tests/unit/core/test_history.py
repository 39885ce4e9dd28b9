"""What past runs teach: estimates, shared set-up, and what is remembered of a file."""

from __future__ import annotations

import math
import random
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_pyramid.core.facts import Outcome, Result
from pytest_pyramid.core.history import (
    REMEMBERED,
    FileMemory,
    Lesson,
    estimate,
    estimates,
    is_broken,
    lessons,
    middle,
    remember,
    results,
    setup_of,
)

A, B, C = "tests/test_a.py::test_a", "tests/test_a.py::test_b", "tests/test_a.py::test_c"
SECONDS = st.floats(min_value=1e-6, max_value=1e4)


def outcome(
    nodeid: str,
    start: float | None = 0.0,
    *,
    setup: float = 0.0,
    call: float = 1.0,
    worker: str = "gw0",
    result: str = "passed",
) -> Outcome:
    """One test's outcome."""
    return Outcome(
        nodeid=nodeid,
        tier="unit",
        result=Result(result),
        setup_seconds=setup,
        call_seconds=call,
        start=start,
        worker=worker,
    )


def memory_of(*runs: dict[str, float], whole: bool = True) -> FileMemory:
    """The memory of a file after these runs, the oldest first, each of code of its own."""
    memory = FileMemory()
    for code, seconds in enumerate(runs, start=1):
        memory = remember(memory, Lesson(seconds), code, whole=whole)
    return memory


class TestEstimate:
    def test_one_result_is_the_estimate(self) -> None:
        """After a single run there is nothing else to go by, and no spread."""
        assert estimate([2.0]) == (2.0, 0.0, 1, False, 0.0, 2.0)

    def test_it_is_the_median_with_the_median_deviation(self) -> None:
        """Of 1, 2, 3, 10 and 100 seconds the middle one counts, and the middle distance from it."""
        found = estimate([10.0, 1.0, 100.0, 3.0, 2.0])
        assert (found.seconds, found.spread, found.runs) == (3.0, 2.0, 5)

    def test_a_failure_says_nothing_about_the_time(self) -> None:
        """A test that failed after a millisecond is still expected to take its two seconds."""
        found = estimate([-0.001, 2.0, 2.0])
        assert (found.seconds, found.failed_last) == (2.0, True)
        assert found.failure_share == pytest.approx(1 / 3)

    def test_failures_count_when_there_is_nothing_else(self) -> None:
        """A test that never passed has the time of its failures."""
        assert estimate([-3.0, -1.0, -2.0]) == (2.0, 1.0, 3, True, 1.0, 3.0)

    def test_an_earlier_failure_is_not_the_last(self) -> None:
        """Only the newest result, the first one, tells whether it failed last."""
        assert not estimate([1.0, -1.0]).failed_last

    def test_nothing_known_is_no_estimate(self) -> None:
        """Without a result there is none."""
        with pytest.raises(IndexError):
            estimate([])

    @given(st.lists(SECONDS, min_size=1, max_size=REMEMBERED))
    def test_it_lies_among_what_was_seen(self, recent: list[float]) -> None:
        """The estimate is one of the results, and half of them are at most its spread away."""
        found = estimate(recent)
        assert found.seconds in recent
        near = sum(abs(second - found.seconds) <= found.spread for second in recent)
        assert near * 2 > len(recent) - 1

    @given(st.lists(SECONDS, min_size=1, max_size=REMEMBERED).filter(lambda found: len(found) % 2))
    def test_of_an_odd_number_it_is_the_textbook_median(self, recent: list[float]) -> None:
        """The same as the standard library's."""
        assert middle(recent) == median(recent)

    def test_a_noisy_series_is_estimated_within_a_tenth(self) -> None:
        """Log-normal noise of 25 % and a result twenty times too long in every tenth: median error below 10 %."""
        rng, errors, means = random.Random(7), [], []
        for _ in range(400):
            truth = rng.lognormvariate(-3, 1.5)
            seen = [truth * rng.lognormvariate(0, 0.25) * (20 if rng.random() < 0.1 else 1) for _ in range(REMEMBERED)]
            errors.append(abs(estimate(seen).seconds / truth - 1))
            means.append(abs(sum(seen) / len(seen) / truth - 1))
        assert median(errors) < 0.1
        assert sorted(errors)[int(0.95 * len(errors))] < 0.3
        assert median(means) > 10 * median(errors)  # what a mean would give


class TestLessons:
    def test_seconds_are_those_of_all_phases(self) -> None:
        """Setup, call and teardown together, by file and node id."""
        found = lessons([outcome(A, setup=0.5, call=1.0), outcome("b.py::test", 2.0)])
        assert found["tests/test_a.py"].seconds == {A: 1.5}
        assert found["b.py"].seconds == {"b.py::test": 1.0}

    def test_a_failure_is_below_zero(self) -> None:
        """Failed and error alike; a crash of no time at all is a failure too."""
        found = lessons(
            [outcome(A, result="failed"), outcome(B, call=0.0, result="error"), outcome(C, result="xfailed")]
        )
        seconds = found["tests/test_a.py"].seconds
        assert seconds[A] == -1.0
        assert -1e-6 < seconds[B] < 0
        assert seconds[C] == 1.0

    def test_a_test_that_never_started_teaches_nothing(self) -> None:
        """Withheld and manual tests have no start."""
        assert lessons([outcome(A, None, result="withheld"), outcome(B, None, result="manual")]) == {}

    def test_the_first_test_of_a_file_pays_and_is_not_blamed(self) -> None:
        """Its set-up beyond the usual one is the file's, not its own."""
        (found,) = lessons([outcome(A, 0, setup=5.1), outcome(B, 6, setup=0.1), outcome(C, 8, setup=0.1)]).values()
        assert found.setup == pytest.approx(5.0)
        assert [found.seconds[name] for name in (A, B, C)] == pytest.approx([1.1, 1.1, 1.1])

    def test_every_worker_pays_for_itself(self) -> None:
        """Two workers in one file: both first tests pay, and the middle of the two is the file's."""
        tests = [
            outcome("o.py::x", 0, worker="gw0"), outcome("o.py::y", 0, worker="gw1"),
            outcome(A, 1, setup=3.0, worker="gw0"), outcome(B, 1, setup=4.0, worker="gw1"),
            outcome(C, 9, worker="gw1"),
        ]  # fmt: skip
        found = lessons(tests)["tests/test_a.py"]
        assert found.setup == pytest.approx(4.0)
        assert list(found.seconds.values()) == pytest.approx([1.0, 1.0, 1.0])

    def test_coming_back_to_a_file_is_paid_again(self) -> None:
        """A worker that was elsewhere meanwhile sets the file up anew."""
        tests = [
            outcome(A, 0, setup=2.0), outcome("o.py::x", 4), outcome(B, 6, setup=2.0), outcome(C, 9)
        ]  # fmt: skip
        found = lessons(tests)["tests/test_a.py"]
        assert (found.setup, found.seconds[B]) == (2.0, 1.0)

    def test_the_set_up_of_the_session_is_not_the_files(self) -> None:
        """Where another worker came later, its price counts; the first test of all pays for the session too."""
        tests = [
            outcome(A, 0, setup=30.0, worker="gw0"), outcome("o.py::x", 0, worker="gw1"),
            outcome(B, 40, setup=3.0, worker="gw1"), outcome(C, 50, worker="gw1"),
        ]  # fmt: skip
        assert lessons(tests)["tests/test_a.py"].setup == 3.0

    def test_a_file_with_one_test_cannot_tell(self) -> None:
        """What is shared shows only beside others."""
        found = lessons([outcome(A, setup=5.0)])["tests/test_a.py"]
        assert (found.setup, found.seconds[A]) == (None, 6.0)

    def test_set_up_that_every_test_pays_is_not_shared(self) -> None:
        """A function-scoped fixture costs each test the same."""
        found = lessons([outcome(A, 0, setup=1.0), outcome(B, 3, setup=1.0)])["tests/test_a.py"]
        assert (found.setup, found.seconds[A]) == (None, 2.0)

    def test_a_set_up_that_failed_is_no_price(self) -> None:
        """The error of the first test does not tell what the fixture costs."""
        tests = [outcome(A, 0, setup=9.0, call=0.0, result="error"), outcome(B, 10), outcome(C, 12)]
        assert lessons(tests)["tests/test_a.py"].setup is None

    @given(st.lists(st.tuples(st.sampled_from([A, B, C, "o.py::x"]), SECONDS, SECONDS, SECONDS), max_size=8))
    def test_seconds_never_turn_negative_by_themselves(self, rows: list[tuple[str, float, float, float]]) -> None:
        """Whatever the times are, a test that passed has seconds above zero, and a price is above zero."""
        tests = [outcome(name, start, setup=setup, call=call) for name, start, setup, call in rows]
        for lesson in lessons(tests).values():
            assert all(second > 0 for second in lesson.seconds.values())
            assert lesson.setup is None or lesson.setup > 0


class TestGuard:
    @pytest.mark.parametrize(
        ("failed", "passed", "broken"), [(11, 9, True), (10, 10, False), (19, 0, False), (20, 0, True), (0, 40, False)]
    )
    def test_a_run_in_which_most_tests_fail_is_broken(self, failed: int, passed: int, broken: bool) -> None:
        """More than half of at least twenty."""
        tests = [outcome(f"f{i}", result="failed") for i in range(failed)]
        assert is_broken([*tests, *(outcome(f"p{i}") for i in range(passed))]) is broken

    def test_withheld_tests_do_not_count(self) -> None:
        """A closed gate withholds many, which says nothing about the machine."""
        tests = [outcome(f"w{i}", None, result="withheld") for i in range(100)]
        assert not is_broken([*tests, *(outcome(f"e{i}", result="error") for i in range(19))])


class TestMemory:
    def test_the_newest_run_comes_first(self) -> None:
        """Results stand from the newest to the oldest."""
        assert dict(results(memory_of({A: 1.0}, {A: 2.0}, {A: -3.0}))) == {A: [-3.0, 2.0, 1.0]}

    def test_a_new_test_has_no_past(self) -> None:
        """It knows only of the runs since it exists."""
        assert dict(results(memory_of({A: 1.0}, {A: 1.0, B: 2.0}))) == {A: [1.0, 1.0], B: [2.0]}

    def test_a_test_that_is_gone_is_forgotten(self) -> None:
        """A run of the whole file without it tells."""
        assert dict(results(memory_of({A: 1.0, B: 2.0}, {B: 3.0}))) == {B: [3.0, 2.0]}

    def test_a_part_of_a_file_forgets_nobody(self) -> None:
        """-k leaves the others as they were."""
        assert dict(results(memory_of({A: 1.0, B: 2.0}, {B: 3.0}, whole=False))) == {A: [1.0], B: [3.0, 2.0]}

    def test_no_more_than_so_many_are_kept(self) -> None:
        """The oldest give way."""
        memory = memory_of(*({A: float(run)} for run in range(1, 41)))
        ((_, recent),) = results(memory)
        assert recent == [float(run) for run in range(40, 40 - REMEMBERED, -1)]
        assert len(memory.columns) == REMEMBERED

    def test_a_test_run_again_and_again_takes_nothing_from_its_neighbours(self) -> None:
        """After a hundred runs of one test the other still has all its results."""
        memory = memory_of(*({A: 1.0, B: 2.0} for _ in range(REMEMBERED)))
        for run in range(100):
            memory = remember(memory, Lesson({A: 5.0}), run, whole=False)
        known = dict(results(memory))
        assert known[A] == [5.0] * REMEMBERED
        assert known[B] == [2.0] * REMEMBERED
        assert len(memory.columns) == 2 * REMEMBERED

    def test_a_test_that_nobody_runs_any_more_fades(self) -> None:
        """Parts of the file without it push its last partial result out."""
        memory = memory_of({A: 1.0}, {B: 1.0}, *({C: 1.0} for _ in range(REMEMBERED)), whole=False)
        assert B not in memory.nodeids

    def test_another_order_is_the_same_file(self) -> None:
        """Results follow their test, wherever it stands."""
        assert dict(results(memory_of({A: 1.0, B: 2.0}, {B: 20.0, A: 10.0}))) == {A: [10.0, 1.0], B: [20.0, 2.0]}

    def test_set_up_is_remembered_where_it_was_told(self) -> None:
        """A run that could not tell leaves the earlier prices."""
        memory = FileMemory()
        for seconds in (1.0, 3.0, None, 2.0):
            memory = remember(memory, Lesson({A: 1.0}, setup=seconds), 1, whole=True)
        assert setup_of(memory) == 2.0
        assert setup_of(FileMemory()) is None

    def test_an_empty_memory_expects_nothing(self) -> None:
        """No test, no estimate."""
        assert list(estimates(FileMemory())) == []

    @given(
        st.lists(
            st.tuples(st.dictionaries(st.sampled_from([A, B, C]), SECONDS, min_size=1), st.booleans()),
            min_size=1,
            max_size=50,
        )
    )
    def test_what_is_kept_fits_together(self, runs: list[tuple[dict[str, float], bool]]) -> None:
        """Every column is as long as the list of tests, the newest run stands first, and the bound holds."""
        memory = FileMemory()
        for code, (seconds, whole) in enumerate(runs):
            memory = remember(memory, Lesson(seconds), code, whole=whole)
            assert {len(column.seconds) for column in memory.columns} == {len(memory.nodeids)}
            newest = dict(zip(memory.nodeids, memory.columns[0].seconds, strict=True))
            assert {name: second for name, second in newest.items() if not math.isnan(second)} == seconds
            assert len(memory.columns) <= 2 * REMEMBERED
            assert {name for name, _ in estimates(memory)} == set(memory.nodeids)
