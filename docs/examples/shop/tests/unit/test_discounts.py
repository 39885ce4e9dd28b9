"""Discount codes take off what they promise, when they apply, and say why when they do not."""

from datetime import date

import pytest
from samples import product

from shop.discounts import AmountOff, CheapestFree, DiscountRefused, PercentOff, find_discount
from shop.money import ZERO, Money
from shop.products import Category

TODAY = date(2025, 3, 10)
TEA = product("tea", price=1000)
CHEAP_TEA = product("cheap", price=400)
POT = product("pot", price=3500, category=Category.TEAWARE)


def test_percent_is_of_all_goods():
    """Ten per cent of £45."""
    assert PercentOff(10).off([(TEA, 1), (POT, 1)]) == Money(450)


def test_percent_of_nothing_is_nothing():
    """An empty basket gets nothing back."""
    assert PercentOff(10).off([]) == ZERO


@pytest.mark.parametrize(("pieces", "off"), [(2, 0), (3, 500), (9, 500)])
def test_amount_needs_its_minimum(pieces, off):
    """Five pounds off from £30 on, and not more for more."""
    assert AmountOff(Money(500), minimum=Money(3000)).off([(TEA, pieces)]) == Money(off)


def test_amount_never_exceeds_the_goods():
    """The shop does not pay for taking things away."""
    assert AmountOff(Money(500), minimum=ZERO).off([(CHEAP_TEA, 1)]) == Money(400)


@pytest.mark.parametrize(("pieces", "off"), [(1, 0), (2, 0), (3, 1000), (5, 1000), (6, 2000)])
def test_every_third_is_free(pieces, off):
    """Three for two, six for four."""
    assert CheapestFree(Category.TEA, every=3).off([(TEA, pieces)]) == Money(off)


def test_the_cheapest_is_the_free_one():
    """Mixed tins: the dear ones are paid for."""
    assert CheapestFree(Category.TEA, every=3).off([(TEA, 2), (CHEAP_TEA, 1)]) == Money(400)


def test_other_categories_do_not_count_towards_a_free_one():
    """Two tins and a pot are not three tins."""
    assert CheapestFree(Category.TEA, every=3).off([(TEA, 2), (POT, 1)]) == ZERO


@pytest.mark.parametrize(
    ("offer", "label"),
    [
        (PercentOff(10), "10% off"),
        (AmountOff(Money(500), minimum=Money(3000)), "£5.00 off orders from £30.00"),
        (CheapestFree(Category.TEA, every=3), "3 for 2 on tea"),
    ],
)
def test_offers_say_what_they_promise(offer, label):
    """The checkout shows this beside the code."""
    assert offer.label == label


@pytest.mark.parametrize("typed", ["WELCOME10", "welcome10", "  Welcome10 "])
def test_a_code_is_found_however_it_is_typed(typed):
    """Case and blanks do not matter."""
    found = find_discount(typed, [(TEA, 1)], TODAY)
    assert found is not None
    assert found.code == "WELCOME10"


@pytest.mark.parametrize("typed", ["", "   "])
def test_no_code_is_no_discount(typed):
    """Most people have none."""
    assert find_discount(typed, [(TEA, 1)], TODAY) is None


def test_an_unknown_code_is_refused():
    """The customer reads the code again as typed."""
    with pytest.raises(DiscountRefused, match="do not know the code NOPE"):
        find_discount("nope", [(TEA, 1)], TODAY)


def test_a_code_holds_through_its_last_day():
    """The day that is printed on the voucher is included."""
    assert find_discount("SPRING25", [(TEA, 1)], date(2025, 5, 31)) is not None


def test_a_code_ends_after_its_last_day():
    """The customer learns when it ended."""
    with pytest.raises(DiscountRefused, match="ended on 31 May 2025"):
        find_discount("SPRING25", [(TEA, 1)], date(2025, 6, 1))


@pytest.mark.parametrize("code", ["FIVER", "TEA3FOR2"])
def test_a_code_that_gives_nothing_says_so(code):
    """Better than to accept it and take nothing off."""
    with pytest.raises(DiscountRefused, match="does not reach"):
        find_discount(code, [(TEA, 1)], TODAY)
