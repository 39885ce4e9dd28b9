"""What is left on the shelf, and what that means for a visitor."""

from __future__ import annotations

from dataclasses import dataclass

from shop.discounts import Lines

LOW = 3
"""From so many pieces down the shop says how many are left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """A line that asks for more than there is."""

    sku: str
    name: str
    wanted: int
    left: int

    @property
    def message(self) -> str:
        """What the customer reads."""
        if self.left == 0:
            return f"{self.name} has just sold out."
        return f"Only {self.left} of {self.name} left, you asked for {self.wanted}."


def shortages(lines: Lines) -> list[Shortage]:
    """The lines that cannot be filled, in the basket's order."""
    return [
        Shortage(sku=product.sku, name=product.name, wanted=pieces, left=product.stock)
        for product, pieces in lines
        if pieces > product.stock
    ]


def availability(stock: int) -> str:
    """The words on the shelf for `stock` pieces."""
    if stock <= 0:
        return "Sold out"
    return f"Only {stock} left" if stock <= LOW else "In stock"
