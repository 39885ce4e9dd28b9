"""`pytest-pyramid mark`: tier markers in test files, from a recorded run."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from pytest_pyramid.__main__ import main
from pytest_pyramid.stores.source_outline import outline
from tests.service.conftest import Project

pytest.importorskip("libcst")

SHOP = '''"""Docs."""
from __future__ import annotations

import os  # kept


class TestSale:
    # a comment
    @staticmethod
    def helper():   pass

    def test_sale( self ): assert os


def test_plain(): pass
'''
MARKED = SHOP.replace("import os", "import pytest\nimport os").replace(
    "# kept\n", "# kept\n\npytestmark = pytest.mark.unit\n"
)


def rewritten(source: str, *paths: tuple[str, ...], encoding: str = "utf-8") -> str:
    """The source with the mark `unit` on these paths."""
    from pytest_pyramid.commands.mark_writer import rewritten
    from pytest_pyramid.core.marking import Mark

    return rewritten(source.encode(encoding), [Mark(path, "unit") for path in paths]).decode(encoding)


@pytest.fixture
def recorded(project: Project) -> Project:
    """A project with a unit test file and its report."""
    project.files({"tests/unit/test_shop.py": SHOP, "tests/unit/conftest.py": ""}).report()
    return project


def test_a_recorded_suite_is_marked(recorded: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """A diff writes nothing; then the file is marked and collects the same; a second time nothing changes."""
    file = recorded.path / "tests" / "unit" / "test_shop.py"
    file.chmod(0o640)
    before = recorded.collected()
    capsys.readouterr()
    assert main(["mark", "report.json", "--diff"]) == 0
    shown = capsys.readouterr()
    assert "+pytestmark = pytest.mark.unit" in shown.out
    assert "1 files would change" in shown.err
    assert file.read_text(encoding="utf-8") == SHOP
    assert main(["mark", "report.json"]) == 0
    assert file.read_text(encoding="utf-8") == MARKED
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert recorded.collected() == before
    for again in (lambda: None, recorded.report):
        again()
        assert main(["mark", "report.json"]) == 0
        assert file.read_text(encoding="utf-8") == MARKED


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda path: (path / "tests/unit/test_shop.py").unlink(), "is no file below"),
        (lambda path: (path / "report.json").write_text("{}"), "report.json"),
        (lambda path: (path / "pytest.ini").write_text("[pytest_pyramid]\nnonsense = 1\n"), "in disorder"),
    ],
)
def test_what_cannot_be_used_is_a_clear_error(
    recorded: Project, capsys: pytest.CaptureFixture[str], change: object, words: str
) -> None:
    """Exit status 4 and one sentence, for a missing file, a wrong report and a wrong configuration."""
    change(recorded.path)  # type: ignore[operator]  # a function of the path
    assert main(["mark", "report.json"]) == 4
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(("arguments", "marked"), [((), False), (("--include-default",), True)])
def test_what_only_the_default_tier_placed_is_marked_when_asked(
    project: Project, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], marked: bool
) -> None:
    """Nobody has said of these tests what they are; the rest of the suite is marked as ever."""
    default = '[tool.pytest_pyramid]\ndefault-tier = "unit"\n'
    plain = "import pytest\n\n\n@pytest.mark.parametrize('x', [1, 2])\ndef test_a(x): pass\n"
    project.files({"tests/test_rest.py": plain, "tests/unit/test_shop.py": SHOP, "pyproject.toml": default}).report()
    capsys.readouterr()
    assert main(["mark", "report.json", *arguments]) == 0
    assert ("pytestmark" in (project.path / "tests/test_rest.py").read_text(encoding="utf-8")) is marked
    assert (project.path / "tests/unit/test_shop.py").read_text(encoding="utf-8") == MARKED
    told = "left: 1 test function placed by default-tier alone; --include-default marks them too"
    assert (told in capsys.readouterr().err) is not marked


HINTED = "import unittest\n\n\nclass TestX(unittest.TestCase):\n    def test_a(self): pass\n"


@pytest.mark.parametrize(
    ("arguments", "marked"),
    [((), False), (("--include-hints",), True), (("--include-hints=0.7",), False), (("--include-hints", "0.5"), True)],
)
def test_hints_are_followed_when_asked(project: Project, arguments: tuple[str, ...], marked: bool) -> None:
    """As far down as the confidence that is given."""
    project.files({"tests/test_rest.py": HINTED}).report()
    assert main(["mark", "report.json", *arguments]) == 0
    written = (project.path / "tests/test_rest.py").read_text(encoding="utf-8")
    assert ("pytestmark = pytest.mark.unit" in written) is marked


def test_the_extra_is_named_when_it_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command to install it stands in the message."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("pytest_pyramid.commands.mark.find_spec", lambda name: None)
    assert main(["mark", "report.json"]) == 4
    assert "pip install 'pytest-test-pyramid[codemod]'" in capsys.readouterr().err


def test_a_file_with_an_error_is_left_and_told(recorded: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """It may have changed since the run; nothing of it is touched."""
    (recorded.path / "tests/unit/test_shop.py").write_text("def test_(:\n", encoding="utf-8")
    assert main(["mark", "report.json"]) == 0
    assert "left: tests/unit/test_shop.py: it cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = 1\n", "import pytest\n\npytestmark = pytest.mark.unit\n\nx = 1\n"),
        ("#!/x\n# why\nimport pytest\ndef test_a(): 0\n",
         "#!/x\n# why\nimport pytest\n\npytestmark = pytest.mark.unit\n\n\ndef test_a(): 0\n"),
        ("import pytest\npytestmark = pytest.mark.slow\n", "import pytest\npytestmark = [pytest.mark.slow, pytest.mark.unit]\n"),
        ("import pytest\npytestmark = []\n", "import pytest\npytestmark = [pytest.mark.unit]\n"),
        ("import pytest\npytestmark = (a, b)\n", "import pytest\npytestmark = (a, b, pytest.mark.unit)\n"),
        ("import pytest\npytestmark: list = [a]\n", "import pytest\npytestmark: list = [a, pytest.mark.unit]\n"),
        ("import pytest\npytestmark = [\n    a,\n    b,  # why\n]\n",
         "import pytest\npytestmark = [\n    a,\n    b,  # why\n    pytest.mark.unit,\n]\n"),
        ("import pytest\npytestmark = [\n    a,\n]\n", "import pytest\npytestmark = [\n    a,\n    pytest.mark.unit,\n]\n"),
        ("import pytest\npytestmark = (a,)\n", "import pytest\npytestmark = (a, pytest.mark.unit)\n"),
        ("import pytest as pt\r\n", "import pytest\r\nimport pytest as pt\r\n\r\npytestmark = pytest.mark.unit\r\n"),
    ],
)  # fmt: skip
def test_a_module_mark_is_added_or_extended(before: str, after: str) -> None:
    """Whatever stands there already stays, comments and newlines included."""
    assert rewritten(before, ()) == after


def test_classes_and_functions_are_decorated() -> None:
    """Above their other decorators and below their comments; functions of other classes are not meant."""
    before = "import pytest\n\n# a\n@d\nclass TestA:\n    def test_x(self): 0\n\nasync def test_x(): 0\n"
    after = (
        "import pytest\n\n# a\n@pytest.mark.unit\n@d\nclass TestA:\n    def test_x(self): 0\n\n"
        "@pytest.mark.unit\nasync def test_x(): 0\n"
    )
    assert rewritten(before, ("TestA",), ("test_x",)) == after


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8", "utf-8-sig"])
def test_the_encoding_stays(encoding: str) -> None:
    """The declared encoding, and a byte order mark."""
    declared = "utf-8" if encoding == "utf-8-sig" else encoding
    before = f"# -*- coding: {declared} -*-\nimport pytest\nx = 'ä'\n"
    assert rewritten(before, (), encoding=encoding) == before.replace(
        "pytest\n", "pytest\n\npytestmark = pytest.mark.unit\n\n"
    )


@pytest.mark.parametrize(
    ("line", "marked", "extendable"),
    [
        ("", False, True),
        ("pytestmark = pytest.mark.slow", False, True),
        ("pytestmark = [pytest.mark.slow, mark.unit('x')]", True, True),
        ("pytestmark = MARKS", False, False),
        ("if 1:\n    pytestmark = pytest.mark.slow", False, False),
        ("pytestmark = []\npytestmark += [a]", False, False),
        ("class A:\n    pytestmark = pytest.mark.unit", False, True),
    ],
)
def test_the_module_mark_is_read(line: str, marked: bool, extendable: bool) -> None:
    """A tier in it is found, and whether another mark can be added."""
    found = outline("a.py", line.encode(), {"unit"})
    assert (found.marked, found.extendable) == (marked, extendable)


def test_definitions_are_read() -> None:
    """With marks, base classes, and those in branches; functions in functions are none."""
    source = b"if x:\n  class A(m.B[int]):\n    @pytest.mark.unit\n    def t(self):\n      def n(): 0\nelse:\n  @d\n  async def u(): 0\n"
    found = outline("a.py", source, {"unit"}).definitions
    assert [(one.path, one.is_class, one.marked, one.bases) for one in found] == [
        (("A",), True, False, ("B",)),
        (("A", "t"), False, True, ()),
        (("u",), False, False, ()),
    ]
