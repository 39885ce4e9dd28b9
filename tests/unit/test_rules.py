"""The built-in rules: what every one of them has to keep, and the limits and sentences of each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_pyramid.core.behaviour import Behaviour
from pytest_pyramid.core.evidence import Suggestion
from pytest_pyramid.core.examples import example_pyramid, example_suite, example_test
from pytest_pyramid.core.facts import GateState, Location, Outcome, Placement, Result, Suite, TestFacts, Touch
from pytest_pyramid.core.flakiness import Flake
from pytest_pyramid.core.forecast import Estimate
from pytest_pyramid.core.ruling import Rule, RuleBook, Selection, Stage, judge, page
from pytest_pyramid.core.shapes import Shape, shape_of
from pytest_pyramid.core.tiers import Action, Pyramid, Resource, Share, Tier
from pytest_pyramid.core.violations import Severity, Violation
from pytest_pyramid.rules import BUILTIN, CONFIGURATION
from pytest_pyramid.rules.pyr101_inverted_pyramid import InvertedPyramid
from pytest_pyramid.rules.pyr102_tier_share import TierShare
from pytest_pyramid.rules.pyr103_empty_tier import EmptyTier
from pytest_pyramid.rules.pyr104_top_heavy_time import TopHeavyTime
from pytest_pyramid.rules.pyr201_unclassified_test import UnclassifiedTest
from pytest_pyramid.rules.pyr202_several_tiers import SeveralTiers
from pytest_pyramid.rules.pyr203_marker_against_path import MarkerAgainstPath
from pytest_pyramid.rules.pyr204_dead_tier import DeadTier
from pytest_pyramid.rules.pyr205_mark_in_conftest import MarkInConftest
from pytest_pyramid.rules.pyr401_slow_test import SlowTest
from pytest_pyramid.rules.pyr402_tier_over_budget import TierOverBudget
from pytest_pyramid.rules.pyr403_slower_than_history import SlowerThanHistory
from pytest_pyramid.rules.pyr501_gate_closed import GateClosed
from pytest_pyramid.rules.pyr701_over_tiered_test import OverTieredTest
from pytest_pyramid.rules.pyr702_flaky_test import FlakyTest
from pytest_pyramid.testing import HEADINGS, check_rule

CONTRACT = {
    "PYR101": ("inverted-pyramid", "error", "collection"),
    "PYR102": ("tier-share", "error", "collection"),
    "PYR103": ("empty-tier", "error", "collection"),
    "PYR104": ("top-heavy-time", "off", "run"),
    "PYR201": ("unclassified-test", "warning", "collection"),
    "PYR202": ("several-tiers", "error", "collection"),
    "PYR203": ("marker-against-path", "warning", "collection"),
    "PYR204": ("dead-tier", "warning", "collection"),
    "PYR205": ("mark-in-conftest", "warning", "collection"),
    "PYR301": ("network", "warning", "run"),
    "PYR302": ("localhost", "warning", "run"),
    "PYR303": ("process", "warning", "run"),
    "PYR304": ("database", "warning", "run"),
    "PYR305": ("sleep", "warning", "run"),
    "PYR306": ("files", "warning", "run"),
    "PYR307": ("tempfiles", "warning", "run"),
    "PYR390": ("unused-allowance", "warning", "run"),
    "PYR391": ("allowance-without-reason", "warning", "collection"),
    "PYR401": ("slow-test", "warning", "run"),
    "PYR402": ("tier-over-budget", "error", "run"),
    "PYR403": ("slower-than-history", "warning", "run"),
    "PYR501": ("gate-closed", "error", "run"),
    "PYR601": ("tier-coverage", "error", "run"),
    "PYR602": ("covered-only-from-above", "off", "run"),
    "PYR701": ("over-tiered-test", "off", "run"),
    "PYR702": ("flaky-test", "warning", "run"),
    "PYR703": ("stale-baseline-entry", "warning", "baseline"),
    "PYR704": ("share-below-baseline", "error", "baseline"),
    "PYR705": ("coverage-below-baseline", "error", "baseline"),
}
"""Name, default severity and stage by code, as users may rely on them."""

EVERY = pytest.mark.parametrize("rule", BUILTIN, ids=lambda rule: rule.code)


def messages(rule: Rule, suite: Suite) -> list[str]:
    """What the rule says of the suite."""
    return [violation.message for violation in rule.check(suite)]


@EVERY
def test_a_rule_keeps_what_is_asked_of_every_rule(rule: type[Rule]) -> None:
    """Its examples, its page, its options and its names pass the check that authors of extensions use."""
    check_rule(rule)


def test_codes_names_severities_and_stages_are_those_of_the_contract() -> None:
    """Nothing that users configure by changes unseen."""
    found = {rule.code: (rule.name, rule.default.value, rule.stage.value) for rule in BUILTIN}
    assert found == CONTRACT


def test_codes_and_names_are_unique_and_in_order() -> None:
    """Two rules, or a rule and a code of the configuration, never share a code or a name."""
    codes = [*(rule.code for rule in BUILTIN), *(one.code for one in CONFIGURATION)]
    names = [*(rule.name for rule in BUILTIN), *(one.name for one in CONFIGURATION)]
    assert codes == sorted(set(codes))
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in names)


def test_the_codes_of_the_configuration_have_pages() -> None:
    """They have no rule, and are explained with the same headings."""
    assert [(one.code, one.name) for one in CONFIGURATION] == [
        ("PYR901", "unknown-key"),
        ("PYR902", "bad-value"),
        ("PYR903", "shadowed-section"),
    ]
    for one in CONFIGURATION:
        assert tuple(re.findall(r"^## (.+)$", page(one), re.MULTILINE)) == HEADINGS


def test_every_rule_can_be_asked_at_once() -> None:
    """All rules together judge an unhappy suite without a note."""
    book, problems = RuleBook.made(BUILTIN, Selection(severity=(("PYR104", "warning"),)))
    gate = GateState(tier="unit", state="closed", pulled_by=("a",))
    suite = replace(example_suite({"ui": 30, "service": 3}, seconds={"ui": 1.0}), gates=(gate,))
    found = [judge(book, suite, stage) for stage in Stage]
    assert problems == ()
    assert [one.notes for one in found] == [(), (), ()]
    assert [one.code for part in found for one in part.violations] == [
        *("PYR101", "PYR101", "PYR103"),
        *("PYR501", "PYR104"),
    ]


def test_inverted_pyramid_says_which_tier_outnumbers_which() -> None:
    """The nearest lower tier with fewer functions is named, with both figures."""
    found = list(InvertedPyramid().check(example_suite({"unit": 30, "service": 12, "ui": 40})))
    assert [one.message for one in found] == ["ui has 40 test functions, more than service below it (12)"]
    assert found[0].tier == "ui"
    assert dict(found[0].data) == {"functions": 40, "below": "service", "functions_below": 12}


def test_inverted_pyramid_begins_at_its_limit() -> None:
    """19 functions are too few for a shape, 20 are enough, and tests without a tier belong to the suite."""
    assert messages(InvertedPyramid(), example_suite({"unit": 9, "service": 10})) == []
    assert len(messages(InvertedPyramid(), example_suite({"unit": 9, "service": 11}))) == 1
    assert len(messages(InvertedPyramid(), example_suite({"unit": 8, "service": 10, "unclassified": 2}))) == 1
    assert len(messages(InvertedPyramid(min_functions=2), example_suite({"unit": 1, "service": 2}))) == 1


@given(st.lists(st.integers(0, 30), min_size=3, max_size=3))
def test_inverted_pyramid_and_the_shape_agree(counts: list[int]) -> None:
    """Nothing that is called a pyramid is called inverted."""
    suite = example_suite(dict(zip(("unit", "service", "ui"), counts, strict=True)))
    if shape_of(counts) in {Shape.PYRAMID, Shape.SINGLE_TIER, Shape.EMPTY}:
        assert messages(InvertedPyramid(min_functions=1), suite) == []


@pytest.mark.parametrize(
    "rule", [InvertedPyramid(min_functions=1), TierShare(), EmptyTier(), TopHeavyTime(max_share=0)]
)
def test_shape_rules_are_silent_where_the_shape_is_not_judged(rule: Rule) -> None:
    """A partial run and too many tests without a tier say nothing about the shape."""
    shares = {"unit": Share(min=1.0)}
    suite = example_suite({"service": 3, "ui": 5}, seconds={"service": 1.0, "ui": 1.0}, shares=shares)
    assert messages(rule, suite) != []
    assert messages(rule, replace(suite, partial_reason="-k cart")) == []
    mixed = example_suite({"ui": 5, "unclassified": 5}, seconds={"ui": 1.0, "unclassified": 0.0}, shares=shares)
    assert messages(rule, mixed) == []
    assert messages(rule, replace(mixed, max_unclassified=0.5)) != []


@pytest.mark.parametrize(
    ("share", "counts", "message"),
    [
        (Share(min=0.6), (6, 4), None),
        (Share(min=0.6), (5, 5), "unit has 50.0 % of the test functions (5 of 10), its target is at least 60 %"),
        (Share(max=0.6), (6, 4), None),
        (Share(max=0.6), (7, 3), "unit has 70.0 % of the test functions (7 of 10), its target is at most 60 %"),
        (Share(min=0.5, max=0.6), (7, 3), "unit has 70.0 % of the test functions (7 of 10), its target is 50–60 %"),
        (Share(min=0.07, max=0.07), (7, 93), None),
        (Share(), (0, 9), None),
    ],
)
def test_tier_share_includes_its_bounds(share: Share, counts: tuple[int, int], message: str | None) -> None:
    """A share on the bound is in the target; one outside is told with its figures."""
    suite = example_suite(dict(zip(("unit", "ui"), counts, strict=True)), shares={"unit": share})
    assert messages(TierShare(), suite) == ([] if message is None else [message])


@pytest.mark.parametrize(
    ("share", "unit", "hint"),
    [
        (Share(min=0.6), 45, "15 functions more in unit instead of another tier would do"),
        (Share(min=0.07), 6, "1 function more in unit instead of another tier would do"),
        (Share(max=0.2), 45, "25 functions fewer in unit would do"),
        (Share(max=0.29), 30, "1 function fewer in unit would do"),
    ],
)
def test_tier_share_says_how_far_the_target_is(share: Share, unit: int, hint: str) -> None:
    """The number of functions is exact, without the noise of binary fractions."""
    suite = example_suite({"unit": unit, "ui": 100 - unit}, shares={"unit": share})
    (found,) = TierShare().check(suite)
    assert found.hint.startswith(hint)


def test_empty_tier_is_about_the_base() -> None:
    """It says how much stands on nothing; an empty tier above is not its matter."""
    assert messages(EmptyTier(), example_suite({"service": 5, "ui": 2})) == [
        "unit, the base, has no test; the tiers above have 7"
    ]
    assert messages(EmptyTier(), example_suite({"unit": 1, "ui": 2})) == []


def test_top_heavy_time_compares_seconds() -> None:
    """A share on the limit is kept; one beyond is told with its figures."""
    suite = example_suite({"unit": 9, "ui": 1}, seconds={"unit": 0.1, "ui": 9.1})
    assert messages(TopHeavyTime(), suite) == [
        "the tiers above unit take 91.0 % of the seconds (9.1 of 10.0), the limit is 50 %"
    ]
    half = example_suite({"unit": 1, "ui": 1}, seconds={"unit": 0.5, "ui": 0.5})
    assert messages(TopHeavyTime(), half) == []


def test_top_heavy_time_is_silent_when_tests_did_not_run() -> None:
    """Seconds of withheld tests are unknown, so the shares are too."""
    suite = example_suite({"unit": 1, "service": 1, "ui": 1}, seconds={"unit": 0.1, "service": 9.0, "ui": 0.0})
    last = suite.outcomes[-1]._replace(result=Result.WITHHELD)
    assert messages(TopHeavyTime(), suite) != []
    assert messages(TopHeavyTime(), replace(suite, outcomes=(*suite.outcomes[:-1], last))) == []


def test_unclassified_tests_are_one_violation() -> None:
    """However many there are, one line has the count and three examples."""
    cases = [example_test(f"tests/test_rest.py::test_0[{case}]") for case in range(3)]
    suite = example_suite({"unit": 5, "unclassified": 5})
    (found,) = UnclassifiedTest().check(replace(suite, tests=(*suite.tests, *cases)))
    assert found.message == "8 tests (5 functions, 50.0 % of all) have no tier"
    assert "--pyramid-explain=all" in found.hint
    assert dict(found.data) == {
        "tests": 8,
        "functions": 5,
        "share": 0.5,
        "example_1": "tests/test_rest.py::test_0",
        "example_2": "tests/test_rest.py::test_1",
        "example_3": "tests/test_rest.py::test_2",
    }


def test_unclassified_tests_up_to_the_limit_are_allowed() -> None:
    """Nothing is allowed by default, a fifth with that limit."""
    suite = example_suite({"unit": 4, "unclassified": 1})
    assert messages(UnclassifiedTest(max_share=0.2), suite) == []
    assert messages(UnclassifiedTest(), suite) == ["1 test (1 function, 20.0 % of all) has no tier"]


def test_several_tiers_is_told_once_for_a_function() -> None:
    """All cases of a function are one violation, at the place of the function."""
    both = Placement(tier="ui", source="marker", reason="marker ui", also=("unit",))
    tests = tuple(example_test(f"tests/test_a.py::test_a[{case}]", both) for case in range(4))
    (found,) = SeveralTiers().check(Suite(pyramid=example_pyramid(), tests=tests))
    assert found.message == "tests/test_a.py::test_a is marked for 2 tiers: ui, unit; ui is taken"
    assert (found.nodeid, found.location) == ("tests/test_a.py::test_a", Location(file="tests/test_a.py", line=3))


def test_several_tiers_asks_only_the_marker_that_decides() -> None:
    """Where a hook of the project decides, the markers are settled."""
    hook = Placement(tier="service", source="hook", reason="hook service")
    both = Placement(tier="ui", source="marker", reason="marker ui", also=("unit",))
    suite = Suite(pyramid=example_pyramid(), tests=(example_test("tests/test_a.py::test_a", hook, both),))
    assert messages(SeveralTiers(), suite) == []


def test_marker_against_path_names_both() -> None:
    """The message has both tiers with their evidence, once for all cases of a function."""
    marker = Placement(tier="ui", source="marker", reason="marker e2e")
    path = Placement(tier="unit", source="path", reason="path tests/unit")
    tests = tuple(example_test(f"tests/unit/test_pay.py::test_pay[{case}]", marker, path) for case in range(2))
    assert messages(MarkerAgainstPath(), Suite(pyramid=example_pyramid(), tests=tests)) == [
        "tests/unit/test_pay.py::test_pay is ui by marker e2e, but unit by path tests/unit"
    ]


def test_dead_tier_names_the_evidence_that_nothing_has() -> None:
    """Markers and paths of the tier stand in the message."""
    assert messages(DeadTier(), example_suite({"unit": 1, "service": 1})) == [
        "no test is in ui: none has its marker ui or lies in tests/ui/**"
    ]


def test_dead_tier_leaves_the_shipped_tiers_alone() -> None:
    """Nobody asked for the tiers of a project without configuration."""
    suite = example_suite({"unit": 1})
    assert len(messages(DeadTier(), suite)) == 2
    assert messages(DeadTier(), replace(suite, default_tiers=True)) == []


@pytest.mark.parametrize(("file", "glob"), [("tests/ui/conftest.py", '"tests/ui/**"'), ("conftest.py", '"**"')])
def test_mark_in_conftest_says_what_to_write_instead(file: str, glob: str) -> None:
    """The hint has the pattern for the folder of the file."""
    place = Location(file=file, line=4)
    suite = Suite(pyramid=example_pyramid(), tests=(), conftest_marks=(place,))
    (found,) = MarkInConftest().check(suite)
    assert glob in found.hint
    assert found.location == place


UNIT = Placement(tier="unit", source="marker", reason="marker unit")
FILE = "tests/unit/test_a.py"


def limited(max_seconds: float | None = None, budget_seconds: float | None = None) -> Pyramid:
    """A unit tier with these limits, and a service tier that takes the time it takes."""
    unit = Tier(name="unit", rank=0, max_seconds=max_seconds, budget_seconds=budget_seconds)
    return Pyramid(tiers=(unit, Tier(name="service", rank=1)))


def timed(name: str, seconds: float, *, start: float = 0.0, own: float | None = None) -> tuple[TestFacts, Outcome]:
    """A unit test of `FILE` that took so long, nearly all of it in its call."""
    test = example_test(f"{FILE}::{name}", UNIT)._replace(max_seconds=own)
    return test, Outcome(nodeid=test.nodeid, tier="unit", result=Result.PASSED, call_seconds=seconds, start=start)


def ran(pyramid: Pyramid, *tests: tuple[TestFacts, Outcome]) -> Suite:
    """A suite in which these tests ran."""
    return Suite(pyramid=pyramid, tests=tuple(t for t, _ in tests), outcomes=tuple(o for _, o in tests))


def test_slow_test_tells_figures_and_place() -> None:
    """The message has what it took and what it may take, the violation the test and its line."""
    (found,) = SlowTest().check(ran(limited(max_seconds=0.5), timed("test_x", 0.84), timed("test_y", 0.5)))
    assert found.message == f"{FILE}::test_x took 0.84 s, unit tests may take 0.5 s"
    assert (found.tier, found.nodeid) == ("unit", f"{FILE}::test_x")
    assert found.location == Location(file=FILE, line=3)
    assert dict(found.data) == {"seconds": 0.84, "limit": 0.5, "cases": 1}


def test_slow_test_adds_up_the_phases() -> None:
    """Setup and teardown count as well, and the hint names the phase that took longest."""
    test, outcome = timed("test_x", 0.1)
    slow = outcome._replace(setup_seconds=0.3, teardown_seconds=0.2)
    (found,) = SlowTest().check(ran(limited(max_seconds=0.5), (test, slow)))
    assert found.message == f"{FILE}::test_x took 0.60 s, unit tests may take 0.5 s"
    assert found.hint.startswith(
        "its setup took 0.30 s: make that cheaper, move the test to service, whose tests have no limit"
    )
    (own,) = SlowTest().check(ran(limited(), (test._replace(max_seconds=0.5), slow)))
    assert own.hint == "its setup took 0.30 s: make that cheaper, or raise the limit of its mark"


def test_slow_test_tells_a_function_once_by_its_slowest_case() -> None:
    """Cases are counted, those within the limit are not, and the slowest one is named."""
    cases = [timed(f"test_x[{number}]", seconds) for number, seconds in enumerate((0.6, 0.1, 0.9, 0.7))]
    (found,) = SlowTest().check(ran(limited(max_seconds=0.5), *cases))
    assert (
        found.message == f"{FILE}::test_x[2] took 0.90 s, unit tests may take 0.5 s; 2 more of its cases are too slow"
    )
    assert found.nodeid == f"{FILE}::test_x[2]"
    assert dict(found.data) == {"seconds": 0.9, "limit": 0.5, "cases": 3}


@pytest.mark.parametrize(
    ("own", "message"),
    [
        (None, f"{FILE}::test_x took 0.84 s, unit tests may take 0.5 s"),
        (2.0, None),
        (0.84, None),
        (0.25, f"{FILE}::test_x took 0.84 s, its own mark allows 0.25 s"),
    ],
)
def test_slow_test_asks_the_own_limit_of_a_test_first(own: float | None, message: str | None) -> None:
    """The mark of a test wins over its tier, be it looser or stricter."""
    suite = ran(limited(max_seconds=0.5), timed("test_x", 0.84, own=own))
    assert messages(SlowTest(), suite) == ([] if message is None else [message])


def test_slow_test_leaves_alone_what_has_no_limit() -> None:
    """A tier without a limit takes its time, and so does a test without a tier, unless its own mark says otherwise."""
    loose = example_suite({"unclassified": 1}, seconds={"unclassified": 9.0})
    assert messages(SlowTest(), replace(loose, pyramid=limited(max_seconds=0.5))) == []
    assert messages(SlowTest(), ran(limited(), timed("test_x", 9.0))) == []
    marked = replace(loose, tests=(loose.tests[0]._replace(max_seconds=1.0),))
    assert messages(SlowTest(), marked) == ["tests/test_rest.py::test_0 took 9.00 s, its own mark allows 1 s"]


def test_slower_than_history_is_not_told_of_a_slow_machine() -> None:
    """When every test takes three times as long, none of them has got slower."""
    suite = example_suite({"unit": 20}, seconds={"unit": 0.9})
    past = {test.nodeid: Estimate(0.3, 0.01, 9, last_seconds=0.9) for test in suite.tests}
    assert messages(SlowerThanHistory(), replace(suite, past=past)) == []
    usual = tuple(one._replace(call_seconds=0.3) for one in suite.outcomes[1:])
    alone = replace(suite, past=past, outcomes=(suite.outcomes[0], *usual))
    assert messages(SlowerThanHistory(), alone) == [
        "tests/unit/test_unit.py::test_0 took 0.90 s, its last 9 runs 0.30 s (median)"
    ]


@pytest.mark.parametrize("rule", [SlowTest(), TierOverBudget()])
@pytest.mark.parametrize("result", list(Result))
def test_rules_about_time_judge_only_what_ran(rule: Rule, result: Result) -> None:
    """A failed test may be too slow as well as one that passed; one that never started may not."""
    test, outcome = timed("test_x", 9.0)
    suite = ran(limited(max_seconds=1.0, budget_seconds=1.0), (test, outcome._replace(result=result)))
    assert bool(messages(rule, suite)) is result.ran


@pytest.mark.parametrize("rule", [SlowTest(), TierOverBudget()])
def test_rules_about_time_judge_partial_runs(rule: Rule) -> None:
    """What ran took its time, whether the rest ran or not."""
    suite = ran(limited(max_seconds=1.0, budget_seconds=1.0), timed("test_x", 9.0))
    assert len(messages(rule, replace(suite, partial_reason="-k x"))) == 1


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.50001, "0.50001 s"), (0.5049, "0.505 s"), (0.508, "0.51 s"), (123.456, "123.5 s")]
)
def test_a_time_beyond_a_limit_reads_as_beyond(seconds: float, text: str) -> None:
    """Nobody is told that 0.50 s are more than 0.5 s."""
    (message,) = messages(SlowTest(), ran(limited(max_seconds=0.5), timed("test_x", seconds)))
    assert f"took {text}," in message


def test_tier_over_budget_measures_the_wall_clock() -> None:
    """From the first start to the last end, however many workers were busy in between."""
    tests = [timed("test_x", 4.0, start=10.0), timed("test_y", 3.0, start=11.5), timed("test_z", 1.0, start=10.5)]
    (found,) = TierOverBudget().check(ran(limited(budget_seconds=4.25), *tests))
    assert found.message == "unit took 4.50 s from its first test to its last, its budget is 4.25 s"
    assert (found.tier, found.nodeid, found.location) == ("unit", None, None)
    assert dict(found.data) == {"seconds": 4.5, "budget": 4.25, "tests": 3}
    assert messages(TierOverBudget(), ran(limited(budget_seconds=4.5), *tests)) == []
    assert messages(TierOverBudget(), ran(limited(), *tests)) == []


def test_tier_over_budget_names_the_slowest_functions() -> None:
    """The hint has three functions with the seconds of all their cases, the slowest first."""
    cases = [timed(f"test_x[{number}]", 1.0) for number in range(3)]
    tests = [*cases, timed("test_a", 2.0), timed("test_b", 2.5), timed("test_c", 0.5)]
    (found,) = TierOverBudget().check(ran(limited(budget_seconds=1.0), *tests))
    slowest = f"{FILE}::test_x (3.00 s), {FILE}::test_b (2.50 s), {FILE}::test_a (2.00 s)"
    assert found.hint == f"begin with the slowest: {slowest}"


def test_tier_over_budget_counts_every_tier_for_itself() -> None:
    """Tests of other tiers and tests without a tier use up no budget."""
    pyramid = limited(budget_seconds=1.0)
    test, outcome = timed("test_x", 9.0)
    loose = example_test("tests/test_rest.py::test_0")
    rest = outcome._replace(nodeid=loose.nodeid, tier=loose.tier)
    assert messages(TierOverBudget(), ran(pyramid, (loose, rest))) == []
    service = (test._replace(tier="service"), outcome._replace(tier="service"))
    assert messages(TierOverBudget(), ran(pyramid, service, timed("test_y", 0.5))) == []


def test_gate_closed_tells_who_and_how_many() -> None:
    """The first that closed it is named and found, the others are counted, and so is what was withheld."""
    suite = example_suite({"unit": 3})
    ids = tuple(test.nodeid for test in suite.tests)
    gate = GateState(tier="unit", state="closed", seconds=0.8, pulled_by=ids, withheld=37)
    (found,) = GateClosed().check(replace(suite, gates=(gate, GateState(tier="service", state="not reached"))))
    assert found.message == f"the gate of unit was closed by {ids[0]} and 2 more; 37 tests withheld"
    assert (found.nodeid, found.location) == (ids[0], suite.tests[0].location)


@pytest.mark.parametrize(
    ("withheld", "text"), [(0, "no tests withheld"), (1, "1 test withheld"), (2, "2 tests withheld")]
)
def test_gate_closed_counts_in_words(withheld: int, text: str) -> None:
    """None, one and several read as sentences."""
    gate = GateState(tier="unit", state="closed", pulled_by=("tests/test_broken.py",), withheld=withheld)
    (message,) = messages(GateClosed(), Suite(pyramid=example_pyramid(), tests=(), gates=(gate,)))
    assert message == f"the gate of unit was closed by tests/test_broken.py; {text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sloppy:
    """A rule of somebody who forgot nearly everything."""

    code: ClassVar[str] = "PYR9"
    name: ClassVar[str] = "Sloppy Rule"
    stage: ClassVar[Stage] = Stage.RUN
    default: ClassVar[Severity] = Severity.ERROR

    limit: int

    def check(self, suite: Suite) -> Iterable[Violation]:
        """Nothing, ever."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrary:
    """A rule whose examples are the wrong way round.

    ## What it does

    ## Why it matters

    ## How to fix

    ## Options

    ## Example
    """

    code: ClassVar[str] = "PYR801"
    name: ClassVar[str] = "contrary"
    stage: ClassVar[Stage] = Stage.RUN
    default: ClassVar[Severity] = Severity.ERROR

    @staticmethod
    def good() -> tuple[Suite, ...]:
        """A suite with a test."""
        return (example_suite({"unit": 1}),)

    @staticmethod
    def bad() -> tuple[Suite, ...]:
        """A suite without one."""
        return (example_suite({}),)

    def check(self, suite: Suite) -> Iterable[Violation]:
        """A violation of another code for every test."""
        for _ in suite.tests:
            yield Violation(code="PYR802", name="other", severity=self.default, message="two\nlines", hint="")


