"""Functions without an audit event are made to raise one, and stay what they were."""

from __future__ import annotations

import asyncio
import inspect
import pickle
import sys
import types
from collections.abc import Iterator
from typing import Any

import pytest

from pytest_pyramid.core.acts import Trampoline
from pytest_pyramid.session import audit_hook, trampolines

EVENT = "pytest_pyramid.test"


class Ear:
    """Listens to one event and keeps its arguments."""

    def __init__(self) -> None:
        self.heard: list[tuple[Any, ...]] = []
        self.handlers: dict[str, audit_hook.Handler] = {EVENT: self.heard.append}


@pytest.fixture
def ear() -> Iterator[Ear]:
    """A listener for the length of a test."""
    one = Ear()
    audit_hook.listen(one)
    yield one
    audit_hook.leave(one)


@pytest.fixture
def module() -> Iterator[types.ModuleType]:
    """A module that can be imported by name, with functions of C and of Python."""
    made = types.ModuleType("trampoline_target")
    made.__dict__.update(length=len, Frozen=frozenset, plain=plain, later=later)
    sys.modules[made.__name__] = made
    yield made
    del sys.modules[made.__name__]


def plain(value: int, *, twice: bool = False) -> int:
    """A function of Python."""
    return value * 2 if twice else value


async def later(delay: float, result: str = "done") -> str:
    """A coroutine function."""
    await asyncio.sleep(0)
    return f"{result} {delay}"


def first(*arguments: Any, **_: Any) -> tuple[Any, ...] | None:
    """The first argument, for calls that have one."""
    return arguments[:1] or None


def put_in(module: types.ModuleType, attribute: str, **more: Any) -> None:
    """Put one trampoline into the module."""
    trampolines.put_into(module, [Trampoline(module.__name__, attribute, EVENT, first, **more)])


def test_a_function_of_c_stays_one(module: Any, ear: Ear) -> None:
    """It gives what it gave, is not bound as an attribute of a class, and looks the same."""
    put_in(module, "length")
    holder: Any = type("Holder", (), {"length": module.length})
    assert (module.length("abc"), holder().length("ab")) == (3, 2)
    assert ear.heard == [("abc",), ("ab",)]
    assert (module.length.__name__, repr(module.length), module.length.__module__) == ("len", repr(len), "builtins")
    with pytest.raises(TypeError):
        module.length(1)


def test_a_function_of_python_keeps_its_signature_and_can_be_pickled(module: Any, ear: Ear) -> None:
    """Put in twice it raises its event once."""
    put_in(module, "plain")
    put_in(module, "plain")
    assert module.plain(2, twice=True) == 4
    assert ear.heard == [(2,)]
    assert inspect.signature(module.plain) == inspect.signature(plain)
    put_in(module, "length")
    module.length.__module__, module.length.__qualname__ = module.__name__, "length"
    assert pickle.loads(pickle.dumps(module.length)) is module.length  # noqa: S301  # our own bytes


def test_a_coroutine_function_is_reached_by_names_that_were_bound_before(ear: Ear) -> None:
    """The code is exchanged in place: the same object, the same signature, the same result."""
    space: dict[str, Any] = {}
    exec("async def pause(delay, result='done'):\n    return f'{result} {delay}'\n", space)  # noqa: S102  # our own text
    early = space["pause"]
    wish = Trampoline("any", "pause", EVENT, first, code=True)
    for _ in range(2):
        trampolines.put_into(types.SimpleNamespace(pause=early), [wish])
    assert asyncio.run(early(1, result="x")) == "x 1"
    assert asyncio.run(early(2)) == "done 2"
    assert ear.heard == [(1,), (2,)]
    assert str(inspect.signature(early)) == "(delay, result='done')"
    assert inspect.iscoroutinefunction(early)


def test_a_method_of_a_type_of_c_is_reached_through_a_subclass(module: Any, ear: Ear) -> None:
    """Nobody can write into such a type, so that a subclass of the same name takes its place."""
    put_in(module, "Frozen.union")
    made = module.Frozen([5])
    assert (made.union([6]), made, module.Frozen.__name__) == ({5, 6}, {5}, "frozenset")
    assert ear.heard == [(made,)]


def test_what_is_not_there_is_left_out(module: Any) -> None:
    """Another version of a library may have no such function."""
    before = dict(vars(module))
    put_in(module, "missing.function")
    put_in(module, "missing")
    assert vars(module) == before


def test_modules_that_come_later_are_waited_for(ear: Ear, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also by two who wait for the same one; when they have left, imports are nobody's business."""
    (tmp_path / "comes_later.py").write_text("def act(value):\n    return value\n")
    monkeypatch.syspath_prepend(tmp_path)
    wish = Trampoline("comes_later", "act", EVENT, first)
    finders = [trampolines.put_in([wish]), trampolines.put_in([wish])]
    import comes_later  # type: ignore[import-not-found]  # made above

    assert comes_later.act(7) == 7
    assert ear.heard == [(7,)]
    for finder in finders:
        assert finder is not None
        finder.leave()
        assert finder not in sys.meta_path
    monkeypatch.delitem(sys.modules, "comes_later")


@pytest.mark.parametrize("arguments", [(), ("too", "many")])
def test_a_call_that_the_function_refuses_is_refused_by_the_function(module: Any, arguments: tuple[str, ...]) -> None:
    """The error is the one that its caller would get anyway."""
    put_in(module, "length")
    with pytest.raises(TypeError, match="exactly one argument"):
        module.length(*arguments)
