"""The worker's end of the batched transport: what xdist sends message by message goes out in batches.

Six messages a test, each serialised in pure Python, written, flushed and waking the controller, cost more than many a
test. Here they are held back for a few milliseconds and sent as one, in order with everything that goes the stock way.
The seam is one attribute, `sendevent` of xdist's `WorkerInteractor`; `session.replaying` checks that it fits.
"""

from __future__ import annotations

import marshal
import os
import sys
import threading
from typing import Any

import pytest

from pytest_pyramid.core.batches import WAITING, ends_batch
from pytest_pyramid.session.journal import Held, held_in

FORMAT = 4
"""Of marshal: all CPython versions since 3.4 read it, and attribute names come out interned."""
HOLD_SECONDS = 0.005
_THREADS = ("thread", "main_thread_only")
_USED = ("sendevent", "torun", "nextitem_index")


def begin(config: pytest.Config, channel: Any, place: tuple[str, bytes] | None) -> None:
    """Send the events of this worker in batches over the channel, where we know our way about; else leave it be."""
    interactor = next((one for one in config.pluginmanager.get_plugins() if _is_interactor(one)), None)
    if interactor is not None and sys.implementation.name == "cpython":
        config.pluginmanager.register(Batching(interactor, channel, held_in(place)), "pyramid-batching")


def _is_interactor(plugin: object) -> bool:
    return type(plugin).__name__ == "WorkerInteractor" and all(hasattr(plugin, name) for name in _USED)


class Batching:
    """Stands in for `sendevent` of xdist's worker.

    A batch ends when it is `HOLD_SECONDS` old, at a failure, and when the worker is about to wait for work. Where the
    batch does not outlive the process it ends before every test, so that a crash can lose nothing of those before it.
    """

    def __init__(self, interactor: Any, channel: Any, held: Held) -> None:
        self._interactor = interactor
        self._stock = interactor.sendevent
        self._channel = channel
        self._held = held
        self._failed = False
        """True while a test of which a failure was reported is not over."""
        self._lock = threading.Lock()
        self._begun = threading.Lock()
        """Free while a batch waits for its time."""
        self._begun.acquire()
        execmodel = channel.gateway.execmodel
        self._held_back = held.lasting and execmodel.backend in _THREADS
        if self._held_back:
            # Not a `threading.Thread`: tests that count the threads of their process do not see execnet's either.
            execmodel.start(self._end_in_time)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._leave)
        interactor.sendevent = self.sendevent

    def sendevent(self, name: str, **kwargs: Any) -> None:
        """Hold the event back, or send it after all that was held back before it."""
        if not self._hold(name, kwargs):
            self.flush()
            if name not in WAITING or not self._hold(name, kwargs):
                self._stock(name, **kwargs)
        elif self._is_due(name, kwargs):
            self.flush()
        elif self._begun.locked():
            self._begun.release()

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """Send what is held back, before others do what takes long or breaks down."""
        self.flush()

    def flush(self) -> None:
        """Send what is held back. Raises OSError when the controller is gone, as the stock way does."""
        with self._lock:
            if self._held:
                self._channel.send(self._held.batch())
                self._held.sent()

    def _hold(self, name: str, kwargs: dict[str, Any]) -> bool:
        """True when the event is held back; it is serialised now, because it may change."""
        if name not in WAITING:
            return False
        try:
            message = marshal.dumps((name, kwargs), FORMAT)
        except ValueError:
            return False  # execnet may know how
        with self._lock:
            return self._held.add(message)

    def _is_due(self, name: str, kwargs: dict[str, Any]) -> bool:
        if name == "runtest_protocol_complete":
            failed, self._failed = self._failed, False
            return ends_batch(name, failed=failed, more_known=self._knows_more(), lasting=self._held_back)
        failed = name == "testreport" and kwargs["data"].get("outcome") == "failed"
        self._failed = self._failed or failed
        return ends_batch(name, failed=failed, more_known=True, lasting=self._held_back)

    def _knows_more(self) -> bool:
        """False when xdist's loop ends, or is about to wait for the next index but one."""
        if not isinstance(self._interactor.nextitem_index, int):
            return False
        queue = self._interactor.torun
        return not queue.empty() if hasattr(queue, "empty") else bool(queue._items)  # noqa: SLF001  # no public look

    def _end_in_time(self) -> None:
        """End every batch in time, in a thread of its own: a test may last."""
        never = threading.Lock()
        never.acquire()
        while True:
            self._begun.acquire()
            # Not `time.sleep`: the guards would take it for a sleep of the test that runs meanwhile.
            never.acquire(timeout=HOLD_SECONDS)
            try:
                self.flush()
            except OSError:
                return  # the controller is gone; the main thread will notice

    def _leave(self) -> None:
        """In a child of this process, which must not write into our batch: leave everything to xdist."""
        self._interactor.sendevent = self._stock
