"""How the modules of the plugin are found: as Python finds them, and only while a run is switched on."""

from __future__ import annotations

import sys

import pytest

import pytest_pyramid
from pytest_pyramid.plain_imports import PlainImports
from tests.service.conftest import Project

LOOK = """
    import sys

    def test_look():
        names = [getattr(finder, "__name__", "") for finder in sys.meta_path]
        assert names.count("PlainImports") == {count}
"""


@pytest.mark.parametrize(("switch", "more"), [("--no-pyramid", 0), ("--pyramid", 1)])
def test_a_run_takes_its_finder_away_again(project: Project, switch: str, more: int) -> None:
    """While switched on there is one finder more than before, afterwards there are as many as before."""
    before = sys.meta_path.count(PlainImports)
    text = LOOK.format(count=before + more).replace("\n    ", "\n")
    assert project.files({"test_look.py": text}).pytest(switch, "--pyramid-guard=off").ret == 0
    assert sys.meta_path.count(PlainImports) == before


def test_our_modules_are_found_by_python_itself_and_others_are_not() -> None:
    """A module of the package has Python's own loader; for every other name the next finder is asked."""
    spec = PlainImports.find_spec("pytest_pyramid.session.solo", _session_path())
    assert spec is not None
    assert type(spec.loader).__name__ == "SourceFileLoader"
    assert PlainImports.find_spec("json") is None
    assert PlainImports.find_spec("pytest_pyramid_of_others") is None


def _session_path() -> list[str]:
    return [f"{folder}/session" for folder in pytest_pyramid.__path__]
