"""The recipes name only commands that exist, and the page shows every one of them; `tox -e lint` asks their schemas."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.documents.command_lines import commands_in, complaints_about
from tests.documents.pages import read
from tests.harness import CHECKOUT

RECIPES = sorted((CHECKOUT / "docs" / "how-to" / "recipes").iterdir())
FILES = (*RECIPES, CHECKOUT / ".pre-commit-hooks.yaml")


def joined(text: str) -> str:
    """The text with each option beside its command: a line that begins with one goes on where the last one ended."""
    return re.sub(r"(?: >-| \\)?\n +(?=(?:pytest|--)\S*)", " ", text)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_command_of_a_recipe_exists(path: Path) -> None:
    """With options and values that this version takes."""
    text = joined(path.read_text(encoding="utf-8")).replace("{env_name}", "unit")
    assert len(commands_in(text)) > 0 or path.name in ("Dockerfile", "pre-commit-config.yaml")
    assert list(complaints_about(text)) == []


def test_options_on_the_next_line_are_looked_at() -> None:
    """So that the test above sees the whole command."""
    assert commands_in(joined("- run: >-\n    pytest --pyramid\n    --pyramid-shard=1/2\n")) == (
        "pytest --pyramid --pyramid-shard=1/2",
    )


def test_the_page_shows_every_recipe() -> None:
    """Whole, from the file that the tests run."""
    shown = re.findall(r"^```\{literalinclude\} (\S+)$", read("docs/how-to/pipelines.md"), re.MULTILINE)
    places = [(CHECKOUT / "docs" / "how-to" / name).resolve() for name in shown]
    assert sorted(places) == sorted(FILES)


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.name)
def test_a_recipe_installs_what_its_reports_need(path: Path) -> None:
    """The HTML page is an extra of its own: the last installation before it names the extra, or the run is refused."""
    text = path.read_text(encoding="utf-8")
    before = [text[: found.start()] for found in re.finditer(r"--(?:pyramid-)?report[= ]html:", text)]
    installed = [re.findall(r"\bpip install .*", part)[-1] for part in before]
    assert [line for line in installed if "pytest-test-pyramid[html]" not in line] == []
