"""Frozen values to plain data and back, exactly: text, numbers, true, false, None, lists and dicts."""

from __future__ import annotations

import enum
import functools
import typing

from pytest_pyramid.core.hints import alternatives
from pytest_pyramid.core.records import fields_of, is_record


def to_plain(value: object) -> typing.Any:
    """`value` as plain data: a record as a dict by field name, a tuple as a list, an enum as its value."""
    if is_record(value):
        return {name: to_plain(getattr(value, name)) for name in fields_of(value)}
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    return value.value if isinstance(value, enum.Enum) else value


def from_plain(hint: typing.Any, plain: typing.Any) -> typing.Any:
    """The value of type `hint` that `to_plain` made `plain` of.

    Raises KeyError for a missing field and ValueError for a word that an enum does not have.
    """
    members = alternatives(hint)
    if plain is None or members == (object,):
        return _settled(plain)
    (kind,) = members
    if typing.get_origin(kind) is tuple:
        args = typing.get_args(kind)
        if args[-1] is Ellipsis:
            return tuple(from_plain(args[0], item) for item in plain)
        return tuple(from_plain(arg, item) for arg, item in zip(args, plain, strict=True))
    if isinstance(kind, type) and is_record(kind):
        return kind(**{name: from_plain(_hints(kind)[name], plain[name]) for name in fields_of(kind)})
    return kind(plain) if isinstance(kind, type) and issubclass(kind, enum.Enum) else plain


@functools.cache
def _hints(kind: type) -> dict[str, typing.Any]:
    return typing.get_type_hints(kind)


def _settled(plain: object) -> object:
    """Plain data of free form with tuples for its lists."""
    return tuple(map(_settled, plain)) if isinstance(plain, list) else plain
