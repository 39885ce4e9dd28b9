"""Names of folders and markers that say a tier."""

from __future__ import annotations

import pytest

from pytest_pyramid.core.tier_words import folder_word, marker_word, why_no_tier


@pytest.mark.parametrize(
    ("name", "tier"),
    [
        ("unit", "unit"),
        ("Unit-Tests", "unit"),
        ("unittests", "unit"),
        ("tests_unit", "unit"),
        ("integration-tests", "service"),
        ("test_integration", "service"),
        ("functional_test", "service"),
        ("e2e-tests", "ui"),
        ("end to end", "ui"),
    ],
)
def test_a_folder_says_its_tier_in_every_spelling(name: str, tier: str) -> None:
    """Case, hyphens, blanks and the word test around it do not matter."""
    assert folder_word(name) == (tier, True)


@pytest.mark.parametrize(
    ("name", "tier"),
    [("api", "service"), ("contract", "service"), ("acceptance", "ui"), ("test_ui", "ui"), ("tests_browser", "ui")],
)
def test_a_word_that_is_also_a_part_of_products_is_not_sure(name: str, tier: str) -> None:
    """Folders called api, or test_ui beside a package ui, may hold tests of any tier."""
    assert folder_word(name) == (tier, False)


@pytest.mark.parametrize("name", ["tests", "test", "integrations", "units_of_measure", "src", "smoke", ""])
def test_other_folders_say_nothing(name: str) -> None:
    """Neither the folder of all tests nor a plural that names what is tested."""
    assert folder_word(name) is None


@pytest.mark.parametrize(
    ("name", "tier"),
    [("network", "service"), ("needs_internet", "service"), ("requires_docker", "service"), ("e2e_test", "ui")],
)
def test_a_marker_says_what_its_tests_need(name: str, tier: str) -> None:
    """Words for other machines and containers, with or without needs and requires."""
    assert marker_word(name) == (tier, True)


@pytest.mark.parametrize(
    ("name", "words"), [("slow", "costs"), ("smoke", "when"), ("flaky", "how"), ("db", "unit tests")]
)
def test_a_marker_of_another_kind_is_told_and_names_no_tier(name: str, words: str) -> None:
    """Slow is a cost and smoke a selection; teams put both on tests of every tier."""
    assert marker_word(name) is None
    assert words in str(why_no_tier(name))


def test_an_unknown_marker_is_not_worth_a_line() -> None:
    """A marker for Windows or for a ticket is no kind of test."""
    assert why_no_tier("windows") is None
