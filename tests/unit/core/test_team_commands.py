"""What lines of build files say about tests that are run apart."""

from __future__ import annotations

import pytest

from pytest_pyramid.core.team_commands import TeamCommand, team_commands


def only(text: str) -> TeamCommand:
    """The one command in the text."""
    (found,) = team_commands("tox.ini", text)
    return found


@pytest.mark.parametrize(
    ("line", "expression"),
    [
        ('commands = pytest -m "not integration"', "not integration"),
        ("    run: pytest tests -m 'unit or small'", "unit or small"),
        ('session.run("pytest", "-m", "not integration", *session.posargs)', "not integration"),
        ('"python -m pytest -m \\"not e2e\\" tests"', "not e2e"),
        ("python -m pytest -m integration tests", "integration"),
        ("py.test -m=slow", "slow"),
        ('pytest \\\n   -q \\\n   -m "not slow"', "not slow"),
    ],
)
def test_the_expression_is_read(line: str, expression: str) -> None:
    """In tox, YAML, Python and JSON, over continued lines, and not that of `python -m pytest`."""
    assert only(line).expression == expression


@pytest.mark.parametrize(
    "line",
    [
        "pytest -q",
        "python -m pytest --tb=short {posargs}",
        "# pytest -m integration",
        "pip install pytest-timeout -m x",
        "pytest>=7 ; -m integration",
        "coverage run -m pytest -n auto",
    ],
)
def test_a_line_that_chooses_nothing_is_passed_over(line: str) -> None:
    """Comments, requirements and whole runs say nothing about tiers."""
    assert list(team_commands("tox.ini", line)) == []


def test_folders_are_read_and_options_are_not() -> None:
    """Only words that can be folders of tests; a value of an option is none."""
    found = only(
        "pytest --cov=src -n 4 ./tests/integration/ tests/e2e --ignore=tests/e2e/slow --junitxml test.xml && x tests/a"
    )
    assert found == TeamCommand("tox.ini", "", ("tests/integration", "tests/e2e"), ("tests/e2e/slow",))


@pytest.mark.parametrize(
    ("command", "alone", "left_out"),
    [
        (TeamCommand("f", "integration"), ("integration",), ()),
        (TeamCommand("f", "unit or small"), ("unit", "small"), ()),
        (TeamCommand("f", "not integration"), (), ("integration",)),
        (TeamCommand("f", "not slow and not e2e"), (), ("slow", "e2e")),
        (TeamCommand("f", "not (slow or e2e)"), (), ("slow", "e2e")),
        (TeamCommand("f", "unit and not slow"), (), ()),
        (TeamCommand("f", "not unit or slow"), (), ()),
        (TeamCommand("f", "", ("tests/unit",)), ("tests/unit",), ()),
        (TeamCommand("f", "", ("tests",), ("tests/e2e",)), ("tests",), ("tests/e2e",)),
        (TeamCommand("f", "not e2e", ("tests/unit",)), (), ()),
    ],
)
def test_what_is_run_alone_and_what_is_left_out(
    command: TeamCommand, alone: tuple[str, ...], left_out: tuple[str, ...]
) -> None:
    """Only an expression of nothing but names, or of nothing but names left out, divides the suite for sure."""
    assert (command.alone, command.left_out) == (alone, left_out)
