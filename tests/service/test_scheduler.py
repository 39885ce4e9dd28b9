"""The adapter to pytest-xdist, with workers that only record what they are sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pytest_pyramid.core.facts import Location, Result, TestFacts
from pytest_pyramid.core.gating import GatePolicy, decide
from pytest_pyramid.core.ordering import lazy_longest_first
from pytest_pyramid.core.schedule import Command
from pytest_pyramid.core.settings import Settings, resolve
from pytest_pyramid.session.run import Run
from pytest_pyramid.session.scheduler import PyramidScheduling
from pytest_pyramid.session.wire import Manifest, pack_manifest
from pytest_pyramid.stores.config_files import read_layers

TIERS = {"u": "unit", "s": "service", "g": "ui"}
IDS = ("u.py::a", "u.py::b", "v.py::c", "s.py::a", "s.py::b", "g.py::a")


def settings() -> Settings:
    """The shipped settings."""
    found, _ = resolve(read_layers(Path("nowhere"), None)[0], formats=())
    assert found is not None
    return found


def manifest(ids: Sequence[str], pins: Sequence[str | None] | None = None) -> bytes:
    """What a worker sends of its collection; the first letter of a node id tells the tier."""
    tests = tuple(
        TestFacts(nodeid=one, function=one, location=Location(file=one.split("::")[0]), tier=TIERS.get(one[0], "unit"))
        for one in ids
    )
    return pack_manifest(Manifest(tests=tests, pins=tuple(pins or [None] * len(ids))))


class Node:
    """A worker of xdist, as far as a scheduler sees it; it follows the rules of xdist's worker loop when told to."""

    def __init__(self, hall: Hall, name: str, ids: Sequence[str]) -> None:
        self.gateway = SimpleNamespace(id=name)
        self.config = SimpleNamespace(hook=SimpleNamespace(pytest_collectreport=self.told))
        self.shutting_down = False
        self.ids = tuple(ids)
        self.queue: list[int] = []
        self.hall = hall
        self.dead = False

    def told(self, report: pytest.CollectReport) -> None:
        """Take down what is reported of this worker's collection."""
        self.hall.told.append(report)

    def send_runtest_some(self, indices: Sequence[int]) -> None:
        """Take the indices to the end of the queue."""
        if self.dead:
            raise OSError("cannot send")
        self.queue += indices

    def send_steal(self, indices: Sequence[int]) -> None:
        """Give back all of them when none was begun, as xdist's worker does."""
        if self.dead:
            raise OSError("cannot send")
        given = list(indices) if set(indices) <= set(self.queue[2:]) else []
        self.queue = [index for index in self.queue if index not in given]
        self.hall.stolen += given
        self.hall.scheduling.remove_pending_tests_from_node(self, given)

    def shutdown(self) -> None:
        """End with the queue."""
        self.shutting_down = True

    def step(self) -> bool:
        """Run the first entry when a second one is known; False when there was nothing to do."""
        if len(self.queue) < 2:
            return False
        index = self.queue.pop(0)
        if index < len(self.ids):
            self.hall.ran.append((self.gateway.id, self.ids[index]))
            outcome = "failed" if self.ids[index] in self.hall.failing else "passed"
            for when in ("setup", "call", "teardown"):
                report = a_report(self.ids[index], when, outcome if when == "call" else "passed")
                self.hall.scheduling.record(self.gateway.id, index).note(report)
        self.hall.scheduling.mark_test_complete(self, index, 0.0)
        return True


def a_report(nodeid: str, when: str, outcome: Any) -> pytest.TestReport:
    """A report of one phase."""
    found = pytest.TestReport(
        nodeid=nodeid, location=("f", 0, "n"), keywords={}, outcome=outcome, longrepr=None, when="call", duration=0.01
    )
    found.when = when  # type: ignore[assignment]  # xdist gives a crash the phase "???", which pytest's types do not know
    return found


