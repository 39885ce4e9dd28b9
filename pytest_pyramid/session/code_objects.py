"""Looks at objects of other people's code without running any of it: a proxy may open a database when it is asked what it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

_WRAPPERS = ("_fixture_function", "__pytest_wrapped__", "__wrapped__")
"""Where fixtures of pytest 8.4 and later, those before, and decorators keep what they wrap."""
_DEEPEST = 20
"""So many wrappers are taken off; a circle ends here too."""


def is_of(value: object, *kinds: type) -> bool:
    """True when the value's own type is one of the kinds; `isinstance` would ask the value as well."""
    return issubclass(type(value), kinds)


def plain_function(value: Any) -> FunctionType | None:
    """The function behind methods, decorators and fixtures; None for anything else."""
    for _ in range(_DEEPEST):
        if is_of(value, MethodType, staticmethod, classmethod):
            value = value.__func__
            continue
        own = _attributes(value)
        inner = next((own[name] for name in _WRAPPERS if name in own), None)
        if inner is None:
            return value if type(value) is FunctionType else None
        value = _attributes(inner).get("obj", inner)
    return None


def followed(value: Any, names: Iterable[str]) -> Any:
    """What the names lead to from module to module; the last thing before the first that is no module."""
    for name in names:
        if not is_of(value, ModuleType):
            break
        value = vars(value).get(name)
    return value


def functions_in(value: Any) -> list[FunctionType | None]:
    """The function that the value is, or those of the class that it is."""
    values = list(_attributes(value).values()) if is_of(value, type) else [value]
    return list(map(plain_function, values))


def package_of(value: Any) -> str:
    """The top-level package that a module, class or function comes from; "" for anything else."""
    return (vars(value)["__name__"] if is_of(value, ModuleType) else _module_of(value) or "").partition(".")[0]


def name_of(value: Any) -> str | None:
    """The dotted name of a class or function where it was defined, None for anything else and for what is built in."""
    module = _module_of(value)
    if not module or module == "builtins":
        return None
    return f"{module}.{type.__dict__['__qualname__'].__get__(value) if is_of(value, type) else value.__qualname__}"


def _module_of(value: Any) -> str | None:
    if is_of(value, type):
        found = type.__dict__["__module__"].__get__(value)
    elif type(value) in (FunctionType, BuiltinFunctionType):
        found = value.__module__
    else:
        return None
    return found if isinstance(found, str) else None


def _attributes(value: Any) -> Mapping[str, Any]:
    """The value's own attributes, as they are."""
    try:
        found: Mapping[str, Any] = object.__getattribute__(value, "__dict__")
    except AttributeError:
        return {}
    return found
