"""Canonical run reports: small, complete and the same every time, for every test of a reporter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from pytest_pyramid.core.benchmarks import Benchmark, Measured, PastBenchmark
from pytest_pyramid.core.deltas import Delta
from pytest_pyramid.core.facts import CollectionError, GateState, Location, Outcome, Placement, Result, TestFacts, Touch
from pytest_pyramid.core.report import RunInfo, RunReport, ShapeVerdict, TierRow
from pytest_pyramid.core.tiers import UNCLASSIFIED, Action, Pyramid, Resource, Share, Tier
from pytest_pyramid.core.trend import TrendRow, TrendRun
from pytest_pyramid.core.violations import Severity, Violation
from tests.unit.covered import FULL_COVERAGE, hostile_coverage

FAILED_TEST = "tests/unit/test_0.py::test_0"
CASES = 2
"""Every third function has so many parametrized cases, so that tests and functions are never the same number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """What one row should hold: how many tests ended how, and the seconds that one test takes."""

    results: Mapping[Result, int]
    seconds: float = 0.01
    target: Share = field(default_factory=Share)


def passed(tests: int, seconds: float = 0.01) -> Level:
    """A level of `tests` that all passed, each taking `seconds`."""
    return Level(results={Result.PASSED: tests}, seconds=seconds)


def pairs(row: str, level: Level) -> list[tuple[TestFacts, Outcome]]:
    """The tests of one row with their outcomes, three functions to a file."""
    made: list[tuple[TestFacts, Outcome]] = []
    function = case = 0
    for result, count in level.results.items():
        for _ in range(count):
            parametrized = function % 3 == 2
            file = f"tests/{row}/test_{function // 3}.py"
            name = f"{file}::test_{function}"
            nodeid = f"{name}[{case}]" if parametrized else name
            made.append((fact(row, nodeid, name, file, function % 3), outcome(row, nodeid, result, level.seconds)))
            case = case + 1 if parametrized and case + 1 < CASES else 0
            function += case == 0
    return made


def fact(row: str, nodeid: str, function: str, file: str, position: int) -> TestFacts:
    """One test that its marker placed, or that nothing placed when `row` is the unclassified one."""
    placements = (Placement(tier=row, source="marker", reason=f"marker {row}"),) if row != UNCLASSIFIED else ()
    where = Location(file=file, line=3 + 5 * position)
    return TestFacts(nodeid=nodeid, function=function, location=where, tier=row, placements=placements)


def outcome(row: str, nodeid: str, result: Result, seconds: float) -> Outcome:
    """One outcome; a test that never ran took no time and has no start."""
    if not result.ran:
        return Outcome(nodeid=nodeid, tier=row, result=result)
    message = "assert 1 == 2" if result.pulls_the_cord else None
    return Outcome(
        nodeid=nodeid, tier=row, result=result, call_seconds=seconds, start=0.35, worker="gw0", message=message
    )


def row_of(
    name: str, rank: int | None, level: Level, outcomes: Sequence[Outcome], share: float, functions: int
) -> TierRow:
    """The row that sums up the given outcomes."""
    return TierRow(
        name=name,
        rank=rank,
        tests=len(outcomes),
        functions=functions,
        share=share,
        seconds=sum(one.seconds for one in outcomes),
        outcomes=tuple((result.value, count) for result, count in level.results.items() if count),
        target_min=level.target.min,
        target_max=level.target.max,
        started=0.1 if any(one.result.ran for one in outcomes) else None,
        finished=1.3 if any(one.result.ran for one in outcomes) else None,
    )


def report_of(levels: Mapping[str, Level], shape: str = "pyramid") -> RunReport:
    """A run of the given rows, base first; the row called `UNCLASSIFIED` is no tier."""
    by_row = {name: pairs(name, level) for name, level in levels.items()}
    functions = {name: len({test.function for test, _ in rows}) for name, rows in by_row.items()}
    tiers = [name for name in levels if name != UNCLASSIFIED]
    total = sum(functions.values()) or 1
    rows = tuple(
        row_of(
            name,
            tiers.index(name) if name in tiers else None,
            level,
            [one for _, one in by_row[name]],
            functions[name] / total,
            functions[name],
        )
        for name, level in levels.items()
    )
    return RunReport(
        version="0.1.0",
        pyramid=Pyramid(tiers=tuple(Tier(name=n, rank=i, share=levels[n].target) for i, n in enumerate(tiers))),
        run=RUN,
        shape=ShapeVerdict(name=shape, judged=True, by_tests=shape, by_functions=shape, by_seconds=shape),
        tiers=rows,
        gates=tuple(GateState(tier=name, state="open") for name in tiers),
        tests=tuple(test for made in by_row.values() for test, _ in made),
        outcomes=tuple(one for made in by_row.values() for _, one in made),
        violations=(),
    )


