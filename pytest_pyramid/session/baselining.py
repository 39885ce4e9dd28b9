"""The baseline of this run: read before collection, compared with what the run found, and written anew when asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from pathlib import Path

import pytest

from pytest_pyramid.core.baseline import Baseline, Key, Recorded, Shield, Wanted
from pytest_pyramid.core.facts import Suite
from pytest_pyramid.core.problems import problems_text
from pytest_pyramid.core.ratchet import Sight, renewed
from pytest_pyramid.core.ratchet_judging import seen, with_baseline
from pytest_pyramid.core.ruling import Judgement, RuleBook
from pytest_pyramid.core.setting_tree import Settings
from pytest_pyramid.core.wording import counted
from pytest_pyramid.stores import baseline as baseline_file
from pytest_pyramid.stores import report_files


class Baselining:
    """Holds the baseline; nothing that goes wrong while it is written loses the run or the old file."""

    def __init__(self, config: pytest.Config, settings: Settings, codes: Collection[str]) -> None:
        """Read the file. Raises pytest.UsageError with everything that is wrong with it, and when none is named."""
        if not settings.baseline:
            raise pytest.UsageError(
                "--pyramid-update-baseline needs a file to write: add --pyramid-baseline=pyramid-baseline.toml, "
                "or the setting baseline"
            )
        self.file = settings.baseline
        self._path = Path(config.rootpath, Path(settings.baseline).expanduser())
        self._today = dt.datetime.now().astimezone().date().isoformat()
        self._notes: list[str] = []
        self._updates = bool(config.getoption("pyramid_update_baseline")) and not config.option.collectonly
        self._baseline = self._read(Wanted(settings.pyramid, codes))
        if self._updates and (reason := report_files.obstacle(self._path)) is not None:
            self._updates = False
            self._notes.append(f"the baseline {self.file} is not written: {reason}")

    @property
    def shield(self) -> Shield:
        """Which touches fail no test of this run."""
        return Shield.of(self._baseline, self._today, recording=self._updates)

    @property
    def recorded(self) -> Recorded:
        """The baseline for whoever merges this run with others."""
        return Recorded(self.file, self._today, self._baseline)

    def knows(self, code: str, tier: str, test: str) -> bool:
        """True when an entry for that test counts, or is about to be written; the test without parameters."""
        key = Key(code, tier, test)
        entry = next((one for one in self._baseline.known if one.key == key), None)
        return self._updates if entry is None else not entry.is_expired(self._today)

    def judge(self, book: RuleBook, suite: Suite, found: Judgement) -> Judgement:
        """What was found, with what is known told apart, and what the rules about the baseline add."""
        if self._updates and suite.tests:
            self._renew(seen(book, suite, found))
        compared = with_baseline(book, suite, found, self.recorded)
        return Judgement.joined([compared, Judgement(notes=tuple(self._notes))])

    def _read(self, wanted: Wanted) -> Baseline:
        if self._updates and not self._path.exists():
            return Baseline()
        found, problems = baseline_file.load(self._path, wanted, name=self.file)
        if problems:
            raise pytest.UsageError(problems_text(problems))
        return found

    def _renew(self, sight: Sight) -> None:
        before, after = self._baseline, renewed(self._baseline, sight, self._today)
        try:
            if after != before or not self._path.exists():
                baseline_file.save(self._path, after)
        except OSError as error:
            self._notes.append(f"the baseline {self.file} was not written: {error.strerror or error}")
            return
        self._baseline = after
        old, new = ({entry.key for entry in each.known} for each in (before, after))
        self._notes.append(
            f"baseline {self.file}: {counted(len(new), 'known violation')}, {len(new - old)} new, "
            f"{len(old - new)} dropped"
        )
        worse = [name for name, share in after.shares if dict(before.shares).get(name, 0.0) > share + 0.0001]
        if worse and worse[0] == sight.suite.pyramid.base.name:
            was, now = (dict(each.shares)[worse[0]] * 100 for each in (before, after))
            self._notes.append(f"the recorded share of {worse[0]} went down from {was:.1f} % to {now:.1f} %")
