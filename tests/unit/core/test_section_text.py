"""The plugin's section in the text of a file."""

from __future__ import annotations

import pytest

from pytest_pyramid.core.adoption import Proposal, TierDraft
from pytest_pyramid.core.section_text import (
    ini_section,
    ours_in_ini,
    ours_in_toml,
    toml_section,
    with_section,
)

WHOLE = Proposal(
    (TierDraft("unit"), TierDraft("service", ("service", "network"), ('a"b\\/**',))),
    default_tier="unit",
    default_reason="tox.ini: pytest",
    baseline="known.toml",
)
NOTES = {"service": ("marker network", "folder a")}


def test_the_section_as_toml() -> None:
    """Every setting stands below its reason; quotes and backslashes are escaped."""
    assert toml_section(WHOLE, NOTES) == [
        "[tool.pytest_pyramid]",
        "# Written by pytest-pyramid init from what it found here. Every other setting has its default.",
        "# Tests that nothing else places are run by themselves: tox.ini: pytest",
        'default-tier = "unit"',
        "# What breaks a rule today fails nothing, and may only get less: pytest --pyramid --pyramid-update-baseline",
        'baseline = "known.toml"',
        "",
        "[[tool.pytest_pyramid.tiers]]",
        "# The base; no test says yet that it is of this tier.",
        'name = "unit"',
        "",
        "[[tool.pytest_pyramid.tiers]]",
        "# marker network, folder a",
        'name = "service"',
        'markers = ["service", "network"]',
        'paths = ["a\\"b\\\\/**"]',
    ]


def test_the_section_as_ini() -> None:
    """Tiers are sections, lists have an entry on each line, and comments lines of their own."""
    assert ini_section(WHOLE, NOTES)[-10:] == [
        "[pytest_pyramid:tier:unit]",
        "# The base; no test says yet that it is of this tier.",
        "",
        "[pytest_pyramid:tier:service]",
        "# marker network, folder a",
        "markers =",
        "    service",
        "    network",
        "paths =",
        '    a"b\\/**',
    ]


@pytest.mark.parametrize(
    ("notes", "lines"),
    [
        ({}, ["# The shipped tiers unit, service and ui are in force; no test says yet which of them it is of."]),
        ({"unit": tuple("abcdef")}, ["# The shipped tiers fit:", "#   unit: a, b, c, d and 2 more"]),
    ],
)
def test_where_the_shipped_tiers_fit_a_comment_says_so(notes: dict[str, tuple[str, ...]], lines: list[str]) -> None:
    """With the evidence, the four commonest kinds of it."""
    assert toml_section(Proposal(), notes)[2:] == lines


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "[new]\n"),
        ("[a]\nb = 1  # kept\n", "[a]\nb = 1  # kept\n\n[new]\n"),
        ("[a]\nb = 1", "[a]\nb = 1\n\n[new]\n"),
        ("[a]\r\nb = 1\r\n", "[a]\r\nb = 1\r\n\r\n[new]\r\n"),
        ("[a]\r\nb = 1", "[a]\r\nb = 1\r\n\r\n[new]\r\n"),
        ("[a]\n\n", "[a]\n\n[new]\n"),
        ("\ufeff", "\ufeff[new]\n"),
    ],
)
def test_a_file_without_the_section_gets_it_at_its_end(before: str, after: str) -> None:
    """In the newlines of the file, behind an empty line; nothing that was there changes."""
    assert with_section(before, ["[new]"], is_ours=ours_in_toml) == after


OLD = "[tool.pytest_pyramid]\ngate = 'soft' # x\n\n[[tool.pytest_pyramid.tiers]]\nname = 'a'\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"[a]\n\n{OLD}", "[a]\n\n[new]\n"),
        (f"[a]\n\n{OLD}\n# of b\n[b]\nc = 1\n", "[a]\n\n[new]\n\n# of b\n[b]\nc = 1\n"),
        (f"{OLD}# of ours\n[b]\n", "[new]\n\n[b]\n"),
        (
            f"{OLD}\n[b]\nc = [\n  1,\n]\n\n[tool.'pytest_pyramid'.stages]\ncommit = []\n",
            "[new]\n\n[b]\nc = [\n  1,\n]\n\n",
        ),
    ],
    ids=["at the end", "comments of the next", "own comments", "in two places"],
)
def test_a_section_that_is_there_gives_way(before: str, after: str) -> None:
    """Its tables wherever they stand; comments right above another table belong to that one."""
    assert with_section(before, ["[new]"], is_ours=ours_in_toml) == after
    assert with_section(after, ["[new]"], is_ours=lambda name: name == "new").count("[new]") == 1


@pytest.mark.parametrize(
    ("name", "toml", "ini"),
    [
        ("tool.pytest_pyramid", True, False),
        ('tool . "pytest_pyramid".tiers', True, False),
        ("tool.pytest_pyramids", False, False),
        ("pytest_pyramid", False, True),
        ("pytest_pyramid:tier:unit", False, True),
        ("pytest", False, False),
    ],
)
def test_headers_of_ours_are_known(name: str, toml: bool, ini: bool) -> None:
    """By the whole word."""
    assert (ours_in_toml(name), ours_in_ini(name)) == (toml, ini)


def test_what_no_editor_shows_stays_out_of_comments() -> None:
    """A folder's name may hold anything; a newline would end the comment."""
    tiers = (TierDraft("ui", paths=("a/**",)),)
    lines = toml_section(Proposal(tiers), {"ui": ("folder a\nb = 1\x1b\u2028",)})
    assert "# folder a?b = 1??" in lines