@dataclass
class Hall:
    """A controller with its workers, of which `expected` are there at the start."""

    expected: int = 2
    dist: str = "load"
    failing: tuple[str, ...] = ()
    ran: list[tuple[str, str]] = field(default_factory=list)
    told: list[Any] = field(default_factory=list)
    stolen: list[int] = field(default_factory=list)
    manifests: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        gate = GatePolicy()
        hook = SimpleNamespace(
            pytest_pyramid_gate=lambda tally: decide(gate, tally), pytest_pyramid_order=lazy_longest_first
        )
        plugins = SimpleNamespace(has_plugin=lambda name: name == "pyramid-order")
        config: Any = SimpleNamespace(hook=hook, pluginmanager=plugins)
        self.run = Run(config, settings(), self.obey)
        self.scheduling = PyramidScheduling(config, self.run, self.manifests, self.expected, self.dist)

    def obey(self, command: Command) -> None:
        """Hand the commands of the schedule to the adapter, as the controller does."""
        self.scheduling.obey(command)

    def join(self, name: str, ids: Sequence[str] = IDS, pins: Sequence[str | None] | None = None) -> Node:
        """A worker that starts, describes its collection, and reports it."""
        node = Node(self, name, ids)
        self.scheduling.add_node(node)
        self.manifests[name] = manifest(ids, pins)
        self.collect(node)
        return node

    def collect(self, node: Node) -> None:
        """The worker reports its collection, and xdist asks for the schedule when all have."""
        self.scheduling.add_node_collection(node, node.ids)
        if self.scheduling.collection_is_completed:
            self.scheduling.schedule()

    def crash(self, node: Node, outcome: str = "failed") -> str | None:
        """The worker dies and xdist asks what it ran; returns what it was told."""
        node.dead = True
        item = self.scheduling.remove_node(node)
        if item is not None and outcome == "failed":
            self.scheduling.settle_crash(node, a_report(item, "???", outcome))
        elif item is not None:
            self.scheduling.mark_test_pending(item)
        return item

    def work(self, *nodes: Node) -> None:
        """Let the workers run in turn until none can."""
        while any([node.step() for node in nodes]):  # noqa: C419  # every worker has its turn
            pass

    @property
    def results(self) -> list[Result]:
        """The result of every test, in collection order."""
        return [outcome.result for outcome in self.run.outcomes()]


def test_nothing_is_sent_before_all_have_collected() -> None:
    """The first worker waits for the second, and nothing counts as finished meanwhile."""
    hall = Hall()
    first = hall.join("gw0")
    assert (first.queue, hall.scheduling.tests_finished, hall.scheduling.has_pending) == ([], False, False)
    second = hall.join("gw1")
    assert hall.scheduling.nodes == [first, second]
    assert first.queue
    assert hall.scheduling.has_pending


def test_every_test_runs_once_and_tiers_in_order() -> None:
    """Two workers finish all tests; no tier starts before the one below has ended."""
    hall = Hall()
    hall.work(hall.join("gw0"), hall.join("gw1"))
    ran = [nodeid for _, nodeid in hall.ran]
    assert sorted(ran) == sorted(IDS)
    assert [nodeid[0] for nodeid in ran if nodeid[0] != "v"] == ["u", "u", "s", "s", "g"]
    assert (hall.scheduling.tests_finished, hall.scheduling.has_pending) == (True, False)
    assert hall.results == [Result.PASSED] * 6


def test_a_failure_withholds_the_tiers_above() -> None:
    """The cord stops what stands above and nothing else."""
    hall = Hall(failing=("s.py::a",))
    hall.work(hall.join("gw0"), hall.join("gw1"))
    assert hall.results == [*[Result.PASSED] * 3, Result.FAILED, Result.PASSED, Result.WITHHELD]
    assert hall.scheduling.tests_finished


def test_another_order_is_mapped() -> None:
    """A worker that collected the same tests in another order runs the tests that were meant."""
    hall = Hall()
    hall.work(hall.join("gw0"), hall.join("gw1", IDS[::-1]))
    assert sorted(nodeid for _, nodeid in hall.ran) == sorted(IDS)
    assert {name for name, _ in hall.ran} == {"gw0", "gw1"}
    assert hall.results == [Result.PASSED] * 6
    assert hall.told == []


