"""What the shop sells, and how a search finds it."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass

from shop.money import Money


class VatRate(enum.Enum):
    """VAT in percent; tea is food and zero-rated, so are books."""

    ZERO = 0
    STANDARD = 20


class Category(enum.Enum):
    """The shelf on which a product stands."""

    TEA = "Tea"
    TEAWARE = "Teaware"
    BOOKS = "Books"


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product as the shop shows it; `price` includes VAT, `stock` is in pieces."""

    sku: str
    name: str
    category: Category
    summary: str
    price: Money
    vat: VatRate
    stock: int
    picture: str
    """Which of the drawings to use: tin, pot, cup, whisk or book."""
    colour: str
    """The drawing's colour, as a CSS colour."""


def search(products: Iterable[Product], words: str, category: Category | None = None) -> list[Product]:
    """The products that hold every word of `words` in name, summary or category, matches in the name first."""
    wanted = words.casefold().split()
    found = [
        product
        for product in products
        if category in (None, product.category) and all(word in _text(product) for word in wanted)
    ]
    return sorted(found, key=lambda product: (not _named(product, wanted), product.name))


def _text(product: Product) -> str:
    return f"{product.name} {product.summary} {product.category.value}".casefold()


def _named(product: Product, wanted: list[str]) -> bool:
    return all(word in product.name.casefold() for word in wanted)
