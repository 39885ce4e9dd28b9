"""A repository looked through: its test files, without importing them, and the files that say how they are run."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

from pytest_pyramid.core.facts import Location, TestFacts
from pytest_pyramid.core.survey import Survey
from pytest_pyramid.core.team_commands import TeamCommand, team_commands
from pytest_pyramid.stores.pytest_settings import PytestSettings
from pytest_pyramid.stores.source_facts import Names, SourceFacts, SourceFixture, facts_of

NOT_LOOKED_INTO = ("*.egg", ".*", "_darcs", "build", "CVS", "dist", "node_modules", "venv", "{arch}", "__pycache__")
"""pytest's own default of norecursedirs, and what Python leaves behind."""
BUILD_FILES = (
    *("tox.ini", "tox.toml", "noxfile.py", "Makefile", "makefile", "justfile", "Taskfile.yml", "Taskfile.yaml"),
    *("pyproject.toml", "setup.cfg", ".gitlab-ci.yml", ".circleci/config.yml", "azure-pipelines.yml", ".travis.yml"),
)
WORKFLOWS = (".github/workflows", ".forgejo/workflows", ".gitea/workflows")
LARGEST = 2_000_000
"""Bytes of the largest test file or build file that is read."""


def survey(root: Path, settings: PytestSettings) -> Survey:
    """What stands in the test files below the folder, as pytest with these settings would look for them."""
    names = Names(
        settings.words("python_classes", Names().classes), settings.words("python_functions", Names().functions)
    )
    patterns = settings.words("python_files", ("test_*.py", "*_test.py"))
    sources = _Sources(root, names)
    files = sorted(set(_test_files(root, settings, patterns)))
    tests = tuple(test for file in files for test in sources.tests(file))
    return Survey(
        tests=tests,
        registered=settings.markers,
        put_on=tuple(sources.put_on(files)),
        commands=tuple(_commands(root)),
        unread=tuple(sources.unread),
    )


def _test_files(root: Path, settings: PytestSettings, patterns: tuple[str, ...]) -> Iterator[str]:
    """Posix paths below the root folder. Folders of testpaths are looked into whatever they are called."""
    starts = [path for word in settings.words("testpaths") for path in _matches(root, word)]
    skipped = (*settings.words("norecursedirs", NOT_LOOKED_INTO), "__pycache__")
    for start in starts or [root]:
        if start.is_file():
            yield start.relative_to(root).as_posix()
        for folder, folders, files in os.walk(start):
            folders[:] = sorted(name for name in folders if not _is_skipped(Path(folder, name), skipped))
            inner = Path(folder).relative_to(root)
            yield from ((inner / name).as_posix() for name in files if _is_test_file(name, patterns))


def _matches(root: Path, word: str) -> list[Path]:
    """What an entry of testpaths names below the root folder; pytest takes globs there."""
    try:
        found = sorted(root.glob(word.removeprefix("./").rstrip("/"))) if word.strip("./") else [root]
    except (ValueError, NotImplementedError):
        return []
    return [path for path in found if ".." not in path.relative_to(root).parts and path.exists()]


def _is_skipped(path: Path, patterns: tuple[str, ...]) -> bool:
    in_environment = (path / "pyvenv.cfg").exists() or (path / "conda-meta").exists()
    return in_environment or any(fnmatchcase(path.name, pattern) for pattern in patterns)


def _is_test_file(name: str, patterns: tuple[str, ...]) -> bool:
    return name.endswith(".py") and name != "conftest.py" and any(fnmatchcase(name, pattern) for pattern in patterns)


class _Sources:
    """The files that were read, each once."""

    def __init__(self, root: Path, names: Names) -> None:
        self._root = root
        self._names = names
        self._conftests: dict[str, SourceFacts | None] = {}
        self.unread: list[str] = []

    def tests(self, file: str) -> Iterator[TestFacts]:
        """The tests of a file with the fixtures that they ask for, themselves and through others."""
        facts = self._read(file)
        if facts is None:
            return
        fixtures = self._in_sight(file, facts)
        automatic = [name for name, fixture in fixtures.items() if fixture.automatic]
        for test in facts.tests:
            nodeid = "::".join((file, *test.path))
            asked = tuple(_closure((*automatic, *test.asks), fixtures))
            yield TestFacts(nodeid, nodeid, Location(file, test.line), marks=test.marks, fixtures=asked)

    def put_on(self, files: Iterable[str]) -> Iterator[tuple[str, str]]:
        """(conftest, marker) for the markers that conftest files name."""
        for folder in sorted({folder for file in files for folder in _folders(file)}):
            facts = self._conftest(folder)
            for marker in facts.named_marks if facts is not None else ():
                yield _inside(folder, "conftest.py"), marker

    def _in_sight(self, file: str, facts: SourceFacts) -> Mapping[str, SourceFixture]:
        """The fixtures of the file and of the conftest files above it, the nearest of each name."""
        found: dict[str, SourceFixture] = dict(facts.fixtures)
        for folder in _folders(file):
            conftest = self._conftest(folder)
            for name, fixture in conftest.fixtures.items() if conftest is not None else ():
                found.setdefault(name, fixture)
        return found

    def _conftest(self, folder: str) -> SourceFacts | None:
        if folder not in self._conftests:
            file = _inside(folder, "conftest.py")
            self._conftests[folder] = self._read(file) if (self._root / file).is_file() else None
        return self._conftests[folder]

    def _read(self, file: str) -> SourceFacts | None:
        path = self._root / file
        try:
            source = path.read_bytes() if path.stat().st_size <= LARGEST else None
            if source is not None:
                return facts_of(source, self._names)
            self.unread.append(f"{file}: it has more than {LARGEST:,} bytes")
        except (SyntaxError, ValueError, RecursionError, OSError) as error:
            self.unread.append(f"{file}: {' '.join(str(error).split())}")
        return None


def _closure(names: Iterable[str], fixtures: Mapping[str, SourceFixture]) -> Iterator[str]:
    ahead = list(dict.fromkeys(names))
    seen = set(ahead)
    while ahead:
        name = ahead.pop(0)
        yield name
        for asked in fixtures[name].asks if name in fixtures else ():
            if asked not in seen:
                seen.add(asked)
                ahead.append(asked)


def _folders(file: str) -> Iterator[str]:
    """The folders above a file, the nearest first and the root folder, "", last."""
    while "/" in file:
        file = file.rpartition("/")[0]
        yield file
    yield ""


def _inside(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _commands(root: Path) -> Iterator[TeamCommand]:
    files = [root / name for name in BUILD_FILES]
    files += [path for folder in WORKFLOWS for path in sorted((root / folder).glob("*.y*ml"))]
    for path in files:
        try:
            if path.is_file() and path.stat().st_size <= LARGEST:
                text = path.read_text(encoding="utf-8", errors="replace")
                yield from team_commands(path.relative_to(root).as_posix(), text)
        except OSError:
            continue  # what cannot be read says nothing
