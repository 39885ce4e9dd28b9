"""The andon of a pipeline: when its shards are merged, people are told once of what closed, and once that it is open."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pytest_pyramid.commands.project import history_of
from pytest_pyramid.core.andon_settings import counts
from pytest_pyramid.core.build_server import branch_told, is_build_server, job_link
from pytest_pyramid.core.errand import Errand
from pytest_pyramid.core.incidents import State
from pytest_pyramid.core.notices import note_of, on_the_way
from pytest_pyramid.core.pipeline_errands import errands_of
from pytest_pyramid.core.report import RunReport
from pytest_pyramid.core.setting_tree import Settings
from pytest_pyramid.notifiers import BUILTIN
from pytest_pyramid.stores import incident_file, messenger

GRACE = 20.0
"""Seconds beyond those of a notifier after which a process that tells people is not waited for any more."""


def tell(
    report: RunReport, settings: Settings, branch: str | None, history: Path | None, environment: Mapping[str, str]
) -> list[str]:
    """One line for each incident of the pipeline, and for what went wrong; the verdict never depends on it."""
    andon, history = settings.andon, history or history_of(settings)
    branch = branch or branch_told(environment) or ""
    if (
        not andon.notify
        or andon.shards != "merge"
        or not counts(andon, branch, on_build_server=is_build_server(environment))
    ):
        return []
    known = {one.name: one.module for one in BUILTIN}
    notes = [f"andon: only pytest knows the notifier {name}" for name in andon.notify if name not in known]
    state = Path(andon.state).expanduser() if andon.state != "auto" else incident_file.incidents_beside(history)
    base = Errand(
        andon=andon,
        notifiers=tuple((name, known[name]) for name in andon.notify if name in known),
        state=str(state.resolve()),
        history=str(history.resolve()),
        root=str(Path.cwd()),
        branch=branch,
        commit=report.run.commit or "",
        host=report.run.host or platform.node(),
        link=andon.report_link or job_link(environment),
        python_path=environment.get("PYTHONPATH", ""),
    )
    return [*notes, *_told(list(errands_of(report, base)), environment)]


def _told(errands: Sequence[Errand], environment: Mapping[str, str]) -> Iterator[str]:
    """Do each errand and wait for it: a machine that only merges is often gone a moment later."""
    for errand in errands:
        if not errand.cord:
            errand = errand._replace(open_tiers=_red(errand))  # noqa: PLW2901  # the same errand, without what is green
            if not errand.open_tiers:
                continue
        kind = State.PULLED if errand.cord else State.CLEARED
        try:
            process, said = messenger.start(errand, {**environment, "PYTHONPATH": os.pathsep.join(sys.path)})
            with said:
                process.wait(errand.andon.seconds + GRACE)
                yield from [note_of(one, kind) for one in messenger.latest(said)] or [on_the_way(kind)]
        except subprocess.TimeoutExpired:
            yield on_the_way(kind)
        except OSError as error:
            yield f"andon: nobody was told: {type(error).__name__}"


def _red(errand: Errand) -> tuple[str, ...]:
    """The tiers of the errand that have an open incident on this branch."""
    try:
        known = incident_file.incidents(Path(errand.state))
    except (OSError, ValueError):
        return ()
    red = {one.tier for one in known if one.cleared is None and one.branch == errand.line}
    return tuple(tier for tier in errand.open_tiers if tier in red)