def test_check_rule_tells_everything_that_is_missing() -> None:
    """Authors of extensions read all faults at once."""
    with pytest.raises(AssertionError) as caught:
        check_rule(Sloppy)
    text = str(caught.value)
    for fault in ("'PYR9'", "kebab-case", "the headings", "limit has no default", "limit is not told under Options"):
        assert fault in text


class Unproved(Contrary):
    __doc__ = Contrary.__doc__

    good = bad = ()  # type: ignore[assignment]  # what an author who read too fast may write


def test_check_rule_wants_examples() -> None:
    """A rule without examples proves nothing, and neither does one that has them as values."""
    with pytest.raises(AssertionError) as caught:
        check_rule(Unproved)
    assert str(caught.value).splitlines() == [
        "Unproved: it has no static method good() that gives example suites",
        "Unproved: it has no static method bad() that gives example suites",
    ]


def test_check_rule_asks_the_examples() -> None:
    """Good suites must be silent and bad ones not, and what is said must be the rule's own and one line."""
    with pytest.raises(AssertionError) as caught:
        check_rule(Contrary)
    assert str(caught.value).splitlines() == [
        "Contrary: good example 0 gives 1 violations",
        "Contrary: good example 0 gives a violation of PYR802 other",
        "Contrary: good example 0 gives a violation whose message is empty or longer than a line",
        "Contrary: good example 0 gives a violation whose hint is empty or longer than a line",
        "Contrary: bad example 0 gives 0 violations",
    ]


