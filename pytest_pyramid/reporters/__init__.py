"""Reporters: each turns a RunReport into text. One module each, and one line in `BUILTIN`."""

from __future__ import annotations

from importlib import import_module
from typing import NamedTuple, Protocol

from pytest_pyramid.core.report import RunReport


class Reporter(Protocol):
    """Anything with a name for `--pyramid-report=NAME:PATH` and a `render`: a module or an object."""

    @property
    def name(self) -> str:
        """The format's name."""
        ...

    def render(self, report: RunReport) -> str:
        """The whole text of the report, as it is written to the file."""
        ...


class BuiltinReporter(NamedTuple):
    """A reporter of this package; its module is imported when it is used, since most runs use none."""

    name: str
    module: str

    def render(self, report: RunReport) -> str:
        """The whole text of the report, as the module makes it."""
        text: str = import_module(f"{__name__}.{self.module}").render(report)
        return text

    def obstacle(self) -> str | None:
        """Why the reporter cannot work here, such as a library that is not installed; None when it can."""
        module = import_module(f"{__name__}.{self.module}")
        found: str | None = module.obstacle() if hasattr(module, "obstacle") else None
        return found


BUILTIN = (
    BuiltinReporter("json", "json_report"),
    BuiltinReporter("html", "html_report"),
    BuiltinReporter("markdown", "markdown"),
    BuiltinReporter("junit", "junit"),
    BuiltinReporter("github", "github"),
    BuiltinReporter("gitlab", "gitlab"),
    BuiltinReporter("trace", "trace"),
    BuiltinReporter("svg", "svg"),
    BuiltinReporter("badge", "badge"),
    BuiltinReporter("verdict", "verdict"),
)
"""The reporters that come with the plugin. The terminal summary is no file format and stands apart."""


def obstacle(reporter: Reporter) -> str | None:
    """Why the reporter cannot work here; None when it can, or when it does not say."""
    ask = getattr(reporter, "obstacle", None)
    return ask() if ask is not None else None
