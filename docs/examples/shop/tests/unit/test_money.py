"""Money is exact: it reads and writes itself, and splits without losing a penny."""

import pytest

from shop.money import ZERO, Money, total


@pytest.mark.parametrize(
    ("pence", "text"), [(0, "£0.00"), (5, "£0.05"), (1250, "£12.50"), (123456789, "£1,234,567.89"), (-250, "-£2.50")]
)
def test_reads_well(pence, text):
    """Two digits for pence, commas between thousands, the sign in front."""
    assert str(Money(pence)) == text


@pytest.mark.parametrize(
    ("text", "pence"), [("12", 1200), ("12.50", 1250), ("£12.50", 1250), (" £1,234.50 ", 123450), ("0.05", 5)]
)
def test_is_read_from_text(text, pence):
    """People write the pound sign, commas and pence, or leave them out."""
    assert Money.parse(text) == Money(pence)


@pytest.mark.parametrize("text", ["", "£", "12.5", "12.505", "1,23.00", "-3", "twelve", "£ 12"])
def test_refuses_what_is_no_amount(text):
    """Guessing at an amount would be worse than asking again."""
    with pytest.raises(ValueError, match="not an amount of money"):
        Money.parse(text)


def test_what_it_writes_it_can_read():
    """Every printed amount means itself."""
    assert all(Money.parse(str(Money(pence))) == Money(pence) for pence in range(0, 300_000, 997))


def test_adds_and_subtracts():
    """Sums are sums of pence."""
    assert Money(150) + Money(275) - Money(25) == Money(400)


def test_multiplies_by_pieces():
    """Three at £2.99 are £8.97."""
    assert Money(299) * 3 == Money(897)


def test_is_ordered_by_amount():
    """The dearest is the largest."""
    assert max(Money(5), Money(50), Money(7)) == Money(50)


def test_nothing_is_false():
    """A page asks `if discount`."""
    assert not ZERO
    assert Money(1)


def test_total_of_nothing_is_zero():
    """An empty basket still has a sum."""
    assert total([]) == ZERO


@pytest.mark.parametrize(("pence", "percent", "part"), [(1000, 10, 100), (1005, 10, 101), (1004, 10, 100), (1, 50, 1)])
def test_fraction_rounds_half_up(pence, percent, part):
    """Half a penny goes up, as on a till."""
    assert Money(pence).fraction(percent, 100) == Money(part)


@pytest.mark.parametrize(
    ("pence", "weights", "parts"),
    [
        (100, [1, 1], [50, 50]),
        (100, [1, 1, 1], [34, 33, 33]),
        (10, [1, 3], [3, 7]),
        (0, [1, 2], [0, 0]),
        (5, [0, 1], [0, 5]),
    ],
)
def test_splits_by_weight(pence, weights, parts):
    """Odd pence go to the first of those who lost most by rounding."""
    assert [part.pence for part in Money(pence).split(weights)] == parts


@pytest.mark.parametrize("pence", [1, 99, 100, 1001, 123457])
def test_a_split_loses_nothing(pence):
    """The parts add up to the whole, whatever the weights."""
    assert total(Money(pence).split([7, 11, 13, 1, 300])) == Money(pence)


@pytest.mark.parametrize("weights", [[], [0, 0]])
def test_cannot_split_among_nobody(weights):
    """Without weight there is nowhere for the money to go."""
    with pytest.raises(ValueError, match="weights"):
        Money(100).split(weights)
