"""What the runs of a project leave for the next one: read when a plan is made, written when the run is over."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest

from pytest_pyramid.core.build_server import branch_told, main_branch_told
from pytest_pyramid.core.forecast import NOTHING_KNOWN, Forecast
from pytest_pyramid.core.setting_tree import Settings
from pytest_pyramid.session.calm import undisturbed
from pytest_pyramid.stores.checkout import Checkout, Inquiry, main_branch

if TYPE_CHECKING:
    from pytest_pyramid.core.behaviour import Behaviour
    from pytest_pyramid.core.benchmarks import PastBenchmark
    from pytest_pyramid.core.flakiness import Flake
    from pytest_pyramid.core.history import FileMemory
    from pytest_pyramid.core.report import RunReport

T = TypeVar("T")

FILE = "pyramid/history.sqlite3"
"""Where the history stands below pytest's cache folder."""


class Memory:
    """Knows the past of this project. Nothing that goes wrong here fails a run: it is noted, once."""

    def __init__(self, config: pytest.Config, settings: Settings, *, distributed: bool) -> None:
        self.notes: list[str] = []
        self._config = config
        self._settings = settings
        self._path = history_path(config, settings.history)
        self._checkout: Checkout | None = None
        self._foreseen: tuple[dict[str, None], Forecast] | None = None
        """The files that were asked about last, and what the history knows of them."""
        self._flakes: tuple[Flake, ...] | None = None
        asks = self._path or distributed or settings.andon.notify
        self._inquiry = Inquiry(config.rootpath, main=distributed) if asks else None

    def look_around(self) -> Checkout:
        """What git tells of the code under test, as it is before the first test runs."""
        if self._checkout is None:
            found = self._inquiry.answer() if self._inquiry is not None else Checkout()
            # A build server checks out a commit, so that git knows no branch, and says the branch elsewhere.
            self._checkout = found if found.branch else found._replace(branch=branch_told(os.environ))
        return self._checkout

    def forecast(self, nodeids: Iterable[str]) -> Forecast:
        """What to expect of the tests with these node ids."""
        if self._path is None:
            return NOTHING_KNOWN._replace(changed=self.look_around().changed)
        files = dict.fromkeys([nodeid.partition("::")[0] for nodeid in nodeids])
        if self._foreseen is None or self._foreseen[0] != files:  # asked before tests are ordered, and after
            self._foreseen = files, _forecast_of(self._remembered(list(files)))
        return self._foreseen[1]._replace(changed=self.look_around().changed)

    def named(self) -> Forecast:
        """What is known of all tests by a history that was named for this run; nothing by one of this machine's own."""
        if self._settings.history in ("auto", "off"):
            return NOTHING_KNOWN
        return _forecast_of(self._remembered(None))

    def flakes(self) -> tuple[Flake, ...]:
        """The tests that are known to be flaky, before this run."""
        if self._flakes is None:
            self._flakes = self._known_flakes()
        return self._flakes

    def benchmarks(self, nodeids: Sequence[str]) -> dict[str, PastBenchmark]:
        """What these tests measured in past runs, as far as they did."""
        path = self._path
        if path is None or not path.exists():
            return {}
        from pytest_pyramid.core.past_benchmarks import past_of  # noqa: PLC0415  # few suites measure anything
        from pytest_pyramid.stores import history_benchmarks  # noqa: PLC0415  # as above

        known = self._tried(lambda: history_benchmarks.remembered(path, nodeids)) or {}
        return {nodeid: past for nodeid, runs in known.items() if (past := past_of(runs)) is not None}

    def behaviours(self, files: Sequence[str]) -> dict[str, Behaviour]:
        """How the tests of these files behaved in past runs, as far as they were watched."""
        path = self._path
        if path is None or not path.exists():
            return {}
        from pytest_pyramid.stores import history_behaviour  # noqa: PLC0415  # as below

        return self._tried(lambda: history_behaviour.remembered(path, files)) or {}

    def recall(self, report: RunReport) -> RunReport:
        """The report with trend and comparison, as far as there is a past."""
        path = self._path
        if path is None or not path.exists():
            return report
        from pytest_pyramid.session.recalling import recalled  # noqa: PLC0415  # only reports ask for it

        wanted, root = self._settings.main_branch, self._config.rootpath
        main = (main_branch_told(os.environ) or main_branch(root)) if wanted == "auto" else wanted
        return self._tried(lambda: recalled(report, path, main)) or report

    def _known_flakes(self) -> tuple[Flake, ...]:
        path = self._path
        if path is None or not path.exists():
            return ()
        from pytest_pyramid.core.flakiness import flakes  # noqa: PLC0415  # as below
        from pytest_pyramid.stores import history  # noqa: PLC0415  # as below

        known = self._tried(lambda: history.memories(path, failing=True)) or {}
        return tuple(flake for memory in known.values() for flake in flakes(memory))

    def pytest_pyramid_report(self, report: RunReport) -> None:
        """Keep the run."""
        if self._path is None:
            return
        from pytest_pyramid.stores import remembering  # noqa: PLC0415  # needed once, when all tests are done

        path, around = self._path, self.look_around()
        make_cache_folder(self._config, path)
        seal = self._tried(lambda: remembering.enter(path, report, around)) if report.run.gate_mode != "off" else None
        if report.run.shard is not None:
            return  # the history would change between two shards, and with it their partition
        flaky = {flake.nodeid for flake in self.flakes()}
        with undisturbed():
            self._tried(lambda: remembering.keep(path, report, around, seal, self._settings, flaky=flaky))

    def pytest_unconfigure(self) -> None:
        """Leave no question to git open."""
        self.look_around()

    def _remembered(self, files: Sequence[str] | None) -> dict[str, FileMemory]:
        path = self._path
        if path is None or not path.exists():
            return {}
        from pytest_pyramid.stores import history  # noqa: PLC0415  # sqlite3 is loaded only where there is a past

        return self._tried(lambda: history.memories(path, files)) or {}

    def _tried(self, act: Callable[[], T]) -> T | None:
        """What `act` gives; what is wrong with the file becomes a note, and a file that is of no use is put aside."""
        from pytest_pyramid.stores.history_care import put_aside  # noqa: PLC0415  # as above
        from pytest_pyramid.stores.history_schema import HistoryError, UnusableError  # noqa: PLC0415  # as above

        try:
            return act()
        except (HistoryError, OSError) as error:
            self._note(f"the history {self._path} was left out: {error}")
        except UnusableError as error:
            try:
                aside = put_aside(self._path) if self._path is not None else None
                if aside is not None:
                    self._note(f"the history was started anew: {error}; the old file is now {aside}")
                return act()
            except (HistoryError, UnusableError, OSError) as again:
                self._note(f"the history {self._path} was left out: {again}")
        return None

    def _note(self, text: str) -> None:
        if not self.notes:
            self.notes.append(text)


