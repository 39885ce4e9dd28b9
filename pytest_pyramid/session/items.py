"""From pytest items to facts: the only reader of markers and fixtures."""

from __future__ import annotations

import inspect
import os
from collections.abc import Hashable, Sequence
from typing import Any, NamedTuple, TypeVar

import pytest

from pytest_pyramid.core.facts import Location, Placement, TestFacts
from pytest_pyramid.core.tiers import UNCLASSIFIED, Allowance

T = TypeVar("T")
_new = tuple.__new__
_OWN_MARKS = frozenset({"pyramid", "pyramid_allow", "manual"})


class _Above(NamedTuple):
    """What the items of one node have in common."""

    file: str
    """As a posix path relative to the root folder."""
    path: str
    """As the code objects of the file name it."""
    marks: tuple[tuple[str, ...], ...]
    """Mark names by level, the closest level first."""


class Alike(NamedTuple):
    """What those items of one node have in common that have the same marks and fixtures."""

    above: _Above
    marks: tuple[tuple[str, ...], ...]
    fixtures: tuple[str, ...]
    shares: str | None
    special: frozenset[str]
    """Which of our own marks are among theirs: these have arguments, so that each item is looked at."""


class ItemReader:
    """Reads items; remembers what items share with their neighbours, because a suite may have 100,000 of them."""

    def __init__(self) -> None:
        self._parents: dict[int, _Above] = {}  # by id: nodes live as long as the session
        self._known: dict[Hashable, Alike] = {}
        self._lines: dict[str, int | None] = {}
        self._same: dict[Any, Any] = {}

    def alike(self, item: pytest.Item) -> Alike:
        """What the item shares with its neighbours: the same object for all of them, which lives as long as this reader."""
        key = self._key(item)
        known = self._known.get(key)
        if known is None:
            above, own = self._above(item), tuple([mark.name for mark in item.own_markers])
            marks = self._one((own, *above.marks)) if own else above.marks
            fixtures = self._one(tuple(getattr(item, "fixturenames", ())))
            special = _OWN_MARKS.intersection(name for level in marks for name in level)
            known = self._known[key] = Alike(above, marks, fixtures, _shared_node(item, above.file), special)
        return known

    def facts(self, item: pytest.Item, placements: tuple[Placement, ...]) -> TestFacts:
        """The facts of one item in the tier that the first placement tells."""
        return self.known_facts(item, item.nodeid, self.alike(item), placements)

    def known_facts(self, item: pytest.Item, nodeid: str, alike: Alike, placements: tuple[Placement, ...]) -> TestFacts:
        """The same, where the node id and what the item shares are known already."""
        function = _function(item, nodeid)
        above = alike.above
        line = _line_of(item, above) if function is nodeid else self._line_of_cases(item, function, above)
        location = _new(Location, (above.file, line))
        tier = placements[0].tier if placements else UNCLASSIFIED
        special = alike.special
        if not special:  # nearly all, so they are made the way that takes a third of the time
            shared = alike.marks, alike.fixtures, (), alike.shares, None, (), None
            return _new(TestFacts, (nodeid, function, location, *shared, tier, placements, ()))
        limits = tuple(item.iter_markers("pyramid")) if "pyramid" in special else ()
        return TestFacts(
            nodeid,
            function,
            location,
            alike.marks,
            alike.fixtures,
            needs=_needs(limits),
            shares=alike.shares,
            max_seconds=_max_seconds(limits),
            allowances=_allowances(item) if "pyramid_allow" in special else (),
            manual=_manual_steps(item) if "manual" in special else None,
            tier=tier,
            placements=placements,
        )

    def marks(self, item: pytest.Item) -> tuple[tuple[str, ...], ...]:
        """Mark names by level, the closest level first."""
        return self.alike(item).marks

    def _key(self, item: pytest.Item) -> Hashable:
        """The same for all items of one node that have the same marks and fixtures."""
        parent, marks, fixtures = id(item.parent), item.own_markers, getattr(item, "fixturenames", None)
        if marks or fixtures:
            return parent, tuple([mark.name for mark in marks]), tuple(fixtures or ())
        return parent

    def _above(self, item: pytest.Item) -> _Above:
        parent = item.parent
        known = self._parents.get(id(parent))
        if known is None:
            marks = _marks_of(parent) if parent is not None else ()
            known = _Above(item.nodeid.split("::", 1)[0], str(item.path), marks)
            self._parents[id(parent)] = known
        return known

    def _line_of_cases(self, item: pytest.Item, function: str, above: _Above) -> int | None:
        """The line of a function with several cases, looked up once."""
        if function not in self._lines:
            self._lines[function] = _line_of(item, above)
        return self._lines[function]

    def _one(self, value: T) -> T:
        """The one copy that is kept of equal values."""
        known: T = self._same.setdefault(value, value)
        return known