def test_twice_the_same_node_id_is_two_tests() -> None:
    """Tests that share a node id are told apart by their place, in every order of collection."""
    hall = Hall()
    ids = ("u.py::a", "u.py::a", "u.py::b", "s.py::a")
    hall.work(hall.join("gw0", ids), hall.join("gw1", ("s.py::a", "u.py::a", "u.py::b", "u.py::a")))
    assert sorted(nodeid for _, nodeid in hall.ran) == sorted(ids)
    assert hall.results == [Result.PASSED] * 4


def test_another_set_of_tests_is_reported_and_nothing_runs() -> None:
    """The report names the worker and what it has too many and too few; the loop can end."""
    hall = Hall()
    first, second = hall.join("gw0"), hall.join("gw1", (*IDS[1:], "u.py::new"))
    (told,) = hall.told
    assert (told.nodeid, told.outcome) == ("gw1", "failed")
    assert "Different tests were collected between gw0 and gw1" in told.longrepr
    assert {"+u.py::new", "-u.py::a"} <= set(told.longrepr.splitlines())
    assert (first.queue, second.queue, hall.scheduling.tests_finished) == ([], [], True)


def test_a_late_worker_helps() -> None:
    """A worker that collects after the start gets tests at once; one that collected others gets none."""
    hall = Hall(expected=1)
    many = tuple(f"u.py::{number}" for number in range(40))
    first = hall.join("gw0", many)
    late = hall.join("gw1", many)
    other = hall.join("gw2", IDS)
    assert late.queue
    assert other.queue == []
    assert [report.nodeid for report in hall.told] == ["gw2"]
    hall.work(first, late)
    assert hall.results == [Result.PASSED] * 40


def test_a_crash_is_charged_to_the_test_that_ran() -> None:
    """xdist is told the test, its report fails it, and the worker's other tests are run by somebody else."""
    hall = Hall()
    first, second = hall.join("gw0"), hall.join("gw1")
    victim = IDS[first.queue[0]]
    assert hall.crash(first) == victim
    third = hall.join("gw2")
    hall.work(second, third)
    assert hall.results[IDS.index(victim)] is Result.FAILED
    assert hall.results.count(Result.PASSED) == 2
    assert hall.results[3:] == [Result.WITHHELD] * 3
    assert hall.scheduling.tests_finished


def test_a_crashed_test_may_run_again() -> None:
    """A rerun plugin gives the test back and it passes somewhere else: nothing failed."""
    hall = Hall()
    first, second = hall.join("gw0"), hall.join("gw1")
    hall.crash(first, outcome="rerun")
    hall.work(second, hall.join("gw2"))
    assert hall.results == [Result.PASSED] * 6


def test_a_teardown_that_failed_late_counts_against_one_test() -> None:
    """A worker passes the same fence many times; what was reported at it is booked once, and to the test before it."""
    hall = Hall(expected=1)
    node = hall.join("gw0", tuple(f"s.py::{number}" for number in range(4)))
    fence = len(node.ids)
    while node.queue[0] != fence:
        node.step()
    hall.scheduling.record("gw0", fence).note(a_report(node.ids[0], "teardown", "failed"))
    hall.work(node)
    assert hall.results == [Result.ERROR, *[Result.PASSED] * 3]


def test_only_a_test_that_crashed_can_be_given_back() -> None:
    """Any other request is refused with the exception that rerun plugins expect."""
    hall = Hall(expected=1)
    hall.join("gw0")
    with pytest.raises(NotImplementedError, match="did not crash"):
        hall.scheduling.mark_test_pending(IDS[0])


def test_a_worker_that_ends_well_accuses_nobody() -> None:
    """A worker with an output was not killed, whatever stands in its queue."""
    hall = Hall()
    first, second = hall.join("gw0"), hall.join("gw1")
    first.workeroutput = {"exitstatus": 2}  # type: ignore[attr-defined]  # xdist sets it when a worker has ended
    assert hall.scheduling.remove_node(first) is None
    hall.work(second)
    assert hall.results == [Result.PASSED] * 6


def test_a_worker_that_never_came_is_a_key_error() -> None:
    """xdist asks for workers that died before they collected, and expects this answer."""
    hall = Hall()
    with pytest.raises(KeyError):
        hall.scheduling.remove_node(Node(hall, "gw9", ()))
    early = Node(hall, "gw0", IDS)
    hall.scheduling.add_node(early)
    assert hall.scheduling.remove_node(early) is None


