"""The basket: what a visitor wants and how many of it. It knows no prices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

MOST_OF_ONE = 20
"""A household shop: nobody needs more than this many pieces of one product."""


@dataclass(frozen=True, slots=True)
class Basket:
    """Pieces by sku, in the order in which they were put in; every change gives a new basket."""

    pieces: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def from_session(cls, data: object) -> Basket:
        """The basket kept in a visitor's cookie; whatever makes no sense there is left out."""
        if not isinstance(data, dict):
            return cls()
        basket = cls()
        for sku, pieces in data.items():
            if isinstance(sku, str) and type(pieces) is int:
                basket = basket.with_pieces(sku, pieces)
        return basket

    def to_session(self) -> dict[str, int]:
        """The basket as plain data."""
        return dict(self.pieces)

    def __iter__(self) -> Iterator[tuple[str, int]]:
        return iter(self.pieces.items())

    def __len__(self) -> int:
        return sum(self.pieces.values())

    def __contains__(self, sku: str) -> bool:
        return sku in self.pieces

    def add(self, sku: str, pieces: int = 1) -> Basket:
        """The basket with `pieces` more of `sku`, at most `MOST_OF_ONE` in all. Raises ValueError below one piece."""
        if pieces < 1:
            raise ValueError("put at least one piece into the basket")
        return self.with_pieces(sku, self.pieces.get(sku, 0) + pieces)

    def with_pieces(self, sku: str, pieces: int) -> Basket:
        """The basket with exactly so many of `sku`, cut to `MOST_OF_ONE`; none or less takes it out."""
        if pieces < 1:
            return self.without(sku)
        return Basket({**self.pieces, sku: min(pieces, MOST_OF_ONE)})

    def without(self, sku: str) -> Basket:
        """The basket without any of `sku`."""
        return Basket({each: pieces for each, pieces in self if each != sku})
