"""The selected tests, as a run takes them up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from pytest_pyramid.session.wire import Manifest


class Collection(NamedTuple):
    """The selected tests, as much of them as is needed while they run."""

    tiers: Sequence[str]
    """Each test's row."""
    nodeid_of: Callable[[int], str]
    describe: Callable[[], Manifest]
    """Puts everything together that there is to know about them."""
    manual: bool
    """True when some test is done by a person."""


NO_TESTS = Collection(tiers=(), nodeid_of=str, describe=lambda: Manifest(tests=(), pins=()), manual=False)
"""Before tests are selected, and when they are let go."""
