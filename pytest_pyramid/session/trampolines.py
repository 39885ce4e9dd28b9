"""Puts trampolines in: functions without an audit event are made to raise one of ours, and are called as ever.

They are put in once per process, as soon as their module is there, and stay: by themselves they do nothing but raise an
event that nobody may be listening to. Names, pickling and behaviour stay those of the function.
"""

from __future__ import annotations

import functools
import importlib.machinery
import inspect
import sys
import types
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from pytest_pyramid.core.acts import Trampoline

MARK = "_pytest_pyramid_event"
"""The attribute that tells a function of ours from the one it stands for."""


class Stand:
    """Stands for a function in C. It is no function, so that as an attribute of a class it is not bound, as the other."""

    def __init__(self, function: Any, event: str, subject: Callable[..., tuple[Any, ...] | None]) -> None:
        self.__name__ = function.__name__
        self.__qualname__ = getattr(function, "__qualname__", function.__name__)
        self.__module__ = function.__module__
        self.__doc__ = function.__doc__
        self.__wrapped__ = function
        self._pytest_pyramid_event = event
        self._subject = subject

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        """What the function gives."""
        __tracebackhide__ = True
        _raise_event(self._pytest_pyramid_event, self._subject, arguments, keywords)
        return self.__wrapped__(*arguments, **keywords)

    def __reduce__(self) -> str:
        return str(self.__qualname__)

    def __repr__(self) -> str:
        return repr(self.__wrapped__)


def put_in(trampolines: Iterable[Trampoline]) -> PostImport | None:
    """Put all of them in that can be; what waits for its module is returned as a finder on `sys.meta_path`."""
    waiting: dict[str, list[Trampoline]] = {}
    for one in trampolines:
        if one.before is not None and sys.version_info >= one.before:
            continue
        module = sys.modules.get(one.module)
        if module is not None:
            put_into(module, [one])
        else:
            waiting.setdefault(one.module, []).append(one)
    if not waiting:
        return None
    finder = PostImport(waiting)
    sys.meta_path.insert(0, finder)
    return finder


class PostImport:
    """Lets every module import as ever, and puts the trampolines into those that have some."""

    def __init__(self, waiting: dict[str, list[Trampoline]]) -> None:
        self._waiting = waiting
        self._searching: set[str] = set()

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: Any = None) -> Any:
        """The spec of the other finders, for a module with trampolines; None for every other."""
        wanted = self._waiting.get(name)
        if not wanted or name in self._searching:
            return None  # another of our kind, of a run around this one, may be asking
        self._searching.add(name)
        try:
            spec = _spec_of_others(name, path, target)
        finally:
            self._searching.discard(name)
        loader: Any = spec.loader if spec is not None else None
        if loader is not None and hasattr(loader, "exec_module") and loader not in sys.meta_path:
            loader.exec_module = functools.partial(_load, loader.exec_module, wanted)
        return spec

    def leave(self) -> None:
        """Let imports alone again."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)


def _spec_of_others(name: str, path: Sequence[str] | None, target: Any) -> importlib.machinery.ModuleSpec | None:
    for finder in tuple(sys.meta_path):
        find = getattr(finder, "find_spec", None)
        spec: importlib.machinery.ModuleSpec | None = find(name, path, target) if find is not None else None
        if spec is not None:
            return spec
    return None


def _load(execute: Callable[[Any], None], wanted: list[Trampoline], module: Any) -> None:
    execute(module)
    put_into(module, wanted)


def put_into(module: Any, trampolines: Iterable[Trampoline]) -> None:
    """Put the trampolines into their module; one whose function is not there, or cannot be replaced, is left out."""
    for one in trampolines:
        holder, _, name = one.attribute.rpartition(".")
        try:
            owner = functools.reduce(getattr, holder.split("."), module) if holder else module
            function = getattr(owner, name)
            if one.code:
                _exchange_code(function, one)
            elif not hasattr(function, MARK):
                _replace(module, holder, owner, name, _stand_in(owner, function, one))
        except (AttributeError, TypeError, ValueError):
            continue


def _replace(module: Any, holder: str, owner: Any, name: str, stand_in: Any) -> None:
    """Put the stand-in in its place; a type of C lets nobody, so that a subclass takes the type's own place."""
    try:
        setattr(owner, name, stand_in)
    except TypeError:
        space = {name: stand_in, "__module__": owner.__module__, "__doc__": owner.__doc__, "__slots__": ()}
        setattr(module, holder, type(owner.__name__, (owner,), space))


def _stand_in(owner: Any, function: Any, one: Trampoline) -> Any:
    if not isinstance(function, types.FunctionType) and not inspect.isclass(owner):
        return Stand(function, one.event, one.subject)

    @functools.wraps(function)
    def stand_in(*arguments: Any, **keywords: Any) -> Any:
        __tracebackhide__ = True
        _raise_event(one.event, one.subject, arguments, keywords)
        return function(*arguments, **keywords)

    setattr(stand_in, MARK, one.event)
    return stand_in


def _exchange_code(function: Any, one: Trampoline) -> None:
    """Give a coroutine function new code that raises the event and awaits the old, under the old signature."""
    if hasattr(function, MARK):
        return
    space, old = function.__globals__, function.__code__
    original = types.FunctionType(old, space, old.co_name, function.__defaults__)
    audit, kept = f"_pytest_pyramid_{old.co_name}_audit", f"_pytest_pyramid_{old.co_name}"
    names = ", ".join(inspect.signature(function).parameters)
    source = f"async def {old.co_name}({names}):\n    {audit}({names})\n    return await {kept}({names})\n"
    made: dict[str, Any] = {}
    exec(compile(source, old.co_filename, "exec"), {}, made)  # noqa: S102  # there is no other way to new code
    space[kept] = original
    space[audit] = lambda *arguments: _raise_event(one.event, one.subject, arguments, {})
    function.__code__ = made[old.co_name].__code__
    setattr(function, MARK, one.event)


def _raise_event(
    event: str, subject: Callable[..., tuple[Any, ...] | None], arguments: Sequence[Any], keywords: dict[str, Any]
) -> None:
    __tracebackhide__ = True
    try:
        told = subject(*arguments, **keywords)
    except (TypeError, ValueError):
        return  # a call that the function itself will refuse
    if told is not None:
        sys.audit(event, *told)
