"""What a baseline may say, what is refused in it, and what it shields."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pytest_pyramid.core.baseline import (
    TOUCH_CODES,
    Baseline,
    Entry,
    Key,
    Shield,
    Wanted,
    described,
    read_baseline,
)
from pytest_pyramid.core.examples import example_pyramid
from pytest_pyramid.core.isolation import IsolationRule
from pytest_pyramid.core.tiers import Resource
from pytest_pyramid.rules import BUILTIN

TEST = "tests/unit/test_a.py::test_x"
WANTED = Wanted(example_pyramid(), [rule.code for rule in BUILTIN])
GOOD: dict[str, Any] = {"code": "PYR301", "test": TEST, "tier": "unit", "reason": "old"}


def read_one(**changes: object) -> list[tuple[str, str, str | None]]:
    """What is wrong with a file of one entry that is good but for the changes: key, message, near name."""
    _, problems = read_baseline({"schema_version": 1, "known": [{**GOOD, **changes}]}, WANTED, source="b.toml")
    return [(one.key, one.message, one.suggestion) for one in problems]


def test_a_good_file_is_read_whole() -> None:
    """Shares and entries come out as they stand there."""
    values = {"schema_version": 1, "shares": {"unit": 0.7}, "known": [{**GOOD, "count": 3, "expires": "2027-01-31"}]}
    entry = Entry(code="PYR301", test=TEST, tier="unit", reason="old", count=3, expires="2027-01-31")
    assert read_baseline(values, WANTED, source="b.toml") == (Baseline(shares=(("unit", 0.7),), known=(entry,)), ())


@pytest.mark.parametrize(
    ("changes", "key", "words", "near"),
    [
        ({"code": "pyr301"}, "known[0].code", "no rule's code", "PYR301"),
        ({"code": "PYR501"}, "known[0].code", "tells of one run", None),
        ({"code": "PYR703"}, "known[0].code", "tells of one run", None),
        ({"code": None}, "known[0].code", "is missing", None),
        ({"tier": "unti"}, "known[0].tier", "must be one of unit, service, ui, unclassified", "unit"),
        ({"file": "tests/a.py"}, "known[0]", "has a test and a file", None),
        ({"count": 0}, "known[0].count", "is 0", None),
        ({"layer": "hook"}, "known[0].layer", "'hook'", None),
        ({"resaon": "x"}, "known[0].resaon", "no known key", "reason"),
        ({"reason": 7}, "known[0].reason", "is 7", None),
    ],
)
def test_a_bad_entry_is_refused_with_its_place(changes: dict[str, Any], key: str, words: str, near: str | None) -> None:
    """The problem names the number of the entry, what is wrong, and the nearest good word."""
    (found,) = read_one(**changes)
    assert (found[0], found[2]) == (key, near)
    assert words in found[1]


def test_all_problems_of_a_file_are_told_together() -> None:
    """A share of no tier, an entry that stands twice, and a key that nobody knows are three problems."""
    values = {"schema_version": 1, "shares": {"uint": 0.7}, "known": [GOOD, GOOD], "knwon": []}
    _, problems = read_baseline(values, WANTED, source="b.toml")
    assert [one.key for one in problems] == ["knwon", "shares.uint", "known[1]"]
    assert {one.source for one in problems} == {"b.toml"}


@pytest.mark.parametrize("version", [None, 2, "1"])
def test_a_file_of_another_version_is_refused(version: object) -> None:
    """Only the version that this plugin reads is read; nothing else in the file is judged then."""
    values = {"known": [{"code": "x"}]} | ({} if version is None else {"schema_version": version})
    _, problems = read_baseline(values, WANTED, source="b.toml")
    assert [one.key for one in problems] == ["schema_version"]


def test_every_resource_has_the_code_of_its_rule() -> None:
    """The guard and the rules speak of the same codes."""
    rules = {rule.resource: rule.code for rule in BUILTIN if issubclass(rule, IsolationRule)}
    assert rules == TOUCH_CODES
    assert set(TOUCH_CODES) == set(Resource)


@pytest.mark.parametrize(
    ("recording", "test", "resource", "tier", "covered"),
    [
        (False, TEST, Resource.NETWORK, "unit", True),
        (False, TEST, Resource.NETWORK, "service", False),
        (False, TEST, Resource.SLEEP, "unit", False),
        (False, f"{TEST}_2", Resource.NETWORK, "unit", False),
        (False, TEST, Resource.FILES, "unit", False),
        (True, f"{TEST}_2", Resource.NETWORK, "unit", True),
        (True, TEST, Resource.FILES, "unit", False),
    ],
)
def test_a_shield_covers_what_is_known(
    recording: bool, test: str, resource: Resource, tier: str, covered: bool
) -> None:
    """Test, resource and tier must be those of an entry that counts; while recording only expired ones are left out."""
    entries = (
        Entry(code="PYR301", test=TEST, tier="unit", expires="2026-11-23"),
        Entry(code="PYR306", test=TEST, tier="unit", expires="2026-11-22"),
        Entry(code="PYR401", test=TEST, tier="unit"),
    )
    shield = Shield.of(Baseline(known=entries), "2026-11-23", recording=recording)
    assert shield.covers(resource, test, tier) is covered
    assert Shield.from_plain(json.loads(json.dumps(shield.to_plain()))) == shield


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (Key("PYR301", "unit", TEST), f"PYR301 of {TEST}"),
        (Key("PYR205", None, None, "tests/conftest.py"), "PYR205 of tests/conftest.py"),
        (Key("PYR402", "unit"), "PYR402 of unit"),
        (Key("PYR103"), "PYR103 of the suite"),
    ],
)
def test_a_key_is_told_by_the_closest_thing_that_it_names(key: Key, words: str) -> None:
    """Test, else file, else tier, else the suite."""
    assert described(key) == words
