"""RunReport to plain data and back: the contract's keys in order, nothing lost, clear words for what is wrong."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_pyramid.core.facts import CollectionError, GateState, Location, Outcome, Placement, Result, TestFacts, Touch
from pytest_pyramid.core.plain_report import from_plain, to_plain
from pytest_pyramid.core.report import RunInfo, RunReport, ShapeVerdict, TierRow
from pytest_pyramid.core.shards import ShardInfo
from pytest_pyramid.core.tiers import UNCLASSIFIED, Action, Pyramid, Resource, Share, Tier
from pytest_pyramid.core.violations import Severity, Violation
from tests.unit.canonical import Level, closed_report, cone_report, open_report, partial_report, report_of

CONTRACT = {
    "": ["schema_version", "tool", "run", "shape", "tiers", "gates", "tests", "violations"],
    "run": [
        "started", "seconds", "command", "workers", "commit", "host", "user", "partial", "partial_reason",
        "exit_status", "first_failure_seconds", "shard",
    ],
    "shape": ["name", "judged", "by"],
    "tiers": [
        "name", "rank", "tests", "functions", "share", "seconds", "outcomes", "target", "gate", "started", "finished",
        "coverage",
    ],
    "gates": ["tier", "state", "seconds", "pulled_by", "withheld", "saved_seconds"],
    "tests": [
        "nodeid", "tier", "classified_by", "outcome", "seconds", "setup_seconds", "call_seconds", "teardown_seconds",
        "start", "worker", "file", "line", "message", "touches",
    ],
    "violations": [
        "code", "name", "severity", "message", "hint", "tier", "nodeid", "file", "line", "baseline",
    ],
}  # fmt: skip
DERIVED = {("run", "partial"), ("tests", "seconds"), ("tiers", "coverage")}
"""Keys that are not read, because other keys tell the same, or because there is nothing to read yet."""
EXTRA = {"": ["collection_errors", "notes"], "run": ["gate_mode"], "shape": ["reason"], "violations": ["data"]}

word = st.text(min_size=1, max_size=8)
maybe_word = st.none() | word
seconds = st.floats(min_value=0, max_value=1e5)
maybe_seconds = st.none() | seconds
count = st.integers(min_value=0, max_value=10**6)
share = st.floats(min_value=0, max_value=1)
place = st.builds(Location, file=word, line=st.none() | count)
touch = st.builds(
    Touch, resource=st.sampled_from(Resource), phase=word, detail=word, location=st.none() | place,
    action=st.sampled_from(Action),
)  # fmt: skip
violation = st.builds(
    Violation, code=word, name=word, severity=st.sampled_from(Severity), message=word, hint=word, tier=maybe_word,
    nodeid=maybe_word, location=st.none() | place, baseline=st.booleans(),
    data=st.lists(st.tuples(word, word | count | seconds | st.none()), max_size=2, unique_by=lambda pair: pair[0]).map(
        tuple
    ),
)  # fmt: skip
gate = st.builds(
    GateState, tier=word, state=word, seconds=maybe_seconds, pulled_by=st.lists(word, max_size=2).map(tuple),
    withheld=count, saved_seconds=maybe_seconds,
)  # fmt: skip
row = st.builds(
    TierRow, name=word, rank=st.none() | st.integers(0, 9), tests=count, functions=count, share=share, seconds=seconds,
    outcomes=st.dictionaries(st.sampled_from([r.value for r in Result]), count).map(lambda d: tuple(d.items())),
    target_min=st.none() | share, target_max=st.none() | share, gate=maybe_word, started=maybe_seconds,
    finished=maybe_seconds,
)  # fmt: skip
shards = st.none() | st.builds(
    ShardInfo, number=count, of=count, plan=word, tests=count, by=st.sampled_from(["seconds", "tests"]),
    partial_reason=maybe_word,
)  # fmt: skip
run = st.builds(
    RunInfo, started=word, seconds=seconds, command=st.lists(word, max_size=2).map(tuple), workers=count,
    gate_mode=word, exit_status=count, commit=maybe_word, partial_reason=maybe_word,
    first_failure_seconds=maybe_seconds, shard=shards,
)  # fmt: skip
shape = st.builds(ShapeVerdict, name=word, judged=st.booleans(), reason=maybe_word, by_tests=maybe_word)


@st.composite
def pair(draw: st.DrawFn) -> tuple[TestFacts, Outcome]:
    """One test with its outcome, under the same node id and tier."""
    nodeid, tier = draw(word), draw(word | st.just(UNCLASSIFIED))
    placements = (Placement(tier=tier, source="marker", reason=draw(word)),) if draw(st.booleans()) else ()
    fact = TestFacts(
        nodeid=nodeid, function=draw(word), location=draw(place), tier=tier, placements=placements,
        manual=draw(maybe_word),
    )  # fmt: skip
    outcome = Outcome(
        nodeid=nodeid, tier=tier, result=draw(st.sampled_from(Result)), setup_seconds=draw(seconds),
        call_seconds=draw(seconds), teardown_seconds=draw(seconds), start=draw(maybe_seconds), worker=draw(maybe_word),
        message=draw(maybe_word), touches=tuple(draw(st.lists(touch, max_size=2))),
    )  # fmt: skip
    return fact, outcome


@st.composite
def reports(draw: st.DrawFn) -> RunReport:
    """Any report at all, however unlikely."""
    pairs = draw(st.lists(pair(), max_size=3))
    return RunReport(
        version=draw(word), pyramid=Pyramid(tiers=()), run=draw(run), shape=draw(shape),
        tiers=tuple(draw(st.lists(row, max_size=3))), gates=tuple(draw(st.lists(gate, max_size=2))),
        tests=tuple(fact for fact, _ in pairs), outcomes=tuple(outcome for _, outcome in pairs),
        violations=tuple(draw(st.lists(violation, max_size=2))),
        collection_errors=tuple(draw(st.lists(st.builds(CollectionError, nodeid=word, tier=word, message=word)))),
        notes=tuple(draw(st.lists(word, max_size=2))),
    )  # fmt: skip


@given(report=reports())
@settings(max_examples=60, deadline=None)
def test_plain_data_survives_the_way_there_and_back(report: RunReport) -> None:
    """Whatever report is written, reading it and writing it again gives the very same data."""
    plain = to_plain(report)
    assert to_plain(from_plain(plain)) == plain


@pytest.mark.parametrize("make", [open_report, closed_report, cone_report, partial_report])
def test_a_report_read_back_is_equal(make: Any) -> None:
    """A report whose times have at most six digits comes back as an equal value."""
    report = make()
    assert to_plain(from_plain(to_plain(report))) == to_plain(report)
    assert from_plain(to_plain(report)).tests == report.tests
    assert from_plain(to_plain(report)).violations == report.violations
    assert from_plain(to_plain(report)).pyramid == report.pyramid


@pytest.mark.parametrize("part", CONTRACT)
def test_the_contracts_keys_come_first_and_in_order(part: str) -> None:
    """Every object begins with the keys of the contract in its order; further keys follow."""
    plain = to_plain(closed_report())
    value = plain[part] if part else plain
    keys = list(value[0] if isinstance(value, list) else value)
    expected = CONTRACT[part]
    assert keys[: len(expected)] == expected
    assert set(EXTRA.get(part, [])) <= set(keys[len(expected) :])


def test_values_of_the_contract() -> None:
    """The example of the contract can be recognised: counts, gate, touch, target, tool."""
    plain = to_plain(closed_report())
    assert plain["schema_version"] == 1
    assert plain["tool"] == {"name": "pytest-test-pyramid", "version": "0.1.0"}
    assert plain["run"]["partial"] is False
    assert plain["tiers"][0]["target"] == {"min": 0.6, "max": None}
    assert plain["tiers"][0]["coverage"] is None
    assert plain["gates"][0]["pulled_by"][0] == "tests/unit/test_0.py::test_0"
    assert plain["tests"][0]["touches"] == [
        {
            "resource": "network", "phase": "call", "detail": "connect 10.0.0.1:443", "file": "shop/payment.py",
            "line": 9, "allowed": False, "action": "warn", "fixture": None, "layer": "hook", "count": 1, "known": False,
        }
    ]  # fmt: skip
    assert plain["violations"][0]["data"] == {"count": 1, "address": "10.0.0.1:443"}


def test_a_partial_run_says_so() -> None:
    """A run of a part of the suite carries the reason."""
    run_part = to_plain(partial_report())["run"]
    assert run_part["partial"] is True
    assert run_part["partial_reason"] == "partial run: -k cart selects 12 of 100 tests"


@pytest.mark.parametrize("make", [open_report, closed_report, cone_report, partial_report])
def test_counts_add_up(make: Any) -> None:
    """In every row the outcomes add up to the tests, and the rows to the list of tests."""
    plain = to_plain(make())
    assert all(sum(tier["outcomes"].values()) == tier["tests"] for tier in plain["tiers"])
    assert sum(tier["tests"] for tier in plain["tiers"]) == len(plain["tests"])


def test_seconds_have_six_digits_and_add_up() -> None:
    """Times are rounded to microseconds and a test's seconds are the sum of the three that are shown."""
    made = report_of({"unit": Level(results={Result.PASSED: 1})})
    third = made.outcomes[0]._replace(setup_seconds=1 / 3, call_seconds=1 / 3, teardown_seconds=1 / 3)
    test = to_plain(replace(made, outcomes=(third,)))["tests"][0]
    assert test["setup_seconds"] == 0.333333
    assert test["seconds"] == 0.999999


