"""The controller's end of the batched transport: events come out of a batch and go where single ones would.

Each goes through the node's own entry, in the receiver thread as always, so that every plugin gets the same calls in
the same order. Only versions of pytest-xdist whose two ends we know are served; with another one nothing changes.
"""

from __future__ import annotations

import marshal
from typing import Any

import xdist

from pytest_pyramid.core.batches import is_known, unframed
from pytest_pyramid.session.journal import Journal, opened


class Replaying:
    """Replays what one worker sends in batches."""

    def __init__(self, node: Any) -> None:
        self.channel = node.gateway.newchannel()
        self._node = node
        self._last = 0
        self._journal = _journal()
        # Our channel is older than xdist's, so its end comes before the one that makes xdist bury the worker.
        self.channel.setcallback(self._receive, endmarker=None)

    @property
    def place(self) -> tuple[str, bytes] | None:
        """Where the worker finds the journal."""
        return self._journal.place if self._journal else None

    def ready(self) -> None:
        """The worker has opened the journal, or never will."""
        if self._journal:
            self._journal.hide()

    def _receive(self, batch: bytes | None) -> None:
        if batch is None:
            batch = self._journal.unsent(self._last) if self._journal else b""
        if not batch:
            return
        self._last, frames = opened(batch)
        take = self._node.process_from_remote
        for message in unframed(frames):
            take(marshal.loads(message))  # noqa: S302  # from a worker that we started


def replaying_of(node: Any) -> Replaying | None:
    """What replays the batches of a node, None when we do not know its version of pytest-xdist."""
    return Replaying(node) if is_known(xdist.__version__) and hasattr(node, "process_from_remote") else None


def _journal() -> Journal | None:
    try:
        return Journal()
    except OSError:
        return None