def _forecast_of(known: Mapping[str, FileMemory]) -> Forecast:
    if not known:
        return NOTHING_KNOWN
    from pytest_pyramid.core.history import estimates, setup_of  # noqa: PLC0415  # a first run needs neither

    tests = {nodeid: expected for memory in known.values() for nodeid, expected in estimates(memory)}
    setups = {file: seconds for file, memory in known.items() if (seconds := setup_of(memory)) is not None}
    return Forecast(tests=tests, setups=setups)


def history_path(config: pytest.Config, configured: str) -> Path | None:
    """Where the history is kept, None for nowhere. A relative path counts from the root folder."""
    if configured == "off":
        return None
    if configured != "auto":
        return Path(config.rootpath, Path(configured).expanduser())
    return cache_folder(config) / FILE if config.pluginmanager.hasplugin("cacheprovider") else None


def cache_folder(config: pytest.Config) -> Path:
    """The folder that pytest's own cache plugin uses, told the same way as there."""
    return Path(config.rootpath, Path(os.path.expandvars(config.getini("cache_dir"))).expanduser())


def make_cache_folder(config: pytest.Config, path: Path) -> None:
    """Let pytest make its cache folder, with the file that keeps it out of version control, when `path` is in it."""
    cache = getattr(config, "cache", None)
    if cache is not None:
        folder = cache_folder(config)
        if folder in path.parents and not folder.exists():
            cache.set(f"pyramid/{path.stem}", path.name)
