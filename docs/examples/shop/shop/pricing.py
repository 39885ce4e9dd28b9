"""What an order costs: goods, discount, delivery, and the VAT that is in it."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from shop.discounts import Discount, Lines
from shop.money import ZERO, Money, total
from shop.products import VatRate

FREE_DELIVERY_FROM = Money(4000)
"""Standard delivery costs nothing when the goods, less the discount, reach this."""


class Delivery(enum.Enum):
    """How the order travels."""

    STANDARD = "standard"
    EXPRESS = "express"
    COLLECT = "collect"

    @property
    def label(self) -> str:
        """The choice in the checkout's words."""
        return {
            Delivery.STANDARD: "Standard, 3 to 5 days",
            Delivery.EXPRESS: "Express, next working day",
            Delivery.COLLECT: "Collect from the shop",
        }[self]

    def fee(self, goods: Money) -> Money:
        """The fee, VAT included, for `goods` after discount."""
        if self is Delivery.EXPRESS:
            return Money(795)
        if self is Delivery.COLLECT or goods >= FREE_DELIVERY_FROM:
            return ZERO
        return Money(395)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The price of an order, every amount with VAT included; `vat` is the part of `total` that is VAT."""

    goods: Money
    discount: Money
    delivery: Money
    vat: Money

    @property
    def total(self) -> Money:
        """What the customer pays."""
        return self.goods - self.discount + self.delivery


def quote(lines: Lines, delivery: Delivery, discount: Discount | None = None) -> Quote:
    """The price of `lines`; an empty basket costs nothing, delivery included."""
    if not lines:
        return Quote(goods=ZERO, discount=ZERO, delivery=ZERO, vat=ZERO)
    amounts = [product.price * pieces for product, pieces in lines]
    goods = total(amounts)
    off = min(discount.offer.off(lines), goods) if discount else ZERO
    fee = delivery.fee(goods - off)
    shares = off.split([amount.pence for amount in amounts]) if off else [ZERO] * len(amounts)
    vat = total(
        vat_within(amount - share, product.vat)
        for (product, _), amount, share in zip(lines, amounts, shares, strict=True)
    )
    return Quote(goods=goods, discount=off, delivery=fee, vat=vat + vat_within(fee, VatRate.STANDARD))


def vat_within(gross: Money, rate: VatRate) -> Money:
    """The VAT contained in a gross amount: a sixth of it at 20 %."""
    return gross.fraction(rate.value, 100 + rate.value)


def until_free_delivery(goods: Money) -> Money:
    """How much more buys free standard delivery, nothing once it is reached."""
    return max(FREE_DELIVERY_FROM - goods, ZERO)