def _line_of(item: pytest.Item, above: _Above) -> int | None:
    """The 1-based line of the test in its own file, as pytest reports it; from the code object where that is enough."""
    target: Any = getattr(item, "obj", None)
    code = getattr(inspect.unwrap(target) if hasattr(target, "__wrapped__") else target, "__code__", None)
    if code is not None and code.co_filename == above.path:
        line: int = code.co_firstlineno
        return line
    file, index, _ = item.location
    # A function that comes from elsewhere has its line there, which would mislead beside this file.
    ours = file.replace(os.sep, "/") == above.file
    return index + 1 if ours and index is not None else None


def _marks_of(node: Any) -> tuple[tuple[str, ...], ...]:
    levels = [tuple(mark.name for mark in above.own_markers) for above in reversed(node.listchain())]
    return tuple(level for level in levels if level)


def _function(item: pytest.Item, nodeid: str) -> str:
    plain: str | None = getattr(item, "originalname", None)
    if plain and plain != item.name and nodeid.endswith(item.name):
        return nodeid[: len(nodeid) - len(item.name)] + plain
    return nodeid


def _shared_node(item: pytest.Item, file: str) -> str | None:
    """The node whose set-up the item shares, None when all of its fixtures are its own."""
    scope = _widest_scope(item) if getattr(item, "fixturenames", None) else None
    if scope is None or scope == "module":
        return scope and file
    name = file.rpartition("/")[0] if scope == "package" else item.nodeid.partition("[")[0].rpartition("::")[0]
    return name or file


def _widest_scope(item: pytest.Item) -> str | None:
    """package, module or class when some fixture of the item has that scope; None when pytest does not tell."""
    info = getattr(item, "_fixtureinfo", None)  # private, and the only place where scopes can be read
    definitions = getattr(info, "name2fixturedefs", None) or {}
    scopes = {str(getattr(found[-1], "scope", "")) for found in definitions.values() if found}
    return next((scope for scope in ("package", "module", "class") if scope in scopes), None)


def group_of(item: pytest.Item) -> str | None:
    """The name of the item's xdist group, None for an item without one."""
    names = set()
    for mark in item.iter_markers("xdist_group"):
        names.add(str(mark.args[0] if mark.args else mark.kwargs.get("name", "default")))
    return "_".join(sorted(names)) or None


def _needs(marks: Sequence[pytest.Mark]) -> tuple[str, ...]:
    claimed = _closest(marks, "resource")
    if isinstance(claimed, list | tuple | set | frozenset):
        return tuple(sorted(str(name) for name in claimed))
    return () if claimed is None else (str(claimed),)


def _max_seconds(marks: Sequence[pytest.Mark]) -> float | None:
    limit = _closest(marks, "max_seconds")
    return float(limit) if isinstance(limit, int | float) else None


def _allowances(item: pytest.Item) -> tuple[Allowance, ...]:
    """Every resource that a mark allows; a mark may name several."""
    found = []
    for node, mark in item.iter_markers_with_node("pyramid_allow"):
        reason = mark.kwargs.get("reason")
        words = mark.args or (mark.kwargs.get("resource", ""),)
        for word in words:
            text = None if reason is None or not str(reason).strip() else str(reason)
            found.append(Allowance(resource=str(word), reason=text, place=node.nodeid))
    return tuple(found)


def _closest(marks: Sequence[pytest.Mark], key: str) -> Any:
    """The value of the closest mark that gives the key: a limit of a function does not hide a claim of its class."""
    return next((mark.kwargs[key] for mark in marks if key in mark.kwargs), None)


def _manual_steps(item: pytest.Item) -> str | None:
    mark = item.get_closest_marker("manual")
    return str(mark.args[0] if mark.args else mark.kwargs.get("steps", "")) if mark else None
