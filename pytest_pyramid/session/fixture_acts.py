"""What fixtures wider than one test did: recorded whoever asked first, and inherited by every test that asks."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from pytest_pyramid.core.acts import Act
from pytest_pyramid.core.facts import Location
from pytest_pyramid.session.witness import Line


class FixtureAct(NamedTuple):
    """One act of a fixture, to be judged by the tier of each test that requests it."""

    readings: tuple[Act, ...]
    """The act, and what else it may be taken for."""
    line: Line | None
    phase: str
    client: str | None = None
    layer: str = "hook"


class FixtureRecord:
    """The acts of one set-up fixture."""

    def __init__(self, fixturedef: Any, place: Location | None) -> None:
        self.name: str = fixturedef.argname
        self.scope: str = fixturedef.scope
        self.base: str = fixturedef.baseid or ""
        self.phase = "setup"
        self.acts: list[FixtureAct] = []
        self._place = place

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from other fixtures, also of the same name."""
        return self.name, self.base

    @property
    def shown(self) -> str:
        """The fixture for people: its name, scope and place."""
        where = f" in {self._place.file}:{self._place.line}" if self._place else ""
        return f"'{self.name}' scope={self.scope}{where}"

    def note(self, act: FixtureAct) -> None:
        """Keep the act, unless the same one is known already."""
        if act not in self.acts:
            self.acts.append(act)

    def serves(self, item: pytest.Item) -> bool:
        """True when the item requests a fixture of this name and stands below its folder, module or class."""
        if self.name not in getattr(item, "fixturenames", ()):
            return False
        return not self.base or item.nodeid == self.base or item.nodeid.startswith((f"{self.base}/", f"{self.base}::"))


def nearest(records: list[FixtureRecord]) -> list[FixtureRecord]:
    """Of records of the same name the one whose base is longest: a fixture hides those of its name above."""
    best: dict[str, FixtureRecord] = {}
    for record in records:
        known = best.get(record.name)
        if known is None or len(record.base) > len(known.base):
            best[record.name] = record
    return list(best.values())
