"""Shards: every test in exactly one, the same on every machine, balanced inside each tier."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_pyramid.core.facts import Location, TestFacts
from pytest_pyramid.core.forecast import NOTHING_KNOWN, Estimate, Forecast
from pytest_pyramid.core.sharding import partition
from pytest_pyramid.core.shards import Shard, shard_in, shard_of


def made(name: str, tier: str = "unit", *, shares: bool = False) -> TestFacts:
    """A test called FILE::TEST, with or without fixtures that its file shares."""
    file = name.split("::", maxsplit=1)[0]
    return TestFacts(name, name.split("[", maxsplit=1)[0], Location(file), shares=file if shares else None, tier=tier)


def many(count: int, tier: str = "unit", file: str = "a.py", *, shares: bool = False) -> list[TestFacts]:
    """So many tests of one file."""
    return [made(f"{file}::test_{number}", tier, shares=shares) for number in range(count)]


def taking(seconds: dict[str, float], setups: dict[str, float] | None = None) -> Forecast:
    """A history of these seconds by node id, and of set-up by file."""
    return Forecast(tests={name: Estimate(lasts) for name, lasts in seconds.items()}, setups=setups or {})


SUITES = st.lists(
    st.tuples(
        st.sampled_from(["a.py", "b.py", "c/d.py"]),
        st.integers(0, 30),
        st.sampled_from(["unit", "service", "ui", "unclassified"]),
        st.booleans(),
        st.none() | st.floats(0, 100),
    ),
    max_size=60,
)


@settings(max_examples=1000)
@given(SUITES, st.integers(1, 9), st.none() | st.floats(0, 10), st.randoms(use_true_random=False))
def test_every_test_is_in_exactly_one_shard(
    rows: Sequence[tuple[str, int, str, bool, float | None]], of: int, setup: float | None, chance: object
) -> None:
    """For any suite, any history, and in any order of collection: the same partition, and nothing left over."""
    tests = [made(f"{file}::test_{number}", tier, shares=shares) for file, number, tier, shares, _ in rows]
    known = {test.nodeid: row[-1] for test, row in zip(tests, rows, strict=True) if row[-1] is not None}
    history = taking(known, {} if setup is None else {"a.py": setup})
    found = partition(tests, of, history)
    assert len(found.shards) == len(tests)
    assert set(found.shards) <= set(range(1, of + 1))
    if len({test.nodeid for test in tests}) == len(tests):
        order = list(range(len(tests)))
        chance.shuffle(order)  # type: ignore[attr-defined]  # a random.Random of Hypothesis's own
        again = partition([tests[index] for index in order], of, history)
        assert [again.shards[order.index(index)] for index in range(len(tests))] == list(found.shards)
        assert again.plan == found.plan


@given(st.lists(st.floats(0.001, 1), min_size=40, max_size=80), st.integers(2, 5))
def test_longest_first_is_near_the_best(seconds: list[float], of: int) -> None:
    """No shard of independent tests takes more than a fair part and one test."""
    tests = many(len(seconds))
    loads = partition(tests, of, taking({test.nodeid: s for test, s in zip(tests, seconds, strict=True)})).loads
    assert max(loads) <= sum(seconds) / of + max(seconds) + 1e-9


def test_each_tier_is_balanced_by_itself() -> None:
    """A shard with the long ui tests gets its part of the unit tests all the same."""
    tests = [*many(8, "unit", "u.py"), *many(4, "ui", "e.py")]
    history = taking({test.nodeid: 1.0 if test.tier == "unit" else 10.0 for test in tests})
    found = partition(tests, 4, history)
    counts = Counter((test.tier, shard) for test, shard in zip(tests, found.shards, strict=True))
    assert set(counts.values()) == {1, 2}
    assert counts["ui", 1] == 1
    assert counts["unit", 1] == 2


def test_what_one_shard_has_too_much_of_is_made_up_for_where_tests_are_equal() -> None:
    """Among shards that have as much of a tier, the one with least of the others is next."""
    tests = [*many(2, "ui", "e.py"), *many(2, "unit", "u.py")]
    found = partition(tests, 4, taking({test.nodeid: 1.0 for test in tests}))
    assert sorted(found.loads) == [1.0, 1.0, 1.0, 1.0]


def test_tests_with_dear_set_up_stay_together() -> None:
    """Four files whose set-up takes as long as their tests: one shard each."""
    tests = [test for name in "abcd" for test in many(5, "service", f"{name}.py", shares=True)]
    history = taking({test.nodeid: 0.1 for test in tests}, {f"{name}.py": 0.5 for name in "abcd"})
    found = partition(tests, 4, history)
    homes = {(test.location.file, shard) for test, shard in zip(tests, found.shards, strict=True)}
    assert len(homes) == 4
    assert len(set(found.shards)) == 4


def test_tests_with_cheap_set_up_are_free_to_part() -> None:
    """A set-up of a millisecond is no reason to run a file on one machine."""
    tests = many(8, shares=True)
    history = taking({test.nodeid: 0.1 for test in tests}, {"a.py": 0.001})
    assert len(set(partition(tests, 4, history).shards)) == 4


def test_one_file_of_everything_is_cut_where_its_set_up_is_paid_back() -> None:
    """The only file of a tier is no excuse for three idle machines."""
    tests = many(40, "ui", shares=True)
    history = taking({test.nodeid: 1.0 for test in tests}, {"a.py": 0.5})
    found = partition(tests, 4, history)
    assert max(found.loads) <= 1.1 * sum(found.loads) / 4


@pytest.mark.parametrize("shares", [False, True])
def test_without_history_shards_have_the_same_number(shares: bool) -> None:
    """Also where fixtures are shared and nobody knows what they cost."""
    counts = Counter(partition(many(100, shares=shares), 4, NOTHING_KNOWN).shards)
    assert max(counts.values()) <= 30


def test_a_pattern_of_slow_tests_is_not_one_shards() -> None:
    """Every fourth test is slow, nobody knows, and there are four shards: each gets some."""
    tests = [test for number in range(100) for test in many(4, file=f"m{number:03}.py")]
    found = partition(tests, 4, NOTHING_KNOWN)
    slow = Counter(shard for test, shard in zip(tests, found.shards, strict=True) if test.nodeid.endswith("_0"))
    assert max(slow.values()) <= 40


def test_an_unknown_test_counts_as_the_middle_one_of_its_tier() -> None:
    """One new test among known ones is taken to be like them."""
    tests = [made("a.py::test_0"), made("b.py::test_0"), made("c.py::test_0")]
    found = partition(tests, 3, taking({"a.py::test_0": 2.0, "b.py::test_0": 2.0}))
    assert found.loads == (2.0, 2.0, 2.0)


def test_the_fingerprint_tells_partitions_apart() -> None:
    """Another history, another number of shards, one test more: another plan."""
    tests = many(9)
    other = taking({"a.py::test_0": 9.0, "a.py::test_1": 0.1})
    plans = {
        partition(tests, 3, NOTHING_KNOWN).plan,
        partition(tests, 3, other).plan,
        partition(tests, 4, NOTHING_KNOWN).plan,
        partition(tests[1:], 3, NOTHING_KNOWN).plan,
    }
    assert len(plans) == 4


def test_no_tests_are_a_partition_too() -> None:
    """Of nothing, with a fingerprint of its own."""
    found = partition([], 3, NOTHING_KNOWN)
    assert found.shards == ()
    assert found.plan


def test_there_is_no_partition_in_no_shards() -> None:
    """Somebody made a mistake."""
    with pytest.raises(ValueError, match="0 shards"):
        partition([], 0, NOTHING_KNOWN)


@pytest.mark.parametrize(
    ("text", "shard"),
    [
        ("1/1", Shard(1, 1)),
        ("2/5", Shard(2, 5)),
        (" 5/5 ", Shard(5, 5)),
        ("0/5", None),
        ("6/5", None),
        ("1/0", None),
        ("-1/5", None),
        ("2 of 5", None),
        ("2/5/6", None),
        ("", None),
        ("٢/5", None),
    ],
)
def test_a_shard_is_named_by_its_number_and_theirs(text: str, shard: Shard | None) -> None:
    """From 1, and nothing else."""
    assert shard_of(text) == shard
    if shard is not None:
        assert str(shard) == text.strip()


@pytest.mark.parametrize(
    ("environment", "text"),
    [
        ({"CI_NODE_INDEX": "2", "CI_NODE_TOTAL": "5"}, "2/5"),
        ({"CI_NODE_TOTAL": "1"}, "1/1"),
        ({"CI_NODE_TOTAL": "3"}, None),
        ({"CIRCLE_NODE_INDEX": "0", "CIRCLE_NODE_TOTAL": "4"}, "1/4"),
        ({"BUILDKITE_PARALLEL_JOB": "3", "BUILDKITE_PARALLEL_JOB_COUNT": "4"}, "4/4"),
        ({"CI_NODE_INDEX": "x", "CI_NODE_TOTAL": "5"}, None),
        ({}, None),
    ],
)
def test_build_systems_tell_the_shard(environment: dict[str, str], text: str | None) -> None:
    """GitLab counts from 1, CircleCI and Buildkite from 0; elsewhere nobody tells."""
    assert shard_in(environment) == text
