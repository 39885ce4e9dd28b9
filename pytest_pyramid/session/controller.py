"""The role in the process that commands xdist workers."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import pytest

from pytest_pyramid.core import schedule
from pytest_pyramid.core.attempts import CRASH
from pytest_pyramid.core.setting_tree import Settings
from pytest_pyramid.session import stopwatch
from pytest_pyramid.session.hosts import Hosts
from pytest_pyramid.session.replaying import Replaying, replaying_of
from pytest_pyramid.session.run import Run
from pytest_pyramid.session.scheduler import PyramidScheduling
from pytest_pyramid.session.sharding import known_to_all
from pytest_pyramid.session.wire import PAYLOAD, pack_forecast, pack_settings, pack_shield, unpack_late

if TYPE_CHECKING:
    from pytest_pyramid.core.baseline import Shield


class Controller:
    """Sets workers up, hands xdist our scheduler, and books what workers report."""

    def __init__(self, config: pytest.Config, settings: Settings, shield: Shield | None) -> None:
        self.run = Run(config, settings, self.obey, shield)
        self.workers = 0
        self._manifest_asked = False
        self._config = config
        self._manifests: dict[str, bytes] = {}
        self._channels: dict[str, Any] = {}
        self._replayings: dict[str, Replaying] = {}
        self._scheduling: PyramidScheduling | None = None
        self._session: pytest.Session | None = None

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Remember the session, which knows when the run is to stop."""
        self._session = session

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Give a worker its settings and a channel of our own on its gateway."""
        channel = node.gateway.newchannel()
        name = node.gateway.id
        # Called in execnet's receiver thread; it only stores.
        channel.setcallback(lambda data: self._manifests.__setitem__(name, data))
        self._channels[name] = channel
        replaying = self._replaying(node)
        # One manifest is enough; a worker that replaces a crashed one sends its own, in case that was the one.
        node.workerinput[PAYLOAD] = {
            "settings": pack_settings(self.run.settings),
            "shield": pack_shield(self.run.shield),
            "channel": channel,
            "batches": replaying and (replaying.channel, replaying.place),
            "known": self._known_to_all,
            "manifest": not self._manifest_asked or self._scheduling is not None,
        }
        self._manifest_asked = True
        if self._scheduling is None:
            self.workers += 1

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodeready(self, node: Any) -> None:
        """A worker is set up."""
        replaying = self._replayings.get(node.gateway.id)
        if replaying is not None:
            replaying.ready()

    @pytest.hookimpl(optionalhook=True, tryfirst=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config) -> PyramidScheduling:
        """The scheduler of this run."""
        dist = config.getoption("dist")
        config.pluginmanager.register(Hosts(config, self.run.guard_notes.append), "pyramid-hosts")
        self._scheduling = PyramidScheduling(config, self.run, self._manifests, self.workers, dist)
        return self._scheduling

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take over what the guard of a worker saw when its tests had ended."""
        packed = getattr(node, "workeroutput", {}).get(PAYLOAD)
        if packed is not None:
            touches, notes, lacking = unpack_late(packed)
            self.run.late_touches += touches
            self.run.lacking_layers += lacking
            self.run.guard_notes += [note for note in notes if note not in self.run.guard_notes]

    def obey(self, command: schedule.Command) -> None:
        """Do what the schedule says."""
        if isinstance(command, schedule.Forbid):
            for channel in self._channels.values():
                try:
                    channel.send(command.limit)
                except OSError:
                    continue  # that worker is gone, and with it what it held
        elif self._scheduling is not None:
            self._scheduling.obey(command)

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take a worker's report down; a crash is settled at once, everything else when the worker is done with it."""
        known = report.__dict__  # xdist adds node and item_index; asked three times per test
        node, item_index = known.get("node"), known.get("item_index")
        if node is None or self._scheduling is None:
            return
        if item_index is not None:
            self._scheduling.record(node.gateway.id, item_index).note(report, known.get(stopwatch.REPORT_KEY))
        elif str(report.when) == CRASH and report.outcome == "failed":
            self._scheduling.settle_crash(node, report)
        if report.when != "call" and self._session and (self._session.shouldfail or self._session.shouldstop):
            self.stop()

    @cached_property
    def _known_to_all(self) -> bytes | None:
        """What workers cut the shard of this run by, None when the run is none."""
        return None if self.run.settings.part is None else pack_forecast(known_to_all(self.run.memory))

    def stop(self) -> None:
        """Let nothing more start: queued tests are refused by the workers."""
        state = self.run.state
        if state is not None and not state.stopped:
            self.run.tell(schedule.Stopped())

    def _replaying(self, node: Any) -> Replaying | None:
        """What replays the batches of the node, None when its messages go the stock way."""
        found = replaying_of(node) if self.run.settings.transport == "batched" else None
        if found is not None:
            self._replayings[node.gateway.id] = found
        return found

    def settle(self) -> None:
        """Nothing: workers' tests are settled as they end."""
