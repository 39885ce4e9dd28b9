"""Values that tests of every tier begin with."""

from __future__ import annotations

from shop.money import Money
from shop.products import Category, Product, VatRate


def product(
    sku: str = "tin",
    *,
    name: str = "Tin of Tea",
    price: int = 1000,
    category: Category = Category.TEA,
    vat: VatRate = VatRate.ZERO,
    stock: int = 10,
    summary: str = "Leaves.",
) -> Product:
    """A product at `price` pence, of which each test names only what matters to it."""
    return Product(
        sku=sku,
        name=name,
        category=category,
        summary=summary,
        price=Money(price),
        vat=vat,
        stock=stock,
        picture="tin",
        colour="#555555",
    )


def form(**changes: str) -> dict[str, str]:
    """A checkout form without mistakes, but for the changes."""
    typed = {
        "name": "Ada Moffat",
        "email": "ada@example.com",
        "street": "1 Shore",
        "town": "Leith",
        "postcode": "EH6 6QN",
        "delivery": "standard",
    }
    return {**typed, **changes}