def flaky(nodeid: str) -> Flake:
    """A test that failed in 3 of 12 runs."""
    return Flake(nodeid=nodeid, codes=2, failures=3, runs=12, low=0.0891, high=0.5323)


def test_flaky_test_tells_failures_runs_and_the_interval() -> None:
    """Of every selected test that is known to be flaky; others are not of this run."""
    suite = example_suite({"unit": 2})
    known, other = suite.tests[1].nodeid, "tests/gone.py::test"
    (found,) = FlakyTest().check(replace(suite, flakes=(flaky(other), flaky(known))))
    assert found.message == f"{known} failed in 3 of 12 runs of the same code (9 % to 53 % of all runs)"
    assert (found.nodeid, found.tier, found.location) == (known, "unit", suite.tests[1].location)
    assert dict(found.data) == {"failures": 3, "runs": 12}


OVER = OverTieredTest.bad()[0]
(OVER_TEST,) = OVER.tests


def over(suite: Suite, **options: Any) -> list[str]:
    """What PYR701 says of the suite."""
    return [violation.message for violation in OverTieredTest(**options).check(suite)]


def test_a_quick_test_that_touches_nothing_is_over_tiered() -> None:
    """It is told with the lowest tier that it fits, the runs behind that, and its seconds."""
    (said,) = over(OVER)
    assert said.startswith("tests/service/test_service.py::test_0 behaved like unit in 5 runs: it touched nothing")
    assert said.endswith("and took 0.004 s")


