"""The ratchet: what is known, what is stale, what is written; never more is forgiven than was recorded."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_pyramid.core.baseline import Baseline, Entry
from pytest_pyramid.core.examples import example_suite
from pytest_pyramid.core.facts import CollectionError, Location, Result, Suite
from pytest_pyramid.core.forecast import Estimate
from pytest_pyramid.core.isolation import example_touch
from pytest_pyramid.core.ratchet import Sight, flagged, judged_codes, renewed, stale
from pytest_pyramid.core.tiers import Action, Resource
from pytest_pyramid.core.violations import Severity, Violation

TODAY = "2026-11-23"
FILE = "tests/unit/test_unit.py"
JUDGED = frozenset({"PYR101", "PYR201", "PYR202", "PYR205", "PYR301", "PYR305", "PYR401"})


def name(number: int) -> str:
    """The node id of the suite's unit test with that number."""
    return f"{FILE}::test_{number}"


def violation(code: str, number: int | None = None, *, line: int = 3, **data: int) -> Violation:
    """A violation of one test, or of the suite without a number."""
    return Violation(
        code=code,
        name="x",
        severity=Severity.ERROR,
        message="m",
        hint="mend it",
        tier="unit",
        nodeid=None if number is None else name(number),
        location=None if number is None else Location(FILE, line),
        data=tuple(data.items()),
    )


def entry(code: str, number: int | None = None, *, count: int = 1, expires: str | None = None) -> Entry:
    """The entry for such a violation."""
    test = None if number is None else name(number)
    return Entry(code=code, tier="unit", test=test, count=count, reason="old", expires=expires)


def suite(results: dict[int, Result] | None = None, *, touching: tuple[int, ...] = (), layer: str = "hook") -> Suite:
    """A suite of four unit tests that ended so, or passed; those that are `touching` met the network."""
    made = example_suite({"unit": 4, "service": 1}, seconds={"unit": 0.01, "service": 0.01})
    touch = replace(example_touch(Resource.NETWORK, "connect x", Action.ERROR), layer=layer)
    wished = {name(number): result for number, result in (results or {}).items()}
    outcomes = tuple(
        one._replace(
            result=wished.get(one.nodeid, one.result),
            touches=(touch,) if one.nodeid in map(name, touching) else (),
        )
        for one in made.outcomes
    )
    return replace(made, outcomes=outcomes, guard_layers=("hook", "residue"))


def sight(*violations: Violation, of: Suite | None = None, judged: frozenset[str] = JUDGED) -> Sight:
    """What a run saw."""
    return Sight(of or suite(), violations, judged)


def test_what_an_entry_names_is_known_and_the_rest_is_new() -> None:
    """Code, test and tier decide; the line does not."""
    found = (violation("PYR202", 0, line=99), violation("PYR202", 1), violation("PYR401", 0))
    known = flagged(Baseline(known=(entry("PYR202", 0),)), sight(*found), TODAY)
    assert [one.baseline for one in known] == [True, False, False]


@pytest.mark.parametrize(("tier", "known"), [("unit", True), ("service", False), (None, False)])
def test_a_test_that_changed_its_tier_is_new(tier: str | None, known: bool) -> None:
    """An entry is for one tier."""
    baseline = Baseline(known=(replace(entry("PYR202", 0), tier=tier),))
    (one,) = flagged(baseline, sight(violation("PYR202", 0)), TODAY)
    assert one.baseline is known


def test_a_case_is_known_by_its_function() -> None:
    """Other parameters than those of the recorded day are the same violation."""
    made = suite()
    tests = tuple(test._replace(nodeid=f"{test.nodeid}[a b]") for test in made.tests)
    outcomes = tuple(one._replace(nodeid=f"{one.nodeid}[a b]") for one in made.outcomes)
    found = violation("PYR401", 0)._replace(nodeid=f"{name(0)}[a b]")
    seen = sight(found, of=replace(made, tests=tests, outcomes=outcomes))
    assert flagged(Baseline(known=(entry("PYR401", 0),)), seen, TODAY)[0].baseline
    assert renewed(Baseline(), seen, TODAY).known[0].test == name(0)


def test_more_than_an_entry_counts_is_new() -> None:
    """Of three violations two are known; the third says why it is not."""
    found = tuple(violation("PYR202", 0, line=line) for line in (1, 2, 3))
    known = flagged(Baseline(known=(entry("PYR202", 0, count=2),)), sight(*found), TODAY)
    assert [one.baseline for one in known] == [True, True, False]
    assert known[2].hint == "the baseline knows 2 of these, there are more; mend it"


