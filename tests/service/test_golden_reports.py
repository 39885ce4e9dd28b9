"""Every report format against golden files and schemas; `PYRAMID_UPDATE_GOLDEN=1` writes the golden files anew."""

from __future__ import annotations

import html5lib
import pytest
import xmlschema

from pytest_pyramid.reporters import BUILTIN, BuiltinReporter, html_report, junit
from tests.service.test_golden_terminal import GOLDEN, REPORTS, compare
from tests.unit.canonical import full_report


@pytest.mark.parametrize("reporter", BUILTIN[1:], ids=lambda one: one.name)
def test_every_format_but_json_looks_as_agreed(reporter: BuiltinReporter) -> None:
    """The canonical run that closed its gate, with four workers and earlier runs; JSON is proved key by key."""
    compare(GOLDEN / f"full.{reporter.name}", reporter.render(full_report()))


@pytest.mark.parametrize("name", REPORTS)
def test_junit_files_follow_the_schema(name: str) -> None:
    """Each canonical run is valid against what readers of JUnit files agree on."""
    xmlschema.XMLSchema(GOLDEN / "junit.xsd").validate(junit.render(REPORTS[name]()))


@pytest.mark.parametrize("name", REPORTS)
def test_pages_are_valid_html(name: str) -> None:
    """A strict parser finds no error in the page of any canonical run."""
    html5lib.HTMLParser(strict=True).parse(html_report.render(REPORTS[name]()))
