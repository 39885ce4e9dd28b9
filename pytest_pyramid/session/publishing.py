"""The report of a run: assembled, written where asked for, and shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest

from pytest_pyramid import __version__
from pytest_pyramid.core.facts import Outcome, TestFacts
from pytest_pyramid.core.markup import one_line, shortened
from pytest_pyramid.core.pace import room
from pytest_pyramid.core.report import Part, RunInfo, RunReport
from pytest_pyramid.core.ruling import Judgement
from pytest_pyramid.core.setting_tree import ReportTarget, Settings
from pytest_pyramid.core.shards import ShardInfo
from pytest_pyramid.core.tier_rows import tier_rows
from pytest_pyramid.reporters import obstacle, terminal
from pytest_pyramid.session.hard_stop import lack
from pytest_pyramid.session.judging import Judging
from pytest_pyramid.session.memory import Memory
from pytest_pyramid.session.role import Role
from pytest_pyramid.session.run import Run
from pytest_pyramid.stores import report_files
from pytest_pyramid.stores.surroundings import Surroundings, look_around
from pytest_pyramid.stores.terminal_text import takes_unicode

MOST_SAID = 300

_STYLES = {"title": {"bold": True}, "dim": {"light": True}}


class Publishing:
    """Knows where reports go; checks at the start that they can."""

    def __init__(
        self, config: pytest.Config, judging: Judging, memory: Memory, heard: Callable[[], list[str]] = list
    ) -> None:
        self._config = config
        self._settings = settings = judging.settings
        self._extensions = judging.extensions
        self._memory = memory
        self._heard = heard
        """What others have to say when the summary is printed."""
        self._started = datetime.now(timezone.utc)
        self._notes: list[str] = []
        unstopped = lack(config, settings)
        if unstopped is not None:
            self._notes.append(unstopped)
        problems = [
            f"{target.format}:{target.path} cannot be written: {reason}"
            for target in settings.reports
            if (reason := self._obstacle(target))
        ]
        if problems:
            raise pytest.UsageError("\n".join(["pytest-test-pyramid:", *(f"  {line}" for line in problems)]))

    def report(
        self,
        role: Role,
        judging: Judging,
        outcomes: tuple[Outcome, ...],
        judgement: Judgement,
        status: int,
    ) -> RunReport:
        """The report of the run that just ended with this exit status."""
        run = role.run
        if self._config.get_verbosity() > 0:
            self._notes += [f"advice: {sentence}" for sentence in room(judging.suite(run, outcomes))]
        gates = run.gate_states(outcomes)
        report = RunReport(
            version=__version__,
            pyramid=self._settings.pyramid,
            run=self._info(role, judging, status),
            shape=judging.shape(run, outcomes),
            tiers=tier_rows(self._settings.pyramid, judging.census(run, outcomes), outcomes, gates),
            gates=gates,
            tests=self._tests(run),
            outcomes=outcomes,
            violations=judgement.violations,
            collection_errors=tuple(run.collection_errors),
            notes=(*judgement.notes, *run.guard_notes, *(run.coverage.notes if run.coverage else ())),
            coverage=judging.coverage(run, outcomes),
            benchmarks=judging.benchmarks(run),
            part=self._part(run, judging),
        )
        return self._memory.recall(report) if self._settings.reports else report

    def _tests(self, run: Run) -> tuple[TestFacts, ...]:
        """The tests, with all that can be said of those without a tier where a report may show it."""
        if not self._settings.reports:
            return run.manifest.tests
        from pytest_pyramid.session.past import with_hints_of_the_past  # noqa: PLC0415  # only reports show it

        return with_hints_of_the_past(self._config, self._settings, run)

    def write(self, report: RunReport) -> None:
        """Write every report that was asked for; what cannot be written is said in the summary, and nothing is lost."""
        for target in self._settings.reports:
            try:
                text = self._extensions.reporter(target.format).render(report)
            except Exception as error:  # noqa: BLE001  # a fault of a reporter must not cost the run its other results
                said = shortened(one_line(f"{type(error).__name__}: {error}"), MOST_SAID)
                self._notes.append(f"{target.format}:{target.path} was not written: {said}")
                continue
            if target.path == report_files.STANDARD_OUTPUT:
                report_files.show(f"\n{text}")  # the line of progress is not at its end yet
                continue
            try:
                report_files.write(self._place(target), text)
            except OSError as error:
                self._notes.append(f"{target.format}:{target.path} was not written: {error.strerror or error}")

    def show(self, reporter: pytest.TerminalReporter, report: RunReport) -> None:
        """Print the summary, as much of it as -v and -q ask for."""
        verbosity = self._config.get_verbosity()
        if verbosity >= 0:
            reporter.section("pyramid")
        report = replace(report, notes=(*report.notes, *self._notes, *self._memory.notes, *self._heard()))
        writer = self._config.get_terminal_writer()
        shown = terminal.lines(report, width=writer.fullwidth, unicode=takes_unicode(), verbosity=verbosity)
        for line in shown:
            for segment in line.segments:
                writer.write(segment.text, **_markup(segment.style))
            writer.line()

    def _part(self, run: Run, judging: Judging) -> Part | None:
        """What merging needs besides the report, None for a run that is neither a shard nor a stage."""
        manifest, known = run.manifest, run.forecast.tests
        if manifest.cut is None and not self._settings.only:
            return None
        return Part(
            settings=self._settings,
            positions=tuple(range(len(manifest.tests))) if manifest.cut is None else manifest.cut.positions,
            conftest_marks=manifest.conftest_marks,
            past={test.nodeid: known[test.nodeid] for test in manifest.tests if test.nodeid in known},
            recorded=judging.baselining.recorded if judging.baselining is not None else None,
        )

    def _info(self, role: Role, judging: Judging, status: int) -> RunInfo:
        nothing = Surroundings(commit=None, host=None, user=None)
        around = look_around(Path(self._config.rootpath)) if self._settings.reports else nothing
        return RunInfo(
            started=self._started.strftime("%Y-%m-%dT%H:%M:%SZ"),
            seconds=role.run.clock(),
            command=tuple(str(argument) for argument in self._config.invocation_params.args),
            workers=role.workers,
            gate_mode=self._settings.gate,
            exit_status=status,
            commit=around.commit,
            host=around.host,
            user=around.user,
            partial_reason=judging.partial_reason(role.run),
            first_failure_seconds=role.run.first_failure,
            shard=_shard_info(self._settings, judging, role.run),
            guard_mode=self._settings.guard if self._settings.guarded else "off",
            guard_layers=role.run.guard_layers,
            only=self._settings.only,
            narrowed=judging.narrowed_reason(role.run),
        )

    def _obstacle(self, target: ReportTarget) -> str | None:
        """Why this report could not be made or written; known before the first test runs."""
        reason = obstacle(self._extensions.reporter(target.format))
        if reason is None and target.path != report_files.STANDARD_OUTPUT:
            return report_files.obstacle(self._place(target))
        return reason

    def _place(self, target: ReportTarget) -> Path:
        return Path(self._config.invocation_params.dir, target.path)


def _shard_info(settings: Settings, judging: Judging, run: Run) -> ShardInfo | None:
    part, cut = settings.part, run.manifest.cut
    if part is None or cut is None:
        return None
    return ShardInfo(part.number, part.of, cut.plan, cut.tests, cut.by, judging.partial_reason_of_whole(run))


def _markup(style: str) -> dict[str, bool]:
    return _STYLES.get(style, {style: True} if style else {})
