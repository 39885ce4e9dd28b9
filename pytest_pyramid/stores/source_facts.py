"""What a test file says about its tests, read from its source: marks by level, and the fixtures they ask for."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import NamedTuple

from pytest_pyramid.stores.source_outline import assigned_mark, last_name, mark_names

Path = tuple[str, ...]


class Names(NamedTuple):
    """What pytest takes for a test, as its settings python_classes and python_functions say."""

    classes: tuple[str, ...] = ("Test",)
    functions: tuple[str, ...] = ("test",)


class SourceTest(NamedTuple):
    """One test function: its marks, the closest level first, and what it asks for by name."""

    path: Path
    line: int
    marks: tuple[tuple[str, ...], ...]
    asks: tuple[str, ...]


class SourceFixture(NamedTuple):
    """One fixture: what it asks for, and whether every test in sight gets it."""

    asks: tuple[str, ...]
    automatic: bool = False


class SourceFacts(NamedTuple):
    """One file."""

    tests: tuple[SourceTest, ...]
    fixtures: Mapping[str, SourceFixture]
    named_marks: tuple[str, ...]
    """Every mark that is named anywhere, such as those that a conftest puts on tests."""


def facts_of(source: bytes, names: Names) -> SourceFacts:
    """The facts of a file. Raises SyntaxError and ValueError for what is no Python source."""
    tree = ast.parse(source)
    reader = _Reader(tree, names)
    level = _level(tree, ())
    tests = tuple(reader.tests(tree, (), (level,) if level.marks or level.asks else ()))
    fixtures = dict(_fixtures(tree))
    return SourceFacts(tests, fixtures, tuple(sorted(_named_marks(tree))))


class _Level(NamedTuple):
    """What a module, a class or a function says for all that is in it."""

    marks: tuple[str, ...]
    asks: tuple[str, ...]


class _Reader:
    def __init__(self, tree: ast.Module, names: Names) -> None:
        self._names = names
        classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
        self._bases = {node.name: {last_name(base) for base in node.bases} for node in classes}

    def tests(self, node: ast.AST, path: Path, levels: tuple[_Level, ...]) -> Iterator[SourceTest]:
        """The tests in a module or class, also those in branches; none inside functions."""
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef):
                if self._is_class(child):
                    yield from self.tests(child, (*path, child.name), (_level(child, child.decorator_list), *levels))
            elif isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
                if _fits(child.name, self._names.functions) and not _is_fixture(child):
                    yield _test(child, path, levels)
            elif isinstance(child, (ast.stmt, ast.excepthandler)):
                yield from self.tests(child, path, levels)

    def _is_class(self, node: ast.ClassDef) -> bool:
        if self._is_case(node.name, set()):
            return True
        made = any(isinstance(one, ast.FunctionDef) and one.name == "__init__" for one in node.body)
        return _fits(node.name, self._names.classes) and not made

    def _is_case(self, name: str, seen: set[str]) -> bool:
        """True for a class of unittest, as far as this file and the names of its bases tell."""
        bases = self._bases.get(name, set()) - seen
        return any(base.endswith("TestCase") or self._is_case(base, seen | bases) for base in bases)


def _test(node: ast.FunctionDef | ast.AsyncFunctionDef, path: Path, levels: tuple[_Level, ...]) -> SourceTest:
    own = _level(node, node.decorator_list)
    every = (own, *levels)
    asks = [*_arguments(node), *(name for level in every for name in level.asks)]
    marks = tuple(level.marks for level in every if level.marks)
    return SourceTest((*path, node.name), node.lineno, marks, tuple(dict.fromkeys(asks)))


def _level(node: ast.AST, decorators: list[ast.expr] | tuple[()]) -> _Level:
    body = getattr(node, "body", [])
    values = [value for one in body if isinstance(one, ast.stmt) and (value := assigned_mark(one)) is not None]
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        values = []
    found = [*decorators, *values]
    marks = sorted({name for value in found for name in mark_names(value)})
    return _Level(tuple(marks), tuple(name for value in found for name in _used_fixtures(value)))


def _used_fixtures(value: ast.expr) -> Iterator[str]:
    """The names in `pytest.mark.usefixtures("a", "b")`, alone or in a list."""
    if isinstance(value, (ast.List, ast.Tuple)):
        for item in value.elts:
            yield from _used_fixtures(item)
    elif isinstance(value, ast.Call) and mark_names(value) == {"usefixtures"}:
        yield from (item.value for item in value.args if isinstance(item, ast.Constant) and isinstance(item.value, str))


def _arguments(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    """The names that pytest fills in: those without a default."""
    positional = [*node.args.posonlyargs, *node.args.args]
    positional = positional[: len(positional) - len(node.args.defaults)]
    keyword = [one for one, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True) if default is None]
    return [one.arg for one in (*positional, *keyword) if one.arg not in ("self", "cls")]


def _is_fixture(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(last_name(one).endswith("fixture") for one in node.decorator_list)


def _fixtures(tree: ast.Module) -> Iterator[tuple[str, SourceFixture]]:
    for node in ast.walk(tree):
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        for decorator in node.decorator_list:
            if last_name(decorator).endswith("fixture"):
                given = _keywords(decorator)
                name = given.get("name")
                automatic = given.get("autouse") is True
                yield name if isinstance(name, str) else node.name, SourceFixture(tuple(_arguments(node)), automatic)


def _keywords(decorator: ast.expr) -> dict[str | None, object]:
    keywords = decorator.keywords if isinstance(decorator, ast.Call) else []
    return {one.arg: one.value.value for one in keywords if isinstance(one.value, ast.Constant)}


def _named_marks(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and last_name(node.value) == "mark":
            yield node.attr
        elif isinstance(node, ast.Call) and last_name(node.func) == "add_marker":
            yield from (
                item.value for item in node.args if isinstance(item, ast.Constant) and isinstance(item.value, str)
            )


def _fits(name: str, patterns: tuple[str, ...]) -> bool:
    """As pytest has it: a pattern is the beginning of a name, or a glob."""
    return any(name.startswith(one) or fnmatchcase(name, one) for one in patterns)
