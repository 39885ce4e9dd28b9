"""`python -m tests.documents PAGE`: do what the page says for once with the real pip, in real environments."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.documents import scenes, sessions
from tests.documents.pages import blocks


def main(page: str) -> int:
    """Exit status 0 when everything went as the page says; else 1, and what went otherwise is printed."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "reader")
        folder.mkdir()
        scenes.enter(page, folder)
        said = list(
            sessions.complaints(sessions.actions_of(blocks(page)), folder, sessions.real_environment(Path(place)))
        )
    sys.stdout.write("".join(f"{one}\n\n" for one in said))
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