@pytest.mark.parametrize(("functions", "known"), [(5, True), (4, True), (6, False)])
def test_a_violation_of_many_things_is_known_up_to_its_count(functions: int, known: bool) -> None:
    """One line says how many tests have no tier; one more than recorded is new."""
    (one,) = flagged(
        Baseline(known=(entry("PYR201", count=5),)), sight(violation("PYR201", functions=functions)), TODAY
    )
    assert one.baseline is known


@pytest.mark.parametrize(("expires", "known"), [(None, True), (TODAY, True), ("2026-11-22", False)])
def test_an_entry_counts_up_to_its_last_day(expires: str | None, known: bool) -> None:
    """On the day itself it still shields; after it the violation says that the entry has expired."""
    baseline = Baseline(known=(entry("PYR202", 0, expires=expires),))
    (one,) = flagged(baseline, sight(violation("PYR202", 0)), TODAY)
    assert one.baseline is known
    assert ("expired on 2026-11-22" in one.hint) is not known


def test_an_entry_for_nothing_is_stale() -> None:
    """The test passed in a whole run and its rule found nothing; a test that is no more proves it as well."""
    baseline = Baseline(known=(entry("PYR202", 0), entry("PYR202", 1), entry("PYR301", 99), entry("PYR101")))
    leftover = stale(baseline, sight(violation("PYR202", 1)))
    assert [(one.entry.test, one.amount) for one in leftover] == [(name(0), 0), (name(99), 0), (None, 0)]


def test_fewer_than_counted_is_stale_too() -> None:
    """The entry is asked to count what there is."""
    (one,) = stale(Baseline(known=(entry("PYR202", 0, count=3),)), sight(violation("PYR202", 0)))
    assert one.amount == 1


UNPROVED = {
    "partial": sight(of=replace(suite(), partial_reason="-k cart")),
    "skipped": sight(of=suite({0: Result.SKIPPED})),
    "withheld": sight(of=suite({0: Result.WITHHELD})),
    "lost": sight(of=suite({0: Result.LOST})),
    "failed": sight(of=suite({0: Result.FAILED})),
    "xfailed": sight(of=suite({0: Result.XFAILED})),
    "not asked": sight(judged=frozenset({"PYR401"})),
}


@pytest.mark.parametrize("why", UNPROVED)
def test_what_the_run_did_not_see_is_not_stale_and_stays(why: str) -> None:
    """Nothing is asked to go, and nothing is dropped, on the word of a run that may have missed it."""
    baseline = Baseline(known=(entry("PYR202", 0), entry("PYR301", 0)))
    assert stale(baseline, UNPROVED[why]) == ()
    if why != "partial":
        assert renewed(baseline, UNPROVED[why], TODAY).known == baseline.known


@pytest.mark.parametrize("broken", [f"{FILE}", "tests/unit"])
def test_a_file_that_was_not_collected_proves_nothing_about_its_tests(broken: str) -> None:
    """Its tests are gone only for today."""
    error = CollectionError(nodeid=broken, tier="unit", message="SyntaxError")
    seen = sight(of=replace(suite(), collection_errors=(error,)))
    baseline = Baseline(known=(entry("PYR101"), entry("PYR202", 99)))
    assert stale(baseline, seen) == ()
    assert renewed(baseline, seen, TODAY).known == baseline.known


def test_time_and_residue_are_never_stale() -> None:
    """One quick run proves nothing, nor that the kernel's accounts showed nothing; renewing drops them all the same."""
    entries = (replace(entry("PYR301", 0), layer="residue"), entry("PYR401", 0))
    assert stale(Baseline(known=entries), sight()) == ()
    assert renewed(Baseline(known=entries), sight(), TODAY).known == ()
    blind = sight(of=replace(suite(), guard_layers=("hook",)))
    assert renewed(Baseline(known=entries), blind, TODAY).known == entries[:1]


def test_every_test_that_touched_is_recorded_by_itself() -> None:
    """One line of a helper that ten tests call is one violation, and one entry for each of the tests."""
    seen = sight(violation("PYR301", 0), of=suite(touching=(0, 2)))
    assert [(one.code, one.test, one.layer) for one in renewed(Baseline(), seen, TODAY).known] == [
        ("PYR301", name(0), None),
        ("PYR301", name(2), None),
    ]
    assert stale(Baseline(known=(entry("PYR301", 0), entry("PYR301", 1))), seen)[0].entry.test == name(1)


def test_what_residue_alone_saw_is_recorded_as_such() -> None:
    """Its absence on another machine must not be taken for a proof."""
    (one,) = renewed(Baseline(), sight(of=suite(touching=(0,), layer="residue")), TODAY).known
    assert one.layer == "residue"


