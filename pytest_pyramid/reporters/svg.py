"""The pyramid as an SVG picture, for a README or a dashboard."""

from __future__ import annotations

from pytest_pyramid.core.pyramid_svg import pyramid_svg
from pytest_pyramid.core.report import RunReport

name = "svg"


def render(report: RunReport) -> str:
    """One picture that needs no network, no styles and no scripts."""
    return pyramid_svg(report) + "\n"