def test_a_time_that_is_no_number_is_null() -> None:
    """Infinity and not-a-number have no place in JSON, so that a violation's data shows null."""
    made = closed_report()
    odd = made.violations[0]._replace(data=(("limit", float("inf")), ("seen", float("nan"))))
    assert to_plain(replace(made, violations=(odd,)))["violations"][0]["data"] == {"limit": None, "seen": None}


@pytest.mark.parametrize("version", [0, 2, "1", None, True])
def test_an_unknown_schema_version_is_refused(version: object) -> None:
    """A report of another version is not guessed at."""
    plain = to_plain(open_report()) | {"schema_version": version}
    with pytest.raises(ValueError, match=r"schema_version .* this pytest-test-pyramid reads 1"):
        from_plain(plain)


def required() -> list[tuple[str, str]]:
    """Every (part, key) of the contract."""
    return [(part, key) for part, keys in CONTRACT.items() for key in keys if (part, key) not in DERIVED]


@pytest.mark.parametrize(("part", "key"), required())
def test_a_missing_key_is_named(part: str, key: str) -> None:
    """Each key of the contract that is not there is named with its place."""
    plain = copy.deepcopy(to_plain(closed_report()))
    value = plain[part] if part else plain
    del (value[0] if isinstance(value, list) else value)[key]
    with pytest.raises(ValueError, match=rf"{part}.*\b{key}\b"):
        from_plain(plain)


