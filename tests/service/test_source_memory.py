"""Sources that were read before need not be read again, and are when anything changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_pyramid.stores.coverage_sources import SourceReader
from pytest_pyramid.stores.source_memory import SourceMemory

TEXT = "def pay(amount):\n    if amount:\n        return (\n            1\n        )\n    return 2  # no matter\n"


class Place:
    """A folder with a source, a configuration and a memory."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.memory = root / "cache/sources.json"
        self.configured("")
        (root / "shop.py").write_text(TEXT, encoding="utf-8")

    def configured(self, text: str) -> None:
        """Let coverage.py be configured so."""
        (self.root / ".coveragerc").write_text(text, encoding="utf-8")

    def read(self, *, branch: bool = True) -> tuple[int, object]:
        """How many sources were really read, and what was found."""
        reader = SourceReader(
            str(self.root / ".coveragerc"), self.root, branch=branch, memory=SourceMemory(self.memory)
        )
        found = reader.read(["shop.py"])
        return reader.fresh, found


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A place where nothing was read yet."""
    return Place(tmp_path)


def test_what_did_not_change_is_read_once(place: Place) -> None:
    """The second time it is the same, to the last arc."""
    first, found = place.read()
    second, again = place.read()
    assert (first, second) == (1, 0)
    assert again == found


def test_what_changed_is_read_again(place: Place) -> None:
    """The file, its exclusions, or what is looked for."""
    place.read()
    (place.root / "shop.py").write_text(TEXT.replace("2", "3\n"), encoding="utf-8")
    assert place.read()[0] == 1
    place.configured("[report]\nexclude_also =\n    no matter\n")
    assert place.read()[0] == 1
    assert place.read(branch=False)[0] == 1
    assert place.read(branch=False)[0] == 0


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 0}', '{"version": 1, "how": "x", "files": 3}', "\0"])
def test_a_memory_of_no_use_is_made_anew(place: Place, text: str) -> None:
    """It holds nothing that the sources do not tell."""
    place.memory.parent.mkdir()
    place.memory.write_text(text, encoding="utf-8")
    assert place.read()[0] == 1
    assert place.read()[0] == 0


def test_a_broken_entry_is_read_again(place: Place) -> None:
    """One that no version of ours wrote."""
    _, found = place.read()
    text = place.memory.read_text(encoding="utf-8")
    place.memory.write_text(text.replace('"statements"', '"other"'), encoding="utf-8")
    assert place.read() == (1, found)


def test_without_a_place_to_write_nothing_is_lost(place: Place) -> None:
    """A folder cannot be made where a file is."""
    (place.root / "cache").write_text("", encoding="utf-8")
    assert place.read() == place.read()


def test_files_that_are_gone_are_forgotten(place: Place) -> None:
    """The memory grows with the project and not with its history."""
    place.read()
    (place.root / "shop.py").rename(place.root / "store.py")
    reader = SourceReader(None, place.root, branch=True, memory=SourceMemory(place.memory))
    reader.read(["store.py"])
    assert "shop.py" not in place.memory.read_text(encoding="utf-8")
