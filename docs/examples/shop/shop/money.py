"""Money as whole pence: no floats, and nothing lost when a sum is split."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_TEXT = re.compile(r"£?(?P<pounds>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<pence>\d{2}))?")


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in pence; it may be negative."""

    pence: int

    @classmethod
    def parse(cls, text: str) -> Money:
        """The amount written as "£1,234.50", "12.50" or "12". Raises ValueError for anything else."""
        match = _TEXT.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"not an amount of money: {text!r}")
        return cls(int(match["pounds"].replace(",", "")) * 100 + int(match["pence"] or 0))

    def __str__(self) -> str:
        pounds, pence = divmod(abs(self.pence), 100)
        return f"{'-' if self.pence < 0 else ''}£{pounds:,}.{pence:02d}"

    def __add__(self, other: Money) -> Money:
        return Money(self.pence + other.pence)

    def __sub__(self, other: Money) -> Money:
        return Money(self.pence - other.pence)

    def __mul__(self, times: int) -> Money:
        return Money(self.pence * times)

    def __bool__(self) -> bool:
        return self.pence != 0

    def fraction(self, numerator: int, denominator: int) -> Money:
        """`numerator / denominator` of a non-negative amount, half a penny rounded up."""
        return Money((2 * self.pence * numerator + denominator) // (2 * denominator))

    def split(self, weights: Sequence[int]) -> tuple[Money, ...]:
        """A non-negative amount in parts proportional to `weights`; the parts always add up to the whole.

        Odd pence go to the parts that rounding down cost the most. Raises ValueError when all weights are nothing.
        """
        whole = sum(weights)
        if whole <= 0:
            raise ValueError("the weights must add up to more than nothing")
        parts = [self.pence * weight // whole for weight in weights]
        by_loss = sorted(range(len(parts)), key=lambda i: -(self.pence * weights[i] % whole))
        for index in by_loss[: self.pence - sum(parts)]:
            parts[index] += 1
        return tuple(Money(part) for part in parts)


ZERO = Money(0)


def total(amounts: Iterable[Money]) -> Money:
    """The sum of the amounts, nothing for none."""
    return sum(amounts, start=ZERO)
