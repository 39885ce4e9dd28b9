"""The andon cord of a run: tells a process beside the run what has happened, and never waits for it.

A process and not a thread. Tests share this process when there are no workers: they stop clocks, close sockets, change
the environment, and a guard watches them; with workers this process feeds all of them, and a library that is imported
in a thread takes the interpreter's lock from that. A process of its own can also be left behind when the run ends. What
it has to know goes through a file, so that nobody can be blocked by a full pipe, and nothing is seen in its arguments.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO, NamedTuple

import pytest

from pytest_pyramid.core.andon_settings import counts
from pytest_pyramid.core.build_server import is_build_server, job_link
from pytest_pyramid.core.errand import Errand
from pytest_pyramid.core.gating import Cord
from pytest_pyramid.core.incidents import Incident, State
from pytest_pyramid.core.markup import shortened
from pytest_pyramid.core.notices import note_of, on_the_way
from pytest_pyramid.core.report import RunReport
from pytest_pyramid.core.setting_tree import Settings
from pytest_pyramid.notifiers import Notifier
from pytest_pyramid.session.memory import FILE, Memory, cache_folder, history_path, make_cache_folder
from pytest_pyramid.session.partial import tiers_are_whole
from pytest_pyramid.stores import messenger
from pytest_pyramid.stores.incident_file import incidents, incidents_beside

LONGEST = 2000
"""Characters of one text that are told."""
LEFT = "andon: of a shard nobody is told; `pytest-pyramid merge` tells of the whole pipeline (andon.shards)"


class _Messenger(NamedTuple):
    """A process that is on its way."""

    kind: State
    process: subprocess.Popen[bytes]
    said: IO[bytes]


class Andon:
    """Sends a messenger when a gate closes, and one when gates that were closed are open again."""

    def __init__(
        self, config: pytest.Config, settings: Settings, notifiers: tuple[Notifier, ...], memory: Memory
    ) -> None:
        self._config = config
        self._settings = settings
        self._notifiers = tuple(one for one in notifiers if one.name in settings.andon.notify)
        self._memory = memory
        self._environment = dict(os.environ)  # now: tests may change it
        self._start = subprocess.Popen  # as above
        self._path = tuple(sys.path)
        self._messengers: list[_Messenger] = []
        self._faults: list[str] = []

    def pull(self, cord: Cord) -> None:
        """A gate has closed. Nothing that goes wrong here reaches the run."""
        try:
            if self._is_left_to_the_merge:
                self._faults.append(LEFT)
            elif self._counts():
                told = (cord.tier, shortened(cord.nodeid, LONGEST), shortened(cord.message, LONGEST))
                self._send(State.PULLED, self._errand(cord=told, withheld=cord.withheld))
        except Exception as error:  # noqa: BLE001  # telling people must not cost the run its results
            self._faults.append(f"andon: nobody was told: {type(error).__name__}")

    def pytest_pyramid_report(self, report: RunReport) -> None:
        """The run is over: gates that a whole run found open may end an incident."""
        try:
            open_tiers = tuple(gate.tier for gate in report.gates if gate.state == "open")
            if (
                self._is_left_to_the_merge
                or not open_tiers
                or not self._counts()
                or not tiers_are_whole(self._config, self._settings, report)
            ):
                return
            errand = self._errand(open_tiers=open_tiers)
            if any(one.tier in open_tiers and one.branch == errand.line for one in self._open(errand)):
                self._send(State.CLEARED, errand)
        except Exception as error:  # noqa: BLE001  # as above
            self._faults.append(f"andon: nobody was told: {type(error).__name__}")

    def notes(self) -> list[str]:
        """What the messengers have said so far, one line for each incident, and what went wrong."""
        said: list[str] = []
        for sent in self._messengers:
            said += self._news_of(sent)
        return [*said, *self._faults[:1]]

    def pytest_unconfigure(self) -> None:
        """Let messengers that are on their way go on alone."""
        for sent in self._messengers:
            if sent.process.poll() is None:
                sent.process.returncode = 0  # nobody waits for it; without this Python would warn
            sent.said.close()

    @property
    def _is_left_to_the_merge(self) -> bool:
        """True in a shard, unless each shard is to tell for itself."""
        return self._settings.part is not None and self._settings.andon.shards == "merge"

    def _counts(self) -> bool:
        """True when an incident of this run is news: on a build server, on a branch that matters."""
        return counts(self._settings.andon, self._branch(), on_build_server=is_build_server(self._environment))

    def _branch(self) -> str:
        return self._memory.look_around().branch or ""

    def _errand(self, *, cord: tuple[str, ...] = (), withheld: int = 0, open_tiers: tuple[str, ...] = ()) -> Errand:
        andon, root, part = self._settings.andon, self._config.rootpath, self._settings.part
        history = history_path(self._config, self._settings.history)
        if andon.state != "auto":
            state = Path(root, Path(andon.state).expanduser())
        else:
            state = incidents_beside(history or self._cache() / FILE)
            make_cache_folder(self._config, state)  # with the file that keeps it out of version control
        return Errand(
            andon=andon,
            notifiers=tuple((one.name, one.module) for one in self._notifiers),
            state=str(state),
            history=str(history or ""),
            root=str(root),
            branch=self._branch(),
            shard="" if part is None else f"{part.number}/{part.of}",
            commit=self._memory.look_around().commit or "",
            host=platform.node(),
            link=andon.report_link or job_link(self._environment),
            cord=cord,
            withheld=withheld,
            open_tiers=open_tiers,
            python_path=self._environment.get("PYTHONPATH", ""),
        )

    def _cache(self) -> Path:
        """pytest's cache folder, or its usual place where the plugin that knows it is switched off."""
        known = self._config.pluginmanager.hasplugin("cacheprovider")
        return cache_folder(self._config) if known else Path(self._config.rootpath, ".pytest_cache")

    def _open(self, errand: Errand) -> list[Incident]:
        with suppress(OSError, ValueError):
            return [one for one in incidents(Path(errand.state)) if one.cleared is None]
        return []

    def _send(self, kind: State, errand: Errand) -> None:
        environment = {**self._environment, "PYTHONPATH": os.pathsep.join(self._path)}
        process, said = messenger.start(errand, environment, self._start)
        self._messengers.append(_Messenger(kind, process, said))

    def _news_of(self, sent: _Messenger) -> list[str]:
        with suppress(subprocess.TimeoutExpired):
            sent.process.wait(self._settings.andon.wait_seconds)
        latest = messenger.latest(sent.said)
        if not latest:
            status = sent.process.poll()
            broken = f"andon: nobody was told: the messenger ended with status {status}"
            return [broken if status else on_the_way(sent.kind)]
        return [note_of(one, sent.kind) for one in latest]
