"""The example on the page of a rule is a sentence that the rule would say."""

from __future__ import annotations

import re

import pytest

from pytest_pyramid.core.facts import Suite
from pytest_pyramid.core.ruling import Rule, page
from pytest_pyramid.rules import BUILTIN
from tests.documents.blocks import blocks_of

OTHERWISE = {"tests", "functions", "have", "and", "more", "contract", "shop", "version"}
"""Words of the pages that the example suites have no cause for: plurals, a third test, other names."""


def words(text: str) -> set[str]:
    """The plain words of a sentence, without figures, node ids, paths and addresses."""
    return set(re.findall(r"[A-Za-z]+", re.sub(r"\S*[/.:_]\S*|\S*\d\S*", " ", text)))


def shown(rule: type[Rule]) -> list[str]:
    """The blocks of output on the rule's page."""
    return [block.text.strip() for block in blocks_of(rule.code, page(rule)) if block.language == "text"]


SHOWING = [rule for rule in BUILTIN if shown(rule)]


@pytest.mark.parametrize("rule", SHOWING, ids=lambda rule: rule.code)
def test_the_example_is_in_the_words_of_the_rule(rule: type[Rule]) -> None:
    """Code and name first, then a message with no word that the messages of its bad examples lack."""
    (text,) = shown(rule)
    head = f"{rule.code} {rule.name}: "
    assert text.startswith(head)
    make = "bad"  # a static method that every rule has, which the protocol leaves to tests
    bad: tuple[Suite, ...] = getattr(rule, make)()
    said = {word for suite in bad for violation in rule().check(suite) for word in words(violation.message)}
    assert words(text.removeprefix(head)) - said - OTHERWISE == set()


def test_most_rules_show_what_they_say() -> None:
    """The others show the code that is wrong."""
    assert {rule.code for rule in BUILTIN} - {rule.code for rule in SHOWING} == {"PYR202", "PYR205"}
