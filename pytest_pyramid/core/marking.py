"""Which tier mark goes where: on a whole file where all of its tests agree, else on classes, else on functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from pytest_pyramid.core.facts import TestFacts
from pytest_pyramid.core.placing import is_told
from pytest_pyramid.core.tiers import UNCLASSIFIED, Pyramid

Path = tuple[str, ...]
"""The names of a class or function from the outside in, such as ("TestShop", "test_sale"); empty for the file."""

NOT_WRITTEN_HERE = "is not written there: it is inherited, imported or made at run time"
MIXED = "its cases are of several tiers"
INHERITED = "a class that inherits it has tests of other tiers"


class Definition(NamedTuple):
    """A class or function in a test file."""

    path: Path
    is_class: bool = False
    marked: bool = False
    """True when it carries a tier mark of its own."""
    bases: tuple[str, ...] = ()
    """The last part of the name of each base class."""


class Outline(NamedTuple):
    """What of a test file's source is needed to plan its marks."""

    file: str
    definitions: tuple[Definition, ...]
    marked: bool = False
    """True when the module's pytestmark has a tier mark."""
    extendable: bool = True
    """False when the module's pytestmark is written in a way that nothing can be added to."""


class Mark(NamedTuple):
    """One mark to write; an empty path is the module's pytestmark."""

    path: Path
    marker: str


class Left(NamedTuple):
    """A test function that stays without a mark although its tier is known, and why."""

    function: str
    reason: str


class Plan(NamedTuple):
    """The marks to write by file, and what is left."""

    marks: Mapping[str, tuple[Mark, ...]]
    left: tuple[Left, ...]


class _Function(NamedTuple):
    """All cases of one test function as the run recorded them."""

    nodeid: str
    file: str
    path: Path
    tiers: frozenset[str]
    marked: bool

    @property
    def is_open(self) -> bool:
        return not self.marked and self.tiers != {UNCLASSIFIED}


def marker_of(tier: str, pyramid: Pyramid) -> str:
    """The marker to write for a tier: its own name where that is one of its markers, else the first of them.

    Raises ValueError for a tier that the configuration does not know, or that has no marker.
    """
    found = pyramid.named(tier)
    if found is None or not found.markers:
        raise ValueError(f"the configuration here has no marker for the tier {tier!r} of the report")
    return tier if tier in found.markers else found.markers[0]


def files_of(tests: Iterable[TestFacts]) -> tuple[str, ...]:
    """The Python files that the tests stand in, by their node ids, sorted."""
    return tuple(sorted({function.file for function in _functions(tests) if function.file.endswith(".py")}))


def on_evidence(tests: Iterable[TestFacts]) -> tuple[TestFacts, ...]:
    """The tests, without the tier of those that only the default tier has placed: nothing says that it is theirs."""
    return tuple(test if is_told(test) else _unplaced(test) for test in tests)


def by_hints(tests: Iterable[TestFacts], least: float) -> tuple[TestFacts, ...]:
    """The tests, those that nothing places in the tier of their strongest hint with at least that confidence (0-1)."""
    return tuple(_hinted(test, least) for test in tests)


def _hinted(test: TestFacts, least: float) -> TestFacts:
    if is_told(test) or not test.hints or test.hints[0].confidence < least:
        return test
    return test._replace(tier=test.hints[0].tier, placements=(test.hints[0].placement,))


def _unplaced(test: TestFacts) -> TestFacts:
    return test._replace(tier=UNCLASSIFIED, placements=())


def plan(tests: Iterable[TestFacts], outlines: Iterable[Outline], pyramid: Pyramid) -> Plan:
    """The marks for all tests of a recorded run in the outlined files. Raises ValueError as `marker_of` does."""
    by_file: dict[str, list[_Function]] = {}
    for function in _functions(tests):
        by_file.setdefault(function.file, []).append(function)
    outlines = tuple(outlines)
    heirs = _heirs(outlines, by_file)
    marks: dict[str, tuple[Mark, ...]] = {}
    left: list[Left] = []
    for outline in outlines:
        planner = _FilePlan(outline, by_file.get(outline.file, []), heirs, pyramid)
        found = tuple(planner.marks((), planner.functions))
        if found:
            marks[outline.file] = found
        left += planner.left
    return Plan(marks, tuple(left))


def _functions(tests: Iterable[TestFacts]) -> Iterator[_Function]:
    cases: dict[str, list[TestFacts]] = {}
    for test in tests:
        cases.setdefault(test.function, []).append(test)
    for nodeid, all_of_it in cases.items():
        file, *path = nodeid.split("::")
        marked = any(placement.source == "marker" for test in all_of_it for placement in test.placements[:1])
        yield _Function(nodeid, file, tuple(path), frozenset(test.tier for test in all_of_it), marked)


