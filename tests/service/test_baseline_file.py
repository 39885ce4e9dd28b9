"""The baseline file: written for people and diffs, read back the same, and refused with all that is wrong with it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_pyramid.core.baseline import Baseline, Entry, Wanted
from pytest_pyramid.core.examples import example_pyramid
from pytest_pyramid.stores.baseline import HEAD, load, save, text_of

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # type: ignore[import-not-found,unused-ignore]  # mypy sees 3.10, the machine may be newer

WANTED = Wanted(example_pyramid(), ["PYR202", "PYR301"])
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
ENTRIES = st.builds(
    Entry,
    code=WORDS,
    tier=st.none() | WORDS,
    test=st.none() | WORDS,
    file=st.none() | WORDS,
    count=st.integers(1, 9),
    layer=st.none() | st.just("residue"),
    reason=WORDS,
    expires=st.none() | st.dates().map(str),
)


def entry(test: str, **more: str) -> Entry:
    """An entry of a unit test."""
    return Entry(code="PYR301", tier="unit", test=test, **more)  # type: ignore[arg-type]  # only text is given here


def problems(path: Path, text: str) -> list[tuple[str, str]]:
    """Key and message of everything that is wrong with a file of that text."""
    path.write_text(text, encoding="utf-8")
    return [(one.key, one.message) for one in load(path, WANTED, name="b.toml")[1]]


def test_the_text_has_one_table_for_each_violation() -> None:
    """A change of one entry is a change of its own lines."""
    entries = (entry('tests/a.py::test_x[é"\\]', reason="old"), entry("tests/b.py::test_y", expires="2027-01-31"))
    text = text_of(Baseline(shares=(("unit", 0.7), ("ui", 1.0)), known=entries))
    assert text.removeprefix(HEAD) == (
        "\nschema_version = 1\n\n"
        "[shares] # of all test functions, 0 to 1: those of the lower tiers may only get larger\n"
        '"unit" = 0.7\n"ui" = 1.0\n\n'
        '[[known]]\ncode = "PYR301"\ntest = "tests/a.py::test_x[é\\"\\\\]"\ntier = "unit"\nreason = "old"\n\n'
        '[[known]]\ncode = "PYR301"\ntest = "tests/b.py::test_y"\ntier = "unit"\nreason = ""\nexpires = 2027-01-31\n'
    )


@given(entries=st.lists(ENTRIES, max_size=3), shares=st.dictionaries(WORDS, st.floats(0, 1), max_size=3))
def test_what_is_written_is_read_again(entries: list[Entry], shares: dict[str, float]) -> None:
    """Any text, control characters and quotes included, comes back from TOML as it went."""
    values = tomllib.loads(text_of(Baseline(shares=tuple(shares.items()), known=tuple(entries))))
    assert values.get("shares", {}) == shares
    for one, row in zip(entries, values.get("known", []), strict=True):
        found = (row["code"], row.get("tier"), row.get("test"), row.get("file"), row.get("count", 1), row["reason"])
        assert found == (one.code, one.tier, one.test, one.file, one.count, one.reason)
        assert str(row.get("expires")) == str(one.expires)


def test_a_saved_file_is_loaded_whole(tmp_path: Path) -> None:
    """Days come back as days; a carriage return or a mark at the beginning of the file does not matter."""
    path, baseline = tmp_path / "b.toml", Baseline(known=(entry("tests/b.py::test_y", expires="2027-01-31"),))
    save(path, baseline)
    assert load(path, WANTED, name="b.toml") == (baseline, ())
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert load(path, WANTED, name="b.toml") == (baseline, ())


def test_half_a_character_does_not_stop_the_writing(tmp_path: Path) -> None:
    """A file name that is no text in any encoding is written as its number."""
    save(tmp_path / "b.toml", Baseline(known=(entry("tests/\udce9.py::test_y"),)))
    assert "tests/\\\\udce9.py" in (tmp_path / "b.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        ('expires = "31.1.2027"', "known[0].expires", "'31.1.2027', must be a day such as 2027-01-31"),
        ('expires = "2027-02-30"', "known[0].expires", "must be a day"),
        ('expires = "20270131"', "known[0].expires", "must be a day"),
        ("expires = 2027-01-31T10:00:00", "known[0].expires", "must be a day"),
        ("expires = 20270131", "known[0].expires", "must be a day"),
        ("expires = 2027-02-30", "", "is not valid TOML"),
        ("expires = ", "", "line 4"),
        ("<<<<<<< HEAD", "", "is not valid TOML"),
    ],
)
def test_a_bad_day_is_told(tmp_path: Path, text: str, key: str, words: str) -> None:
    """With the number of its entry, or the line where it is no TOML at all."""
    head = 'schema_version = 1\n[[known]]\ncode = "PYR301"\n'
    ((found, message),) = problems(tmp_path / "b.toml", f"{head}{text}\n")
    assert found == key
    assert words in message


def test_what_is_no_list_of_tables_is_told(tmp_path: Path) -> None:
    """A file of the right version with something else under `known` is a problem and no crash."""
    assert [key for key, _ in problems(tmp_path / "b.toml", "schema_version = 1\nknown = 3\n")] == ["known"]
    assert [key for key, _ in problems(tmp_path / "b.toml", "schema_version = 1\nknown = [3]\n")] == ["known[0]"]


@pytest.mark.parametrize("state", ["missing", "folder", "latin"])
def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path, state: str) -> None:
    """A missing one names the way to record it."""
    path = tmp_path / "b.toml"
    if state == "folder":
        path.mkdir()
    elif state == "latin":
        path.write_bytes(b"# \xe9\n")
    ((problem,),) = [load(path, WANTED, name="b.toml")[1]]
    words = {"missing": "--pyramid-update-baseline", "folder": "cannot be read", "latin": "not UTF-8"}
    assert words[state] in problem.message
