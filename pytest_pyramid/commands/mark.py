"""mark: write tier markers into test files, as a recorded run classified the tests."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from pytest_pyramid.commands import report_io
from pytest_pyramid.commands.file_diff import file_diff
from pytest_pyramid.commands.project import settings_here
from pytest_pyramid.core.facts import TestFacts
from pytest_pyramid.core.marking import Left, Mark, Outline, by_hints, files_of, on_evidence, plan
from pytest_pyramid.core.setting_tree import Settings
from pytest_pyramid.core.wording import counted
from pytest_pyramid.stores import report_files, source_outline

name = "mark"
summary = "write tier markers into test files, from the JSON report of a run"

LEAST = 0.6
"""Hints below this confidence (0-1) are right about every second time."""
EXTRA = "pip install 'pytest-test-pyramid[codemod]'"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "report", type=Path, metavar="REPORT.json", help="a report written by --pyramid-report=json:PATH"
    )
    parser.add_argument("--diff", action="store_true", help="print what would change, and write nothing")
    parser.add_argument(
        "--include-default",
        action="store_true",
        help="mark the tests, too, that are in a tier only because the setting default-tier puts the rest there",
    )
    parser.add_argument(
        "--include-hints",
        nargs="?",
        type=float,
        const=LEAST,
        metavar="CONFIDENCE",
        help="mark the tests, too, for whose tier there are only hints, of at least that confidence "
        f"(0 to 1; {LEAST} when none is given); look at --diff first",
    )


def run(arguments: argparse.Namespace) -> int:
    """Exit status 0. Raises ValueError and OSError for what cannot be read or written; then no file has changed."""
    if find_spec("libcst") is None:
        raise ValueError(f"it needs LibCST: {EXTRA}")
    settings = settings_here()
    if settings is None:
        raise ValueError("the configuration here is in disorder; `pytest --pyramid-show-config` lists what is wrong")
    recorded = report_io.read(arguments.report).tests
    if arguments.include_hints is not None:
        recorded = by_hints(recorded, arguments.include_hints)
    tests = recorded if arguments.include_default else on_evidence(recorded)
    root = Path.cwd().resolve()
    files = files_of(tests)
    outside = [file for file in files if not (root / file).is_file() or root not in (root / file).resolve().parents]
    if outside:
        raise ValueError(f"{outside[0]} of the report is no file below {root}; start in pytest's root folder")
    sources = {file: (root / file).read_bytes() for file in files}
    outlines, unread = _outlines(sources, settings)
    planned = plan(tests, outlines, settings.pyramid)
    new, unwritten = _rewritten(sources, planned.marks)
    if arguments.diff:
        report_files.show("".join(file_diff(file, sources[file], data) for file, data in new.items()))
    else:
        for file, data in new.items():
            source_outline.replace(root / file, data)
    _tell((*unread, *unwritten, *planned.left), len(new), diff=arguments.diff)
    _tell_of_default(recorded, tests)
    return 0


def _outlines(sources: Mapping[str, bytes], settings: Settings) -> tuple[list[Outline], list[Left]]:
    markers = {marker for tier in settings.pyramid for marker in tier.markers}
    outlines: list[Outline] = []
    unread: list[Left] = []
    for file, source in sources.items():
        try:
            outlines.append(source_outline.outline(file, source, markers))
        except (SyntaxError, ValueError) as error:
            unread.append(Left(file, f"it cannot be read: {error}"))
    return outlines, unread


def _rewritten(
    sources: Mapping[str, bytes], marks: Mapping[str, tuple[Mark, ...]]
) -> tuple[dict[str, bytes], list[Left]]:
    from pytest_pyramid.commands.mark_writer import rewritten  # noqa: PLC0415 - LibCST is an extra, asked for above

    new: dict[str, bytes] = {}
    unwritten: list[Left] = []
    for file, wanted in marks.items():
        try:
            new[file] = rewritten(sources[file], wanted)
        except ValueError as error:
            unwritten.append(Left(file, str(error)))
    return new, unwritten


def _tell(left: tuple[Left, ...], count: int, *, diff: bool) -> None:
    """What became of it, on standard error, so that the diff on standard output can be applied as it is."""
    for function, reason in left:
        sys.stderr.write(f"left: {function}: {reason}\n")
    sys.stderr.write(f"{count} files {'would change' if diff else 'changed'}\n")


def _tell_of_default(recorded: Sequence[TestFacts], marked: Sequence[TestFacts]) -> None:
    by_default = {one.function for one, other in zip(recorded, marked, strict=True) if one.tier != other.tier}
    if by_default:
        functions = counted(len(by_default), "test function")
        sys.stderr.write(f"left: {functions} placed by default-tier alone; --include-default marks them too\n")
