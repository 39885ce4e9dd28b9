"""Where a path lies."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import pytest

from pytest_pyramid.core.acts import Beside
from pytest_pyramid.core.tiers import Resource
from pytest_pyramid.session.territory import Territory


@pytest.fixture
def territory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Territory:
    """A project, a home, a temporary folder and pytest's folder in it, all below tmp_path; the project is at work."""
    for name in ("project", "home", "temp/pytest-of-ada/pytest-0/test_a0", "own"):
        (tmp_path / name).mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temp"))
    monkeypatch.delenv("PYTEST_DEBUG_TEMPROOT", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path / "project")
    return Territory(tmp_path / "project", str(tmp_path / "own"))


@pytest.mark.parametrize(
    ("path", "resource", "shown"),
    [
        ("a.txt", "files", "a.txt"),
        (b"sub/../a.txt", "files", "a.txt"),
        (Path("a.txt"), "files", "a.txt"),
        (".", "files", None),
        ("../home/.config", "files", "~/.config"),
        ("../temp/a.txt", "tempfiles", None),
        ("../temp/pytest-of-ada/pytest-0/test_a0/a.txt", None, None),
        ("../temp/pytest-of", "tempfiles", None),
        ("../own/a.txt", None, None),
        ("../owner", "files", None),
        ("__pycache__/a.pyc", None, None),
        (os.devnull, None, None),
        ("/dev/stdout", None, None),
        ("/proc/self/oom_score_adj", None, None),
    ],
)
def test_a_path_is_the_projects_the_systems_or_free(
    territory: Territory, path: Any, resource: str | None, shown: str | None
) -> None:
    """The longest folder that it lies below decides."""
    spot = territory.spot(path, follow=True)
    assert spot is not None
    assert (spot.resource.value if spot.resource else None) == resource
    assert shown is None or spot.shown == shown


def test_a_project_below_the_temporary_folder_is_a_project(tmp_path: Path, territory: Territory) -> None:
    """Also below pytest's own folder, as the projects of these tests are."""
    root = tmp_path / "temp" / "pytest-of-ada" / "pytest-0" / "test_a0"
    spot = Territory(root, None).spot(root / "a.txt", follow=False)
    assert spot is not None
    assert (spot.resource.value if spot.resource else None, spot.shown) == ("files", "a.txt")


def test_a_link_is_where_it_leads(tmp_path: Path, territory: Territory) -> None:
    """A folder that is a link always, a file that is one where the system follows it."""
    (tmp_path / "own" / "folder").symlink_to(tmp_path / "project", target_is_directory=True)
    (tmp_path / "own" / "file").symlink_to(tmp_path / "project" / "a.txt")

    def resource(path: Path, *, follow: bool) -> str | None:
        spot = territory.spot(path, follow=follow)
        return spot.resource.value if spot and spot.resource else None

    assert resource(tmp_path / "own" / "folder" / "a.txt", follow=False) == "files"
    assert resource(tmp_path / "own" / "file", follow=True) == "files"
    assert resource(tmp_path / "own" / "file", follow=False) is None


def test_what_is_no_path_is_nothing(territory: Territory) -> None:
    """Audit events carry whatever the caller gave."""
    assert territory.spot(object(), follow=False) is None


def test_a_path_beside_an_open_folder_lies_in_that_folder(tmp_path: Path, territory: Territory) -> None:
    """Whatever the working folder is; a folder that is not open any more tells nothing."""
    folder = os.open(tmp_path / "temp", os.O_RDONLY)
    spot = territory.spot(Beside("a.txt", folder), follow=False)
    os.close(folder)
    assert spot is not None
    assert spot.resource is Resource.TEMPFILES
    assert territory.spot(Beside("a.txt", folder), follow=False) is None


def test_a_link_out_of_a_free_folder_is_followed(tmp_path: Path, territory: Territory) -> None:
    """What was free for its neighbours is not free for a link; nor is the folder above, or a project that stands in it."""
    free = tmp_path / "own" / "sub"
    (free / "deeper").mkdir(parents=True)
    plain = territory.spot(str(free / "a.txt"), follow=True)
    assert plain is not None
    assert plain.resource is None
    (free / "link").symlink_to(tmp_path / "project" / "a.txt")
    for name, resource in (
        ("a.txt", None),
        ("link", Resource.FILES),
        ("..", None),
        ("../../../project/b", Resource.FILES),
    ):
        spot = territory.spot(f"{free}/{name}", follow=True)
        assert spot is not None
        assert spot.resource is resource
    inner = Territory(free / "deeper", str(free))
    for name, resource in (("a.txt", None), ("deeper", Resource.FILES), ("deeper/a.txt", Resource.FILES)):
        spot = inner.spot(str(free / name), follow=True)
        assert spot is not None
        assert spot.resource is resource


def test_another_test_may_make_a_folder_into_something_else(tmp_path: Path, territory: Territory) -> None:
    """What is known of folders lasts for one test."""
    folder = tmp_path / "own" / "sub"
    folder.mkdir()
    assert territory.spot(str(folder / "a.txt"), follow=True) == (None, str(folder / "a.txt"))
    folder.rmdir()
    folder.symlink_to(tmp_path / "project")
    territory.forget()
    spot = territory.spot(str(folder / "a.txt"), follow=True)
    assert spot is not None
    assert spot.resource is Resource.FILES