def test_a_touch_that_was_not_known_where_it_was_seen_is_told_of_its_expired_entry() -> None:
    """What is known of touches was decided in the process that ran the test; only the words are added here."""
    baseline = Baseline(known=(entry("PYR301", 0, expires="2026-01-01"),))
    (one,) = flagged(baseline, sight(violation("PYR301", 0), of=suite(touching=(0,))), TODAY)
    assert (one.baseline, one.hint) == (False, "its entry in the baseline expired on 2026-01-01; mend it")


def test_renewing_keeps_what_people_wrote() -> None:
    """Reason and last day of an entry that stays are kept, a fixed one goes, a new one says since when."""
    baseline = Baseline(known=(entry("PYR202", 0, expires="2027-01-31"), entry("PYR202", 1)))
    seen = sight(violation("PYR202", 2), violation("PYR202", 0), violation("PYR501", 0), violation("PYR703", 0))
    kept, new = renewed(baseline, seen, TODAY).known
    assert kept == baseline.known[0]
    assert (new.test, new.reason, new.expires) == (name(2), "known since 2026-11-23", None)


def test_a_part_of_the_suite_renews_only_what_it_saw() -> None:
    """Its own tests are renewed; other entries, higher counts and the shares stay."""
    part = replace(suite(), partial_reason="-k cart")
    baseline = Baseline(
        shares=(("unit", 0.1),),
        known=(entry("PYR101"), entry("PYR202", 0), entry("PYR202", 3, count=4), entry("PYR202", 99)),
    )
    after = renewed(baseline, sight(violation("PYR202", 3), violation("PYR401", 1), of=part), TODAY)
    assert [(one.code, one.test, one.count) for one in after.known] == [
        ("PYR101", None, 1),
        ("PYR202", name(3), 1),
        ("PYR202", name(99), 1),
        ("PYR401", name(1), 1),
    ]
    assert after.shares == (("unit", 0.1),)


def test_cases_that_were_left_out_keep_their_entry() -> None:
    """A part of the suite may have run one case of a function; the others may still break the rule."""
    part = suite()
    tests = tuple(test._replace(nodeid=f"{test.nodeid}[1]") for test in part.tests)
    outcomes = tuple(one._replace(nodeid=f"{one.nodeid}[1]") for one in part.outcomes)
    seen = sight(of=replace(part, tests=tests, outcomes=outcomes, partial_reason="-k 1"))
    assert renewed(Baseline(known=(entry("PYR202", 0),)), seen, TODAY).known == (entry("PYR202", 0),)


def test_the_shares_are_those_of_the_whole_suite() -> None:
    """Of all test functions, four digits."""
    assert renewed(Baseline(), sight(), TODAY).shares == (("unit", 0.8), ("service", 0.2), ("ui", 0.0))


@pytest.mark.parametrize(
    ("changes", "seen"),
    [
        ({}, {"PYR301", "PYR702", "PYR202"}),
        ({"guard_layers": ()}, {"PYR702", "PYR202"}),
        ({"past": {}}, {"PYR301", "PYR202"}),
        ({"coverage": object()}, {"PYR301", "PYR702", "PYR601", "PYR202"}),
    ],
)
def test_what_was_not_watched_was_not_judged(changes: dict[str, Any], seen: set[str]) -> None:
    """Without guard, coverage or history a rule finds nothing, and that proves nothing."""
    watched = replace(suite(), **{"past": {name(0): Estimate(0.1)}, **changes})
    assert judged_codes(["PYR301", "PYR601", "PYR702", "PYR202"], watched) == seen


FOUND = st.lists(st.tuples(st.sampled_from(["PYR202", "PYR205", "PYR401"]), st.integers(0, 3)), max_size=8).map(
    lambda pairs: tuple(violation(code, number, line=at) for at, (code, number) in enumerate(pairs))
)


@given(first=FOUND, second=FOUND)
def test_a_renewed_baseline_knows_the_run_that_it_was_renewed_by(
    first: tuple[Violation, ...], second: tuple[Violation, ...]
) -> None:
    """Whatever was there before: then everything is known, nothing is stale, and renewing again changes nothing."""
    before = renewed(Baseline(), sight(*first), "2026-01-01")
    after = renewed(before, sight(*second), TODAY)
    assert all(one.baseline for one in flagged(after, sight(*second), TODAY))
    assert stale(after, sight(*second)) == ()
    assert renewed(after, sight(*second), "2027-01-01") == after
