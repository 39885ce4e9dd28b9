"""An order keeps names and prices as they were when it was placed."""

from dataclasses import replace
from datetime import datetime, timezone

import pytest
from samples import form, product

from shop.checkout import check_form
from shop.discounts import Discount, PercentOff
from shop.money import Money
from shop.orders import Order, OrderLine, draft

NOON = datetime(2025, 3, 10, 12, tzinfo=timezone.utc)
TENTH = Discount(code="TENTH", offer=PercentOff(10))


def drafted(discount: Discount | None = None) -> Order:
    """An order of two tins at £10."""
    customer = check_form(form()).customer
    assert customer is not None
    return draft("visitor", NOON, customer, [(product(), 2)], discount)


def test_a_line_multiplies():
    """Price times pieces."""
    assert OrderLine(sku="tin", name="Tin", price=Money(250), pieces=3).amount == Money(750)


def test_a_draft_copies_the_products():
    """The catalogue may change later, the order does not."""
    assert drafted().lines == (OrderLine(sku="tin", name="Tin of Tea", price=Money(1000), pieces=2),)


def test_a_draft_is_priced_with_the_customers_delivery():
    """Two tins and the standard fee."""
    assert drafted().quote.total == Money(2395)


def test_a_draft_remembers_the_code():
    """The confirmation names it."""
    order = drafted(TENTH)
    assert order.code == "TENTH"
    assert order.quote.discount == Money(200)


def test_a_draft_without_code_has_none():
    """Nothing to name."""
    assert drafted().code is None


@pytest.mark.parametrize(("number", "label"), [(1, "TT-00001"), (123456, "TT-123456")])
def test_the_label_on_the_parcel(number, label):
    """Five digits, more when they are needed."""
    assert replace(drafted(), number=number).label == label
