"""The verdict of a run in one sealed line, which a later stage asks for with --pyramid-require."""

from __future__ import annotations

import json

from pytest_pyramid.core.report import RunReport
from pytest_pyramid.core.seals import START, sealed
from pytest_pyramid.core.stage_verdicts import to_plain, verdict_of

name = "verdict"


def render(report: RunReport) -> str:
    """The line, with a line break at its end."""
    return sealed(json.dumps(to_plain(verdict_of(report))), START) + "\n"
