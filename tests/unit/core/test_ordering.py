"""Order inside a tier: every policy names every test once, and each does what it is called."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_pyramid.core.facts import Location, TestFacts
from pytest_pyramid.core.forecast import NOTHING_KNOWN, Estimate, Forecast
from pytest_pyramid.core.ordering import (
    LONG_SECONDS,
    POLICIES,
    completed,
    expected_seconds,
    lazy_longest_first,
    longest_first,
)
from pytest_pyramid.core.plan import Order
from pytest_pyramid.core.tiers import Tier

UNIT = Tier(name="unit", rank=0)


def facts_of(*names: str) -> list[TestFacts]:
    """Tests called FILE::TEST; what follows a bracket are parameters."""
    return [
        TestFacts(nodeid=name, function=name.split("[")[0], location=Location(file=name.split("::")[0]))
        for name in names
    ]


def known(seconds: dict[str, float], **more: Estimate) -> Forecast:
    """A history of these seconds by node id."""
    return Forecast(tests={name: Estimate(lasts) for name, lasts in seconds.items()} | more)


def started(order: Order) -> list[int]:
    """The positions in the order in which they start when nothing has to hurry."""
    return [*order.first, *order.then, *order.last]


def test_without_history_collection_order_is_kept() -> None:
    """Nothing tells the tests apart."""
    order = lazy_longest_first(UNIT, facts_of("b::1", "a::1", "a::2"), NOTHING_KNOWN)
    assert started(order) == [0, 1, 2]
    assert not order.first
    assert not order.last


@pytest.mark.parametrize(("rank", "expected"), [(0, [0, 1, 2]), (1, [1, 0, 2])])
def test_without_history_upper_tests_that_share_set_up_go_before_those_that_do_not(
    rank: int, expected: list[int]
) -> None:
    """They stay together, and the others are there to even them out; in the base they are too short to matter."""
    tests = facts_of("a::1", "b::1", "c::1")
    tests[1] = tests[1]._replace(shares="b")
    assert started(lazy_longest_first(Tier(name="tier", rank=rank), tests, NOTHING_KNOWN)) == expected


def test_what_failed_last_time_goes_first_the_quickest_before_others() -> None:
    """It is most likely to fail again."""
    history = Forecast(
        tests={
            "a::1": Estimate(0.01),
            "a::2": Estimate(0.5, failed_last=True),
            "a::3": Estimate(0.02, failed_last=True),
            "a::4": Estimate(0.01),
        }
    )
    order = lazy_longest_first(UNIT, facts_of("a::1", "a::2", "a::3", "a::4"), history)
    assert order.first == [2, 1]


def test_then_come_tests_in_changed_files_and_new_ones() -> None:
    """A new test has no record in a history that has others."""
    history = known({"a::1": 0.01, "a::2": 0.01, "b::1": 0.01, "c::1": 0.01})._replace(changed=frozenset({"b"}))
    order = lazy_longest_first(UNIT, facts_of("a::1", "a::2", "b::1", "c::1", "c::new"), history)
    assert order.first == [2, 4]


def test_changed_files_matter_without_any_history() -> None:
    """Git may tell what no run has."""
    history = Forecast(changed=frozenset({"b"}))
    assert started(lazy_longest_first(UNIT, facts_of("a::1", "a::2", "b::1"), history)) == [2, 0, 1]


@pytest.mark.parametrize("sign", ["failed", "changed", "flawed"])
def test_a_sign_that_most_tests_carry_tells_nothing(sign: str) -> None:
    """Otherwise the longest tests would start in any order, and the run would take longer for no reason."""
    names = ("a::1", "a::2", "a::3")
    estimate = Estimate(0.01, failed_last=sign == "failed", failure_share=0.5 if sign == "flawed" else 0.0)
    history = Forecast(tests=dict.fromkeys(names, estimate), changed=frozenset({"a"} if sign == "changed" else ()))
    assert started(lazy_longest_first(UNIT, facts_of(*names), history)) == [0, 1, 2]


def test_what_has_failed_before_is_ordered_by_failures_over_seconds() -> None:
    """The chance to see a failure for each second spent."""
    history = Forecast(
        tests={
            "a::1": Estimate(0.01),
            "a::2": Estimate(1.0, failure_share=0.5),
            "a::3": Estimate(0.1, failure_share=0.1),
            "a::4": Estimate(0.01),
        }
    )
    order = lazy_longest_first(UNIT, facts_of("a::1", "a::2", "a::3", "a::4"), history)
    assert order.then == [2, 1, 0, 3]


def test_long_tests_are_for_last_longest_first() -> None:
    """Short ones keep collection order."""
    history = known({"a::1": 0.3, "a::2": 0.01, "a::3": 2.0, "a::4": 0.02})
    order = lazy_longest_first(UNIT, facts_of("a::1", "a::2", "a::3", "a::4"), history)
    assert (order.then, order.last) == ([1, 3], [2, 0])


def test_short_tests_come_the_shortest_first_where_any_may_fail() -> None:
    """By powers of two: what differs by less may be noise, and stays as it was collected."""
    history = known({"a::1": 0.03, "a::2": 0.005, "a::3": 0.02, "b::1": 0.0015, "b::2": 0.006, "b::3": 0.0})
    order = lazy_longest_first(UNIT, facts_of("a::1", "a::2", "a::3", "b::1", "b::2", "b::3"), history)
    assert order.then == [3, 5, 1, 4, 0, 2]


def test_a_test_of_unknown_length_goes_with_the_quickest() -> None:
    """It is new, and more likely to fail; here most tests are new, so that this alone tells nothing."""
    history = known({"a::1": 0.03})
    order = lazy_longest_first(UNIT, facts_of("a::1", "b::1", "b::2"), history)
    assert order.then == [1, 2, 0]


def test_short_tests_that_share_set_up_stay_together() -> None:
    """Among the others by what each of them takes of the whole."""
    history = known({"a::1": 0.001, "a::2": 0.009, "b::1": 0.004, "c::1": 0.03})._replace(setups={"a": 0.01})
    order = lazy_longest_first(UNIT, facts_of("c::1", "a::1", "a::2", "b::1"), history)
    assert order.then == [3, 1, 2, 0]


def test_what_has_failed_before_stays_before_short_tests() -> None:
    """However short these are."""
    history = known({"a::1": 0.001}, **{"b::1": Estimate(0.04, failure_share=0.1)})
    assert lazy_longest_first(UNIT, facts_of("a::1", "b::1", "c::1"), history).then[0] == 1


def test_a_file_with_shared_set_up_is_as_long_as_all_of_it() -> None:
    """Its tests stay together, in collection order."""
    history = known({"a::1": 0.01, "a::2": 0.02, "b::1": 0.2})._replace(setups={"a": 0.3})
    order = lazy_longest_first(UNIT, facts_of("a::1", "b::1", "a::2"), history)
    assert order.last == [0, 2, 1]


def test_the_longest_of_a_file_with_shared_set_up_start_first() -> None:
    """Those that are long themselves; the last one to start would be the one that everybody waits for."""
    history = known({"a::1": 0.01, "a::2": 2.0, "a::3": 3.0})._replace(setups={"a": 0.3})
    assert lazy_longest_first(UNIT, facts_of("a::1", "a::2", "a::3"), history).last == [2, 1, 0]


def test_longest_first_puts_the_unknown_before_all() -> None:
    """An unknown test may be the longest."""
    history = known({"a::1": 0.1, "b::1": 0.2})
    assert started(longest_first(UNIT, facts_of("a::1", "b::1", "c::1"), history)) == [2, 1, 0]


def test_a_new_case_is_expected_to_last_as_its_function_does() -> None:
    """And a new function as its file; of a new file nothing is known."""
    history = known({"a::f[1]": 0.2, "a::f[2]": 0.4, "a::g": 0.9})
    tests = facts_of("a::f[1]", "a::f[2]", "a::f[3]", "a::g", "a::h", "b::1")
    assert expected_seconds(tests, history) == pytest.approx((0.2, 0.4, 0.3, 0.9, 0.5, None))


def test_an_order_of_somebody_else_is_completed() -> None:
    """What it leaves out runs too, what it names twice runs once, and what it makes up is dropped."""
    assert completed(Order(first=[2, 2], last=[0, 9, 2]), 4) == Order([2], [1, 3], [0])


estimates = st.builds(
    Estimate,
    st.sampled_from([0.001, 0.04, 0.06, 3.0]),
    failed_last=st.booleans(),
    failure_share=st.sampled_from([0.0, 0.0, 0.2]),
)


@pytest.mark.parametrize("policy", POLICIES)
@given(data=st.data())
def test_every_policy_names_every_test_once(policy: str, data: st.DataObject) -> None:
    """Whatever history says, no test is lost and none is doubled."""
    names = [f"{file}::{n}" for n, file in enumerate(data.draw(st.lists(st.sampled_from("abc"), max_size=20)))]
    history = Forecast(
        tests={name: data.draw(estimates) for name in names if data.draw(st.booleans())},
        setups=data.draw(st.dictionaries(st.sampled_from("abc"), st.sampled_from([0.0, 0.01, 0.4]))),
        changed=data.draw(st.frozensets(st.sampled_from("abc"))),
    )
    order = POLICIES[policy](UNIT, facts_of(*names), history)
    assert sorted(started(order)) == list(range(len(names)))
    assert completed(order, len(names)) == Order(*map(list, order))


def test_half_a_tier_that_failed_still_tells() -> None:
    """Only a sign that more than half of the tests carry tells nothing."""
    history = known({"a::1": 0.01}, **{"a::2": Estimate(0.01, failed_last=True)})
    assert list(lazy_longest_first(UNIT, facts_of("a::1", "a::2"), history).first) == [1]


def test_a_test_of_exactly_the_limit_is_long() -> None:
    """At least so long is long."""
    history = known({"a::1": LONG_SECONDS, "a::2": LONG_SECONDS - 0.001})
    order = lazy_longest_first(UNIT, facts_of("a::1", "a::2"), history)
    assert (list(order.then), list(order.last)) == ([1], [0])


def test_equally_long_tests_keep_collection_order() -> None:
    """The order is the same on every run."""
    tests = facts_of("c::1", "a::1", "b::1")
    history = known({"a::1": 1.0, "b::1": 1.0, "c::1": 1.0})
    assert (
        started(longest_first(UNIT, tests, history)) == started(lazy_longest_first(UNIT, tests, history)) == [0, 1, 2]
    )


def test_an_unknown_case_lasts_as_the_mean_of_its_function() -> None:
    """Its function tells more than its file."""
    tests = facts_of("a::f[1]", "a::f[2]", "a::f[3]", "a::g")
    found = expected_seconds(tests, known({"a::f[1]": 1.0, "a::f[2]": 3.0, "a::g": 10.0}))
    assert found == (1.0, 3.0, 2.0, 10.0)


def test_no_tests_have_an_empty_order() -> None:
    """Every policy takes a tier without tests."""
    assert [started(policy(UNIT, [], NOTHING_KNOWN)) for policy in POLICIES.values()] == [[], [], []]


def test_what_is_left_out_goes_before_what_is_for_last() -> None:
    """The last section is reserved for what a policy put there."""
    assert completed(Order(first=[2], last=[0]), 4) == Order([2], [1, 3], [0])
