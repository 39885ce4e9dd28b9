"""What the documentation tells its readers to type does what it says, literally and in order."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.documents import scenes, sessions
from tests.documents.pages import blocks, pages

SESSIONS = [page for page in pages() if sessions.is_session(blocks(page))]


@pytest.mark.parametrize("page", SESSIONS)
def test_the_page_does_what_it_says(page: str, tmp_path: Path) -> None:
    """Every command, in one shell, ends with the status and shows the lines that stand on the page."""
    folder, tools = tmp_path / "reader", tmp_path / "tools"
    folder.mkdir()
    tools.mkdir()
    scenes.enter(page, folder)
    env, before = sessions.stand_in(tools, tmp_path), scenes.scene_of(page).before
    said = list(sessions.complaints(sessions.actions_of(blocks(page)), folder, env, before=before))
    assert said == [], "\n\n".join(said)
