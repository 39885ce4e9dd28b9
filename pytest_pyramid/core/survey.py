"""What was found in a repository's test files without running any of them."""

from __future__ import annotations

from typing import NamedTuple

from pytest_pyramid.core.facts import TestFacts
from pytest_pyramid.core.team_commands import TeamCommand


class Survey(NamedTuple):
    """The tests as they are written, and what is said around them."""

    tests: tuple[TestFacts, ...]
    """One for each test function, its marks and fixtures read from the source, not yet placed."""
    registered: tuple[str, ...] = ()
    """Markers that pytest's settings name."""
    put_on: tuple[tuple[str, str], ...] = ()
    """(file, marker) for the markers that a conftest names; it puts them on tests while it runs."""
    commands: tuple[TeamCommand, ...] = ()
    unread: tuple[str, ...] = ()
    """Test files that are no Python source, and why."""

    @property
    def files(self) -> int:
        """How many files the tests stand in."""
        return len({test.location.file for test in self.tests})

    @property
    def used(self) -> frozenset[str]:
        """The markers that stand on some test."""
        return frozenset(mark for test in self.tests for level in test.marks for mark in level)
