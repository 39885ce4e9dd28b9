"""Typed reading: a plain mapping becomes a record, and every problem in it is told at once."""

from __future__ import annotations

import functools
import math
import re
import typing
from collections.abc import Collection, Mapping

from pytest_pyramid.core.hints import Bounds, alternatives, choices, expected, shown
from pytest_pyramid.core.problems import BAD_VALUE, UNKNOWN_KEY, Problem, nearest, problems_text
from pytest_pyramid.core.records import fields_of, is_record

__all__ = ["Bounds", "Problem", "nearest", "problems_text", "read"]

T = typing.TypeVar("T")

_WORDS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


class _Unread:
    """What stands for a value that could not be read; its problem has been noted."""


_UNREAD = _Unread()


def read(
    kind: type[T],
    values: Mapping[str, object],
    *,
    source: str,
    key: str = "",
    text: bool = False,
    closed: Collection[str] = (),
) -> tuple[T | None, tuple[Problem, ...]]:
    """A `kind` made of `values`, and everything that is wrong with them.

    Keys are the field names in kebab-case; a value of None counts as not given. A field whose value is wrong keeps
    its default, so that a caller may look for further problems; the result is None only when a field without default
    is missing or wrong. With `text`, text is also read as the type that the field asks for, as ini files need it. Keys in
    `closed` are unknown in this source.
    """
    page = _Page(source=source, text=text)
    found = page.record(kind, values, key, closed)
    return (None if found is _UNREAD else typing.cast(T, found)), tuple(page.problems)


@functools.cache
def _hints(kind: type) -> dict[str, typing.Any]:
    return typing.get_type_hints(kind, include_extras=True)


