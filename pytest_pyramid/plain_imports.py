"""How the modules of this package are found while a run is switched on: as Python finds them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType


class PlainImports:
    """Finds the modules of this package for the import system, as if pytest did not rewrite the assertions of plugins.

    pytest rewrites every module of an installed plugin, keeps the result beside the source, and does it again in every
    run where nothing may be written. There is no assertion in ours, and a third of our start went into looking for it.
    """

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        """The module as Python itself finds it, None for those of others."""
        return PathFinder.find_spec(name, path, target) if name.startswith("pytest_pyramid.") else None


def put_in() -> Callable[[], None]:
    """What takes our finder away again, once it was put first; a run inside a run has one of its own."""

    def undo() -> None:
        if PlainImports in sys.meta_path:
            sys.meta_path.remove(PlainImports)

    sys.meta_path.insert(0, PlainImports)
    return undo
