"""Every report format against golden files and schemas; `PYRAMID_UPDATE_GOLDEN=1` writes the golden files anew."""

from __future__ import annotations

import pytest

from pytest_pyramid.reporters import BUILTIN, BuiltinReporter
from tests.published import CHECKS
from tests.service.test_golden_terminal import GOLDEN, REPORTS, compare
from tests.unit.canonical import full_report


@pytest.mark.parametrize("reporter", BUILTIN[1:], ids=lambda one: one.name)
def test_every_format_but_json_looks_as_agreed(reporter: BuiltinReporter) -> None:
    """The canonical run that closed its gate, with four workers and earlier runs; JSON is proved key by key."""
    compare(GOLDEN / f"full.{reporter.name}", reporter.render(full_report()))


@pytest.mark.parametrize("name", [*REPORTS, "full"])
@pytest.mark.parametrize("kind", CHECKS)
def test_files_are_what_their_readers_have_published(kind: str, name: str) -> None:
    """Each canonical run: JUnit by its schema, HTML by a strict parser, GitLab's and Perfetto's JSON by their pages."""
    report = full_report() if name == "full" else REPORTS[name]()
    (reporter,) = [one for one in BUILTIN if one.name == kind]
    CHECKS[kind](reporter.render(report))