def _frozen(value: object) -> object:
    """A value of free form as text, numbers and tuples; a table becomes a tuple of (key, value)."""
    if isinstance(value, str | bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    if isinstance(value, Mapping):
        rows = tuple((str(key), _frozen(item)) for key, item in value.items())
        return _UNREAD if any(item is _UNREAD for _, item in rows) else rows
    items = tuple(map(_frozen, value)) if isinstance(value, list | tuple) else (_UNREAD,)
    return _UNREAD if _UNREAD in items else items


def _number(hint: type, value: object, *, text: bool) -> object:
    """`value` as int or float; unread for anything else, infinities and true or false too."""
    if isinstance(value, bool) or not isinstance(value, str | int | float) or (isinstance(value, str) and not text):
        return _UNREAD
    if hint is int and isinstance(value, float):
        return _UNREAD
    try:
        number = int(value) if hint is int else float(value)
    except (ValueError, OverflowError):
        return _UNREAD
    return number if math.isfinite(number) else _UNREAD


def _parts(text: str) -> tuple[str, ...]:
    """The items of a list written as text, divided by commas or line ends."""
    return tuple(part.strip() for part in re.split(r"[,\n]", text) if part.strip())


class _Page:
    """One source being read; it gathers the problems on the way."""

    def __init__(self, *, source: str, text: bool) -> None:
        self.source = source
        self.text = text
        self.problems: list[Problem] = []

    def _note(self, code: str, key: str, message: str, suggestion: str | None = None) -> _Unread:
        found = Problem(code=code, source=self.source, key=key, message=message, suggestion=suggestion)
        self.problems.append(found)
        return _UNREAD

    def record(self, kind: type, values: Mapping[str, object], key: str, closed: Collection[str] = ()) -> object:
        optional = fields_of(kind)
        every = {field.replace("_", "-"): field for field in optional}
        fields = {name: field for name, field in every.items() if name not in closed}
        prefix = f"{key}." if key else ""
        for name in values:
            if name not in fields:
                self._note(UNKNOWN_KEY, prefix + name, "is no known key", nearest(name, fields))
        found: dict[str, object] = {}
        for name, field in fields.items():
            value = values.get(name)
            item = self.value(_hints(kind)[field], value, prefix + name) if value is not None else _UNREAD
            if item is not _UNREAD:
                found[field] = item
            elif not optional[field]:
                if value is None:
                    self._note(BAD_VALUE, prefix + name, "is missing")
                found[field] = _UNREAD
        return _UNREAD if _UNREAD in found.values() else kind(**found)

    def value(self, hint: typing.Any, value: object, key: str) -> object:
        members = alternatives(hint)
        if len(members) == 1:
            return self._one(members[0], value, key)
        for member in members:
            trial = _Page(source=self.source, text=self.text)
            found = trial.value(member, value, key)
            if found is not _UNREAD:
                return found
        return self._wrong(hint, value, key)

    def _one(self, hint: typing.Any, value: object, key: str) -> object:
        if typing.get_origin(hint) is tuple:
            item = typing.get_args(hint)[0]
            pairs = typing.get_origin(item) is tuple
            return self._table(item, value, key) if pairs else self._list(item, value, key)
        if isinstance(hint, type) and is_record(hint):
            return self.record(hint, value, key) if isinstance(value, Mapping) else self._wrong(hint, value, key)
        if typing.get_origin(hint) is typing.Annotated:
            return self._bounded(hint, value, key)
        found = self._scalar(hint, value)
        return self._wrong(hint, value, key) if found is _UNREAD else found

    def _scalar(self, hint: typing.Any, value: object) -> object:
        words = choices(hint)
        if words is not None:
            return words.get(value, _UNREAD) if isinstance(value, str) else _UNREAD
        if hint is str:
            return value if isinstance(value, str) else _UNREAD
        if hint is bool:
            word = _WORDS.get(value.lower()) if isinstance(value, str) and self.text else value
            return word if isinstance(word, bool) else _UNREAD
        return _number(hint, value, text=self.text) if hint in (int, float) else _frozen(value)

    def _bounded(self, hint: typing.Any, value: object, key: str) -> object:
        base, *notes = typing.get_args(hint)
        number = self._scalar(base, value)
        bounds = [note for note in notes if isinstance(note, Bounds)]
        if isinstance(number, int | float) and all(bound.admits(number) for bound in bounds):
            return number
        return self._wrong(hint, value, key)

    def _wrong(self, hint: typing.Any, value: object, key: str) -> _Unread:
        words = [word for part in alternatives(hint) for word in choices(part) or ()]
        near = nearest(value, words) if isinstance(value, str) else None
        return self._note(BAD_VALUE, key, f"is {shown(value)}, must be {expected(hint)}", near)

    def _list(self, item: typing.Any, value: object, key: str) -> object:
        items: object = _parts(value) if self.text and isinstance(value, str) else value
        if not isinstance(items, list | tuple):
            return self._wrong(tuple[item, ...], value, key)
        found = [self.value(item, each, _entry_key(key, index, each)) for index, each in enumerate(items)]
        return tuple(each for each in found if each is not _UNREAD)

    def _table(self, item: typing.Any, value: object, key: str) -> object:
        name_hint, value_hint = typing.get_args(item)
        table = self._rows(value)
        if table is None:
            return self._wrong(tuple[item, ...], value, key)
        words = choices(name_hint)
        found = []
        for name, each in table.items():
            if words is not None and name not in words:
                self._note(
                    UNKNOWN_KEY,
                    f"{key}.{name}",
                    f"is no known key, must be {expected(name_hint)}",
                    nearest(name, words),
                )
                continue
            read_value = self.value(value_hint, each, f"{key}.{name}")
            if read_value is not _UNREAD:
                found.append((words[name] if words else name, read_value))
        return tuple(found)

    def _rows(self, value: object) -> Mapping[str, object] | None:
        """The rows of a table, which is a mapping, pairs, or with `text` lines such as "db = 2"."""
        if isinstance(value, Mapping):
            return value
        rows: object = value
        if self.text and isinstance(value, str):
            rows = tuple(tuple(re.split(r"\s*[=:]\s*", part, maxsplit=1)) for part in _parts(value))
        pairs = isinstance(rows, tuple) and all(isinstance(row, tuple) and len(row) == 2 for row in rows)
        return dict(typing.cast("tuple[tuple[str, object], ...]", rows)) if pairs else None


def _entry_key(key: str, index: int, entry: object) -> str:
    """The key of a list's entry: by its name when it is a table with one, else by its place from 0."""
    name = entry.get("name") if isinstance(entry, Mapping) else None
    return f"{key}.{name}" if isinstance(name, str) else f"{key}[{index}]"
