"""The deciding process's side of coverage: what all processes recorded becomes one report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

import pytest

from pytest_pyramid.core.coverage import coverage_of, quickest_first, ran_by_tier, rows_told
from pytest_pyramid.core.coverage_report import CoverageReport, lost_with
from pytest_pyramid.core.facts import Outcome, TestFacts
from pytest_pyramid.core.recording import Recording, merged
from pytest_pyramid.core.redundancy import redundancy
from pytest_pyramid.core.setting_tree import Settings
from pytest_pyramid.core.single_tests import beyond_base
from pytest_pyramid.session.coverage_start import forget
from pytest_pyramid.session.covering import KEPT_EVERY, Covering
from pytest_pyramid.session.memory import cache_folder, make_cache_folder
from pytest_pyramid.session.wire import WireError
from pytest_pyramid.session.wire_coverage import COVERAGE, unpack_recording
from pytest_pyramid.stores.coverage_sources import SourceReader
from pytest_pyramid.stores.source_memory import FILE, SourceMemory

MOST_NAMED = 3


class CoverageDesk:
    """Gathers recordings and reports on them once, when the tests have ended."""

    def __init__(self, config: pytest.Config, settings: Settings, covering: Covering) -> None:
        self._config = config
        self._settings = settings
        self._covering = covering
        self._recordings: list[Recording] = []
        self._missing: list[str] = []
        self._silent: list[str] = []
        self._report: CoverageReport | None = None
        self._asked = False

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take over what a worker recorded; one that crashed has nothing to say."""
        output = getattr(node, "workeroutput", {})
        try:
            recording, incomplete = unpack_recording(output[COVERAGE])
        except KeyError:
            self._silent.append(node.gateway.id)
            return
        except WireError as error:
            self._missing.append(str(error))
            return
        self._recordings.append(recording)
        self._missing += [f"worker {node.gateway.id}: {reason}" for reason in incomplete]

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self) -> None:
        """End a measurement of our own, however the run went."""
        self._covering.end()
        forget(self._config)

    def report(self, tests: Sequence[TestFacts], outcomes: Sequence[Outcome]) -> CoverageReport | None:
        """The coverage of the run by tier, made when first asked for; None when nothing could be measured."""
        if not self._asked:
            self._asked = True
            recording = merged([*self._recordings, self._covering.recording(others=True)])
            self._report = self._made(recording, tests, outcomes)
            self._covering.end()
        return self._report

    def _memory(self) -> SourceMemory | None:
        """What was found in sources before; None where pytest keeps nothing from run to run."""
        if not self._config.pluginmanager.hasplugin("cacheprovider"):
            return None
        path = cache_folder(self._config) / FILE
        make_cache_folder(self._config, path)
        return SourceMemory(path)

    @property
    def notes(self) -> list[str]:
        """What is to be said about the measurement itself."""
        return self._covering.notes

    def _made(
        self, recording: Recording, tests: Sequence[TestFacts], outcomes: Sequence[Outcome]
    ) -> CoverageReport | None:
        config_file = self._covering.tracer.config_file if self._covering.tracer else None
        own = {test.location.file for test in tests}
        inside = self._covering.own is not None and not self._covering.own.is_bounded
        product = recording.without(
            file for file in recording.files if file in own or _is_conftest(file) or (inside and _is_elsewhere(file))
        )
        reader = SourceReader(
            config_file, self._config.rootpath.resolve(), branch=recording.branch, memory=self._memory()
        )
        sources, lacking = reader.read(sorted(product.files))
        silent = [lost_with(worker, KEPT_EVERY if self._covering.rescued else None) for worker in self._silent]
        incomplete = (*silent, *self._missing, *dict.fromkeys(self._covering.incomplete))
        if lacking:
            self.notes.append(f"coverage: no readable source of {_named(lacking)}")
        if not sources:
            reasons = "; ".join(incomplete) or "nothing outside of the tests was measured; see [run] source of coverage"
            self.notes.append(f"coverage by tier is off: {reasons}")
            return None
        pyramid = self._settings.pyramid
        found = coverage_of(product, sources, pyramid, rows_told(pyramid, outcomes), quickest_first(outcomes))
        singles = found.singles
        if singles is None and self._settings.cov == "test":
            singles = beyond_base(product, sources, pyramid)  # no upper test ran here, but in other shards some may
        merged_later = self._settings.shard or self._settings.only
        return found._replace(
            detail=self._settings.cov,
            source=self._covering.source,
            redundancy=redundancy(singles, pyramid, ran_by_tier(pyramid, outcomes)) if singles is not None else (),
            incomplete=incomplete,
            covers=found.covers if merged_later else None,
            singles=singles if merged_later else None,
        )


def _is_conftest(file: str) -> bool:
    return file.rpartition("/")[2] == "conftest.py"


def _is_elsewhere(file: str) -> bool:
    """True for a file outside of the root folder."""
    return PurePath(file).is_absolute()


def _named(files: Sequence[str]) -> str:
    more = f" and {len(files) - MOST_NAMED} more" if len(files) > MOST_NAMED else ""
    return ", ".join(files[:MOST_NAMED]) + more
