"""The SQLite file keeps products and orders, all of an order or nothing of it."""

import threading
from datetime import datetime, timezone

import pytest
from samples import form, product

from shop.checkout import check_form
from shop.discounts import DISCOUNTS
from shop.orders import draft
from shop.repository import OutOfStock, ShopRepository

NOON = datetime(2025, 3, 10, 12, tzinfo=timezone.utc)


def order_of(*lines, visitor="ada", discount=None):
    """An order that is not stored yet."""
    customer = check_form(form()).customer
    assert customer is not None
    return draft(visitor, NOON, customer, lines, discount)


def test_a_product_comes_back_as_it_went_in(repository):
    """Every field survives the file."""
    repository.put_on_sale([product()])
    assert repository.product("tin") == product()


def test_opening_the_shop_again_does_not_refill_the_shelves(repository):
    """A known product keeps its stock."""
    repository.put_on_sale([product(stock=2)])
    repository.put_on_sale([product(stock=50), product("pot")])
    assert {each.sku: each.stock for each in repository.products()} == {"tin": 2, "pot": 10}


def test_an_order_survives_the_process(repository, tmp_path):
    """Another repository on the same file reads the same order."""
    repository.put_on_sale([product(), product("pot")])
    stored = repository.place(order_of((product(), 2), (product("pot"), 1), discount=DISCOUNTS[0]))
    assert ShopRepository(tmp_path / "shop.sqlite").order(stored.number, "ada") == stored


def test_placing_takes_the_pieces_off_the_shelf(repository):
    """Ten less three."""
    repository.put_on_sale([product()])
    repository.place(order_of((product(), 3)))
    assert repository.product("tin").stock == 7


def test_an_order_that_cannot_be_filled_leaves_no_trace(repository):
    """The first line's pieces go back when the second line fails."""
    repository.put_on_sale([product(), product("pot", stock=0)])
    with pytest.raises(OutOfStock, match="pot"):
        repository.place(order_of((product(), 3), (product("pot"), 1)))
    assert repository.product("tin").stock == 10
    assert repository.orders_of("ada") == []


def test_the_last_piece_is_sold_once(repository):
    """Eight people press the button at the same time."""
    repository.put_on_sale([product(stock=1)])
    together, results = threading.Barrier(8), []

    def buy():
        together.wait(timeout=10)
        try:
            results.append(repository.place(order_of((product(), 1))).label)
        except OutOfStock:
            results.append("sold out")

    buyers = [threading.Thread(target=buy) for _ in range(8)]
    for buyer in buyers:
        buyer.start()
    for buyer in buyers:
        buyer.join()
    assert sorted(results) == ["TT-00001"] + ["sold out"] * 7


def test_orders_are_listed_newest_first_and_only_ones_own(repository):
    """Grace does not see what Ada bought."""
    repository.put_on_sale([product()])
    for visitor in ("ada", "grace", "ada"):
        repository.place(order_of((product(), 1), visitor=visitor))
    assert [each.number for each in repository.orders_of("ada")] == [3, 1]
    assert repository.order(1, "grace") is None
