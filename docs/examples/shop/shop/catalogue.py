"""The goods on the shelves of a new shop."""

from __future__ import annotations

from shop.money import Money
from shop.products import Category, Product, VatRate


def _tea(sku: str, name: str, price: int, stock: int, colour: str, summary: str) -> Product:
    return Product(
        sku=sku,
        name=name,
        category=Category.TEA,
        summary=summary,
        price=Money(price),
        vat=VatRate.ZERO,
        stock=stock,
        picture="tin",
        colour=colour,
    )


def _ware(sku: str, name: str, price: int, stock: int, picture: str, colour: str, summary: str) -> Product:
    return Product(
        sku=sku,
        name=name,
        category=Category.TEAWARE,
        summary=summary,
        price=Money(price),
        vat=VatRate.STANDARD,
        stock=stock,
        picture=picture,
        colour=colour,
    )


def _book(sku: str, name: str, price: int, stock: int, colour: str, summary: str) -> Product:
    return Product(
        sku=sku,
        name=name,
        category=Category.BOOKS,
        summary=summary,
        price=Money(price),
        vat=VatRate.ZERO,
        stock=stock,
        picture="book",
        colour=colour,
    )


CATALOGUE = (
    _tea("assam-100", "Assam Breakfast, 100 g", 650, 40, "#9c3d2a", "Malty black tea that stands up to milk."),
    _tea("darjeeling-100", "Darjeeling First Flush, 100 g", 1250, 12, "#c08a2d", "Light, floral spring leaves."),
    _tea("sencha-100", "Sencha, 100 g", 895, 25, "#5d8a4a", "Steamed green tea, fresh as cut grass."),
    _tea("lapsang-100", "Lapsang Souchong, 100 g", 780, 3, "#4a4440", "Black tea dried over pine smoke."),
    _tea("mint-50", "Highland Mint, 50 g", 425, 30, "#3f8f83", "A herbal infusion without caffeine."),
    _ware("teapot-blue", "Stoneware Teapot", 3400, 8, "pot", "#3d5f86", "Holds 0.9 litres, strainer in the spout."),
    _ware("teapot-iron", "Cast-Iron Teapot", 5900, 0, "pot", "#39393c", "Keeps two cups hot for an hour."),
    _ware("cup-pair", "Pair of Tumbler Cups", 1800, 15, "cup", "#b5654a", "Two glazed cups without handles, 180 ml."),
    _ware("whisk", "Bamboo Whisk", 1450, 6, "whisk", "#a98b4f", "A hundred tines for frothy green tea."),
    _book("book-leaf", "The Patient Leaf", 1499, 10, "#6b4a7d", "How tea is grown, picked and brewed."),
)
