"""What can be executed in the measured files, by coverage.py's own reading of them and the user's own exclusions."""

from __future__ import annotations

import ast
import contextlib
import json
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import coverage
from coverage import Coverage
from coverage.exceptions import ConfigError, CoverageException
from coverage.files import GlobMatcher, prep_patterns
from coverage.python import PythonFileReporter

from pytest_pyramid.core.line_sets import bits_of
from pytest_pyramid.core.recording import Arc
from pytest_pyramid.core.source_lines import Source
from pytest_pyramid.stores.source_memory import SourceMemory, digest_of


class SourceReader:
    """Reads sources under the coverage configuration of `config_file`, None for one without a file.

    What `memory` knows already is taken from there.
    """

    def __init__(
        self, config_file: str | None, root: Path, *, branch: bool, memory: SourceMemory | None = None
    ) -> None:
        self._coverage = Coverage(data_file=None, config_file=config_file or False)
        self._root = root
        self._branch = branch
        self._memory = memory
        self.fresh = 0
        """How many files were really read."""
        self._reported = self._filter()

    def read(self, files: Iterable[str]) -> tuple[dict[str, Source], list[str]]:
        """The sources by file, and the files of which there is none that can be read; what is omitted is in neither."""
        found: dict[str, Source] = {}
        lacking: list[str] = []
        if self._memory is not None:
            self._memory.open(self._how())
        for file in files:
            path = str(self._root / file)
            if not self._reported(path):
                continue
            try:
                with warnings.catch_warnings(), _untraced():
                    warnings.simplefilter("ignore")  # a file with a bad escape was told of when it was imported
                    found[file] = self._remembered(file, path)
            except (CoverageException, OSError, SyntaxError, ValueError):
                if PythonFileReporter(path, self._coverage).should_be_python():  # a compiled template is not
                    lacking.append(file)
        if self._memory is not None:
            self._memory.close(self._root)
        return found, lacking

    def _how(self) -> str:
        """Everything besides a file's content that decides what is found in it."""
        names = ("exclude_lines", "exclude_also", "partial_branches", "partial_also", "partial_branches_always")
        given = [self._option(f"report:{name}") for name in names]
        return json.dumps([sys.version, coverage.__version__, self._branch, *given], default=str)

    def _option(self, name: str) -> object:
        """The value of a coverage option; None for one that this version does not have."""
        try:
            return self._coverage.get_option(name)
        except (CoverageException, ConfigError):  # in coverage 7.4 the second is none of the first
            return None

    def _remembered(self, file: str, path: str) -> Source:
        """What can be executed in the file, read only when it never was with this content."""
        if self._memory is None:
            return self._source(path)
        digest = digest_of(Path(path))
        source = self._memory.get(file, digest)
        if source is None:
            source = self._source(path)
            self._memory.put(file, digest, source)
        return source

    def _filter(self) -> Callable[[str], bool]:
        """True for a file that `[report] include` and `omit` let in."""
        include, omit = (self._coverage.get_option(f"report:{name}") for name in ("include", "omit"))
        wanted = GlobMatcher(prep_patterns(include)) if isinstance(include, list) and include else None
        unwanted = GlobMatcher(prep_patterns(omit)) if isinstance(omit, list) and omit else None

        def reported(path: str) -> bool:
            return (wanted is None or wanted.match(path)) and not (unwanted is not None and unwanted.match(path))

        return reported

    def _source(self, path: str) -> Source:
        self.fresh += 1
        reporter = PythonFileReporter(path, self._coverage)
        statements = reporter.lines()
        text = reporter.source()
        pairs = ((line, first) for line in range(1, text.count("\n") + 2) for first in reporter.translate_lines([line]))
        functions = tuple(_functions(ast.parse(text)))
        return Source(
            statements=bits_of(statements),
            continued=tuple((line, first) for line, first in pairs if line != first),
            branches=_branches(reporter) if self._branch else frozenset(),
            headers=bits_of(line for _, _, _, header in functions for line in header),
            functions=tuple((first, last, name) for first, last, name, _ in functions if last),
        )


@contextlib.contextmanager
def _untraced() -> Iterator[None]:
    """Keep a trace function from being called for every call in here, which would take more than twice the time."""
    tracer = sys.gettrace()
    sys.settrace(None)
    try:
        yield
    finally:
        sys.settrace(tracer)


def _branches(reporter: PythonFileReporter) -> frozenset[Arc]:
    """The arcs that coverage.py counts as branches: out of lines with several ways on, without partial and excluded."""
    several = {line for line, ways in reporter.exit_counts().items() if ways > 1} - reporter.no_branch_lines()
    excluded = reporter.excluded_lines()
    arcs = reporter.arcs()
    return frozenset((a, b) for a, b in arcs if a != b and a in several and b not in excluded)


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """The statements, handlers and cases right inside; expressions hold no `def`, and are most of a tree."""
    for name in ("body", "handlers", "orelse", "finalbody", "cases"):
        yield from getattr(node, name, ())


def _functions(node: ast.AST, outer: str = "") -> Iterator[tuple[int, int, str, range]]:
    """(first line, last line, qualified name, lines of the header) of functions; for a class only its header counts."""
    for child in _statements(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from _functions(child, outer)
            continue
        name = f"{outer}.{child.name}" if outer else child.name
        start = min([child.lineno, *(decorator.lineno for decorator in child.decorator_list)])
        header = range(start, child.body[0].lineno if child.body[0].lineno > child.lineno else child.lineno + 1)
        last = 0 if isinstance(child, ast.ClassDef) else child.end_lineno or child.lineno
        yield start, last, name, header
        yield from _functions(child, name)
