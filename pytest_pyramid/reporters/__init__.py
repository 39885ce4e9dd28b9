"""Reporters: each turns a RunReport into text. One module each, and one line in `BUILTIN`."""

from __future__ import annotations

from typing import Protocol

from pytest_pyramid.core.report import RunReport
from pytest_pyramid.reporters import json_report


class Reporter(Protocol):
    """Anything with a name for `--pyramid-report=NAME:PATH` and a `render`: a module or an object."""

    name: str

    def render(self, report: RunReport) -> str:
        """The whole text of the report, as it is written to the file."""
        ...


BUILTIN: tuple[Reporter, ...] = (json_report,)
"""The reporters that come with the plugin. The terminal summary is no file format and stands apart."""
