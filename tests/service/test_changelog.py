"""The news fragments from which a release makes its part of CHANGELOG.md; `tox -e lint` also builds a draft of it."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "changelog.d"
FRAGMENTS = sorted(FOLDER.glob("*.md"))
KINDS = {"added", "changed", "deprecated", "fixed", "removed"}


def test_every_fragment_has_a_subject_and_a_kind() -> None:
    """Towncrier passes over a file whose kind it does not know, so that its news would get lost."""
    named = {path.name: path.name.split(".") for path in FRAGMENTS}

    assert [name for name, parts in named.items() if not parts[0] or parts[1] not in KINDS] == []


@pytest.mark.parametrize("path", FRAGMENTS, ids=lambda path: path.name)
def test_a_fragment_is_one_entry_of_short_lines(path: Path) -> None:
    """A fragment becomes one point of a list: no list mark of its own, no heading, no blank line, and it ends its line."""
    text = path.read_text(encoding="utf-8")

    assert text.endswith(".\n")
    assert not text.startswith(("* ", "- ", "#"))
    assert all(0 < len(line) <= 120 for line in text.removesuffix("\n").split("\n"))


def test_the_changelog_says_where_a_release_writes() -> None:
    """Without the mark Towncrier would put a release above the title."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    assert changelog.count("\n<!-- towncrier release notes start -->\n") == 1
