"""Products and orders in a SQLite file. Every call opens a connection of its own, so any thread may make it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from shop.checkout import Customer
from shop.money import Money
from shop.orders import Order, OrderLine
from shop.pricing import Delivery, Quote
from shop.products import Category, Product, VatRate

SCHEMA = """
CREATE TABLE IF NOT EXISTS products (
    sku TEXT PRIMARY KEY, name TEXT NOT NULL, category TEXT NOT NULL, summary TEXT NOT NULL,
    price INTEGER NOT NULL, vat INTEGER NOT NULL, stock INTEGER NOT NULL CHECK (stock >= 0),
    picture TEXT NOT NULL, colour TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS orders (
    number INTEGER PRIMARY KEY AUTOINCREMENT, visitor TEXT NOT NULL, placed TEXT NOT NULL,
    name TEXT NOT NULL, email TEXT NOT NULL, street TEXT NOT NULL, town TEXT NOT NULL, postcode TEXT NOT NULL,
    delivery TEXT NOT NULL, code TEXT,
    goods INTEGER NOT NULL, discount INTEGER NOT NULL, fee INTEGER NOT NULL, vat INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS orders_by_visitor ON orders (visitor);
CREATE TABLE IF NOT EXISTS order_lines (
    number INTEGER NOT NULL REFERENCES orders, position INTEGER NOT NULL,
    sku TEXT NOT NULL, name TEXT NOT NULL, price INTEGER NOT NULL, pieces INTEGER NOT NULL,
    PRIMARY KEY (number, position)
);
"""


class OutOfStock(Exception):
    """Between looking and buying somebody else was faster; nothing was stored. `sku` is what is missing."""

    def __init__(self, sku: str) -> None:
        super().__init__(f"not enough left of {sku}")
        self.sku = sku


class ShopRepository:
    """The shop's memory, kept in the file `path`, which is made when it is missing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with closing(self._connect()) as connection:
            connection.executescript(SCHEMA)

    def put_on_sale(self, products: Iterable[Product]) -> None:
        """Adds products; one whose sku is already known stays as it is, stock included."""
        with self._transaction() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO products VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", map(_product_row, products)
            )

    def products(self) -> list[Product]:
        """Everything on sale, sold out or not, by name."""
        with closing(self._connect()) as connection:
            return [_product(row) for row in connection.execute("SELECT * FROM products ORDER BY name")]

    def product(self, sku: str) -> Product | None:
        """The product with this sku, or None."""
        with closing(self._connect()) as connection:
            row = connection.execute("SELECT * FROM products WHERE sku = ?", (sku,)).fetchone()
        return _product(row) if row else None

    def place(self, order: Order) -> Order:
        """The order with its number, stored and its pieces taken off the shelf. Raises OutOfStock, then nothing is."""
        with self._transaction() as connection:
            for line in order.lines:
                taken = connection.execute(
                    "UPDATE products SET stock = stock - ? WHERE sku = ? AND stock >= ?",
                    (line.pieces, line.sku, line.pieces),
                )
                if taken.rowcount == 0:
                    raise OutOfStock(line.sku)
            stored = replace(order, number=_insert_order(connection, order))
            connection.executemany(
                "INSERT INTO order_lines VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (stored.number, position, line.sku, line.name, line.price.pence, line.pieces)
                    for position, line in enumerate(stored.lines)
                ],
            )
        return stored

    def orders_of(self, visitor: str) -> list[Order]:
        """A visitor's orders, the newest first."""
        with closing(self._connect()) as connection:
            rows = connection.execute("SELECT * FROM orders WHERE visitor = ? ORDER BY number DESC", (visitor,))
            return [_order(row, _lines(connection, row["number"])) for row in rows.fetchall()]

    def order(self, number: int, visitor: str) -> Order | None:
        """The visitor's order with this number; None also for an order of somebody else."""
        with closing(self._connect()) as connection:
            row = connection.execute(
                "SELECT * FROM orders WHERE number = ? AND visitor = ?", (number, visitor)
            ).fetchone()
            return _order(row, _lines(connection, number)) if row else None

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=10, isolation_level=None)
        connection.row_factory = sqlite3.Row
        return connection

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """A connection that holds the write lock from the start: all of the block is stored, or nothing."""
        with closing(self._connect()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")


def _product_row(product: Product) -> tuple[str | int, ...]:
    return (
        product.sku,
        product.name,
        product.category.value,
        product.summary,
        product.price.pence,
        product.vat.value,
        product.stock,
        product.picture,
        product.colour,
    )


def _product(row: sqlite3.Row) -> Product:
    return Product(
        sku=row["sku"],
        name=row["name"],
        category=Category(row["category"]),
        summary=row["summary"],
        price=Money(row["price"]),
        vat=VatRate(row["vat"]),
        stock=row["stock"],
        picture=row["picture"],
        colour=row["colour"],
    )


def _insert_order(connection: sqlite3.Connection, order: Order) -> int:
    customer, price = order.customer, order.quote
    columns = {
        "visitor": order.visitor,
        "placed": order.placed.isoformat(),
        "name": customer.name,
        "email": customer.email,
        "street": customer.street,
        "town": customer.town,
        "postcode": customer.postcode,
        "delivery": customer.delivery.value,
        "code": order.code,
        "goods": price.goods.pence,
        "discount": price.discount.pence,
        "fee": price.delivery.pence,
        "vat": price.vat.pence,
    }
    names, places = ", ".join(columns), ", ".join("?" * len(columns))
    stored = connection.execute(f"INSERT INTO orders ({names}) VALUES ({places})", tuple(columns.values()))
    if stored.lastrowid is None:
        raise sqlite3.DatabaseError("SQLite gave the order no number")
    return stored.lastrowid


def _lines(connection: sqlite3.Connection, number: int) -> tuple[OrderLine, ...]:
    rows = connection.execute("SELECT * FROM order_lines WHERE number = ? ORDER BY position", (number,))
    return tuple(
        OrderLine(sku=row["sku"], name=row["name"], price=Money(row["price"]), pieces=row["pieces"]) for row in rows
    )


def _order(row: sqlite3.Row, lines: tuple[OrderLine, ...]) -> Order:
    return Order(
        number=row["number"],
        visitor=row["visitor"],
        placed=datetime.fromisoformat(row["placed"]),
        customer=_customer(row),
        code=row["code"],
        lines=lines,
        quote=Quote(
            goods=Money(row["goods"]),
            discount=Money(row["discount"]),
            delivery=Money(row["fee"]),
            vat=Money(row["vat"]),
        ),
    )


def _customer(row: sqlite3.Row) -> Customer:
    return Customer(
        name=row["name"],
        email=row["email"],
        street=row["street"],
        town=row["town"],
        postcode=row["postcode"],
        delivery=Delivery(row["delivery"]),
    )
