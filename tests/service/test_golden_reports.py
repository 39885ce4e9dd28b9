"""Every report format against golden files and schemas; `PYRAMID_UPDATE_GOLDEN=1` writes the golden files anew."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_pyramid.reporters import BUILTIN, BuiltinReporter
from tests.published import CHECKS
from tests.service.test_golden_terminal import GOLDEN, REPORTS, compare
from tests.unit.canonical import full_report, hostile_report

HOSTILE = "<script>alert(1)</script> ]]> & \" ' \x00\x1b[31m\x85\u202e\u2028\ud800\ufffe {{7*7}}\n::error::\n../x"


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


@pytest.mark.parametrize("text", [HOSTILE, "]]>", "\ud800", "\x00", "/etc/passwd", "././here"])
@pytest.mark.parametrize("kind", CHECKS)
def test_hostile_text_leaves_them_valid(kind: str, text: str) -> None:
    """Markup, control and bidi characters, half characters and paths, wherever a text from outside can stand."""
    (reporter,) = [one for one in BUILTIN if one.name == kind]
    report = hostile_report(text)
    ours = report.run._replace(started="2026-01-01T00:00:00Z")  # by our own clock, so no text from outside
    CHECKS[kind](reporter.render(replace(report, run=ours)))
