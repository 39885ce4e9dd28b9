"""Lanes, the lower bound, and what would save time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_pyramid.core.facts import GateState, Result
from pytest_pyramid.core.report import RunReport
from pytest_pyramid.core.savings import savings
from pytest_pyramid.core.timeline import end_of, lanes, lower_bound, marks
from tests.unit.canonical import Level, closed_report, full_report, open_report, report_of


def run_of(seconds: dict[str, list[float]], *, workers: int = 2, mode: str = "strict", wall: float = 0.0) -> RunReport:
    """A run of tests that took these seconds, by tier."""
    made = report_of({tier: Level(results={Result.PASSED: len(times)}) for tier, times in seconds.items()})
    flat = [each for times in seconds.values() for each in times]
    outcomes = tuple(one._replace(call_seconds=each) for one, each in zip(made.outcomes, flat, strict=True))
    tiers = tuple(row._replace(seconds=sum(seconds[row.name])) for row in made.tiers)
    run = made.run._replace(workers=workers, gate_mode=mode, seconds=wall)
    return replace(made, outcomes=outcomes, run=run, tiers=tiers)


def test_each_worker_has_a_lane_in_order_of_time() -> None:
    """Every test that ran is in one lane, none overlaps the next, and gw2 stands before gw10."""
    made = lanes(full_report())
    assert [lane.worker for lane in made] == ["gw0", "gw1", "gw2", "gw3"]
    assert sum(len(lane.stretches) for lane in made) == 70
    for lane in made:
        pairs = zip(lane.stretches, lane.stretches[1:], strict=False)
        assert all(one.end <= other.start + 1e-6 for one, other in pairs)
    names = ["gw10", "gw2", "gw1", "main"]
    some = full_report().outcomes[:4]
    made_up = replace(open_report(), outcomes=tuple(o._replace(worker=w) for o, w in zip(some, names, strict=True)))
    assert [lane.worker for lane in lanes(made_up)] == ["gw1", "gw2", "gw10", "main"]


def test_tests_of_one_moment_have_an_order() -> None:
    """Two tests with the same start and length do not make the order of lanes fail."""
    assert [one.position for one in lanes(open_report())[0].stretches] == list(range(100))


@pytest.mark.parametrize(
    ("seconds", "workers", "mode", "bound"),
    [
        ({"unit": [1, 1, 1, 1]}, 2, "strict", 2),
        ({"unit": [5, 1, 1]}, 4, "strict", 5),
        ({"unit": [2, 2], "ui": [6, 1]}, 2, "strict", 8),
        ({"unit": [2, 2], "ui": [6, 1]}, 2, "soft", 6),
        ({"unit": [2, 2], "unclassified": [2, 2]}, 2, "strict", 4),
        ({"unit": []}, 2, "strict", 0),
    ],
)
def test_no_schedule_is_faster_than_the_bound(
    seconds: dict[str, list[float]], workers: int, mode: str, bound: float
) -> None:
    """Per tier the longest test or the even share, whichever is more; tiers add up behind a strict gate only."""
    assert lower_bound(run_of(seconds, workers=workers, mode=mode)) == pytest.approx(bound)


def test_gates_have_their_moment() -> None:
    """A closed gate at its closing, an open one when its tier ended, one never reached not at all."""
    assert [(when, gate.tier, gate.state) for when, gate in marks(closed_report())] == [(0.8, "unit", "closed")]
    assert [when for when, _ in marks(open_report())] == [1.3, 1.3, 1.3]


def test_the_end_is_never_before_the_last_test() -> None:
    """Whatever the run says, a picture of it has room for every test."""
    late = run_of({"unit": [9.0]}, wall=1.0)
    assert end_of(late) == pytest.approx(9.35)


def test_the_longest_test_that_others_wait_for() -> None:
    """Splitting it saves what it takes beyond the even share or the next longest."""
    first = savings(run_of({"unit": [10, 4, 1, 1]}, workers=4, wall=10.0))[0]
    assert (first.seconds, first.nodeid) == (6.0, "tests/unit/test_0.py::test_0")


def test_many_cases_in_an_upper_tier() -> None:
    """The function is named, with the seconds of all its cases but the longest shared out among the workers."""
    made = run_of({"unit": [0.1], "ui": [2.0] * 6}, workers=2, wall=6.1)
    cases = tuple(test._replace(function=f"tests/{test.tier}/test.py::test_a") for test in made.tests)
    found = {one.nodeid: one for one in savings(replace(made, tests=cases))}
    assert found["tests/ui/test.py::test_a"].seconds == 5.0
    assert "6 cases take 12.0 s" in found["tests/ui/test.py::test_a"].why


def test_expensive_fixtures() -> None:
    """Set-up that is a large part of a tier is told with its share."""
    made = run_of({"unit": [1.0, 1.0]}, workers=1, wall=8.0)
    slow = tuple(one._replace(setup_seconds=3.0) for one in made.outcomes)
    tiers = tuple(row._replace(seconds=8.0) for row in made.tiers)
    found = savings(replace(made, outcomes=slow, tiers=tiers))
    assert [(one.seconds, "75 %" in one.why) for one in found] == [(6.0, True)]


def test_what_is_noise_is_not_told() -> None:
    """A run that used its workers well has nothing to save."""
    assert savings(run_of({"unit": [1.0] * 100}, workers=2, wall=50.2)) == []


def test_a_worker_is_busy_while_its_tests_run() -> None:
    """The sum of its tests, whatever lies between them."""
    (lane,) = lanes(run_of({"unit": [0.5, 1.5]}))
    assert lane.busy == 2.0


def test_a_run_in_which_nothing_ran_has_no_lanes_and_nothing_to_save() -> None:
    """It ended when it says so."""
    empty = run_of({"unit": []}, wall=3.0)
    assert (lanes(empty), end_of(empty), savings(empty)) == ((), 3.0, [])


def test_gates_are_told_in_order_of_time() -> None:
    """Not in that of tiers; a gate that was off, and one without a moment, are not told."""
    made = open_report()
    gates = (
        GateState(tier="unit", state="open"),
        GateState(tier="service", state="closed", seconds=0.5),
        GateState(tier="ui", state="off"),
        GateState(tier="nowhere", state="open"),
    )
    assert [(when, gate.tier) for when, gate in marks(replace(made, gates=gates))] == [(0.5, "service"), (1.3, "unit")]


def test_at_most_five_things_are_told_and_the_largest_first() -> None:
    """However many tiers have one long test each."""
    tiers = {f"t{number}": [float(10 + number), 1.0] for number in range(7)}
    found = savings(run_of(tiers, workers=4, wall=200.0))
    assert len(found) == 5
    assert [one.seconds for one in found] == sorted((one.seconds for one in found), reverse=True)


def test_one_worker_waits_for_no_long_test() -> None:
    """There the sum counts and not the longest; a single test cannot be shared out either."""
    for made in (run_of({"unit": [10, 1]}, workers=1, wall=11.0), run_of({"unit": [10]}, workers=4, wall=10.0)):
        assert [one for one in savings(made) if one.nodeid] == []


def cases(tier: str, times: list[float]) -> list[str | None]:
    """The functions of one tier whose many cases are told, all of its tests being cases of one function."""
    made = run_of({"unit": [0.1], "ui": [0.1], tier: times}, workers=1, wall=20.0)
    tests = tuple(test._replace(function=f"tests/{test.tier}/test.py::test_a") for test in made.tests)
    return [one.nodeid for one in savings(replace(made, tests=tests)) if one.nodeid]


def test_five_cases_are_many_and_four_are_not() -> None:
    """Few cases have few below them to take their place."""
    assert (cases("ui", [2.0] * 5), cases("ui", [2.0] * 4)) == (["tests/ui/test.py::test_a"], [])


def test_cases_of_the_base_stay_where_they_are() -> None:
    """Nothing lies below it, so nothing is saved."""
    assert cases("unit", [2.0] * 9) == []


def test_a_quarter_of_set_up_is_not_yet_much() -> None:
    """Set-up and teardown count alike, and only what is beyond the limit is told."""
    made = run_of({"unit": [3.0, 3.0]}, workers=1, wall=8.0)
    for teardown, told in ((1.0, 0), (1.1, 1)):
        slow = tuple(one._replace(teardown_seconds=teardown) for one in made.outcomes)
        tiers = tuple(row._replace(seconds=6.0 + 2 * teardown) for row in made.tiers)
        found = savings(replace(made, outcomes=slow, tiers=tiers))
        assert sum("fixtures of unit" in one.what for one in found) == told


@pytest.mark.parametrize(
    ("workers", "why"),
    [
        (1, "the tests need 8.00 s of the run's 12.0 s; start and collection took the rest, 33 %"),
        (
            2,
            "the tests need 4.00 s of the run's 12.0 s with 2 workers; start, collection and waiting took the rest, 67 %",
        ),
    ],
)
def test_what_the_run_took_beyond_its_tests(workers: int, why: str) -> None:
    """The advice names the seconds of the tests and of the run, and speaks of waiting only where several work."""
    found = savings(run_of({"unit": [1.0] * 8}, workers=workers, wall=12.0))
    assert [one.why for one in found] == [why]


@pytest.mark.parametrize(("wall", "told"), [(1.9, 0), (2.1, 1)])
def test_a_short_run_is_not_told_to_start_faster(wall: float, told: int) -> None:
    """Less than a second around the tests is what pytest itself takes to start."""
    assert len(savings(run_of({"unit": [0.5] * 2}, workers=1, wall=wall))) == told
