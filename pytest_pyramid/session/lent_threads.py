"""Work that is handed to a pool of threads stays the act of the test that handed it over."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from concurrent.futures.thread import ThreadPoolExecutor
from typing import Any

from pytest_pyramid.session.audit_hook import PLACE

_MARK = "_pytest_pyramid_lends"


def put_in() -> None:
    """Let every pool ask the watches about the work that it is given; put in once per process, and left in."""
    submit: Any = ThreadPoolExecutor.submit
    if hasattr(submit, _MARK):
        return

    @functools.wraps(submit)
    def lending(self: Any, function: Callable[..., Any], /, *arguments: Any, **keywords: Any) -> Any:
        post: Any = getattr(sys, PLACE, None)
        for watch in post.watches if post is not None else ():
            function = watch.lend(function)
        return submit(self, function, *arguments, **keywords)

    setattr(lending, _MARK, True)
    ThreadPoolExecutor.submit = lending  # type: ignore[method-assign]  # nothing else tells whose work it is
