"""Every service test has a shop of its own: starting one takes a few hundredths of a second."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from running_shop import RunningShop, Visitor, running_shop

from shop.repository import ShopRepository


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[RunningShop]:
    """A shop that answers on this machine."""
    with running_shop(tmp_path) as running:
        yield running


@pytest.fixture
def visitor(shop: RunningShop) -> Visitor:
    """Somebody who has not been here before."""
    return Visitor(shop)


@pytest.fixture
def repository(tmp_path: Path) -> ShopRepository:
    """An empty shop's memory, in a file."""
    return ShopRepository(tmp_path / "shop.sqlite")
