"""Shards become one report: what is added up, what is judged again, and what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from pytest_pyramid.core.baseline import Baseline, Recorded
from pytest_pyramid.core.baseline import Entry as Known
from pytest_pyramid.core.coverage_suites import covered_suite
from pytest_pyramid.core.facts import CollectionError, GateState, Location, Outcome, Result, TestFacts
from pytest_pyramid.core.merging import merged
from pytest_pyramid.core.pieces import pieces_of
from pytest_pyramid.core.report import Part, RunReport
from pytest_pyramid.core.ruling import RuleBook, Selection
from pytest_pyramid.core.settings import Layer, Settings, resolve
from pytest_pyramid.core.shards import ShardInfo
from pytest_pyramid.core.violations import Severity, Violation
from pytest_pyramid.rules import BUILTIN
from tests.unit.canonical import open_report
from tests.unit.core.test_settings import DEFAULTS

PLAN = "0123456789abcdef"
MEASURED = covered_suite({"unit": 60}).coverage
"""Of a hundred lines, in every shard the same."""


def settings_of(**given: object) -> Settings:
    """The shipped settings with these."""
    found, problems = resolve((Layer("given", given), DEFAULTS), formats=())
    assert found is not None, problems
    return found


def shard(
    number: int, of: int, names: Sequence[str], *, results: Sequence[Result] = (), plan: str = PLAN, **given: object
) -> RunReport:
    """The report of a shard with unit tests of these names, which stand in the whole where their names say."""
    tests = tuple(
        TestFacts(f"tests/unit/test_a.py::{name}", f"tests/unit/test_a.py::{name}", Location("tests/unit/test_a.py"),
                  tier="unit")
        for name in names
    )  # fmt: skip
    ended = [*results, *[Result.PASSED] * (len(names) - len(results))]
    outcomes = tuple(
        Outcome(test.nodeid, "unit", result, call_seconds=0.5, start=0.0, worker="gw0")
        for test, result in zip(tests, ended, strict=True)
    )
    report = open_report()
    info = ShardInfo(number, of, plan, 4, "tests", None)
    return replace(
        report,
        run=report.run._replace(shard=info, partial_reason=f"shard {number}/{of}", seconds=float(number), workers=2),
        tests=tests,
        outcomes=outcomes,
        gates=tuple(GateState(tier=tier, state="open") for tier in ("unit", "service", "ui")),
        violations=(),
        part=Part(settings=settings_of(**given), positions=tuple(int(name[-1]) for name in names)),
    )


def book(*select: str) -> RuleBook:
    """The shipped rules that these words name."""
    return RuleBook.made(BUILTIN, Selection(select=select))[0]


def whole(*reports: RunReport, rules: RuleBook | None = None) -> RunReport:
    """The merged report of shards that fit together."""
    pieces, wrong = pieces_of([(f"{number}.json", report) for number, report in enumerate(reports, start=1)])
    assert not wrong
    return merged(pieces, rules or book("PYR501"), default_tiers=True)


def refused(*reports: RunReport) -> str:
    """Why they cannot be merged, on one line."""
    return "; ".join(pieces_of([(f"{number}.json", report) for number, report in enumerate(reports, start=1)])[1])


ONE, TWO = shard(1, 2, ["test_0", "test_3"]), shard(2, 2, ["test_1", "test_2"])


def test_tests_stand_in_the_order_of_collection() -> None:
    """As they did before they were parted."""
    assert [test.nodeid[-1] for test in whole(TWO, ONE).tests] == ["0", "1", "2", "3"]


def test_workers_are_told_apart() -> None:
    """Each machine has a gw0."""
    assert {outcome.worker for outcome in whole(ONE, TWO).outcomes} == {"1.gw0", "2.gw0"}


def test_times_and_workers_are_those_of_machines_side_by_side() -> None:
    """The slowest decides how long it took."""
    run = whole(ONE, TWO).run
    assert (run.seconds, run.workers, run.shard, run.partial_reason) == (2.0, 4, None, None)


def test_the_shape_is_judged_on_the_union() -> None:
    """No shard is."""
    assert whole(ONE, TWO).shape.judged


def test_what_was_left_out_of_all_shards_stays_partial() -> None:
    """Merging makes no whole of a selection."""
    parts = [
        replace(part, run=part.run._replace(shard=part.run.shard._replace(partial_reason="-k x")))  # type: ignore[union-attr]  # it is one
        for part in (ONE, TWO)
    ]
    assert whole(*parts).run.partial_reason == "-k x"
    assert not whole(*parts).shape.judged


@pytest.mark.parametrize(
    ("states", "state"),
    [
        (("open", "open"), "open"),
        (("open", "closed"), "closed"),
        (("not reached", "open"), "not reached"),
        (("not reached", "not reached"), "not reached"),
        (("off", "off"), "off"),
        (("closed", "not reached"), "closed"),
    ],
)
def test_a_gate_is_as_shut_as_its_worst(states: tuple[str, str], state: str) -> None:
    """Closed in one shard is closed."""
    parts = [
        replace(part, gates=(part.gates[0]._replace(state=each), *part.gates[1:]))
        for part, each in zip((ONE, TWO), states, strict=True)
    ]
    assert whole(*parts).gates[0].state == state


def test_gates_add_up() -> None:
    """First closing, all that pulled, all that was withheld and saved."""
    pulled = [f"tests/unit/test_a.py::test_{n}" for n in (3, 1)]
    one = replace(
        ONE,
        gates=(
            GateState(tier="unit", state="closed", seconds=2.0, pulled_by=(pulled[0],), withheld=3, saved_seconds=1.5),
            *ONE.gates[1:],
        ),
    )
    two = replace(
        TWO,
        gates=(
            GateState(tier="unit", state="closed", seconds=1.0, pulled_by=(pulled[1],), withheld=2),
            *TWO.gates[1:],
        ),
    )
    gate = whole(one, two).gates[0]
    assert (gate.seconds, gate.pulled_by, gate.withheld, gate.saved_seconds) == (1.0, (pulled[1], pulled[0]), 5, 1.5)


def test_an_error_of_collection_is_told_once() -> None:
    """Every shard meets it."""
    error = CollectionError(nodeid="tests/test_x.py", tier="unit", message="no")
    parts = [replace(part, collection_errors=(error,)) for part in (ONE, TWO)]
    assert whole(*parts).collection_errors == (error,)


@pytest.mark.parametrize(
    ("statuses", "status"), [((0, 0), 0), ((0, 1), 1), ((1, 2), 2), ((0, 5), 0), ((5, 5), 5), ((3, 1), 3)]
)
def test_the_exit_status_is_the_worst(statuses: tuple[int, int], status: int) -> None:
    """A shard without tests is no worse than one that went well."""
    parts = [
        replace(part, run=part.run._replace(exit_status=each)) for part, each in zip((ONE, TWO), statuses, strict=True)
    ]
    assert whole(*parts).run.exit_status == status


def test_an_error_of_the_whole_makes_it_red() -> None:
    """The base is empty: no single shard may say so."""
    empty = [
        replace(part, tests=tuple(test._replace(tier="ui") for test in part.tests),
                outcomes=tuple(outcome._replace(tier="ui") for outcome in part.outcomes))
        for part in (ONE, TWO)
    ]  # fmt: skip
    report = whole(*empty, rules=book("PYR103"))
    assert [one.code for one in report.violations] == ["PYR103"]
    assert report.run.exit_status == 1


def test_what_cannot_be_asked_again_is_taken_over_once() -> None:
    """Rules of others, and rules that know the history."""
    found = [
        Violation(code=code, name="x", severity=Severity.WARNING, message="m", hint="h") for code in ("ABC1", "PYR702")
    ]
    parts = [replace(part, violations=tuple(found)) for part in (ONE, TWO)]
    assert [one.code for one in whole(*parts, rules=book()).violations if one.code in {"ABC1", "PYR702"}] == [
        "ABC1",
        "PYR702",
    ]


SLOW_TEST = Known(code="PYR401", tier="unit", test="tests/unit/test_a.py::test_0")


def slow_shard(number: int, of: int, name: str, *known: Known) -> RunReport:
    """A shard with one test, which is slower than it may be, beside a baseline with these entries."""
    slow = shard(number, of, [name])
    limited = replace(slow, tests=(slow.tests[0]._replace(max_seconds=0.1),))
    return beside(limited, Baseline(known=known)) if known else limited


def test_what_the_baseline_knows_stays_known() -> None:
    """And fails nothing, even where the rule is an error."""
    rules = RuleBook.made(BUILTIN, Selection(select=("PYR401",), severity=(("PYR401", "error"),)))[0]
    (known,), (found,) = (
        whole(slow_shard(1, 1, "test_0", *entries), rules=rules).violations for entries in ((SLOW_TEST,), ())
    )
    assert (known.baseline, found.baseline) == (True, False)
    assert [
        whole(slow_shard(1, 1, "test_0", *entries), rules=rules).run.exit_status for entries in ((SLOW_TEST,), ())
    ] == [
        0,
        1,
    ]


@pytest.mark.parametrize(("count", "known"), [(1, False), (2, True)])
def test_an_entry_counts_once_for_all_shards(count: int, known: bool) -> None:
    """Two functions without a tier in two shards are more than the one that the baseline knows."""
    entry = Known(code="PYR201", tier="unclassified", count=count)
    shards = []
    for number in (1, 2):
        one = beside(shard(number, 2, [f"test_{number}"]), Baseline(known=(entry,)))
        unclassified = tuple(test._replace(tier="unclassified") for test in one.tests)
        shards.append(replace(one, tests=unclassified))
    (found,) = whole(*shards, rules=book("PYR201")).violations
    assert found.baseline is known


def test_an_entry_that_had_expired_on_the_day_of_the_run_shields_nothing() -> None:
    """Whenever the reports are merged."""
    (found,) = whole(
        slow_shard(1, 1, "test_0", replace(SLOW_TEST, expires="2026-01-01")), rules=book("PYR401")
    ).violations
    assert not found.baseline


def test_an_entry_that_no_shard_found_anything_for_is_stale() -> None:
    """No shard can tell, because each sees a part; an entry for something that was found is not."""
    gone = Known(code="PYR301", tier="unit", test="tests/unit/test_old.py::test_gone")
    one, two = (beside(shard(n, 2, [f"test_{n - 1}"]), Baseline(known=(gone,))) for n in (1, 2))
    parts = [replace(part, run=part.run._replace(guard_layers=("hook",))) for part in (one, two)]
    stale = whole(*parts, rules=book("PYR301", "PYR703")).violations
    assert [(each.code, "test_gone" in each.message) for each in stale] == [("PYR703", True)]


@pytest.mark.parametrize(
    ("reports", "said"),
    [
        ((), "nothing to merge"),
        ((open_report(),), "1.json is not the report of a shard"),
        ((ONE,), "shard 2/2 is missing"),
        ((shard(2, 4, []),), "shards 1/4, 3/4, 4/4 are missing"),
        ((ONE, ONE, TWO), "shard 1/2 is there 2 times: 1.json, 2.json"),
        ((ONE, shard(2, 3, [])), "2.json is shard 2/3, 1.json is shard 1/2: they are of different runs"),
        ((ONE, replace(TWO, version="9")), "2.json was written by version 9"),
        ((ONE, replace(TWO, run=TWO.run._replace(commit="abc"))), "2.json tested abc"),
        ((ONE, shard(2, 2, ["test_1"], gate="off")), "2.json ran with other settings than 1.json: gate"),
        ((ONE, shard(2, 2, ["test_3"], plan="other")), "1 test ran in several shards, the first is"),
        ((ONE, shard(2, 2, ["test_1"], plan="other")), "1 test ran in none"),
    ],
)
def test_what_does_not_fit_together_is_refused(reports: tuple[RunReport, ...], said: str) -> None:
    """With a sentence that says what to look for."""
    assert said in refused(*reports)


def test_settings_that_are_each_machines_own_may_differ() -> None:
    """Where it writes, and how its workers talk."""
    assert not refused(ONE, shard(2, 2, ["test_1", "test_2"], history="elsewhere", transport="stock"))


def beside(report: RunReport, baseline: Baseline) -> RunReport:
    """The same shard, compared with that baseline."""
    assert report.part is not None
    recorded = Recorded("base.toml", "2026-09-01", baseline)
    return replace(report, part=replace(report.part, recorded=recorded))


def recorded(report: RunReport, **shares: float) -> RunReport:
    """The same shard beside a baseline with these shares of functions and of lines."""
    kept = tuple(shares.items())
    return replace(beside(report, Baseline(shares=kept, coverage=kept)), coverage=MEASURED)


@pytest.mark.parametrize(
    ("unit", "found"),
    [(0.6, []), (0.61, ["unit"])],
)
def test_the_shares_of_the_baseline_are_compared_with_the_union(unit: float, found: list[str]) -> None:
    """Which no shard can do, because each sees a part."""
    merged = whole(recorded(ONE, unit=unit), recorded(TWO, unit=unit), rules=book("PYR705"))
    assert [one.tier for one in merged.violations] == found


@pytest.mark.parametrize(("narrowed", "found"), [(None, ["PYR705"]), ("-k cart", [])])
def test_shards_of_whole_tiers_are_judged_by_the_coverage_of_these(narrowed: str | None, found: list[str]) -> None:
    """As in a run of these tiers without shards; a selection inside of them is not judged."""
    shards = []
    for number, names in ((1, ["test_0"]), (2, ["test_1"])):
        one = recorded(shard(number, 2, names), unit=0.9)
        info = one.run.shard and one.run.shard._replace(partial_reason="only unit")
        shards.append(replace(one, run=one.run._replace(shard=info, only=("unit",), narrowed=narrowed)))
    assert [one.code for one in whole(*shards, rules=book("PYR705")).violations] == found
