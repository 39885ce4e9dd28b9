"""The typed reader: types, bounds, near names, and all problems of one mapping at once."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Annotated, Literal

import pytest

from pytest_pyramid.core.reading import Bounds, Problem, nearest, problems_text, read


class Colour(enum.Enum):
    """A choice of words."""

    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A table inside a table."""

    name: str
    size: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One field of every kind that the reader knows."""

    words: tuple[str, ...] = ()
    max_seconds: Annotated[float, Bounds(above=0)] | None = None
    share: Annotated[float, Bounds(least=0, most=1)] = 0.5
    many: Literal["auto"] | Annotated[int, Bounds(least=1)] = 1
    on: bool = False
    colour: Colour = Colour.RED
    mode: Literal["fast", "slow"] = "fast"
    counts: tuple[tuple[str, int], ...] = ()
    paint: tuple[tuple[Colour, bool], ...] = ()
    parts: tuple[Part, ...] = ()
    part: Part | None = None
    free: object = None


def faults(values: dict[str, object], *, text: bool = False) -> list[tuple[str, str, str | None]]:
    """(code, key, suggestion) of every problem in `values`."""
    return [(p.code, p.key, p.suggestion) for p in read(Thing, values, source="here", text=text)[1]]


def test_a_good_mapping_becomes_the_dataclass() -> None:
    """Every kind of field is read from its TOML form, kebab-case keys filling snake_case fields."""
    values = {
        "words": ["a", "b"],
        "max-seconds": 2,
        "share": 1.0,
        "many": "auto",
        "on": True,
        "colour": "blue",
        "mode": "slow",
        "counts": {"x": 1},
        "paint": {"red": True},
        "parts": [{"name": "p", "size": 2}],
        "part": {"name": "q"},
        "free": {"list": [1, "two", [3.5]]},
    }
    expected = Thing(
        words=("a", "b"),
        max_seconds=2.0,
        share=1.0,
        many="auto",
        on=True,
        colour=Colour.BLUE,
        mode="slow",
        counts=(("x", 1),),
        paint=((Colour.RED, True),),
        parts=(Part(name="p", size=2),),
        part=Part(name="q"),
        free=(("list", (1, "two", (3.5,))),),
    )
    assert read(Thing, values, source="here") == (expected, ())


def test_a_whole_number_given_for_a_number_becomes_one() -> None:
    """A field of floats holds floats, so that equal settings look alike."""
    found, _ = read(Thing, {"max-seconds": 2}, source="here")
    assert found is not None
    assert type(found.max_seconds) is float


@pytest.mark.parametrize(
    ("key", "value", "message", "suggestion"),
    [
        ("words", "a", "is 'a', must be a list of text", None),
        ("words", 3, "is 3, must be a list of text", None),
        ("max-seconds", 0, "is 0, must be a number above 0", None),
        ("max-seconds", "2", "is '2', must be a number above 0", None),
        ("max-seconds", True, "is true, must be a number above 0", None),
        ("max-seconds", float("nan"), "is nan, must be a number above 0", None),
        ("max-seconds", float("inf"), "is inf, must be a number above 0", None),
        ("max-seconds", 10**400, f"is 1{'0' * 56}..., must be a number above 0", None),
        ("share", 1.5, "is 1.5, must be a number from 0 to 1", None),
        ("share", -0.1, "is -0.1, must be a number from 0 to 1", None),
        ("many", 0, "is 0, must be auto or a whole number of at least 1", None),
        ("many", 1.5, "is 1.5, must be auto or a whole number of at least 1", None),
        ("many", False, "is false, must be auto or a whole number of at least 1", None),
        ("many", "uato", "is 'uato', must be auto or a whole number of at least 1", "auto"),
        ("on", "true", "is 'true', must be true or false", None),
        ("on", 1, "is 1, must be true or false", None),
        ("colour", "bleu", "is 'bleu', must be one of red, blue", "blue"),
        ("colour", ["red"], "is ['red'], must be one of red, blue", None),
        ("mode", "SLOW", "is 'SLOW', must be one of fast, slow", "slow"),
        ("counts", ["x"], "is ['x'], must be a table", None),
        ("parts", {"name": "p"}, "is a table, must be a list of tables", None),
        ("part", 1, "is 1, must be a table", None),
        ("free", object, f"is {object!r}, must be text, a number, true, false, a list or a table of these", None),
    ],
)
def test_a_bad_value_says_what_it_must_be(key: str, value: object, message: str, suggestion: str | None) -> None:
    """The problem names the key, the value as written, what would be right, and the near word if there is one."""
    expected = Problem(code="PYR902", source="here", key=key, message=message, suggestion=suggestion)
    assert read(Thing, {key: value}, source="here")[1] == (expected,)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"word": ["a"]}, ("PYR901", "word", "words")),
        ({"max_seconds": 1}, ("PYR901", "max_seconds", "max-seconds")),
        ({"Share": 1}, ("PYR901", "Share", "share")),
        ({"zzz": 1}, ("PYR901", "zzz", None)),
        ({"part": {"nmae": "p", "name": "q"}}, ("PYR901", "part.nmae", "name")),
        ({"paint": {"rde": True}}, ("PYR901", "paint.rde", "red")),
        ({"parts": [{"name": "p", "siez": 1}]}, ("PYR901", "parts.p.siez", "size")),
        ({"parts": [{"size": 1}]}, ("PYR902", "parts[0].name", None)),
        ({"words": ["a", 2]}, ("PYR902", "words[1]", None)),
        ({"counts": {"x": "1"}}, ("PYR902", "counts.x", None)),
        ({"free": [[object]]}, ("PYR902", "free", None)),
        ({"free": {"a": {"b": object}}}, ("PYR902", "free", None)),
    ],
)
def test_a_problem_inside_a_table_has_the_whole_key(
    values: dict[str, object], expected: tuple[str, str, str | None]
) -> None:
    """Unknown keys, missing keys and bad values are found at any depth, under a dotted key."""
    assert faults(values) == [expected]


def test_all_problems_are_told_at_once() -> None:
    """One bad key does not hide the next, nor one bad entry of a list the other."""
    values = {"wrods": 1, "on": 3, "parts": [{"size": "x"}, {"name": 1}], "share": 2}
    assert [key for _, key, _ in faults(values)] == [
        "wrods",
        "share",
        "on",
        "parts[0].name",
        "parts[0].size",
        "parts[1].name",
    ]


def test_what_is_good_is_still_read() -> None:
    """A bad field keeps its default and a bad entry is left out, so that the caller can look further."""
    found, problems = read(Thing, {"on": 3, "words": ["a", 1], "mode": "slow"}, source="here")
    assert found == Thing(words=("a",), mode="slow")
    assert len(problems) == 2


def test_nothing_is_made_without_a_required_field() -> None:
    """A missing field without default gives no value and one problem under the caller's own key."""
    found, problems = read(Part, {}, source="here", key="rules.PYR201")
    assert found is None
    assert problems == (Problem(code="PYR902", source="here", key="rules.PYR201.name", message="is missing"),)


