"""A quote adds up: goods, discount, delivery, and the VAT that is inside."""

import pytest
from samples import product

from shop.discounts import Discount, PercentOff
from shop.money import ZERO, Money
from shop.pricing import Delivery, quote, until_free_delivery, vat_within
from shop.products import Category, VatRate

TEA = product("tea", price=1000)
POT = product("pot", price=3600, category=Category.TEAWARE, vat=VatRate.STANDARD)
TENTH = Discount(code="TENTH", offer=PercentOff(10))


def test_goods_are_price_times_pieces():
    """Two tins and a pot."""
    assert quote([(TEA, 2), (POT, 1)], Delivery.COLLECT).goods == Money(5600)


def test_total_is_goods_less_discount_plus_delivery():
    """The one number that matters."""
    price = quote([(TEA, 2)], Delivery.STANDARD, TENTH)
    assert (price.goods, price.discount, price.delivery) == (Money(2000), Money(200), Money(395))
    assert price.total == Money(2195)


def test_an_empty_basket_costs_nothing():
    """No delivery fee for nothing."""
    assert quote([], Delivery.EXPRESS, TENTH).total == ZERO


@pytest.mark.parametrize(
    ("delivery", "goods", "fee"),
    [
        (Delivery.STANDARD, 3999, 395),
        (Delivery.STANDARD, 4000, 0),
        (Delivery.EXPRESS, 100, 795),
        (Delivery.EXPRESS, 90000, 795),
        (Delivery.COLLECT, 100, 0),
    ],
)
def test_delivery_fees(delivery, goods, fee):
    """Standard is free from £40, express never, collecting always."""
    assert delivery.fee(Money(goods)) == Money(fee)


def test_free_delivery_counts_the_goods_after_discount():
    """£42 less a tenth no longer reaches £40."""
    assert quote([(product(price=4200), 1)], Delivery.STANDARD, TENTH).delivery == Money(395)


@pytest.mark.parametrize("delivery", list(Delivery))
def test_every_delivery_has_words_of_its_own(delivery):
    """The checkout offers all of them by name."""
    assert [each.label for each in Delivery].count(delivery.label) == 1


@pytest.mark.parametrize(
    ("gross", "rate", "vat"), [(120, VatRate.STANDARD, 20), (100, VatRate.STANDARD, 17), (120, VatRate.ZERO, 0)]
)
def test_vat_is_inside_the_gross_amount(gross, rate, vat):
    """A sixth at 20 %, rounded to the penny."""
    assert vat_within(Money(gross), rate) == Money(vat)


def test_tea_bears_no_vat():
    """Food is zero-rated."""
    assert quote([(TEA, 3)], Delivery.COLLECT).vat == ZERO


def test_each_line_bears_its_own_rate():
    """Only the pot's sixth counts."""
    assert quote([(TEA, 3), (POT, 1)], Delivery.COLLECT).vat == Money(600)


def test_delivery_bears_vat():
    """A sixth of £7.95."""
    assert quote([(TEA, 1)], Delivery.EXPRESS).vat == Money(133)


def test_a_discount_lowers_the_vat():
    """A tenth less pot is a tenth less VAT."""
    assert quote([(POT, 1)], Delivery.COLLECT, TENTH).vat == Money(540)


def test_a_discount_is_shared_by_value():
    """The pot bears its part of the discount and no more."""
    assert quote([(product(price=3600), 1), (POT, 1)], Delivery.COLLECT, TENTH).vat == Money(540)


def test_a_free_product_can_be_priced():
    """A sample at £0 does not break the shares."""
    assert quote([(product(price=0), 1)], Delivery.COLLECT, TENTH).total == ZERO


@pytest.mark.parametrize(("goods", "missing"), [(0, 4000), (3999, 1), (4000, 0), (9000, 0)])
def test_says_how_much_is_missing_for_free_delivery(goods, missing):
    """Nothing once it is reached."""
    assert until_free_delivery(Money(goods)) == Money(missing)
