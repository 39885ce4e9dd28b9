"""One hook per process, however many listen and however often its module is imported."""

from __future__ import annotations

import importlib.util
import sys
from typing import Any

import pytest

from pytest_pyramid.session import audit_hook

EVENT = "pytest_pyramid.test"


class Ear:
    """Writes its name down whenever it hears the event; raises what it is told to."""

    def __init__(self, name: str, heard: list[str], error: Exception | None = None) -> None:
        def handle(_: tuple[Any, ...]) -> None:
            heard.append(name)
            if error is not None:
                raise error

        self.handlers: dict[str, audit_hook.Handler] = {EVENT: handle}


def test_the_innermost_listener_is_asked_first() -> None:
    """What it lets pass, the outer one hears too; what it stops, nobody else does."""
    heard: list[str] = []
    outer, inner = Ear("outer", heard), Ear("inner", heard)
    strict = Ear("strict", heard, ValueError("no"))
    for ear in (outer, inner, strict):
        audit_hook.listen(ear)
    with pytest.raises(ValueError, match="no"):
        sys.audit(EVENT)
    audit_hook.leave(strict)
    sys.audit(EVENT)
    audit_hook.leave(inner)
    sys.audit(EVENT)
    audit_hook.leave(outer)
    audit_hook.leave(outer)
    sys.audit(EVENT)
    assert heard == ["strict", "inner", "outer", "outer"]


def test_a_second_import_of_the_module_shares_the_hook() -> None:
    """pytest run inside a test imports plugins anew; the hook must not be installed twice."""
    spec = importlib.util.spec_from_file_location("audit_hook_again", str(audit_hook.__file__))
    assert spec is not None
    assert spec.loader is not None
    again = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(again)
    heard: list[str] = []
    one, other = Ear("one", heard), Ear("other", heard)
    audit_hook.listen(one)
    again.listen(other)
    sys.audit(EVENT)
    again.leave(other)
    audit_hook.leave(one)
    assert heard == ["other", "one"]
