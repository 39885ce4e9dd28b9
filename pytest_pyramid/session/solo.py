"""The role without workers: the same machine, with this process as its only worker."""

from __future__ import annotations

import pytest

from pytest_pyramid.core import schedule
from pytest_pyramid.core.facts import Result
from pytest_pyramid.session import unrun
from pytest_pyramid.session.collecting import Collecting
from pytest_pyramid.session.run import Run

MAIN = "main"
_INDEX = pytest.StashKey[int]()


class Solo:
    """Runs pytest's own loop; tells the machine what ended, and refuses what may not start."""

    workers = 1

    def __init__(self, run: Run, collecting: Collecting) -> None:
        self.run = run
        self._collecting = collecting
        self._current: int | None = None
        self._refused: set[int] = set()

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Take up the final collection."""
        for index, item in enumerate(session.items):
            item.stash[_INDEX] = index
        self.run.begin(self._collecting.manifest(session.items))
        self.run.tell(schedule.Joined(MAIN))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> bool | None:
        """Settle the test before; refuse this one when its tier may not start; report it when a person does it."""
        self.settle()
        index = item.stash.get(_INDEX, None)
        if index is None or self.run.state is None:
            return None
        self._current = index
        if not self.run.state.may_start(index):
            self._refused.add(index)
            return True
        return unrun.report_manual(item, self.run.manifest.tests[index])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take the report down."""
        if self._current is not None:
            self.run.ledger.note(self._current, report)

    def settle(self) -> None:
        """Book the test that ran last, when there is one."""
        index, self._current = self._current, None
        if index is None:
            return
        outcome = self.run.settle(index, index, MAIN)
        state = self.run.state
        if state is None or not state.workers[MAIN].queue or state.workers[MAIN].queue[0] != index:
            return  # refused before it was handed out
        seconds = outcome.seconds if outcome else 0.0
        ran = outcome is not None and outcome.result is not Result.WITHHELD
        self.run.tell(schedule.Completed(MAIN, index, seconds, ran=ran))
        self._pass_fences()

    def _pass_fences(self) -> None:
        """Walk past the fences, which mean nothing to a single process."""
        while self.run.state is not None and len(queue := self.run.state.workers[MAIN].queue) > 1 and queue[0] < 0:
            self.run.tell(schedule.Completed(MAIN, queue[0]))