RUN = RunInfo(
    started="2026-11-22T20:00:00Z",
    seconds=12.3,
    command=("--pyramid", "-n", "4"),
    workers=4,
    gate_mode="strict",
    exit_status=0,
    commit="0f3c2a1",
    host="build-7",
    user="ada",
)


def open_report() -> RunReport:
    """A sound suite of 100 tests that all passed, with slow tests at the top."""
    made = report_of(
        {
            "unit": replace(passed(70, 0.012), target=Share(min=0.6)),
            "service": passed(20, 0.31),
            "ui": passed(10, 2.4),
        }
    )
    return replace(made, shape=made.shape._replace(by_seconds="ice-cream-cone"))


def closed_report() -> RunReport:
    """The same kind of suite with a failure in the base: 37 tests withheld, a touch, violations, a note."""
    made = report_of(
        {
            "unit": Level(results={Result.FAILED: 3, Result.PASSED: 66, Result.SKIPPED: 1}, target=Share(min=0.6)),
            "service": Level(results={Result.WITHHELD: 25}),
            "ui": Level(results={Result.WITHHELD: 12}),
        }
    )
    gate = GateState(
        tier="unit",
        state="closed",
        seconds=0.8,
        pulled_by=(FAILED_TEST, "tests/unit/test_0.py::test_1", "tests/unit/test_0.py::test_2[0]"),
        withheld=37,
        saved_seconds=210.0,
    )
    touch = Touch(
        resource=Resource.NETWORK,
        phase="call",
        detail="connect 10.0.0.1:443",
        location=Location(file="shop/payment.py", line=9),
        action=Action.WARN,
    )
    return replace(
        made,
        run=made.run._replace(exit_status=1, first_failure_seconds=0.8),
        tiers=tuple(row._replace(gate="closed" if row.name == "unit" else "not reached") for row in made.tiers),
        gates=(gate, GateState(tier="service", state="not reached"), GateState(tier="ui", state="not reached")),
        outcomes=(made.outcomes[0]._replace(touches=(touch,)), *made.outcomes[1:]),
        violations=VIOLATIONS,
        collection_errors=(BROKEN_FILE,),
        notes=("The history file could not be read; estimates are empty.",),
    )


VIOLATIONS = (
    Violation(
        code="PYR301",
        name="network",
        severity=Severity.ERROR,
        message="a unit test connected to 10.0.0.1:443",
        hint="use a fake of the client, or move the test to service",
        tier="unit",
        nodeid=FAILED_TEST,
        location=Location(file="shop/payment.py", line=9),
        data=(("count", 1), ("address", "10.0.0.1:443")),
    ),
    Violation(
        code="PYR204",
        name="dead-tier",
        severity=Severity.WARNING,
        message="the marker contract of tier service is on no test",
        hint="remove the marker from the tier, or mark the tests it is meant for",
        tier="service",
    ),
)

BROKEN_FILE = CollectionError(
    nodeid="tests/service/test_broken.py",
    tier="service",
    message="ImportError while importing test module\nTraceback:\nE   ModuleNotFoundError: No module named 'shop.cart'",
)


def cone_report() -> RunReport:
    """A suite that stands on its head: most tests at the top, some without a tier."""
    made = report_of(
        {"unit": passed(10), "service": passed(20), "ui": passed(60, 1.5), UNCLASSIFIED: passed(10)},
        shape="ice-cream-cone",
    )
    inverted = Violation(
        code="PYR101",
        name="inverted-pyramid",
        severity=Severity.ERROR,
        message="ui has 45 test functions, service below it has 15",
        hint="test the rules behind the pages in unit and keep the journeys in ui",
        tier="ui",
    )
    return replace(made, run=made.run._replace(exit_status=1), violations=(inverted,))


def partial_report() -> RunReport:
    """A run of a selection, stopped before its end."""
    reason = "partial run: -k cart selects 12 of 100 tests"
    made = report_of(
        {
            "unit": Level(results={Result.PASSED: 5, Result.LOST: 5}),
            "service": Level(results={Result.LOST: 2}),
            "ui": Level(results={}),
        },
        shape="not judged",
    )
    return replace(
        made,
        run=made.run._replace(partial_reason=reason, exit_status=2),
        shape=ShapeVerdict(name="not judged", judged=False, reason=reason, by_tests="pyramid", by_functions="pyramid"),
        gates=(GateState(tier="unit", state="not reached"),),
    )