def test_what_this_run_saw_counts() -> None:
    """A test that touched nothing until today is where it belongs when it does so now."""
    touch = Touch(resource=Resource.PROCESS, phase="call", detail="x", location=None, action=Action.ALLOW)
    (outcome,) = OVER.outcomes
    assert over(replace(OVER, outcomes=(outcome._replace(touches=(touch,)),))) == []
    late = replace(touch, layer="residue")
    assert over(replace(OVER, outcomes=(outcome._replace(touches=(late,)),))) != []


def test_all_cases_of_a_function_have_to_be_over_tiered() -> None:
    """One case that needs its tier keeps the function there; together they are one violation."""
    cases = tuple(OVER_TEST._replace(nodeid=f"{OVER_TEST.nodeid}[{case}]") for case in "ab")
    nodeids = [case.nodeid for case in cases]
    quiet, busy = Behaviour((frozenset(),) * 3), Behaviour((frozenset({Resource.PROCESS}),) * 3)
    past = dict.fromkeys(nodeids, Estimate(0.01))
    both = replace(OVER, tests=cases, past=past, behaviours=dict.fromkeys(nodeids, quiet))
    assert len(over(both)) == 1
    assert "(2 cases)" in over(both)[0]
    assert over(replace(both, behaviours={nodeids[0]: quiet, nodeids[1]: busy})) == []


