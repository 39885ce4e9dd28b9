"""Seconds per phase, by a clock that tests cannot stop."""

from __future__ import annotations

import time

import pytest

from pytest_pyramid.session.stopwatch import REPORT_KEY, CarriedStopwatch, Clock, Lap, Stopwatch
from tests.service.conftest import Project


def test_the_clock_starts_at_zero_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seconds since it was made, whatever the real counter stands at."""
    counter = iter([1000.0, 1000.0, 1002.5])
    monkeypatch.setattr(time, "perf_counter", lambda: next(counter))
    clock = Clock()
    assert (clock(), clock()) == (0.0, 2.5)


def test_replacing_the_function_does_not_stop_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that freezes time replaces names in modules; the clock holds what it had."""
    clock = Clock()
    monkeypatch.setattr(time, "perf_counter", lambda: 0.0)
    first = clock()
    assert 0.0 <= first < clock()


def test_seconds_stand_in_the_phase_that_took_them(project: Project) -> None:
    """A slow fixture costs setup or teardown and not the call."""
    project.files(
        {
            "tests/unit/test_a.py": (
                "import time, pytest\n"
                "@pytest.fixture\ndef slow():\n    time.sleep(0.08)\n    yield\n    time.sleep(0.16)\n"
                "def test_a(slow): time.sleep(0.01)\n"
            )
        }
    )
    (test,) = project.report()["tests"]
    assert 0.08 <= test["setup_seconds"] < 0.16 <= test["teardown_seconds"]
    assert 0.01 <= test["call_seconds"] < 0.08
    assert test["seconds"] == pytest.approx(
        sum(test[f"{when}_seconds"] for when in ("setup", "call", "teardown")), abs=1e-5
    )


def test_frozen_time_does_not_shorten_a_test(project: Project) -> None:
    """A test that stops the clock for everybody else is timed all the same."""
    project.files(
        {
            "tests/unit/test_a.py": (
                "import time\nfrom freezegun import freeze_time\n"
                "sleep = time.sleep\n"
                "@freeze_time('2020-01-01')\ndef test_a(): sleep(0.02)\n"
            )
        }
    )
    begun = time.perf_counter()
    (test,) = project.report()["tests"]
    assert (test["outcome"], test["message"]) == ("passed", None)
    assert 0.02 <= test["call_seconds"] < time.perf_counter() - begun  # freezegun itself can take a second to freeze


def phase(seconds: float) -> pytest.TestReport:
    """A report that says its phase took so long."""
    return pytest.TestReport("t", ("t", 0, "t"), {}, "passed", None, "call", duration=seconds)


def correction(watch: Stopwatch, report: pytest.TestReport) -> float | None:
    """What the watch says of one report that comes now."""
    ((_, seconds),) = watch.corrections([watch.lap(report)])
    return seconds


@pytest.fixture
def counter(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The real counter as a list with one number, which the test moves."""
    now = [100.0]
    monkeypatch.setattr(time, "perf_counter", lambda: now[0])
    return now


def test_the_seconds_of_a_report_stand_where_they_can_be_right(counter: list[float]) -> None:
    """pytest's measure is the exact one: what other plugins do between two phases is left out of it."""
    watch = Stopwatch()
    watch.begin()
    counter[0] += 5.0
    assert correction(watch, phase(4.0)) is None


@pytest.mark.parametrize("seconds", [-1.0, 5.1, 19e9])
def test_seconds_that_cannot_be_are_ours(counter: list[float], seconds: float) -> None:
    """A phase is no shorter than nothing, and no longer than the time since the report before."""
    watch = Stopwatch()
    watch.begin()
    counter[0] += 5.0
    assert correction(watch, phase(seconds)) == 5.0


def test_seconds_beside_a_faked_clock_are_ours(counter: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that was faked at the end of a phase, or at its beginning, cannot time it."""
    watch = Stopwatch()
    watch.begin()
    real = time.perf_counter
    counter[0] += 1.0
    monkeypatch.setattr(time, "perf_counter", lambda: 0.0)
    assert correction(watch, phase(0.0)) == 1.0
    counter[0] += 2.0
    monkeypatch.setattr(time, "perf_counter", real)
    assert correction(watch, phase(0.0)) == 2.0
    counter[0] += 3.0
    assert correction(watch, phase(0.5)) is None


def test_only_a_report_that_tells_others_carries_a_correction(counter: list[float]) -> None:
    """Big runs send no second figure that says the same."""
    watch = CarriedStopwatch()
    watch.begin()
    counter[0] += 1.0
    right, wrong = phase(1.0), phase(9.0)
    watch.pytest_runtest_logreport(right)
    counter[0] += 2.0
    watch.pytest_runtest_logreport(wrong)
    assert not hasattr(right, REPORT_KEY)
    assert getattr(wrong, REPORT_KEY) == 2.0


def laps(counter: list[float], *seconds: float) -> list[Lap]:
    """The laps of a test whose phases took so long, by pytest's measure and by ours."""
    found: list[Lap] = []
    for when, took in zip(("setup", "call", "teardown"), seconds, strict=False):
        counter[0] += took
        report = pytest.TestReport("t", ("t", 0, "t"), {}, "passed", None, when, duration=took)  # type: ignore[arg-type]  # pytest names the three
        found.append((report, counter[0], time.perf_counter))
    return found


def test_three_phases_timed_by_the_real_clock_need_no_second_look(counter: list[float]) -> None:
    """The seconds of setup, call and teardown are taken as pytest has them."""
    watch, start = Stopwatch(), (counter[0], time.perf_counter)
    assert watch.seconds_of(start, laps(counter, 1.0, 2.0, 0.5)) == (1.0, 2.0, 0.5)


def test_what_ran_otherwise_is_looked_at_report_by_report(counter: list[float]) -> None:
    """A phase that is missing, a clock that was another one, seconds that cannot be: each is for `corrections`."""
    watch, start = Stopwatch(), (counter[0], time.perf_counter)
    whole = laps(counter, 1.0, 2.0, 0.5)
    report, instant, _ = whole[1]
    assert watch.seconds_of(start, whole[:2]) is None
    assert watch.seconds_of(start, [whole[0], whole[0], whole[2]]) is None
    assert watch.seconds_of((start[0] + 0.5, start[1]), whole) is None
    assert watch.seconds_of((start[0], time.monotonic), whole) is None
    assert watch.seconds_of(start, [whole[0], (report, instant, time.monotonic), whole[2]]) is None


def test_corrections_go_on_from_a_start_that_was_noted(counter: list[float]) -> None:
    """A test that is looked at later is timed as if it had been at once."""
    watch, start = Stopwatch(), (counter[0], time.perf_counter)
    late = laps(counter, 1.0, 2.0, 0.5)
    late[1][0].duration = 9.0
    counter[0] += 50.0
    watch.take_up(start)
    assert [seconds for _, seconds in watch.corrections(late)] == [None, 2.0, None]
