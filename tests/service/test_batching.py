"""The two ends of the batched transport, with a worker and a node that only take down what they are told."""

from __future__ import annotations

import marshal
import os
from types import SimpleNamespace
from typing import Any

import pytest

from pytest_pyramid.core.batches import unframed
from pytest_pyramid.session import batching, journal
from pytest_pyramid.session.batching import Batching
from pytest_pyramid.session.journal import Held, opened
from pytest_pyramid.session.replaying import Replaying

pytestmark = [
    pytest.mark.pyramid_allow("files", reason="a journal lies in shared memory, not below tmp_path"),
    pytest.mark.pyramid_allow("process", reason="one of them asks what a forked child does"),
]


class WorkerInteractor:
    """xdist's worker as far as the seam knows it. `wire` takes what is sent, each with the way it went."""

    def __init__(self) -> None:
        self.wire: list[Any] = []
        self.torun = SimpleNamespace(_items=[1])
        self.nextitem_index: object = 0
        self.channel = SimpleNamespace(send=self.wire.append, gateway=SimpleNamespace(execmodel=self))
        self.backend = "thread"

    def start(self, function: Any) -> None:
        """Start no thread: the batches of these tests have all the time there is."""

    def sendevent(self, name: str, **kwargs: Any) -> None:
        """The stock way."""
        self.wire.append(name)

    @property
    def sent(self) -> list[Any]:
        """What was sent: the name of a stock message, and a list of names for a batch."""
        return [names(one) if isinstance(one, bytes) else one for one in self.wire]


def names(batch: bytes) -> list[str]:
    """The events of a batch."""
    return [_event(message)[0] for message in unframed(opened(batch)[1])]


def _event(message: bytes) -> Any:
    return marshal.loads(message)  # noqa: S302  # packed a moment ago


def worker(*, lasting: bool = True) -> WorkerInteractor:
    """A worker that sends in batches."""
    interactor = WorkerInteractor()
    Batching(interactor, interactor.channel, Held(bytearray(journal.ROOM), lasting=lasting))
    return interactor


def run_a_test(interactor: WorkerInteractor, outcome: str = "passed") -> None:
    """Everything that xdist's worker sends of one test."""
    send = interactor.sendevent
    send("logstart", nodeid="t", location=("t", 0, "t"))
    for when in ("setup", "call", "teardown"):
        send("testreport", data={"when": when, "outcome": outcome if when == "call" else "passed"})
    send("logfinish", nodeid="t", location=("t", 0, "t"))
    send("runtest_protocol_complete", item_index=0, duration=0.0)


TEST = ["logstart", "testreport", "testreport", "testreport", "logfinish", "runtest_protocol_complete"]


def test_tests_are_held_back_while_more_are_known() -> None:
    """Nothing is sent of two tests until somebody says so, and then everything in order."""
    interactor = worker()
    run_a_test(interactor)
    run_a_test(interactor)
    assert interactor.sent == []
    interactor.sendevent("workerfinished", workeroutput={})
    assert interactor.sent == [[*TEST, *TEST], "workerfinished"]


@pytest.mark.parametrize(("items", "following"), [([], 0), ([1], None)])
def test_a_worker_that_will_wait_or_end_sends_first(items: list[int], following: object) -> None:
    """The batch goes when no further index is known or the loop ends."""
    interactor = worker()
    interactor.torun._items, interactor.nextitem_index = items, following
    run_a_test(interactor)
    assert interactor.sent == [TEST]


def test_a_failure_is_sent_at_once() -> None:
    """The failed report ends a batch, and so does the end of its test, which closes the gate."""
    interactor = worker()
    run_a_test(interactor, "failed")
    assert interactor.sent == [TEST[:3], TEST[3:]]


def test_after_a_failed_test_tests_are_held_back_again() -> None:
    """Only the failed one was in a hurry."""
    interactor = worker()
    run_a_test(interactor, "failed")
    run_a_test(interactor)
    assert interactor.sent == [TEST[:3], TEST[3:]]


def test_where_memory_does_not_last_nothing_is_held_while_a_test_runs() -> None:
    """A batch ends with the start of the next test: what was before it cannot be lost."""
    interactor = worker(lasting=False)
    run_a_test(interactor)
    run_a_test(interactor)
    assert interactor.sent == [["logstart"], [*TEST[1:], "logstart"]]


def test_what_cannot_be_packed_goes_the_stock_way_in_its_turn() -> None:
    """An event with a foreign object is left to xdist, behind what was held back."""
    interactor = worker()
    run_a_test(interactor)
    interactor.sendevent("testreport", data={"outcome": "passed", "extra": object()})
    assert interactor.sent == [TEST, "testreport"]


def test_what_is_too_long_for_any_batch_goes_the_stock_way() -> None:
    """A report of megabytes neither breaks nor overtakes anything."""
    interactor = worker()
    run_a_test(interactor)
    interactor.sendevent("testreport", data={"outcome": "passed", "sections": ["x" * journal.ROOM]})
    assert interactor.sent == [TEST, "testreport"]


def test_an_event_is_packed_as_it_was() -> None:
    """What changes after it was sent is not sent changed."""
    interactor = worker()
    data: dict[str, Any] = {"outcome": "passed", "sections": []}
    interactor.sendevent("testreport", data=data)
    data["sections"].append("later")
    interactor.sendevent("unscheduled", indices=[])
    message = next(unframed(opened(interactor.wire[0])[1]))
    assert _event(message)[1]["data"]["sections"] == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks here")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_child_of_a_test_leaves_the_batch_alone() -> None:
    """What a forked child sends goes the stock way, so that it cannot garble the batch of its parent."""
    interactor = worker()
    child = os.fork()
    if not child:
        run_a_test(interactor)
        os._exit(0 if interactor.sent == TEST else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    run_a_test(interactor)
    assert interactor.sent == []


class Node:
    """A node whose worker is played by the test. `events` takes what comes in by its own entry."""

    def __init__(self) -> None:
        self.events: list[Any] = []
        self.gateway = SimpleNamespace(newchannel=lambda: self)

    def setcallback(self, callback: Any, endmarker: object) -> None:
        """Remember who listens to the channel."""
        self.arrive, self.end = callback, endmarker

    def process_from_remote(self, eventcall: Any) -> None:
        """The node's own entry."""
        self.events.append(eventcall)


def test_a_batch_comes_in_by_the_nodes_own_entry() -> None:
    """Event by event, in order, with their arguments."""
    node = Node()
    replaying = Replaying(node)
    held = journal.held_in(replaying.place)
    for number in range(3):
        held.add(marshal.dumps(("logstart", {"nodeid": str(number)}), batching.FORMAT))
    node.arrive(held.batch())
    held.sent()
    held.add(marshal.dumps(("logfinish", {}), batching.FORMAT))
    node.arrive(node.end)
    node.arrive(node.end)
    assert node.events == [*(("logstart", {"nodeid": n}) for n in "012"), ("logfinish", {})]