def test_keys_beyond_the_contract_may_be_absent() -> None:
    """A report that holds the contract's keys only can be read."""
    plain = copy.deepcopy(to_plain(closed_report()))
    for part, keys in EXTRA.items():
        value = plain[part] if part else plain
        for entry in value if isinstance(value, list) else [value]:
            for key in keys:
                del entry[key]
    for test in plain["tests"]:
        del test["function"]
        for one in test["touches"]:
            del one["action"]
    read = from_plain(plain)
    assert read.run.gate_mode == "strict"
    assert read.tests[0].function == read.tests[0].nodeid
    assert read.outcomes[0].touches[0].action is Action.WARN


@pytest.mark.parametrize(
    ("part", "key", "value"),
    [
        ("tests", "outcome", "splendid"),
        ("tests", "setup_seconds", "long"),
        ("tests", "nodeid", 7),
        ("tests", "line", 1.5),
        ("tests", "touches", None),
        ("tiers", "share", None),
        ("tiers", "outcomes", {"passed": "many"}),
        ("tiers", "rank", True),
        ("violations", "severity", "fatal"),
        ("violations", "baseline", "no"),
        ("gates", "pulled_by", "tests/a.py"),
        ("run", "command", [1]),
    ],
)
def test_a_value_of_the_wrong_kind_is_named(part: str, key: str, value: object) -> None:
    """What is there but is not what it should be is a ValueError too, never another error."""
    plain = copy.deepcopy(to_plain(closed_report()))
    entry = plain[part]
    (entry[0] if isinstance(entry, list) else entry)[key] = value
    with pytest.raises(ValueError, match=rf"{part}.*{key}"):
        from_plain(plain)


@pytest.mark.parametrize("value", [[], None, "text", {"schema_version": 1, "tool": 3}])
def test_something_else_is_no_report(value: Any) -> None:
    """Any other data gives a ValueError."""
    with pytest.raises(ValueError, match="report"):
        from_plain(value)


def test_targets_come_back_as_the_tiers_share() -> None:
    """The pyramid read back has the tiers' names, ranks and targets; the unclassified row is no tier."""
    made = report_of({"unit": Level(results={}, target=Share(min=0.6)), UNCLASSIFIED: Level(results={})})
    assert from_plain(to_plain(made)).pyramid == Pyramid(tiers=(Tier(name="unit", rank=0, share=Share(min=0.6)),))
