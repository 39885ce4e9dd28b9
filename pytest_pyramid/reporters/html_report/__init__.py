"""The HTML report: one file that needs no network, and no JavaScript for its tables."""

from __future__ import annotations

from importlib.util import find_spec

from pytest_pyramid.core.report import RunReport

name = "html"
EXTRA = "pip install pytest-test-pyramid[html]"


def obstacle() -> str | None:
    """What to install when Jinja2 is missing; None when it is there."""
    return None if find_spec("jinja2") else f"it needs Jinja2: {EXTRA}"


def render(report: RunReport) -> str:
    """The whole page. Raises ImportError without Jinja2."""
    from pytest_pyramid.reporters.html_report.page import page  # noqa: PLC0415  # Jinja2 is an extra

    return page(report)
