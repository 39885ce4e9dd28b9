"""The project in which the reader of a page sits when the page begins."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import NamedTuple

from tests.harness import NOTHING, Suite

EMPTY = ("docs/tutorial/", "docs/how-to/migrate")
"""Pages that bring every file themselves."""

_ANDON = '[tool.pytest_pyramid.andon]\nnotify = ["command"]\ncommand = ["true"]\nwhen = "always"\nwait-seconds = 20.0\n'
_WRITING = "\n".join(f"def test_old_{n}():\n    open('left_{n}.txt', 'w').close()\n" for n in range(50))


class Scene(NamedTuple):
    """What is there, and what was typed before the page begins."""

    suite: Suite = Suite(unit=12, service=4, ui=2)
    before: str = ":"


USUAL = Scene()
_SPEED = "def test_speed():\n    assert sum(range(1000)) == 499500\n"
OWN = {
    "docs/how-to/adopt-on-an-old-suite.md": Scene(USUAL.suite.with_file("tests/unit/test_old.py", _WRITING)),
    "docs/how-to/performance.md": Scene(USUAL.suite.with_file("tests/performance/test_speed.py", _SPEED)),
    "docs/how-to/andon.md": Scene(USUAL.suite.failing("unit").with_file("pyproject.toml", _ANDON), "pytest --pyramid"),
}


def scene_of(page: str) -> Scene:
    """The scene of the page: empty for a tutorial, a small healthy suite for most."""
    return Scene(NOTHING) if page.startswith(EMPTY) else OWN.get(page, USUAL)


def enter(page: str, folder: Path) -> None:
    """Put the suite of the page into the folder, and commit it; a page that brings its files begins with none."""
    if page.startswith(EMPTY):
        return
    scene_of(page).suite.write(folder)
    (folder / ".gitignore").write_text(".pytest_cache\n__pycache__\n", encoding="utf-8")
    git = ["git", "-C", str(folder), "-c", "user.name=Reader", "-c", "user.email=reader@example.org"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "The suite as it is"]):
        subprocess.run([*git, *words], check=True, capture_output=True)
