"""The failure of a test that touched what its tier may not."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

import pytest


class TierViolation(pytest.fail.Exception):  # type: ignore[name-defined,misc]  # pytest names it as an attribute only
    """A failure, not an error: code under test that catches every Exception lets it pass."""

    __module__ = "builtins"  # pytest shows the name alone, as it does for its own failures


def caught(text: str) -> pytest.ExceptionInfo[TierViolation]:
    """The failure as pytest's own way to hold one, without a traceback to show."""
    try:
        _fail(text)
    except TierViolation as failure:
        return pytest.ExceptionInfo.from_exception(failure)


def shorten(failure: BaseException, is_project: Callable[[str], bool]) -> None:
    """Cut the traceback behind the last line of the project: what the standard library does with a call says nothing."""
    last, trace = None, failure.__traceback__
    while trace is not None:
        if is_project(trace.tb_frame.f_code.co_filename):
            last = trace
        trace = trace.tb_next
    if last is not None:
        last.tb_next = None


def _fail(text: str) -> NoReturn:
    raise TierViolation(text, pytrace=False)