WORKERS = 4


def measured(name: str, now: float, past: float | None = None) -> Measured:
    """What a benchmark took, in seconds, and what it usually takes."""
    known = None if past is None else PastBenchmark(past, past / 50, past / 100, 8)
    return Measured(f"tests/performance/test_speed.py::{name}", Benchmark(now, now / 40, now / 40, 500), known)


BENCHMARKS = (
    measured("test_price", 0.0000123, 0.000012),
    measured("test_search[1000]", 0.0042, 0.0031),
    measured("test_checkout", 0.21),
    measured("test_parse", 0.00081, 0.0011),
    measured("test_render", 0.0151, 0.015),
    measured("test_index", 1.52, 1.44),
)


def benchmark_report() -> RunReport:
    """The open run with what pytest-benchmark measured."""
    return replace(open_report(), benchmarks=BENCHMARKS)


def full_report() -> RunReport:
    """The closed run as a report knows it at its richest: four workers, one test after the other, earlier runs."""
    made = closed_report()
    free = dict.fromkeys((f"gw{number}" for number in range(WORKERS)), 0.1)
    outcomes = []
    for number, one in enumerate(made.outcomes):
        worker = f"gw{number % WORKERS}"
        if one.start is not None:
            outcomes.append(
                one._replace(worker=worker, start=round(free[worker], 6), call_seconds=0.01 + number / 1000)
            )
            free[worker] += outcomes[-1].seconds
        else:
            outcomes.append(one)
    return replace(
        made, outcomes=tuple(outcomes), coverage=FULL_COVERAGE, trend=TREND, delta=DELTA, benchmarks=BENCHMARKS
    )


TREND = tuple(
    TrendRun(
        started=f"2026-11-{day:02}T20:00:00Z",
        seconds=60.0 + day,
        exit_status=1 if day == 20 else 0,
        shape="pyramid" if day > 15 else "hourglass",
        first_failure_seconds=4.2 if day == 20 else None,
        commit=f"{day:07}",
        branch="main" if day % 2 else "cart",
        main=bool(day % 2),
        red_seconds=86400.0 if day == 20 else 0.0,
        tiers=(
            TrendRow("unit", 50 + day, 0.5, 0.0, 0.3),
            TrendRow("service", 20, 7.5, 0.05),
            TrendRow("ui", 9, 30.0, None),
        ),
    )
    for day in range(11, 22)
)


DELTA = Delta(
    commit="0000021",
    new_failures=(FAILED_TEST,),
    fixed=("tests/unit/test_0.py::test_1",),
    new_violations=("PYR305 sleep: tests/unit/test_1.py::test_3 touched sleep",),
)


def hostile_report(text: str) -> RunReport:
    """A report in which `text` stands wherever a text from outside can stand."""
    made = report_of(
        {"unit": Level(results={Result.FAILED: 1, Result.SKIPPED: 1}), text: Level(results={Result.PASSED: 2})}
    )
    where = Location(file=text, line=7)
    tests = tuple(test._replace(nodeid=text, function=text, location=where, manual=text) for test in made.tests)
    placed = tuple(test._replace(placements=(Placement(tier=test.tier, source="hook", reason=text),)) for test in tests)
    outcomes = tuple(one._replace(nodeid=text, message=text, worker=text) for one in made.outcomes)
    found = VIOLATIONS[0]._replace(code=text, name=text, message=text, hint=text, nodeid=text, location=where)
    return replace(
        made,
        version=text,
        run=made.run._replace(started=text, command=(text,), host=text, user=text, commit=text, exit_status=1),
        shape=ShapeVerdict(name="not judged", judged=False, reason=text),
        gates=(GateState(tier=text, state="closed", seconds=1.0, pulled_by=(text,), withheld=1, saved_seconds=2.0),),
        tests=placed,
        outcomes=outcomes,
        violations=(found, found._replace(location=None, nodeid=None, tier=text)),
        collection_errors=(CollectionError(nodeid=text, tier=text, message=text),),
        notes=(text,),
        coverage=hostile_coverage(text, tuple(row.name for row in made.tiers)),
        delta=Delta(commit=text, new_failures=(text,), fixed=(text,), new_violations=(text,)),
        trend=(TREND[0]._replace(started=text, shape=text, commit=text, branch=text),),
        benchmarks=(BENCHMARKS[1]._replace(nodeid=text), BENCHMARKS[2]._replace(nodeid=text)),
    )
