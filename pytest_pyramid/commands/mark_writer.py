"""Marks written into the source of a test file by LibCST, which leaves every other character as it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import libcst as cst

from pytest_pyramid.core.marking import Mark

Path = tuple[str, ...]
Line: TypeAlias = "cst.SimpleStatementLine | cst.BaseCompoundStatement"
_MARKED = "pytestmark"


def rewritten(source: bytes, marks: Sequence[Mark]) -> bytes:
    """The source with the marks in it, and with `import pytest` when it was missing; encoding and newlines stay.

    Raises ValueError for a source that LibCST cannot read.
    """
    try:
        module = cst.parse_module(source)
    except (cst.ParserSyntaxError, UnicodeError) as error:
        raise ValueError(f"LibCST cannot read it: {error}") from error
    by_path = {mark.path: mark.marker for mark in marks}
    module = module.visit(_Decorating(by_path))
    if () in by_path:
        module = _with_module_mark(module, _mark(by_path[()]))
    if not any(_imports_pytest(line) for line in module.body):
        module = _with_import(module)
    return module.bytes


class _Decorating(cst.CSTTransformer):
    """Decorates the classes and functions that have a mark; functions inside functions are none of them."""

    def __init__(self, by_path: dict[Path, str]) -> None:
        super().__init__()
        self._by_path = by_path
        self._scope: list[str] = []

    def visit_ClassDef(self, node: cst.ClassDef) -> None:  # noqa: N802 - LibCST names its hooks so
        self._scope.append(node.name.value)

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:  # noqa: N802 - as above
        self._scope.append(node.name.value)

    def leave_ClassDef(self, original_node: cst.ClassDef, updated_node: cst.ClassDef) -> cst.ClassDef:  # noqa: ARG002, N802 - as above
        return updated_node.with_changes(decorators=self._decorators(updated_node.decorators))

    def leave_FunctionDef(self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef) -> cst.FunctionDef:  # noqa: ARG002, N802 - as above
        return updated_node.with_changes(decorators=self._decorators(updated_node.decorators))

    def _decorators(self, present: Sequence[cst.Decorator]) -> Sequence[cst.Decorator]:
        marker = self._by_path.get(tuple(self._scope))
        self._scope.pop()
        return present if marker is None else [cst.Decorator(decorator=_mark(marker)), *present]


def _mark(marker: str) -> cst.BaseExpression:
    return cst.parse_expression(f"pytest.mark.{marker}")


def _with_module_mark(module: cst.Module, mark: cst.BaseExpression) -> cst.Module:
    body = list(module.body)
    for position, line in enumerate(body):
        if isinstance(line, cst.SimpleStatementLine):
            parts = [_extended(part, mark) for part in line.body]
            if parts != list(line.body):
                body[position] = line.with_changes(body=parts)
                return module.with_changes(body=body)
    assign = cst.Assign(targets=[cst.AssignTarget(target=cst.Name(_MARKED))], value=mark)
    return _inserted(module, _place_of_mark(body), assign)


def _extended(part: cst.BaseSmallStatement, mark: cst.BaseExpression) -> cst.BaseSmallStatement:
    """The statement with the mark added when it assigns to pytestmark, else the statement itself."""
    if isinstance(part, cst.Assign):
        target: cst.BaseExpression = part.targets[0].target
    elif isinstance(part, cst.AnnAssign):
        target = part.target
    else:
        return part
    if not isinstance(target, cst.Name) or target.value != _MARKED or part.value is None:
        return part
    return part.with_changes(value=_with_mark(part.value, mark))


def _with_mark(value: cst.BaseExpression, mark: cst.BaseExpression) -> cst.BaseExpression:
    """The list or tuple with the mark at its end, one to a line where it is written so; a list of both for one mark."""
    if not isinstance(value, (cst.List, cst.Tuple)):
        return cst.List([_followed(cst.Element(value), cst.SimpleWhitespace(" ")), cst.Element(mark)])
    if not value.elements:
        return value.with_changes(elements=[cst.Element(mark)])
    last = value.elements[-1]
    gap, closing = _gap_and_closing(value)
    # the comma of a tuple of one says nothing about style
    trails = isinstance(last.comma, cst.Comma) and (isinstance(value, cst.List) or len(value.elements) > 1)
    comma = cst.Comma() if trails else cst.MaybeSentinel.DEFAULT
    more = value.with_changes(elements=[*value.elements[:-1], _followed(last, gap), cst.Element(mark, comma=comma)])
    if closing is None:
        return more
    if isinstance(more, cst.List):
        return more.with_changes(rbracket=more.rbracket.with_changes(whitespace_before=closing))
    return more.with_changes(rpar=[more.rpar[0].with_changes(whitespace_before=closing), *more.rpar[1:]])


def _followed(element: cst.BaseElement, gap: cst.BaseParenthesizableWhitespace) -> cst.BaseElement:
    return element.with_changes(comma=cst.Comma(whitespace_after=gap))


def _gap_and_closing(
    value: cst.List | cst.Tuple,
) -> tuple[cst.BaseParenthesizableWhitespace, cst.ParenthesizedWhitespace | None]:
    """What stands before the new last element, and before the closing bracket; None for what stands there already.

    A comment behind the last element stays with it.
    """
    left, right = (value.lbracket, value.rbracket) if isinstance(value, cst.List) else _parentheses(value)
    ending = right.whitespace_before if right is not None else None
    opening = left.whitespace_after if left is not None else None
    if not isinstance(ending, cst.ParenthesizedWhitespace):
        return cst.SimpleWhitespace(" "), None
    gap = ending
    if isinstance(opening, cst.ParenthesizedWhitespace):
        gap = ending.with_changes(indent=opening.indent, last_line=opening.last_line)
    return gap, ending.with_changes(first_line=cst.TrailingWhitespace(), empty_lines=[])


def _parentheses(value: cst.Tuple) -> tuple[cst.LeftParen | None, cst.RightParen | None]:
    return (value.lpar[-1], value.rpar[0]) if value.lpar else (None, None)


def _place_of_mark(body: Sequence[Line]) -> int:
    """Behind the last import that stands before the first class or function."""
    place = _place_of_import(body)
    for position, line in enumerate(body):
        if isinstance(line, (cst.ClassDef, cst.FunctionDef)):
            break
        if isinstance(line, cst.SimpleStatementLine) and _is_import(line):
            place = position + 1
    return place


def _place_of_import(body: Sequence[Line]) -> int:
    """Behind the docstring and `from __future__`."""
    place = 0
    for position, line in enumerate(body):
        first = line.body[0] if isinstance(line, cst.SimpleStatementLine) else None
        is_docstring = position == 0 and isinstance(first, cst.Expr) and isinstance(first.value, _TEXTS)
        module = first.module if isinstance(first, cst.ImportFrom) else None
        if not is_docstring and not (isinstance(module, cst.Name) and module.value == "__future__"):
            break
        place = position + 1
    return place


_TEXTS = (cst.SimpleString, cst.ConcatenatedString)


def _is_import(line: cst.SimpleStatementLine) -> bool:
    return any(isinstance(part, (cst.Import, cst.ImportFrom)) for part in line.body)


def _imports_pytest(line: Line) -> bool:
    """True for `import pytest`, alone or among others; under another name or in a branch it does not count."""
    if not isinstance(line, cst.SimpleStatementLine):
        return False
    names = [alias for part in line.body if isinstance(part, cst.Import) for alias in part.names]
    return any(alias.asname is None and alias.evaluated_name.split(".")[0] == "pytest" for alias in names)


def _with_import(module: cst.Module) -> cst.Module:
    place = _place_of_import(module.body)
    return _inserted(module, place, cst.Import([cst.ImportAlias(cst.Name("pytest"))]))


def _inserted(module: cst.Module, place: int, part: cst.BaseSmallStatement) -> cst.Module:
    """The module with a line of its own at that place, and blank lines around it where they are usual."""
    body = list(module.body)
    blank = cst.EmptyLine(indent=False)
    new = cst.SimpleStatementLine([part], leading_lines=[blank] if place else [])
    if place < len(body):
        body[place] = _spaced(body[place], new, blank)
    return module.with_changes(body=[*body[:place], new, *body[place:]])


def _spaced(line: Line, new: cst.SimpleStatementLine, blank: cst.EmptyLine) -> Line:
    """The line behind the new one; two imports stand together, before a class or function there are two lines."""
    is_simple = isinstance(line, cst.SimpleStatementLine)
    leading = list(getattr(line, "leading_lines", ()))
    if _is_import(new) and isinstance(line, cst.SimpleStatementLine) and _is_import(line):
        is_apart = new.leading_lines and leading and leading[0].comment is None
        return line.with_changes(leading_lines=leading[1:]) if is_apart else line
    if leading and leading[0].comment is None:
        return line
    return line.with_changes(leading_lines=[blank] * (1 if is_simple else 2) + leading)
