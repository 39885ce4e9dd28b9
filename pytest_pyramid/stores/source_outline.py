"""Test files: what is written in them, and how a new text takes the place of the old one."""

from __future__ import annotations

import ast
import os
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path

from pytest_pyramid.core.marking import Definition, Outline

_MARKED = "pytestmark"


def outline(file: str, source: bytes, markers: Collection[str]) -> Outline:
    """The classes and functions of a test file, and which of them carry one of the markers.

    Raises SyntaxError and ValueError for what is no Python source.
    """
    tree = ast.parse(source)
    definitions = tuple(_definitions(tree, (), frozenset(markers)))
    own = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == _MARKED]
    own = [node for node in own if node not in _in_classes(tree)]
    top = [value for node in tree.body if (value := assigned_mark(node)) is not None]
    marked = any(mark_names(value) & set(markers) for value in top)
    extendable = not own or (len(own) == len(top) == 1 and _takes_more(top[0]))
    return Outline(file, definitions, marked=marked, extendable=extendable)


def replace(path: Path, data: bytes) -> None:
    """Put the data in place of the file's, whole or not at all; its mode stays. Raises OSError."""
    path = path.resolve()  # a link stays, what it points to is replaced
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        part.chmod(path.stat().st_mode)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _definitions(node: ast.AST, scope: tuple[str, ...], markers: frozenset[str]) -> Iterator[Definition]:
    """Also those in branches, such as `if sys.platform == …`; none inside functions."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            path = (*scope, child.name)
            values = [value for one in child.body if (value := assigned_mark(one)) is not None]
            marks = set[str]().union(*map(mark_names, [*child.decorator_list, *values]))
            bases = tuple(last_name(base) for base in child.bases)
            yield Definition(path, is_class=True, marked=bool(marks & markers), bases=bases)
            yield from _definitions(child, path, markers)
        elif isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
            marks = set[str]().union(*map(mark_names, child.decorator_list))
            yield Definition((*scope, child.name), marked=bool(marks & markers))
        elif isinstance(child, (ast.stmt, ast.excepthandler)):
            yield from _definitions(child, scope, markers)


def _in_classes(tree: ast.Module) -> set[ast.AST]:
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    return {node for one in classes for node in ast.walk(one)}


def assigned_mark(node: ast.stmt) -> ast.expr | None:
    """What the statement assigns to pytestmark, None for every other statement."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    one = targets[0] if len(targets) == 1 else None
    is_ours = isinstance(one, ast.Name) and one.id == _MARKED
    return node.value if is_ours and isinstance(node, (ast.Assign, ast.AnnAssign)) else None


def _takes_more(value: ast.expr) -> bool:
    """True for a list, a tuple with brackets or not, and one mark."""
    return isinstance(value, (ast.List, ast.Tuple)) or bool(mark_names(value))


def mark_names(value: ast.expr) -> set[str]:
    """The names of the marks that an expression is: `pytest.mark.unit`, called or not, or a list of them."""
    if isinstance(value, (ast.List, ast.Tuple)):
        return set[str]().union(*map(mark_names, value.elts))
    while isinstance(value, ast.Call):
        value = value.func
    is_mark = isinstance(value, ast.Attribute) and last_name(value.value) == "mark"
    return {value.attr} if is_mark and isinstance(value, ast.Attribute) else set()


def last_name(value: ast.expr) -> str:
    """The last part of a dotted name, called or subscripted or not; empty for anything else."""
    while isinstance(value, (ast.Call, ast.Subscript)):
        value = value.func if isinstance(value, ast.Call) else value.value
    if isinstance(value, ast.Attribute):
        return value.attr
    return value.id if isinstance(value, ast.Name) else ""
