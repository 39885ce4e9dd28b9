"""Making many lasting values without the garbage collector looking on."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator

import pytest

from pytest_pyramid.session.calm import undisturbed


@pytest.fixture(autouse=True)
def _collector() -> Iterator[None]:
    was_on = gc.isenabled()
    yield
    gc.enable() if was_on else gc.disable()


@pytest.mark.parametrize("on", [True, False])
def test_the_collector_is_left_as_it_was_found(on: bool) -> None:
    """It rests inside the block, and afterwards it is on only if it was, also after an error."""
    gc.enable() if on else gc.disable()
    seen = []
    with contextlib.suppress(KeyError), undisturbed():
        seen.append(gc.isenabled())
        raise KeyError
    assert (seen, gc.isenabled()) == ([False], on)
