"""The search finds what a visitor means and puts the likeliest first."""

import pytest
from samples import product

from shop.catalogue import CATALOGUE
from shop.products import Category, search

SENCHA = product("sencha", name="Sencha", summary="Steamed green tea.")
WHISK = product("whisk", name="Bamboo Whisk", summary="For green tea.", category=Category.TEAWARE)
GREEN = product("book", name="Green Leaves", summary="A book.", category=Category.BOOKS)
SHELF = [SENCHA, WHISK, GREEN]


def test_no_words_find_everything_by_name():
    """The first page is the whole shop."""
    assert search(SHELF, "  ") == [WHISK, GREEN, SENCHA]


@pytest.mark.parametrize("words", ["SENCHA", "sencha", "Sench", " sencha "])
def test_case_and_parts_of_words_do_not_matter(words):
    """Visitors type as they like."""
    assert search(SHELF, words) == [SENCHA]


def test_every_word_must_be_found():
    """More words find less."""
    assert search(SHELF, "green steamed") == [SENCHA]


def test_a_match_in_the_name_comes_first():
    """A product called so is likelier than one that mentions it."""
    assert search(SHELF, "green")[0] == GREEN


def test_the_category_is_searched_too():
    """The word on the shelf finds what stands there."""
    assert search(SHELF, "teaware") == [WHISK]


def test_one_category_only():
    """A category narrows the search."""
    assert search(SHELF, "green", Category.TEAWARE) == [WHISK]


def test_nothing_found():
    """An unknown word finds nothing rather than everything."""
    assert search(SHELF, "coffee") == []


def test_every_sku_of_the_catalogue_is_its_own():
    """Two products with one sku would hide each other."""
    assert len({each.sku for each in CATALOGUE}) == len(CATALOGUE)


def test_every_category_of_the_catalogue_is_stocked():
    """No shelf of the new shop is bare."""
    assert {each.category for each in CATALOGUE} == set(Category)