def _heirs(outlines: Iterable[Outline], by_file: Mapping[str, Iterable[_Function]]) -> Mapping[str, frozenset[str]]:
    """The tiers of all tests in classes that inherit a class, by its simple name, from whatever file."""
    tiers: dict[str, set[str]] = {}
    parents: dict[str, set[str]] = {}
    for outline in outlines:
        for definition in outline.definitions:
            if definition.is_class:
                parents.setdefault(definition.path[-1], set()).update(definition.bases)
        for function in by_file.get(outline.file, ()):
            for name in function.path[:-1]:
                tiers.setdefault(name, set()).update(function.tiers)
    found: dict[str, set[str]] = {}
    for name in parents:
        for ancestor in _ancestors(name, parents):
            found.setdefault(ancestor, set()).update(tiers.get(name, ()))
    return {name: frozenset(names) for name, names in found.items()}


def _ancestors(name: str, parents: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    ahead = set(parents.get(name, ()))
    while ahead:
        found |= ahead
        ahead = {base for one in ahead for base in parents.get(one, ())} - found
    return found


class _FilePlan:
    """The plan of one file: every scope takes the mark when all in it agree, otherwise its parts are asked."""

    def __init__(
        self, outline: Outline, functions: list[_Function], heirs: Mapping[str, frozenset[str]], pyramid: Pyramid
    ) -> None:
        self._outline = outline
        self._defined = {definition.path: definition for definition in outline.definitions}
        self._heirs = heirs
        self._pyramid = pyramid
        marked = {definition.path for definition in outline.definitions if definition.marked}
        self.functions = [one._replace(marked=one.marked or _within(one.path, marked)) for one in functions]
        self.left: list[Left] = []

    def marks(self, scope: Path, functions: list[_Function]) -> Iterator[Mark]:
        """The marks for the functions, all of which stand in the scope."""
        if self._outline.marked or not any(function.is_open for function in functions):
            return
        if self._takes_mark(scope, functions):
            yield Mark(scope, marker_of(next(iter(functions[0].tiers)), self._pyramid))
            return
        parts: dict[Path, list[_Function]] = {}
        for function in functions:
            parts.setdefault(function.path[: len(scope) + 1], []).append(function)
        for path, part in parts.items():
            if part[0].path == path:
                yield from self._function_marks(part[0])
            else:
                yield from self.marks(path, part)

    def _takes_mark(self, scope: Path, functions: list[_Function]) -> bool:
        tiers = frozenset[str]().union(*(function.tiers for function in functions))
        if len(tiers) != 1 or UNCLASSIFIED in tiers or any(function.marked for function in functions):
            return False
        if self._unseen(scope):
            return False
        if not scope:
            return self._outline.extendable
        return scope in self._defined and self._heirs.get(scope[-1], tiers) <= tiers

    def _unseen(self, scope: Path) -> bool:
        """True when the scope has tests that the run did not record, as in a run of a part of the suite."""
        seen = {function.path for function in self.functions}
        classes = {path[:-1] for path in seen}
        return any(
            one.path[: len(scope)] == scope and one.path not in seen and self._looks_like_test(one, classes)
            for one in self._outline.definitions
            if not one.is_class
        )

    def _looks_like_test(self, one: Definition, classes: set[Path]) -> bool:
        if not one.path[-1].startswith("test"):
            return False
        owner = self._defined.get(one.path[:-1])
        if owner is None:
            return len(one.path) == 1
        is_case = any(base.endswith("TestCase") for base in owner.bases)
        return owner.path in classes or is_case or owner.path[-1].startswith("Test")

    def _function_marks(self, function: _Function) -> Iterator[Mark]:
        if not function.is_open:
            return
        reason = self._obstacle(function)
        if reason is None:
            yield Mark(function.path, marker_of(next(iter(function.tiers)), self._pyramid))
        else:
            self.left.append(Left(function.nodeid, reason))

    def _obstacle(self, function: _Function) -> str | None:
        if len(function.tiers) > 1:
            return MIXED
        definition = self._defined.get(function.path)
        if definition is None or definition.is_class:
            return NOT_WRITTEN_HERE
        owner = function.path[-2] if len(function.path) > 1 else ""
        return None if self._heirs.get(owner, function.tiers) <= function.tiers else INHERITED


def _within(path: Path, scopes: set[Path]) -> bool:
    return any(path[:length] in scopes for length in range(1, len(path) + 1))
