"""A basket changes only by making a new one, and never holds more than a household needs."""

import pytest

from shop.basket import MOST_OF_ONE, Basket


def test_starts_empty():
    """Nothing in it, and false."""
    assert len(Basket()) == 0
    assert not Basket()


def test_counts_pieces_not_lines():
    """The number in the page's header is that of pieces."""
    assert len(Basket().add("tin", 2).add("pot")) == 3


def test_adding_twice_adds_up():
    """The same product stays one line."""
    assert dict(Basket().add("tin").add("tin", 3)) == {"tin": 4}


def test_a_change_leaves_the_old_basket_alone():
    """Values do not change under somebody's hands."""
    before = Basket().add("tin")
    before.add("tin")
    assert dict(before) == {"tin": 1}


@pytest.mark.parametrize("pieces", [0, -1])
def test_adds_at_least_one(pieces):
    """Nothing is put in by adding nothing."""
    with pytest.raises(ValueError, match="at least one"):
        Basket().add("tin", pieces)


def test_is_cut_to_the_most_of_one():
    """Too many become the most, also in two steps."""
    assert dict(Basket().add("tin", MOST_OF_ONE - 1).add("tin", 5)) == {"tin": MOST_OF_ONE}


@pytest.mark.parametrize(("pieces", "left"), [(3, {"tin": 3, "pot": 1}), (0, {"pot": 1}), (-2, {"pot": 1})])
def test_sets_the_pieces(pieces, left):
    """None or less takes the product out."""
    assert dict(Basket().add("tin").add("pot").with_pieces("tin", pieces)) == left


def test_keeps_its_order_when_pieces_change():
    """A line does not jump about on the page."""
    assert list(dict(Basket().add("tin").add("pot").with_pieces("tin", 5))) == ["tin", "pot"]


def test_takes_out():
    """A product goes with all its pieces."""
    basket = Basket().add("tin", 4).without("tin")
    assert "tin" not in basket


def test_taking_out_what_is_not_in_changes_nothing():
    """A page that was open too long does no harm."""
    assert Basket().add("tin").without("pot") == Basket().add("tin")


def test_survives_the_session():
    """What is kept in the cookie is the same basket."""
    basket = Basket().add("tin", 2).add("pot")
    assert Basket.from_session(basket.to_session()) == basket


@pytest.mark.parametrize("data", [None, "tin", 3, ["tin"], {"tin": "2"}, {"tin": True}, {"tin": -1}, {1: 1}])
def test_nonsense_in_the_session_is_left_out(data):
    """A cookie of an older version of the shop must not break the page."""
    assert not Basket.from_session(data)


def test_session_cannot_hold_too_many():
    """The limit holds for every way in."""
    assert len(Basket.from_session({"tin": 999})) == MOST_OF_ONE
