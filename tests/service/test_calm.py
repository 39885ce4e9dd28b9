"""Making many lasting values without the garbage collector looking on."""

from __future__ import annotations

import contextlib
import gc
import weakref
from collections.abc import Iterator

import pytest

from pytest_pyramid.session.calm import grown_old, undisturbed


@pytest.fixture(autouse=True)
def _collector() -> Iterator[None]:
    thresholds, was_on = gc.get_threshold(), gc.isenabled()
    yield
    gc.set_threshold(*thresholds)
    gc.enable() if was_on else gc.disable()


def test_the_collector_is_left_as_it_was_found() -> None:
    """It rests inside the block and afterwards has its threshold again, also after an error."""
    before, seen = gc.get_threshold(), []
    with contextlib.suppress(KeyError), undisturbed():
        seen.append(gc.get_threshold()[0])
        raise KeyError
    assert (seen, gc.get_threshold()) == ([0], before)


def test_what_others_say_to_the_collector_meanwhile_stays_said() -> None:
    """A conftest.py may tune or switch off the collector while tests are collected."""
    gc.enable()
    with undisturbed():
        gc.set_threshold(5000, 20, 20)
        gc.disable()
    assert (gc.get_threshold(), gc.isenabled()) == ((5000, 20, 20), False)


def test_what_was_made_counts_as_old_and_is_not_hidden() -> None:
    """It is in the oldest generation, nothing is frozen, and a dead cycle is still found by an explicit look."""
    with undisturbed():
        cycle = Cycle()
        grown_old()
        old = [one for one in gc.get_objects(generation=2) if one is cycle]
        frozen = gc.get_freeze_count()
    dead = weakref.ref(cycle)
    assert (len(old), frozen) == (1, 0)
    del cycle, old[:]
    gc.collect()
    assert dead() is None


class Cycle:
    """Something that only the collector can free."""

    def __init__(self) -> None:
        self.me = self