def test_a_test_with_evidence_for_its_tier_is_left_alone() -> None:
    """What a fixture did before is not seen, so that its name counts for more than what was not seen."""
    evident = Placement(tier="service", source="fixture", reason="fixture redis")
    test = OVER_TEST._replace(placements=(*OVER_TEST.placements, evident))
    assert over(replace(OVER, tests=(test,))) == []


def test_options_and_limits_of_the_lower_tier_count() -> None:
    """More runs or fewer seconds may be asked for; a tier's own limit goes before the rule's."""
    assert over(OVER, min_runs=6) == []
    assert over(OVER, max_seconds=0.001) == []
    base, *others = OVER.pyramid
    strict = replace(OVER, pyramid=Pyramid(tiers=(base._replace(max_seconds=0.001), *others)))
    assert over(strict) == []


def test_without_a_guard_no_tier_is_stricter_than_another() -> None:
    """Where the lower tier may do all that the upper one may, nothing can be told from behaviour."""
    base, *others = OVER.pyramid
    assert over(replace(OVER, pyramid=Pyramid(tiers=(base._replace(guard=()), *others)))) == []


def test_hints_for_tests_without_a_tier_are_counted() -> None:
    """By function and tier, lowest first, so that people know whether it is worth looking at them."""
    hints = {"a": "service", "b": "unit", "c": "service"}
    tests = [
        example_test(f"test_x.py::test_{name}[{case}]")._replace(hints=(Suggestion(tier, "fixture", "x", 0.6),))
        for name, tier in hints.items()
        for case in "12"
    ]
    suite = replace(example_suite({}), tests=(*tests, example_test("test_x.py::test_d")))
    (violation,) = UnclassifiedTest().check(suite)
    assert violation.hint.endswith("hints speak in 1 for unit, 2 for service: pytest-pyramid mark --include-hints")
