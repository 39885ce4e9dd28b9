"""Test files looked through without being imported, and what pytest's settings say of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_pyramid.core.survey import Survey
from pytest_pyramid.stores import pytest_settings
from pytest_pyramid.stores.source_facts import Names, facts_of
from pytest_pyramid.stores.suite_survey import survey

SOURCE = b"""
import pytest
from unittest import TestCase
pytestmark = [pytest.mark.module, pytest.mark.usefixtures("wide")]

class Base(TestCase): pass
class Shop(Base):
    def test_sale(self): pass
    def check(self): pass

@pytest.mark.outer
class TestShop:
    @pytest.mark.inner(1)
    @pytest.mark.usefixtures("asked")
    async def test_b(self, client, *, server, wait=1): pass
class TestMade:
    def __init__(self): pass
    def test_no(self): pass
class Helper:
    def test_no(self): pass

@pytest.fixture
def test_data(): pass
if 1:
    def test_c(): pass
"""


def test_tests_are_read_from_their_source() -> None:
    """Marks by level, the closest first, and what each test asks for; what pytest does not collect is no test."""
    found = facts_of(SOURCE, Names()).tests
    assert [(test.path, test.marks, test.asks) for test in found] == [
        (("Shop", "test_sale"), (("module", "usefixtures"),), ("wide",)),
        (
            ("TestShop", "test_b"),
            (("inner", "usefixtures"), ("outer",), ("module", "usefixtures")),
            ("client", "server", "asked", "wide"),
        ),
        (("test_c",), (("module", "usefixtures"),), ("wide",)),
    ]


def test_fixtures_and_named_marks_are_read() -> None:
    """A fixture may have another name than its function, and be for every test; a hook names marks."""
    found = facts_of(
        b'@pytest.fixture(name="shop", autouse=True)\ndef _shop(db): pass\n'
        b"def pytest_collection_modifyitems(items):\n  items[0].add_marker('e2e')\n  items[1].add_marker(pytest.mark.slow)\n",
        Names(),
    )
    assert found.fixtures == {"shop": (("db",), True)}
    assert found.named_marks == ("e2e", "slow")


def surveyed(root: Path, files: dict[str, str]) -> Survey:
    """The survey of a folder with these files."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return survey(root, pytest_settings.read(root))


TEST = "def test_a(): pass\n"


@pytest.mark.parametrize(
    ("settings", "files"),
    [
        ("", ["a/test_a.py", "env/test_e.py", "test_b.py", "x_test.py"]),
        ("testpaths = a .hidden", [".hidden/test_h.py", "a/test_a.py"]),
        ("testpaths = missing", ["a/test_a.py", "env/test_e.py", "test_b.py", "x_test.py"]),
        ("testpaths = x_test.py", ["x_test.py"]),
        ("python_files = check_*.py", ["a/check_a.py"]),
        ("norecursedirs = a venv", [".hidden/test_h.py", "env/test_e.py", "test_b.py", "x_test.py"]),
    ],
)
def test_files_are_looked_for_as_pytest_does(tmp_path: Path, settings: str, files: list[str]) -> None:
    """In testpaths where they exist, by python_files, and not in environments or hidden folders."""
    names = [
        "a/test_a.py",
        "a/check_a.py",
        "test_b.py",
        "x_test.py",
        ".hidden/test_h.py",
        "venv/test_v.py",
        "env/test_e.py",
    ]
    (tmp_path / "real-env").mkdir()
    (tmp_path / "real-env" / "pyvenv.cfg").touch()
    found = surveyed(
        tmp_path,
        dict.fromkeys([*names, "real-env/test_v.py"], TEST) | {"pytest.ini": f"[pytest]\n{settings}\n"},
    )
    assert sorted({test.location.file for test in found.tests}) == files


def test_fixtures_are_followed_to_what_they_ask_for(tmp_path: Path) -> None:
    """Through conftest files, the nearest first, with those that every test gets."""
    found = surveyed(
        tmp_path,
        {
            "conftest.py": "import pytest\n@pytest.fixture\ndef shop(redis): pass\n@pytest.fixture\ndef near(far): pass\n",
            "a/conftest.py": "import pytest\n@pytest.fixture(autouse=True)\ndef all(): pass\n"
            "@pytest.fixture\ndef near(shop): pass\n",
            "a/test_a.py": "def test_a(near): pass\n",
            "test_b.py": "def test_b(near): pass\n",
        },
    )
    assert {test.nodeid: test.fixtures for test in found.tests} == {
        "a/test_a.py::test_a": ("all", "near", "shop", "redis"),
        "test_b.py::test_b": ("near", "far"),
    }


def test_what_is_said_around_the_tests_is_read(tmp_path: Path) -> None:
    """Markers that are registered or that a conftest names, commands of build files, and files that cannot be read."""
    found = surveyed(
        tmp_path,
        {
            "tests/test_a.py": TEST,
            "tests/test_broken.py": "def test_(:\n",
            "tests/conftest.py": "import pytest\nM = pytest.mark.e2e\n",
            ".github/workflows/ci.yml": "run: pytest -m integration\n",
            "Makefile": "test:\n\tpytest tests/unit\n",
            "setup.cfg": "[tool:pytest]\nmarkers =\n    slow: takes long\n    net(host): other machines\n",
        },
    )
    assert found.registered == ("slow", "net")
    assert found.put_on == (("tests/conftest.py", "e2e"),)
    assert [(command.file, command.alone) for command in found.commands] == [
        ("Makefile", ("tests/unit",)),
        (".github/workflows/ci.yml", ("integration",)),
    ]
    assert [problem.partition(":")[0] for problem in found.unread] == ["tests/test_broken.py"]


@pytest.mark.parametrize(
    ("files", "file", "markers"),
    [
        ({"pytest.ini": ""}, "pytest.ini", ()),
        ({"pyproject.toml": "[tool.pytest]\nmarkers = ['a: b']\n"}, "pyproject.toml", ("a",)),
        ({"pyproject.toml": "[tool.pytest.ini_options]\nmarkers = ['a', 'b']\n"}, "pyproject.toml", ("a", "b")),
        (
            {"pytest.toml": "[pytest]\nmarkers = ['c']\n", "pytest.ini": "[pytest]\nmarkers = d\n"},
            "pytest.toml",
            ("c",),
        ),
        ({"pyproject.toml": "[broken", "tox.ini": "[pytest]\nmarkers = d\n"}, "tox.ini", ("d",)),
        ({"pyproject.toml": "tool = 1\n"}, None, ()),
        ({"setup.cfg": "[pytest]\n"}, None, ()),
        ({}, None, ()),
    ],
)
def test_the_settings_of_pytest_are_found(
    tmp_path: Path, files: dict[str, str], file: str | None, markers: tuple[str, ...]
) -> None:
    """In the first file that speaks to pytest, in pytest's own order."""
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = pytest_settings.read(tmp_path)
    assert (found.file, found.markers) == (file, markers)
