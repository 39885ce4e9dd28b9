"""The pages in docs/rules are what the rules say of themselves."""

from __future__ import annotations

import runpy
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "rules"
REFRESH = "out of date; refresh them with: python docs/rules/refresh.py"


def test_the_pages_are_current() -> None:
    """Every page and the index have the text that the docstrings give; nothing is written here."""
    wanted: dict[str, str] = runpy.run_path(str(FOLDER / "refresh.py"))["pages"]()
    found = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    stale = sorted(name for name, text in wanted.items() if found.get(name) != text)
    assert not stale, f"{', '.join(stale)}: {REFRESH}"


def test_no_page_is_left_of_a_rule_that_went() -> None:
    """Every page is of a rule or code that exists, except the one that is written by hand."""
    wanted: dict[str, str] = runpy.run_path(str(FOLDER / "refresh.py"))["pages"]()
    assert {path.name for path in FOLDER.glob("*.md")} - set(wanted) == {"shapes.md"}


def test_the_page_of_shapes_names_every_shape() -> None:
    """The page that is written by hand has a line for every name, in the order in which they are tried."""
    from pytest_pyramid.core.shapes import Shape

    rows = (FOLDER / "shapes.md").read_text(encoding="utf-8").splitlines()
    names = [row.split("|")[1].strip() for row in rows if row.count("|") == 4]
    assert [name for name in names if name in {shape.value for shape in Shape}] == [shape.value for shape in Shape]
