"""From pytest items to facts: the only reader of markers and fixtures."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from pytest_pyramid.core.facts import Location, TestFacts


class ItemReader:
    """Reads items; remembers what items share with their neighbours, because a suite may have 100,000 of them."""

    def __init__(self) -> None:
        self._marks_above: dict[pytest.Collector, tuple[tuple[str, ...], ...]] = {}
        self._lines: dict[str, int | None] = {}

    def facts(self, item: pytest.Item) -> TestFacts:
        """The facts of one item, not yet placed in a tier."""
        nodeid = item.nodeid
        function = self._function(item, nodeid)
        marks = self._marks(item)
        named = {name for level in marks for name in level}
        limits = item.get_closest_marker("pyramid") if "pyramid" in named else None
        return TestFacts(
            nodeid=nodeid,
            function=function,
            location=Location(file=nodeid.split("::", 1)[0], line=self._line(item, function)),
            marks=marks,
            fixtures=tuple(getattr(item, "fixturenames", ())),
            needs=_needs(limits),
            max_seconds=_max_seconds(limits),
            manual=_manual_steps(item) if "manual" in named else None,
        )

    def _marks(self, item: pytest.Item) -> tuple[tuple[str, ...], ...]:
        own = tuple(mark.name for mark in item.own_markers)
        parent = item.parent
        above = self._marks_of(parent) if parent is not None else ()
        return (own, *above) if own else above

    def _marks_of(self, node: Any) -> tuple[tuple[str, ...], ...]:
        if node not in self._marks_above:
            levels = [tuple(mark.name for mark in above.own_markers) for above in reversed(node.listchain())]
            self._marks_above[node] = tuple(level for level in levels if level)
        return self._marks_above[node]

    def _function(self, item: pytest.Item, nodeid: str) -> str:
        plain = getattr(item, "originalname", None)
        if plain and plain != item.name and nodeid.endswith(item.name):
            return nodeid[: len(nodeid) - len(item.name)] + plain
        return nodeid

    def _line(self, item: pytest.Item, function: str) -> int | None:
        """The 1-based line of the test, the same that pytest reports, read from the code object where that is enough."""
        if function not in self._lines:
            target = inspect.unwrap(getattr(item, "obj", None)) if callable(getattr(item, "obj", None)) else None
            code = getattr(target, "__code__", None)
            if code is not None and code.co_filename == str(item.path):
                self._lines[function] = code.co_firstlineno
            else:
                line = item.location[1]
                self._lines[function] = None if line is None else line + 1
        return self._lines[function]


def group_of(item: pytest.Item) -> str | None:
    """The name of the item's xdist group, None for an item without one."""
    names = set()
    for mark in item.iter_markers("xdist_group"):
        names.add(str(mark.args[0] if mark.args else mark.kwargs.get("name", "default")))
    return "_".join(sorted(names)) or None


def _needs(mark: pytest.Mark | None) -> tuple[str, ...]:
    claimed = mark.kwargs.get("resource", ()) if mark else ()
    return (claimed,) if isinstance(claimed, str) else tuple(claimed)


def _max_seconds(mark: pytest.Mark | None) -> float | None:
    limit = mark.kwargs.get("max_seconds") if mark else None
    return float(limit) if isinstance(limit, int | float) else None


def _manual_steps(item: pytest.Item) -> str | None:
    mark = item.get_closest_marker("manual")
    return str(mark.args[0] if mark.args else mark.kwargs.get("steps", "")) if mark else None
