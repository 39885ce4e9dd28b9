"""The one audit hook of a process.

A hook can never be removed (PEP 578), so it is installed once, looks each event up in a table, and does nothing when
the table is empty. The table and the watches it serves are kept on `sys`, because a process may hold this module twice:
pytest run inside a test imports plugins anew. Watches form a stack: what a test of an inner run does, the test around
it does too, so the innermost watch is asked first and the outer ones after it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, Protocol

Handler = Callable[[tuple[Any, ...]], None]

PLACE = "_pytest_pyramid_watches"


class Watcher(Protocol):
    """Whoever listens; `handlers` are fixed while it does."""

    handlers: dict[str, Handler]


class _Post:
    """What outlives every import of this module: the table, and who listens."""

    def __init__(self) -> None:
        self.table: dict[str, Handler] = {}
        self.watches: list[Watcher] = []


def listen(watch: Watcher) -> None:
    """Let `watch` hear its events from now on, before those who listened already."""
    post: _Post | None = getattr(sys, PLACE, None)
    if post is None:
        post = _Post()
        setattr(sys, PLACE, post)
        sys.addaudithook(_hook(post.table))
    post.watches.append(watch)
    _refill(post)


def leave(watch: Watcher) -> None:
    """Let `watch` hear nothing more; the events of the others go on."""
    post: _Post | None = getattr(sys, PLACE, None)
    if post is not None and watch in post.watches:
        post.watches.remove(watch)
        _refill(post)


def _hook(table: dict[str, Handler]) -> Callable[[str, tuple[Any, ...]], None]:
    def hook(event: str, arguments: tuple[Any, ...]) -> None:  # pragma: no cover - no tracer sees an audit hook
        if event in table:
            __tracebackhide__ = True
            handler = table.get(event)  # another thread may just be leaving
            if handler is not None:
                handler(arguments)

    return hook


def _refill(post: _Post) -> None:
    fresh: dict[str, list[Handler]] = {}
    for watch in reversed(post.watches):
        for event, handler in watch.handlers.items():
            fresh.setdefault(event, []).append(handler)
    post.table.clear()
    post.table.update({event: found[0] if len(found) == 1 else _one_by_one(found) for event, found in fresh.items()})


def _one_by_one(handlers: list[Handler]) -> Handler:
    def ask_all(arguments: tuple[Any, ...]) -> None:
        __tracebackhide__ = True
        for handler in handlers:
            handler(arguments)

    return ask_all
