"""The shelf says what is left, and no order asks for more."""

import pytest
from samples import product

from shop.stock import availability, shortages


@pytest.mark.parametrize(
    ("stock", "words"), [(0, "Sold out"), (1, "Only 1 left"), (3, "Only 3 left"), (4, "In stock"), (-1, "Sold out")]
)
def test_shelf_words(stock, words):
    """Few pieces are counted out, many are not."""
    assert availability(stock) == words


@pytest.mark.parametrize("pieces", [1, 9, 10])
def test_enough_is_no_shortage(pieces):
    """The last piece may be bought."""
    assert shortages([(product(stock=10), pieces)]) == []


def test_only_short_lines_are_named():
    """In the basket's order, with what was wanted and what is left."""
    lines = [(product("a", stock=1), 2), (product("b", stock=5), 5), (product("c", stock=0), 1)]
    assert [(each.sku, each.wanted, each.left) for each in shortages(lines)] == [("a", 2, 1), ("c", 1, 0)]


def test_message_for_too_few():
    """The customer learns how many there are."""
    (short,) = shortages([(product(name="Sencha", stock=2), 5)])
    assert short.message == "Only 2 of Sencha left, you asked for 5."


def test_message_for_none():
    """Sold out is said plainly."""
    (short,) = shortages([(product(name="Sencha", stock=0), 5)])
    assert short.message == "Sencha has just sold out."
