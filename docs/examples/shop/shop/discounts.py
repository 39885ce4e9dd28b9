"""Discount codes: what each one takes off, and when it does not apply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from shop.money import ZERO, Money, total
from shop.products import Category, Product

Lines = Sequence[tuple[Product, int]]


class Offer(Protocol):
    """One way to take money off; `label` is for people."""

    @property
    def label(self) -> str:
        """What the offer promises."""
        ...

    def off(self, lines: Lines) -> Money:
        """What it takes off these lines, nothing where it does not apply."""
        ...


@dataclass(frozen=True, slots=True)
class PercentOff:
    """A share of the goods, in percent."""

    percent: int

    @property
    def label(self) -> str:
        return f"{self.percent}% off"

    def off(self, lines: Lines) -> Money:
        return _goods(lines).fraction(self.percent, 100)


@dataclass(frozen=True, slots=True)
class AmountOff:
    """A fixed amount, from a minimum value of the goods on."""

    amount: Money
    minimum: Money

    @property
    def label(self) -> str:
        return f"{self.amount} off orders from {self.minimum}"

    def off(self, lines: Lines) -> Money:
        goods = _goods(lines)
        return min(self.amount, goods) if goods >= self.minimum else ZERO


@dataclass(frozen=True, slots=True)
class CheapestFree:
    """In one category, of every so many pieces one is free: the cheapest ones."""

    category: Category
    every: int

    @property
    def label(self) -> str:
        return f"{self.every} for {self.every - 1} on {self.category.value.lower()}"

    def off(self, lines: Lines) -> Money:
        prices = sorted(
            product.price for product, pieces in lines if product.category is self.category for _ in range(pieces)
        )
        return total(prices[: len(prices) // self.every])


@dataclass(frozen=True, slots=True, kw_only=True)
class Discount:
    """A code that a customer types in; `until` is its last day, None for a code that stays."""

    code: str
    offer: Offer
    until: date | None = None


DISCOUNTS = (
    Discount(code="WELCOME10", offer=PercentOff(10)),
    Discount(code="FIVER", offer=AmountOff(Money(500), minimum=Money(3000))),
    Discount(code="TEA3FOR2", offer=CheapestFree(Category.TEA, every=3)),
    Discount(code="SPRING25", offer=PercentOff(25), until=date(2025, 5, 31)),
)


class DiscountRefused(ValueError):
    """The code cannot be used; the text says why, for the customer."""


def find_discount(code: str, lines: Lines, today: date) -> Discount | None:
    """The discount for a typed code, None when nothing was typed. Raises DiscountRefused for a code of no use here."""
    typed = code.strip().upper()
    if not typed:
        return None
    discount = next((each for each in DISCOUNTS if each.code == typed), None)
    if discount is None:
        raise DiscountRefused(f"We do not know the code {typed}.")
    if discount.until is not None and today > discount.until:
        raise DiscountRefused(f"The code {typed} ended on {discount.until.day} {discount.until:%B %Y}.")
    if not discount.offer.off(lines):
        raise DiscountRefused(f"The code {typed} gives {discount.offer.label}, which this basket does not reach.")
    return discount


def _goods(lines: Lines) -> Money:
    return total(product.price * pieces for product, pieces in lines)
