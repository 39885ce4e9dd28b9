"""Globs over posix paths: a table, and a second, slower matcher that must agree."""

from __future__ import annotations

import fnmatch
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_pyramid.core.globs import deepest_match, pattern_of

MATCHES = [
    ("tests/unit", "tests/unit", True),
    ("tests/unit", "tests/unit2", False),
    ("tests/*", "tests/unit", True),
    ("tests/*", "tests/unit/test_a.py", False),
    ("tests/**", "tests/unit/test_a.py", True),
    ("tests/**", "tests2/test_a.py", False),
    ("**", "a/b/c.py", True),
    ("**/unit", "unit", True),
    ("**/unit", "a/b/unit", True),
    ("**/unit", "my_unit", False),
    ("a/**/z", "a/z", True),
    ("a/**/z", "a/b/c/z", True),
    ("a/**/z", "a/b/c/zz", False),
    ("**/test_?.py", "x/test_a.py", True),
    ("**/test_?.py", "x/test_ab.py", False),
    ("a?b", "a/b", False),
    ("[ab]/x", "b/x", True),
    ("[ab]/x", "c/x", False),
    ("[!ab]/x", "c/x", True),
    ("[!ab]/x", "a/x", False),
    ("a[!b]c", "a/c", False),
    ("[a-c]", "b", True),
    ("[^a]", "^", True),
    ("[!]", "[!]", True),
    ("[]", "[]", True),
    ("[^]", "^", True),
    ("[z-a]", "a", False),
    ("[a&&b]", "&", True),
    ("a.py", "axpy", False),
    ("a+(b)|c$", "a+(b)|c$", True),
    ("/tests/unit/", "tests/unit", True),
    ("**/x", "a\n/x", True),
]


@pytest.mark.parametrize(("glob", "path", "expected"), MATCHES)
def test_the_pattern_matches_what_the_glob_says(glob: str, path: str, expected: bool) -> None:
    """Stars stay inside one folder name, two stars stand for any number of folders, all else for itself."""
    assert (pattern_of(glob).fullmatch(path) is not None) is expected


DEEPEST = [
    ("tests/unit/**", "tests/unit/test_a.py", "tests/unit"),
    ("tests/unit/**", "tests/unit/deep/test_a.py", "tests/unit"),
    ("tests/unit/**", "tests/unit", None),
    ("tests/unit/**", "tests/unit.py", None),
    ("**/unit/**", "a/unit/b/unit/test_a.py", "a/unit/b/unit"),
    ("**/unit/**", "unit/test_a.py", "unit"),
    ("tests/*/**", "tests/unit/deep/test_a.py", "tests/unit"),
    ("**/test_*_ui.py", "tests/unit/test_a_ui.py", "tests/unit/test_a_ui.py"),
    ("tests/unit", "tests/unit/test_a.py", None),
    ("tests/unit/", "tests/unit/test_a.py", "tests/unit"),
    ("tests/**/", "tests/unit/test_a.py", "tests"),
    ("tests/**/**", "tests/unit/test_a.py", "tests"),
    ("**", "tests/unit/test_a.py", "."),
    ("**/**", "tests/unit/test_a.py", "."),
    ("**", "test_a.py", "."),
]


@pytest.mark.parametrize(("glob", "path", "expected"), DEEPEST)
def test_a_folder_glob_names_the_deepest_folder(glob: str, path: str, expected: str | None) -> None:
    """What is behind the last named folder does not count, so that the folder closest to the file can win."""
    assert deepest_match(glob, path) == expected


names = st.text(alphabet="ab[]!^-&*?.\\", max_size=4)
globs = st.lists(names | st.just("**"), min_size=1, max_size=4).map("/".join)
paths = st.lists(st.text(alphabet="ab[]^.", min_size=1, max_size=3), min_size=1, max_size=4).map("/".join)


def agrees(glob: list[str], path: list[str]) -> bool:
    """The same question, answered folder by folder by the standard library."""
    if not glob:
        return not path
    if glob[0] == "**":
        return bool(path) if len(glob) == 1 else any(agrees(glob[1:], path[cut:]) for cut in range(len(path) + 1))
    return bool(path) and fnmatch.fnmatchcase(path[0], glob[0]) and agrees(glob[1:], path[1:])


@given(glob=globs, path=paths)
def test_any_glob_means_the_same_as_folder_by_folder(glob: str, path: str) -> None:
    """No glob is refused by the regular expressions, none warns, and a second matcher comes to the same answer."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = pattern_of(glob).fullmatch(path) is not None
    assert found is agrees(glob.strip("/").split("/"), path.split("/"))


@given(glob=st.text(max_size=12), path=st.text(max_size=12))
def test_any_text_is_a_glob(glob: str, path: str) -> None:
    """Whatever stands in a configuration, looking for it does not fail."""
    deepest_match(glob, path)


@given(glob=globs, path=paths)
def test_the_deepest_match_is_a_part_of_the_path(glob: str, path: str) -> None:
    """What is found is the path itself, one of its folders, or the root."""
    found = deepest_match(glob, path)
    assert found in (None, ".", path) or path.startswith(f"{found}/")
