"""Between pytest-xdist's scheduling protocol and the schedule: the only module that knows xdist's objects.

The protocol is `xdist.scheduler.protocol.Scheduling`: eleven members that the controller's loop calls from one thread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import pytest
from xdist.report import report_collection_diff

from pytest_pyramid.core.schedule import (
    Accuse,
    Command,
    Completed,
    Joined,
    Left,
    Release,
    Requeued,
    Returned,
    Send,
    Settled,
    Steal,
    Stopped,
)
from pytest_pyramid.session.collection import Collection
from pytest_pyramid.session.numbering import Numbering
from pytest_pyramid.session.planning import plan_for
from pytest_pyramid.session.record import Record
from pytest_pyramid.session.run import Run
from pytest_pyramid.session.wire import Manifest, WireError, unpack_manifest


class _Tick(tuple[int, ...]):
    """Stands for given-back tests in the event by which our own clock wakes the loop."""

    __slots__ = ()


class PyramidScheduling:
    """Feeds workers from the schedule. `manifests` fills up, by worker id, before each collection arrives."""

    def __init__(
        self, config: pytest.Config, run: Run, manifests: Mapping[str, bytes], expected: int, dist: str
    ) -> None:
        self.config = config
        """Not of the protocol, but every scheduler of xdist has it and pytest-rerunfailures reads it."""
        self._run = run
        self._manifests = manifests
        self._expected = expected
        self._dist = dist
        self._nodes: dict[str, Any] = {}
        self._collections: dict[str, tuple[str, ...]] = {}
        self._first = ""
        self._numbering = Numbering()
        self._accused: dict[str, int] = {}
        self._records: dict[tuple[str, int], Record] = {}
        self.started = False
        run.wake = self.wake

    @property
    def nodes(self) -> list[Any]:
        """The workers that are there."""
        return list(self._nodes.values())

    @property
    def collection_is_completed(self) -> bool:
        """True when every worker of the start has reported its tests."""
        return len(self._collections) >= self._expected

    @property
    def tests_finished(self) -> bool:
        """True when nothing more can start and nothing runs; asked after every single event."""
        return self.started and (self._run.state is None or self._run.state.finished)

    @property
    def has_pending(self) -> bool:
        """True when a test is unsent or has not ended."""
        return self.started and not self.tests_finished

    def add_node(self, node: Any) -> None:
        """A worker has started."""
        self._nodes[node.gateway.id] = node

    def add_node_collection(self, node: Any, collection: Sequence[str]) -> None:
        """A worker has reported its tests; once the run goes on it joins at once."""
        name = node.gateway.id
        self._collections[name] = tuple(collection)
        if self.started and self._agrees(name):
            self._run.tell(Joined(name))

    def schedule(self) -> None:
        """Begin, when every worker has reported; called again after each later collection."""
        if self.started:
            return
        self.started = True
        first = next((name for name in self._collections if name in self._manifests), next(iter(self._collections)))
        self._first, self._numbering = first, Numbering(self._collections[first])
        manifest = self._read_manifest(first)
        agreements = [self._agrees(name) for name in self._collections]  # every difference is reported
        if not all(agreements):
            return
        tests = manifest.tests
        manual = any(test.manual is not None for test in tests)
        collection = Collection(
            tiers=[test.tier for test in tests],
            nodeid_of=self._numbering.ids.__getitem__,
            describe=lambda: manifest,
            manual=manual,
        )
        self._run.announce(lambda: self._numbering.ids)
        self._run.begin(collection, plan_for(self.config, self._run, manifest, self._dist, self._expected))
        for name in self._collections:
            if name in self._nodes:
                self._run.tell(Joined(name))

    def obey(self, command: Command) -> None:
        """Say it to the worker, or note whom the machine accuses of a crash."""
        if isinstance(command, Accuse):
            self._accused[command.worker] = command.test
            return
        if not isinstance(command, Send | Steal | Release):
            return
        node = self._nodes[command.worker]
        if isinstance(command, Release):
            node.shutdown()
            return
        say = node.send_runtest_some if isinstance(command, Send) else node.send_steal
        try:
            say([self._numbering.theirs(command.worker, entry) for entry in command.entries])
        except OSError:
            return  # that worker is dead; xdist is about to remove it, and all that it holds is given back

    def mark_test_complete(self, node: Any, item_index: int, duration: float = 0) -> None:
        """A worker is done with an entry; its reports have all arrived."""
        name = node.gateway.id
        entry = self._numbering.entry(name, item_index)
        if entry < 0:
            self._settle_postponed_teardown(name, item_index)
            self._run.tell(Completed(name, entry))
            return
        record = self._records.pop((name, item_index), None) or Record()
        ended = self._run.settle(record, entry, name)
        if ended is None:
            self._run.tell(Completed(name, entry, ran=False))
        else:
            self._run.tell(Completed(name, entry, ended.seconds, setup=ended.setup_seconds))

    def record(self, name: str, item_index: int) -> Record:
        """The record of the entry that the worker is at, where its reports are noted."""
        known = self._records.get((name, item_index))
        if known is None:
            known = self._records[name, item_index] = Record()
        return known

    def mark_test_pending(self, item: str) -> None:
        """A rerun plugin gives a crashed test back: it shall run again."""
        for name, index in tuple(self._accused.items()):
            if self._numbering.ids[index] == item:
                del self._accused[name]
                self._run.tell(Requeued(index))
                return
        raise NotImplementedError(f"{item} did not crash just now")

    def remove_pending_tests_from_node(self, node: Any, indices: Sequence[int]) -> None:
        """A worker has given back the tests that it was asked for, or none."""
        if isinstance(indices, _Tick):
            if self._run.watching is not None:
                self._run.watching.tick()
            return
        name = node.gateway.id
        if name in self._nodes:
            self._run.tell(Returned(name, tuple(self._numbering.entry(name, index) for index in indices)))

    def wake(self) -> None:
        """Let xdist's loop, in its own thread, call us; called from any thread. Nothing when no worker is left."""
        with suppress(RuntimeError):  # the workers have changed just now; the next time will do
            for node in list(self._nodes.values())[:1]:
                node.notify_inproc("unscheduled", node=node, indices=_Tick())

    def remove_node(self, node: Any) -> str | None:
        """The node id of the test that the worker crashed in, None when it ended well or ran nothing.

        Raises KeyError for a worker that never joined, as xdist expects.
        """
        name = node.gateway.id
        del self._nodes[name]
        self._collections.pop(name, None)
        state = self._run.state
        if state is None or name not in state.workers:
            return None
        crashed = not hasattr(node, "workeroutput")
        if not crashed and state.workers[name].tests:
            self._end_as(name, int(node.workeroutput["exitstatus"]))
        self._run.tell(Left(name, crashed=crashed, released=node.shutting_down))
        index = self._accused.get(name)
        return None if index is None else self._numbering.ids[index]

    def _end_as(self, name: str, status: int) -> None:
        """End the run with the status of a worker that left although it held tests: one of them called pytest.exit.

        A Ctrl-C, status 2, is xdist's own business. Of the others xdist makes an internal error. When xdist had told
        its workers to end, because no more may be replaced, what they held is lost without a test's doing.
        """
        if status == pytest.ExitCode.INTERRUPTED:
            return
        session = self.config.pluginmanager.getplugin("dsession")
        if not getattr(session, "shuttingdown", False):
            self._run.tell(Stopped())
            pytest.exit(f"a test ended worker {name}", returncode=status)

    def settle_crash(self, node: Any, report: pytest.TestReport) -> None:
        """Book the report of a crash against the test that was accused."""
        index = self._accused.pop(node.gateway.id, None)
        if index is None:
            return
        record = Record()
        record.note(report)
        self._run.settle(record, index, node.gateway.id)
        self._run.tell(Settled(index))

    def _settle_postponed_teardown(self, name: str, item_index: int) -> None:
        """A soft fence may have reported a failing teardown in the name of the test before it."""
        state = self._run.state
        last = state.workers[name].last if state is not None else None
        if last is not None:
            record = self._records.pop((name, item_index), None) or Record()
            self._run.settle(record, last, name)

    def _read_manifest(self, name: str) -> Manifest:
        try:
            return unpack_manifest(self._manifests[name], self._numbering.ids)
        except KeyError:
            reason = f"worker {name} does not have pytest-test-pyramid: install it in that worker's environment"
        except WireError as error:
            reason = f"worker {name}: {error}"
        pytest.exit(reason, returncode=pytest.ExitCode.USAGE_ERROR)

    def _agrees(self, name: str) -> bool:
        """True when the worker collected the same tests; another order is mapped, another set is reported."""
        agrees = self._numbering.agrees(name, self._collections[name])
        if not agrees:
            self._report_difference(name, self._collections[name])
        return agrees

    def _report_difference(self, name: str, theirs: tuple[str, ...]) -> None:
        """Report it in xdist's own words, which people search for."""
        node = self._nodes[name]
        text = report_collection_diff(self._numbering.ids, theirs, self._first, name)
        report = pytest.CollectReport(nodeid=name, outcome="failed", longrepr=text, result=[])
        node.config.hook.pytest_collectreport(report=report)