def test_a_worker_may_die_while_it_is_sent_tests() -> None:
    """The loss is told by xdist a moment later, and then everything is given to others."""
    hall = Hall(expected=1)
    many = tuple(f"u.py::{number}" for number in range(40))
    first = hall.join("gw0", many)
    dying = Node(hall, "gw1", many)
    dying.dead = True
    hall.scheduling.add_node(dying)
    hall.collect(dying)
    accused = hall.crash(dying)
    hall.work(first)
    assert accused is not None
    assert sorted(nodeid for _, nodeid in hall.ran) == sorted(set(many) - {accused})


def test_a_worker_without_the_plugin_ends_the_run_with_a_reason() -> None:
    """The remedy is named, and the exit status is that of a usage error."""
    hall = Hall(expected=1)
    node = Node(hall, "gw0", IDS)
    hall.scheduling.add_node(node)
    with pytest.raises(
        pytest.exit.Exception, match="worker gw0 does not have pytest-test-pyramid: install it"
    ) as stopped:
        hall.collect(node)
    assert stopped.value.returncode == pytest.ExitCode.USAGE_ERROR


@pytest.mark.parametrize("answer", [manifest(IDS[1:]), b"nonsense"])
def test_a_worker_that_answers_something_else_ends_the_run_too(answer: bytes) -> None:
    """A description that does not fit the collection, or cannot be read, is no ground to run tests by."""
    hall = Hall(expected=1)
    node = Node(hall, "gw0", IDS)
    hall.scheduling.add_node(node)
    hall.manifests["gw0"] = answer
    with pytest.raises(pytest.exit.Exception, match="worker gw0: "):
        hall.collect(node)


def test_one_description_is_enough() -> None:
    """Only one worker sends its manifest, whichever reports first."""
    hall = Hall()
    for name in ("gw0", "gw1"):
        node = Node(hall, name, IDS)
        hall.scheduling.add_node(node)
        hall.scheduling.add_node_collection(node, IDS)
    hall.manifests["gw1"] = manifest(IDS)
    hall.scheduling.schedule()
    assert any(node.queue for node in hall.scheduling.nodes)


@pytest.mark.parametrize("dist", ["load", "loadfile", "loadscope"])
def test_what_belongs_together_runs_on_one_worker(dist: str) -> None:
    """Groups, files or scopes are never divided, over all tiers, while both workers are busy."""
    hall = Hall(dist=dist)
    ids = tuple(f"{tier}{number % 4}.py::T{number % 8}::{number}" for tier in "us" for number in range(24))
    pins = [f"pin{number % 3}" if number % 2 else None for number in range(len(ids))]
    by_dist: dict[str, list[str | None]] = {
        "load": pins,
        "loadfile": [nodeid.split("::")[0] for nodeid in ids],
        "loadscope": [nodeid.rpartition("::")[0] for nodeid in ids],
    }
    hall.work(hall.join("gw0", ids, pins), hall.join("gw1", ids, pins))
    bound: dict[str, set[str]] = {}
    for worker, nodeid in hall.ran:
        bound.setdefault(by_dist[dist][ids.index(nodeid)] or nodeid, set()).add(worker)
    assert sorted(nodeid for _, nodeid in hall.ran) == sorted(ids)
    assert {len(workers) for workers in bound.values()} == {1}
    assert len({worker for worker, _ in hall.ran}) == 2


def test_a_worker_that_has_nothing_gets_what_another_has_not_begun() -> None:
    """What a slow worker holds behind its first two is taken back and run by the quick one, each test once."""
    ids = tuple(f"u.py::{number}" for number in range(60))
    hall = Hall()
    quick, slow = hall.join("gw0", ids), hall.join("gw1", ids[::-1])
    while quick.step():
        pass
    assert hall.stolen
    hall.work(quick, slow)
    assert sorted(nodeid for _, nodeid in hall.ran) == sorted(ids)
    assert hall.results == [Result.PASSED] * 60
