"""From an item to what its code uses: calls of the test, its fixtures and helpers, imports of its file, bases of its class."""

from __future__ import annotations

import dis
import inspect
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any, NamedTuple

import pytest

from pytest_pyramid.core.evidence import Use
from pytest_pyramid.session.code_objects import followed, functions_in, name_of, package_of, plain_function

MOST_FUNCTIONS = 200
"""So many functions are read for one test: more helpers than any test needs, few enough for a suite of thousands."""
_SETUPS = ("setup_method", "setup_class", "setup_module", "setUp", "setUpClass", "asyncSetUp")
_LOADS = ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_DEREF", "LOAD_FAST")
_ATTRIBUTES = ("LOAD_ATTR", "LOAD_METHOD", "IMPORT_FROM")
_BETWEEN = ("CACHE", "EXTENDED_ARG", "NOP", "PUSH_NULL", "PRECALL", "RESUME")


class CodeReader:
    """Reads code without running any of it; follows calls only inside the folder that holds the tests."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._names: dict[CodeType, tuple[_Chain, ...]] = {}
        self._imports: dict[int, tuple[Use, ...]] = {}

    def uses(self, item: pytest.Item) -> tuple[Use, ...]:
        """What the item's code uses, each thing once; nothing for an item that is no function of Python."""
        function = plain_function(getattr(item, "obj", None))
        if function is None:
            return ()
        owner: type | None = getattr(item, "cls", None)
        reading = _Reading(self._home(item.path), owner, self._names)
        reading.look_at(function, *_set_up_of(owner), *map(plain_function, _asked_fixtures(item)))
        found = [*reading.calls(), *self._imports_of(getattr(item, "module", None)), *_bases(owner)]
        return tuple(dict.fromkeys(found))

    def _home(self, path: Path) -> str:
        """The folder whose files are test code: the first one below the root folder that the test's file is in."""
        if not path.is_relative_to(self._root):
            return str(path.parent)
        parts = path.relative_to(self._root).parts
        return str(self._root / parts[0]) if len(parts) > 1 else str(path)

    def _imports_of(self, module: ModuleType | None) -> tuple[Use, ...]:
        if module is None:
            return ()
        known = self._imports.get(id(module))
        if known is None:
            # What starts otherwise was put there by Python or by pytest's assertion rewriting.
            names = (package_of(value) for name, value in list(vars(module).items()) if name[0].isalpha())
            own = module.__name__.partition(".")[0]
            known = tuple(Use("import", name) for name in sorted({name for name in names if name} - {own}))
            self._imports[id(module)] = known
        return known


class _Reading:
    """The functions that one test leads to, and what they call."""

    def __init__(self, home: str, owner: type | None, names: dict[CodeType, tuple[_Chain, ...]]) -> None:
        self._home = home
        self._owner = owner
        self._names = names
        self._ahead: dict[CodeType, FunctionType] = {}

    def look_at(self, *functions: FunctionType | None) -> None:
        """Read these functions too, as far as they are test code."""
        for function in functions:
            if function is not None and self._is_test_code(function.__code__) and len(self._ahead) < MOST_FUNCTIONS:
                self._ahead.setdefault(function.__code__, function)

    def calls(self) -> Iterator[Use]:
        """What all of these functions name, and those that they lead to."""
        for code in _growing(self._ahead):
            for chain in self._chains(code):
                found = self._found(chain, self._ahead[code])
                inside = functions_in(found)
                if any(one is not None and self._is_test_code(one.__code__) for one in inside):
                    self.look_at(*inside)
                elif (name := found if type(found) is str else name_of(found)) is not None:
                    yield Use("call", name)

    def _found(self, chain: _Chain, function: FunctionType) -> Any:
        """What a chain of names leads to, without asking any object for an attribute that it would have to compute.

        Of a module that nobody has imported yet only the name is known.
        """
        first, *rest = chain.names
        if first in ("self", "cls") and self._owner is not None and rest:
            return plain_function(inspect.getattr_static(self._owner, rest[0], None))
        if not chain.imported:
            return followed(function.__globals__.get(first), rest)
        if first not in sys.modules:
            return ".".join(chain.names) if rest else None
        inside = followed(sys.modules[first], rest)  # from a.b import c
        return followed(sys.modules[first.partition(".")[0]], rest) if inside is None else inside  # import a.b

    def _chains(self, code: CodeType) -> tuple[_Chain, ...]:
        if code not in self._names:
            self._names[code] = tuple(dict.fromkeys(_chains_in(code)))
        return self._names[code]

    def _is_test_code(self, code: CodeType) -> bool:
        return code.co_filename.startswith(self._home)


