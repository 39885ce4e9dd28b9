"""Lines about a long run between the lines of pytest: in its own thread, through its own writer, never drawn over."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from pytest_pyramid.core import passage
from pytest_pyramid.core.build_server import is_build_server
from pytest_pyramid.core.long_test import LongTest
from pytest_pyramid.core.passage import Runner, Tier
from pytest_pyramid.stores.terminal_text import takes_unicode

if TYPE_CHECKING:
    from pytest_pyramid.session.lookout import Lookout
    from pytest_pyramid.session.run import Run

TICK_SECONDS = 5.0


class Watching:
    """Tells how far the run is: now and then on a terminal, elsewhere once for each tier that takes long.

    Lines that are drawn over fight with what pytest and other plugins draw over, so there are none.
    """

    def __init__(self, config: pytest.Config, run: Run) -> None:
        self._config = config
        self._run = run
        self._ticking: Ticking | None = None
        self._lookout: Lookout | None = None
        self._on = False
        self.live = False
        """True where lines are wanted now and then."""
        self._unicode = takes_unicode()
        self._due = passage.FIRST_SECONDS
        self._tier_began: dict[int, float] = {}
        self._began = self._latest = 0.0
        """When the first test could begin, and when the last one ended."""
        self._last_end: dict[str, float] = {}
        """By worker, when its last test ended."""
        self._last_word = ""
        """What is said when pytest has said 100 %."""

    def pytest_sessionstart(self) -> None:
        """Look where the lines would go: nowhere with -q and where pytest's reporter is switched off."""
        reporter = self._config.pluginmanager.getplugin("terminalreporter")
        self._on = reporter is not None and self._config.get_verbosity() >= 0
        self.live = self._on and bool(getattr(reporter, "isatty", False)) and not is_build_server(os.environ)

    def pytest_sessionfinish(self) -> None:
        """The run is over."""
        if self._ticking is not None:
            self._ticking.stop()
        if self._lookout is not None:
            self._lookout.stop()
        if self._last_word:
            self._say(self._last_word)

    def begin(self) -> None:
        """The plan is made, and no test has run."""
        self._began = self._latest = self._run.clock()
        if self.live and self._run.wake is not None:
            self._ticking = Ticking(self._run.wake)
            self._ticking.start()
        elif self.live:
            self._look_out()
        recorded = sum(one.seconds for one in self._run.forecast.tests.values()) if self._on else 0.0
        if recorded < passage.FIRST_SECONDS:
            return  # most runs are short, and owe nobody a word
        left, tiers = self._seconds_left(), self._waiting()
        if left is not None and left >= passage.FIRST_SECONDS and tiers:
            self._say(passage.beginning(tiers[0], left, unicode=self._unicode))

    @property
    def looks_out(self) -> bool:
        """True where `begins` has to be told of every test."""
        return self._lookout is not None

    def begins(self, index: int, rank: int, now: float, unbooked: int) -> None:
        """A test begins in the single process, and so many of its tier have ended that are not booked."""
        if self._lookout is None:
            return
        nodeid, known = self._run.nodeid_of(index), self._run.forecast.tests
        usual = known[nodeid].seconds if nodeid in known else None
        left = self._seconds_left() if usual is not None and usual >= passage.LONG_SECONDS else None
        tier = self._run.settings.pyramid.tiers[rank].name
        self._lookout.note_test(LongTest(nodeid, now, tier, usual, left, unbooked))

    def ended(self, rank: int, worker: str, now: float) -> None:
        """A test has ended."""
        if not self._on:
            return
        began = self._tier_began.setdefault(rank, self._latest)
        self._last_end[worker] = self._latest = now
        gate = self._run.gates[rank]
        if gate.finished >= gate.tests:
            if now - began >= passage.FIRST_SECONDS:
                self._tell_end(rank, now - began)
        elif now >= self._due:
            self.tick()
        if self._lookout is not None:
            self._lookout.note_tiers(self._tiers(), self._due)

    def tick(self) -> None:
        """Some time has passed."""
        now = self._run.clock()
        self._due = self._due if self._lookout is None else max(self._due, self._lookout.due)
        if not self.live or now < self._due or not self._waiting():
            return
        self._due = now + passage.pause_after(now)
        width = self._config.get_terminal_writer().fullwidth - 1
        tiers, runners = self._tiers(), self._runners(now)
        self._say(passage.passage(tiers, runners, self._seconds_left(), width=width, unicode=self._unicode))

    def _look_out(self) -> None:
        """Start the process that says what runs for long, where it can tell; without it lines come between tests."""
        from pytest_pyramid.session.lookout import Lookout, can_look  # noqa: PLC0415  # only on a terminal

        if not can_look(self._config):
            return
        try:
            self._lookout = Lookout(self._config, self._run.clock.origin, TICK_SECONDS)
        except (OSError, subprocess.SubprocessError):
            return
        self._config.pluginmanager.register(self._lookout, "pyramid-lookout")
        self._lookout.note_tiers(self._tiers(), self._due)

    def _tell_end(self, rank: int, seconds: float) -> None:
        name = self._run.settings.pyramid.tiers[rank].name
        done = next(tier for tier in self._tiers() if tier.name == name)
        following = next(iter(self._waiting()), None)
        text = passage.boundary(done, seconds, following, self._seconds_left(), unicode=self._unicode)
        if following is None:  # pytest writes its last letters and 100 % when the loop has ended
            self._last_word = text
        else:
            self._say(text)

    def _tiers(self) -> list[Tier]:
        gates, found = self._run.gates, []
        for rank, tier in enumerate(self._run.settings.pyramid):
            gate = gates[rank]
            if gate.tests:
                withheld = rank > gates.limit
                found.append(Tier(tier.name, gate.tests, gate.finished, gate.failed, withheld=withheld))
        return found

    def _waiting(self) -> list[Tier]:
        """The tiers that have tests to run, the one that runs now first."""
        return [tier for tier in self._tiers() if tier.finished < tier.tests and not tier.withheld]

    def _runners(self, now: float) -> list[Runner]:
        """What the workers are at; a single process is never asked while a test runs."""
        state, known = self._run.state, self._run.forecast.tests
        found: list[Runner] = []
        if state is None or self._run.wake is None:
            return found
        for name, worker in state.workers.items():
            entry = worker.queue[0] if worker.queue else -1
            if entry < 0 or not state.may_start(entry):
                continue
            nodeid = self._run.nodeid_of(entry)
            usual = known[nodeid].seconds if nodeid in known else None
            found.append(Runner(name, nodeid, now - self._last_end.get(name, self._began), usual))
        return found

    def _seconds_left(self) -> float | None:
        """What the tests that may still run will take, None when most are unknown."""
        run, known = self._run, self._run.forecast.tests
        if not known or run.state is None:
            return None
        at = {runner.nodeid: runner.seconds for runner in self._runners(run.clock())}
        expected = []
        for index, rank in run.waiting():
            nodeid = run.nodeid_of(index)
            usual = known[nodeid].seconds if nodeid in known else None
            expected.append((rank, usual if usual is None else max(0.0, usual - at.get(nodeid, 0.0))))
        return passage.time_left(expected, max(1, len(run.state.workers), run.state.plan.workers))

    def _say(self, text: str) -> None:
        reporter = self._config.pluginmanager.getplugin("terminalreporter")
        writer = self._config.get_terminal_writer()
        reporter.ensure_newline()
        if writer.width_of_current_line:
            writer.line()
        writer.line(text, light=True)


class Ticking:
    """A clock beside the loop of the process that commands workers: it asks that loop to look up now and then.

    Only the loop itself writes to the terminal, so that nothing comes into the middle of a line.
    """

    def __init__(self, ask: Callable[[], None]) -> None:
        self._ask = ask
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pyramid-ticking", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, at once."""
        self._over.set()

    def _run(self) -> None:
        while not self._over.wait(TICK_SECONDS):
            self._ask()
