"""CODEOWNERS: GitHub's own examples, and GitLab's sections."""

from __future__ import annotations

import pytest

from pytest_pyramid.core.code_owners import owners_of

GITHUB = """
# the examples of GitHub's page "About code owners"
*       @global-owner1 @global-owner2
*.js    @js-owner #This is an inline comment.
*.go docs@example.com
*.txt @octo-org/octocats
/build/logs/ @doctocat
docs/*  docs@example.com
apps/ @octocat
/docs/ @doctocat
/scripts/ @doctocat @octocat
**/logs @octocat
/apps/ @octocat
/apps/github
a\\ b/ @spaced
"""


@pytest.mark.parametrize(
    ("path", "owners"),
    [
        ("README", ("@global-owner1", "@global-owner2")),
        ("deep/down/page.js", ("@js-owner",)),
        ("cmd/main.go", ("docs@example.com",)),
        ("a.txt", ("@octo-org/octocats",)),
        ("build/logs/x/y", ("@octocat",)),
        ("sub/build/logs.txt", ("@octo-org/octocats",)),
        ("docs/getting-started.md", ("@doctocat",)),
        ("other/docs/x.md", ("@global-owner1", "@global-owner2")),
        ("sub/apps/x.js", ("@octocat",)),
        ("scripts/x/y.sh", ("@doctocat", "@octocat")),
        ("deeply/nested/logs/x", ("@octocat",)),
        ("apps/github", ()),
        ("apps/github/deep/x.py", ()),
        ("apps/github2", ("@octocat",)),
        ("a b/c.py", ("@spaced",)),
    ],
)
def test_the_last_line_that_fits_wins(path: str, owners: tuple[str, ...]) -> None:
    """Also one without owners, which takes them away."""
    assert owners_of(GITHUB, path) == owners


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("docs/*", "docs/a.md", True),
        ("docs/*", "docs/build/a.md", False),
        ("docs/**", "docs/build/a.md", True),
        ("docs", "x/docs/a.md", True),
        ("/docs", "x/docs/a.md", False),
        ("docs/", "docs", False),
        ("x/docs", "y/x/docs", False),
        ("a/**/b.py", "a/b.py", True),
        ("a/**/b.py", "a/x/y/b.py", True),
        ("?.py", "a.py", True),
        ("?.py", "ab.py", False),
        ("*.PY", "a.py", False),
        ("!a.py", "a.py", False),
        ("a.p+", "a.pp", False),
    ],
)
def test_a_pattern_fits_as_in_gitignore(pattern: str, path: str, fits: bool) -> None:
    """With GitHub's exceptions: no negation, case counts, and a star behind a folder stays on one level."""
    assert owners_of(f"{pattern} @o", path) == (("@o",) if fits else ())


SECTIONS = """
* @default
[Documentation] @docs-team
docs/
*.md @writers
^[Database][2] @db
model/db/
[documentation]
README.md @ada
"""


@pytest.mark.parametrize(
    ("path", "owners"),
    [
        ("docs/x.txt", ("@default", "@docs-team")),
        ("docs/x.md", ("@default", "@writers")),
        ("model/db/x", ("@default", "@db")),
        ("README.md", ("@default", "@ada")),
    ],
)
def test_every_section_of_gitlab_has_its_own_last_line(path: str, owners: tuple[str, ...]) -> None:
    """A line without owners has those of the heading, and sections of one name are one."""
    assert owners_of(SECTIONS, path) == owners


def test_nobody_owns_what_no_line_names() -> None:
    """An empty file, comments, and other files."""
    assert owners_of("", "a.py") == owners_of("# * @a\n\n/b.py @b\n", "a.py") == ()