def test_none_is_not_given() -> None:
    """An option that was not used on the command line leaves the default as it is."""
    assert read(Thing, {"share": None}, source="here") == (Thing(), ())


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("words", "a, b\nc,\n", ("a", "b", "c")),
        ("words", "", ()),
        ("max-seconds", "0.5", 0.5),
        ("many", "auto", "auto"),
        ("many", "4", 4),
        ("on", "Yes", True),
        ("on", "off", False),
        ("colour", "blue", Colour.BLUE),
        ("counts", "x = 1, y: 2", (("x", 1), ("y", 2))),
        ("paint", "\nred = true\nblue = no", ((Colour.RED, True), (Colour.BLUE, False))),
        ("free", "0.5", "0.5"),
    ],
)
def test_text_is_read_as_the_type_of_its_field(key: str, text: str, value: object) -> None:
    """Ini files know only text, so the field's type decides; free values stay text."""
    found, problems = read(Thing, {key: text}, source="here", text=True)
    assert problems == ()
    assert getattr(found, key.replace("-", "_")) == value


def test_pairs_are_a_table() -> None:
    """Rule options that were frozen into pairs can be read again by the rule's own field."""
    found, problems = read(Thing, {"counts": (("x", 1),)}, source="here", text=True)
    assert (found, problems) == (Thing(counts=(("x", 1),)), ())


@pytest.mark.parametrize(
    ("key", "text"), [("on", "maybe"), ("many", "1.0"), ("share", "half"), ("counts", "x"), ("mode", "quick")]
)
def test_text_that_is_no_such_value_is_a_problem(key: str, text: str) -> None:
    """Text that does not read as the field's type is told under that field."""
    assert [(code, name) for code, name, _ in faults({key: text}, text=True)] == [("PYR902", key)]


def test_the_nearest_name_ignores_case() -> None:
    """A near name is found whatever its case, and is given back as it is written."""
    assert nearest("pyr201", ["PYR201", "PYR901"]) == "PYR201"
    assert nearest("elephant", ["unit", "service"]) is None


def test_the_text_has_one_line_for_every_problem() -> None:
    """A heading, then source, key, what is wrong, the near name and the code; the key may be empty."""
    problems = (
        Problem(code="PYR901", source="tox.ini [pytest_pyramid]", key="gat", message="is wrong", suggestion="gate"),
        Problem(code="PYR903", source="setup.cfg", key="", message="is too much"),
    )
    assert problems_text(problems).splitlines() == [
        "pytest-test-pyramid: 2 problems in the configuration:",
        "  tox.ini [pytest_pyramid]: gat: is wrong, did you mean 'gate'? (PYR901)",
        "  setup.cfg: is too much (PYR903)",
    ]
    assert problems_text(problems[:1]).startswith("pytest-test-pyramid: 1 problem in")
