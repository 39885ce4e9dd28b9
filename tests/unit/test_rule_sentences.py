"""What single rules say at their limits: singular and plural, unknown places, and when they keep silent."""

from __future__ import annotations

from dataclasses import replace

from pytest_pyramid.core.examples import example_pyramid, example_suite
from pytest_pyramid.core.facts import GateState, Location, Result, Suite
from pytest_pyramid.core.isolation import example_touch, example_touches
from pytest_pyramid.core.tiers import Action, Allowance, Pyramid, Resource
from pytest_pyramid.rules.pyr103_empty_tier import EmptyTier
from pytest_pyramid.rules.pyr104_top_heavy_time import TopHeavyTime
from pytest_pyramid.rules.pyr204_dead_tier import DeadTier
from pytest_pyramid.rules.pyr205_mark_in_conftest import MarkInConftest
from pytest_pyramid.rules.pyr390_unused_allowance import UnusedAllowance
from pytest_pyramid.rules.pyr391_allowance_without_reason import AllowanceWithoutReason
from pytest_pyramid.rules.pyr501_gate_closed import GateClosed

PAUSE = example_touch(Resource.SLEEP, "sleep 1 s", Action.ALLOW)


def without_evidence(suite: Suite, name: str) -> Suite:
    """The suite whose tier has neither markers nor paths."""
    tiers = tuple(tier._replace(markers=(), paths=()) if tier.name == name else tier for tier in suite.pyramid)
    return replace(suite, pyramid=Pyramid(tiers=tiers))


def marked(*allowances: Allowance, touched: bool = False) -> Suite:
    """A suite of one unit test with these marks."""
    suite = example_touches("unit", *([PAUSE] if touched else []))
    return replace(suite, tests=tuple(test._replace(allowances=allowances) for test in suite.tests))


def test_a_base_without_a_marker_is_marked_by_its_name() -> None:
    """Something has to stand in the hint."""
    suite = example_suite({"service": 3, "ui": 2})
    (found,) = EmptyTier().check(suite)
    assert "@pytest.mark.unit;" in found.hint
    (bare,) = EmptyTier().check(without_evidence(suite, "unit"))
    assert "@pytest.mark.unit;" in bare.hint
    assert dict(found.data) == {"tests_above": 5}


def test_the_slowest_tier_above_the_base_is_where_to_begin() -> None:
    """Not the highest one."""
    suite = example_suite({"unit": 1, "service": 1, "ui": 1}, seconds={"unit": 0.1, "service": 9.0, "ui": 2.0})
    (found,) = TopHeavyTime(max_share=0.5).check(suite)
    assert found.tier == "service"
    assert found.hint.startswith("begin with service (9.0 s)")


def test_seconds_on_the_limit_are_not_too_many() -> None:
    """The share may be what it may be; a run without any seconds says nothing."""
    suite = example_suite({"unit": 1, "service": 1, "ui": 1}, seconds={"unit": 1.0, "service": 0.5, "ui": 0.5})
    assert list(TopHeavyTime(max_share=0.5).check(suite)) == []
    assert len(list(TopHeavyTime(max_share=0.49).check(suite))) == 1
    assert list(TopHeavyTime(max_share=0.0).check(example_suite({"unit": 1, "ui": 1}))) == []


def test_a_dead_tier_is_told_with_what_no_test_has() -> None:
    """Several markers in the plural, and a tier that nothing could ever reach as that."""
    suite = example_suite({"unit": 3, "service": 1})
    (found,) = DeadTier().check(suite)
    assert found.message == "no test is in ui: none has its marker ui or lies in tests/ui/**"
    (bare,) = DeadTier().check(without_evidence(suite, "ui"))
    assert bare.message == "no test is in ui: it has neither markers nor paths"
    tiers = tuple(tier._replace(markers=("ui", "e2e"), paths=()) for tier in example_pyramid())
    (several,) = DeadTier().check(replace(suite, pyramid=Pyramid(tiers=tiers)))
    assert several.message == "no test is in ui: none has its markers ui, e2e"


