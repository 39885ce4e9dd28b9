"""A placed order: prices and names as they were that day, whatever the catalogue says later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shop.checkout import Customer
from shop.discounts import Discount, Lines
from shop.money import Money
from shop.pricing import Quote, quote


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """One product of an order; `price` is for one piece."""

    sku: str
    name: str
    price: Money
    pieces: int

    @property
    def amount(self) -> Money:
        """The price of all pieces."""
        return self.price * self.pieces


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What was bought, by whom, for how much. `number` is 0 until the order is stored."""

    number: int = 0
    visitor: str
    placed: datetime
    customer: Customer
    code: str | None
    lines: tuple[OrderLine, ...]
    quote: Quote

    @property
    def label(self) -> str:
        """The number on the parcel, such as TT-00042."""
        return f"TT-{self.number:05d}"


def draft(visitor: str, placed: datetime, customer: Customer, lines: Lines, discount: Discount | None) -> Order:
    """The order for these lines at today's prices, not yet stored."""
    return Order(
        visitor=visitor,
        placed=placed,
        customer=customer,
        code=discount.code if discount else None,
        lines=tuple(
            OrderLine(sku=product.sku, name=product.name, price=product.price, pieces=pieces)
            for product, pieces in lines
        ),
        quote=quote(lines, customer.delivery, discount),
    )
