"""Every block of the documentation is one that this version takes; what is not run is named, with the reason."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from tests.documents import exceptions, languages
from tests.documents.blocks import anchors_of, links_of
from tests.documents.command_lines import INI_KEYS, TABLE, complaints_about
from tests.documents.pages import CHECKOUT, blocks, pages, read

OPTION = re.compile(r"--pyramid[\w-]*")


@pytest.mark.parametrize("page", pages())
def test_every_block_is_well_formed_and_names_only_what_exists(page: str, tmp_path: Path) -> None:
    """Settings pass the strict reader, commands the real parsers, Python compiles, JSON and TOML parse."""
    found = [block for block in blocks(page) if block.language != "yaml" and not exceptions.exemption(block)]
    folders = [tmp_path / str(number) for number in range(len(found))]
    for folder in folders:
        folder.mkdir()
    wrong = {str(block): languages.complaints(block, folder) for block, folder in zip(found, folders, strict=True)}
    assert {place: said for place, said in wrong.items() if said} == {}


@pytest.mark.parametrize("page", [page for page in pages() if any(one.language == "yaml" for one in blocks(page))])
def test_the_pipelines_are_yaml_and_their_commands_exist(page: str, tmp_path: Path) -> None:
    """Every text in them that starts pytest or our command has options that exist, with values that they take."""
    pytest.importorskip("yaml")
    found = [block for block in blocks(page) if block.language == "yaml"]
    wrong = {str(block): languages.complaints(block, tmp_path) for block in found}
    assert {place: said for place, said in wrong.items() if said} == {}


@pytest.mark.parametrize("page", pages())
def test_every_option_that_is_spoken_of_exists(page: str) -> None:
    """In prose and tables as well."""
    known = {name.partition("=")[0] for action in TABLE.parser._actions for name in action.option_strings}
    assert sorted(set(OPTION.findall(read(page))) - known) == []


def test_the_reference_tells_every_option_and_ini_key() -> None:
    """As a row of its table."""
    page = read("docs/reference/configuration.md")
    options = {name.partition("=")[0] for action in TABLE.parser._actions for name in action.option_strings}
    rows = "".join(row for row in page.splitlines() if row.startswith("| "))
    assert sorted(name for name in options if f"`{name}" not in rows) == []
    assert sorted(key for key in INI_KEYS if f"`{key}`" not in rows) == []


@pytest.mark.parametrize("page", pages())
def test_every_internal_link_leads_somewhere(page: str) -> None:
    """The file is there, and the heading behind # too."""
    broken = []
    for link in links_of(read(page)):
        target, _, anchor = link.partition("#")
        path = (CHECKOUT / page).parent / target if target else CHECKOUT / page
        if re.match(r"[a-z]+:", link):
            continue
        if not path.exists() or (anchor and anchor not in anchors_of(path.read_text(encoding="utf-8"))):
            broken.append(link)
    assert broken == []


def test_output_stands_below_the_command_that_shows_it() -> None:
    """A block of text that no command of its page could have written is the sentence of a rule, or is named."""
    stray = []
    for page in pages():
        found = [block for block in blocks(page) if exceptions.exemption(block) is None]
        first = next((number for number, block in enumerate(found) if block.language == "console"), len(found))
        if not page.startswith("docs/rules/PYR"):
            stray += [str(block) for block in found[:first] if block.language == "text"]
    assert stray == []


OTHERS = {
    "pytest_split": "docs/how-to/migrate-from-pytest-split.md",
    "pytest_order": "docs/how-to/migrate-from-pytest-order.md",
}


@pytest.mark.parametrize("package", OTHERS)
def test_options_of_others_that_we_compare_ourselves_with_exist(package: str) -> None:
    """What stands on the left of a migration page's table is in the source of that plugin."""
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    source = "".join(path.read_text(encoding="utf-8") for path in sorted(Path(spec.origin).parent.glob("*.py")))
    left = [row.split("|")[1] for row in read(OTHERS[package]).splitlines() if row.startswith("| ")]
    named = sorted(set(re.findall(r"--[a-z][a-z-]+", " ".join(left))))
    assert len(named) > 0
    assert [name for name in named if f'"{name}"' not in source] == []


def test_no_exception_outlives_its_block() -> None:
    """Each one names exactly one block that is there; one with a proof is run there, line by line."""
    for one in exceptions.EXEMPT:
        (block,) = [block for block in blocks(one.page) if exceptions.exemption(block) is one]
        if one.proof:
            run = (CHECKOUT / one.proof).read_text(encoding="utf-8")
            lines = [line.removeprefix("$ ") for line in block.text.splitlines()]
            assert [line for line in lines if line not in run] == []


WRONG = [
    ("pytest --pyramid --pyramid-gates=soft", "--pyramid-gates"),
    ("pytest --pyramid --pyramid-gate=sof", "gate"),
    ("pytest --pyramid --pyramid-report=jsn:x", "report"),
    ("pytest -o pyramid_gat=off", "pyramid_gat"),
    ("python -m pytest --pyramid-nothing", "--pyramid-nothing"),
    ("pytest-pyramid merge", "PART"),
    ("pytest-pyramid render a.json --to html:b", "--to"),
    ("pytest-pyramid nothing", "nothing"),
    ("- run: pytest --pyramid-shards=1/2 && true", "--pyramid-shards"),
]


@pytest.mark.parametrize(("text", "told"), WRONG)
def test_a_command_that_does_not_exist_is_told(text: str, told: str) -> None:
    """Wherever it stands in a line of shell or YAML."""
    (said,) = complaints_about(text)
    assert told in said


def test_files_that_the_page_for_contributors_names_are_there() -> None:
    """From the checkout, or from the package; names with a letter to fill in, such as `by_x.py`, are the reader's."""
    named = re.findall(r"`((?:tests|docs|core|session|pytest_pyramid|\.ci)/[\w./]+)`", read("docs/contributing.md"))
    places = (CHECKOUT, CHECKOUT / "pytest_pyramid")
    new = [name for name in named if re.search(r"\b(by_)?x\.py$|NNN", name)]
    assert [name for name in named if name not in new and not any((one / name).exists() for one in places)] == []
    assert len(named) - len(new) > 0