def test_the_empty_base_is_no_dead_tier() -> None:
    """Another rule speaks of it, and nothing is dead in a run without tests."""
    assert [one.tier for one in DeadTier().check(example_suite({"service": 1}))] == ["ui"]
    assert list(DeadTier().check(example_suite({}))) == []


def test_the_conftest_of_the_root_concerns_every_folder() -> None:
    """The hint's pattern has no slash before it, and every file is told by itself, in its order."""
    places = (Location(file="tests/ui/conftest.py", line=4), Location(file="conftest.py", line=1))
    found = list(MarkInConftest().check(replace(example_suite({}), conftest_marks=places)))
    assert [one.hint.partition(" into")[0] for one in found] == ['put "tests/ui/**"', 'put "**"']
    assert tuple(one.location for one in found) == places


def test_a_file_that_closed_a_gate_has_no_line() -> None:
    """It was never collected; a test that did has its place."""
    suite = example_suite({"unit": 2})
    test = suite.tests[1]
    culprits = (test.nodeid, "tests/unit/test_broken.py")
    gates = tuple(GateState(tier="unit", state="closed", pulled_by=(culprit,), withheld=1) for culprit in culprits)
    found = list(GateClosed().check(replace(suite, gates=gates)))
    assert [one.location for one in found] == [test.location, None]
    assert found[1].message == "the gate of unit was closed by tests/unit/test_broken.py; 1 test withheld"


def test_a_gate_that_is_not_closed_is_not_told() -> None:
    """Open, never reached, or off."""
    gates = tuple(GateState(tier="unit", state=state) for state in ("open", "not reached", "off"))
    assert list(GateClosed().check(replace(example_suite({"unit": 1}), gates=gates))) == []


def test_an_allowance_is_not_judged_where_nothing_was_watched() -> None:
    """Nor by a part of the suite, whose other tests might need it; a wrong word is wrong all the same."""
    suite = marked(Allowance(resource="sleep", reason="r", place="tests/unit"))
    assert len(list(UnusedAllowance().check(suite))) == 1
    for unsure in (replace(suite, guard_layers=()), replace(suite, partial_reason="-k cart")):
        assert list(UnusedAllowance().check(unsure)) == []
    word = marked(Allowance(resource="zzz", reason="r", place="tests/unit"))
    (found,) = UnusedAllowance().check(replace(word, guard_layers=()))
    assert found.hint == "write one of network, localhost, process, database, sleep, files, tempfiles"


def test_an_allowance_is_judged_by_its_own_resource() -> None:
    """A pause needs the mark for pauses and no other; a test without an outcome may need anything."""
    pair = [Allowance(resource=word, reason="r", place="tests/unit") for word in ("sleep", "process")]
    found = list(UnusedAllowance().check(marked(*pair, touched=True)))
    assert [one.message for one in found] == ["tests/unit may touch process and does not"]
    assert list(UnusedAllowance().check(replace(marked(*pair), outcomes=()))) == []


def test_an_empty_reason_is_one_and_a_resource_is_told_once() -> None:
    """What a reason says is for people to judge; two marks on one place are one thing to mend."""
    silent = [Allowance(resource=word, reason=None, place="tests/unit") for word in ("sleep", "sleep")]
    (found,) = AllowanceWithoutReason().check(marked(*silent))
    assert found.message == "tests/unit allows sleep without a reason"
    assert list(AllowanceWithoutReason().check(marked(silent[0]._replace(reason="")))) == []


def test_a_test_that_failed_may_have_needed_its_mark() -> None:
    """It may have stopped before; one that passed unexpectedly is not sure either."""
    suite = marked(Allowance(resource="sleep", reason="r", place="tests/unit"))
    for result in (Result.ERROR, Result.XPASSED, Result.LOST):
        outcomes = tuple(one._replace(result=result) for one in suite.outcomes)
        assert list(UnusedAllowance().check(replace(suite, outcomes=outcomes))) == []
