"""The end of a run: what never ran is reported, the suite is judged, reports are written, the summary is printed."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest

from pytest_pyramid.core.facts import Location, Outcome, Result, TestFacts
from pytest_pyramid.core.placing import in_order_of_weight
from pytest_pyramid.core.report import RunReport
from pytest_pyramid.core.ruling import Judgement
from pytest_pyramid.core.tiers import UNCLASSIFIED
from pytest_pyramid.core.violations import Severity
from pytest_pyramid.session import unrun
from pytest_pyramid.session.judging import Judging
from pytest_pyramid.session.ledger import withheld_of
from pytest_pyramid.session.publishing import Publishing
from pytest_pyramid.session.record import message_of
from pytest_pyramid.session.role import Role


class Finish:
    """What the deciding process does around the test loop, the same with workers and without."""

    def __init__(self, config: pytest.Config, role: Role, judging: Judging, publishing: Publishing) -> None:
        self._config = config
        self._role = role
        self._run = role.run
        self._judging = judging
        self._publishing = publishing
        self._outcomes: tuple[Outcome, ...] = ()
        self._judgement: Judgement | None = None
        self._report: RunReport | None = None

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file that cannot be collected is a failure of the tier that its path tells."""
        if report.failed:
            file = report.nodeid.split("::", 1)[0]
            bare = TestFacts(nodeid=report.nodeid, function=report.nodeid, location=Location(file=file))
            answers = self._config.hook.pytest_pyramid_classify(test=bare)
            settings = self._judging.settings
            placements = in_order_of_weight(answers, settings.pyramid, settings.default_tier)
            tier = placements[0].tier if placements else UNCLASSIFIED
            self._run.collection_failed(report.nodeid, tier, message_of(report) or "collection failed")

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Generator[None, Any, Any]:
        """Settle and judge when the loop ends, however it ends; the innermost wrapper, so that the progress shows it."""
        try:
            result = yield
        finally:
            judgement = self._conclude()
        errors = any(one.severity is Severity.ERROR and not one.baseline for one in judgement.violations)
        unwell = (errors and self._run.manifest.tests) or self._is_cut_short(session)
        if unwell and not session.testsfailed:
            session.testsfailed += 1  # pytest makes exit status 1 of it
        return result

    def _is_cut_short(self, session: pytest.Session) -> bool:
        """True when tests never ran and nobody interrupted the run: its workers are gone. pytest-xdist exits with 0."""
        if self._run.state is None:
            return session.testscollected > 0
        lost = Result.LOST
        return any(outcome.result is lost for outcome in self._outcomes)

    @pytest.hookimpl(wrapper=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> Generator[None, Any, Any]:
        """Make the report and write it, once the other plugins are done."""
        remembered = self._last_failed()
        result = yield
        if self._judgement is None and self._run.collection_errors:
            self._conclude()  # with -x pytest stops before the loop
        self._remember_withheld(remembered)
        if self._judgement is not None:
            status = int(getattr(session, "exitstatus", exitstatus))
            if status == pytest.ExitCode.NO_TESTS_COLLECTED and self._is_empty_shard():
                status = session.exitstatus = pytest.ExitCode.OK  # the other shards have the tests
            self._report = self._publishing.report(self._role, self._judging, self._outcomes, self._judgement, status)
            self._publishing.write(self._report)
            self._config.hook.pytest_pyramid_report(report=self._report)
        return result

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the pyramid, above pytest's own last line."""
        if self._report is not None:
            self._publishing.show(terminalreporter, self._report)

    @pytest.hookimpl(tryfirst=True)
    def pytest_unconfigure(self) -> None:
        """Let go of every test: pytest looks for garbage twice from here on, and would look through all of ours."""
        self._outcomes, self._judgement, self._report = (), None, None
        self._judging.forget()
        self._run.forget()

    def _is_empty_shard(self) -> bool:
        """True when there are tests, and all of them are other shards'."""
        cut = self._run.manifest.cut
        return cut is not None and cut.tests > 0 and not cut.positions

    def _conclude(self) -> Judgement:
        self._role.settle()
        self._outcomes = self._run.outcomes()
        self._report_withheld(self._outcomes)
        self._judgement = self._judging.judge(self._run, self._outcomes)
        return self._judgement

    def _report_withheld(self, outcomes: tuple[Outcome, ...]) -> None:
        """Tell pytest of the withheld tests, so that its counts, JUnit files and other plugins know them."""
        withheld = withheld_of(outcomes) if self._run.gates.is_closed else []
        if withheld:
            unrun.announce(self._config)
        for index in withheld:
            test, reason = self._run.manifest.tests[index], outcomes[index].message or ""
            report = unrun.unrun_report(test, Result.WITHHELD, reason)
            self._config.hook.pytest_runtest_logreport(report=report)

    def _last_failed(self) -> dict[str, bool]:
        cache = getattr(self._config, "cache", None)
        known = cache.get("cache/lastfailed", {}) if cache is not None else {}
        return known if isinstance(known, dict) else {}

    def _remember_withheld(self, before: dict[str, bool]) -> None:
        """Keep withheld tests among the last failed: pytest's cache drops what is reported as skipped."""
        cache = getattr(self._config, "cache", None)
        if cache is None or not before:
            return
        withheld = {self._outcomes[index].nodeid for index in withheld_of(self._outcomes)}
        keep = {nodeid: True for nodeid in before if nodeid in withheld}
        if keep:
            cache.set("cache/lastfailed", {**self._last_failed(), **keep})