class _Chain(NamedTuple):
    """Names with dots between them, as code loads them."""

    names: tuple[str, ...] = ()
    imported: bool = False
    """True when the first of them is a module that the code itself imports."""

    def then(self, name: str) -> _Chain:
        return _Chain((*self.names, name), self.imported)


def _chains_in(code: CodeType) -> Iterator[_Chain]:
    """The dotted names that the code loads: ("subprocess", "run"), those of functions inside it too."""
    loading = _Loading()
    for step in dis.get_instructions(code):
        done = loading.step(step) if step.opname not in _BETWEEN else None
        if done is not None:
            yield done
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _chains_in(inner)


class _Loading:
    """Puts names together, one instruction after the other."""

    def __init__(self) -> None:
        self._chain: _Chain | None = None
        self._module: _Chain | None = None
        """What is being imported from."""
        self._local: dict[str, _Chain] = {}

    def step(self, step: dis.Instruction) -> _Chain | None:
        """The chain that ends before this instruction, None while one goes on or where there is none."""
        done = self._chain
        if done is not None and step.opname in _ATTRIBUTES:
            base = self._module if step.opname == "IMPORT_FROM" and self._module is not None else done
            self._chain = base.then(str(step.argval))
            return None
        self._chain = self._begun(step, done)
        return done

    def _begun(self, step: dis.Instruction, done: _Chain | None) -> _Chain | None:
        if step.opname == "STORE_FAST":
            if done is not None:
                self._local[step.argval] = done
            return self._module  # the next name may come from the same module
        if step.opname == "IMPORT_NAME":
            self._module = _Chain((str(step.argval),), imported=True)
            return self._module
        if step.opname == "POP_TOP":
            self._module = None
        if not step.opname.startswith(_LOADS):
            return None
        name = step.argval if isinstance(step.argval, str) else str(step.argval[-1])
        return self._local.get(name, _Chain((name,)))


def _growing(ahead: Mapping[CodeType, FunctionType]) -> Iterator[CodeType]:
    """The keys, those too that are added meanwhile."""
    done = 0
    while done < len(ahead):
        for code in list(ahead)[done:]:
            done += 1
            yield code


def _asked_fixtures(item: pytest.Item) -> Iterator[Any]:
    """The functions of the fixtures that the test asks for, itself or through others; not of those that all tests get."""
    info = getattr(item, "_fixtureinfo", None)  # private, and the only place where they can be read
    definitions = getattr(info, "name2fixturedefs", None) or {}
    marked = [name for mark in item.iter_markers("usefixtures") for name in mark.args]
    ahead = [*getattr(info, "argnames", ()), *marked]
    seen: set[str] = set()
    while ahead:
        name = str(ahead.pop())
        for definition in definitions.get(name, ())[-1:] if name not in seen else ():
            yield definition.func
            ahead += definition.argnames
        seen.add(name)


def _set_up_of(owner: type | None) -> Iterable[FunctionType | None]:
    return () if owner is None else [plain_function(inspect.getattr_static(owner, name, None)) for name in _SETUPS]


def _bases(owner: type | None) -> list[Use]:
    above = inspect.getmro(owner)[1:-1] if owner is not None else ()
    return [Use("base", f"{base.__module__}.{base.__qualname__}") for base in above]
