"""Which tier mark goes where."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from pytest_pyramid.core.evidence import Suggestion
from pytest_pyramid.core.examples import example_test
from pytest_pyramid.core.facts import Location, Placement, TestFacts
from pytest_pyramid.core.marking import (
    INHERITED,
    MIXED,
    NOT_WRITTEN_HERE,
    Definition,
    Left,
    Mark,
    Outline,
    Plan,
    by_hints,
    files_of,
    marker_of,
    on_evidence,
    plan,
)
from pytest_pyramid.core.tiers import UNCLASSIFIED, Pyramid, Tier

FILE = "tests/test_shop.py"
OTHER = "tests/test_other.py"
PYRAMID = Pyramid(
    tiers=(
        Tier(name="unit", rank=0, markers=("small", "unit")),
        Tier(name="service", rank=1, markers=("integration", "contract")),
        Tier(name="bare", rank=2),
    )
)


def fact(nodeid: str, tier: str, *, marked: bool = False, file: str = FILE) -> TestFacts:
    """A test that was placed by its path, or by a marker."""
    source = "marker" if marked else "path"
    placements = () if tier == UNCLASSIFIED else (Placement(tier=tier, source=source, reason=source),)
    whole = f"{file}::{nodeid}"
    function = whole.partition("[")[0]
    return TestFacts(nodeid=whole, function=function, location=Location(file), tier=tier, placements=placements)


def outline(*names: str, file: str = FILE, marked: bool = False, extendable: bool = True) -> Outline:
    """A file with these functions; a name with a capital last part is a class, "A(B)" inherits, "@a" is marked."""
    definitions = []
    for name in names:
        path, _, bases = name.removeprefix("@").removesuffix(")").partition("(")
        parts = tuple(path.split("::"))
        is_class = parts[-1][0].isupper()
        given = tuple(bases.split(",")) if bases else ()
        definitions.append(Definition(parts, is_class=is_class, marked=name[0] == "@", bases=given))
    return Outline(file, tuple(definitions), marked=marked, extendable=extendable)


def planned(tiers: Mapping[str, str], *names: str, marked: bool = False, extendable: bool = True) -> Plan:
    """The plan for one file with tests of these tiers and these definitions."""
    return plan(
        [fact(nodeid, tier) for nodeid, tier in tiers.items()],
        [outline(*names, marked=marked, extendable=extendable)],
        PYRAMID,
    )


def marks(found: Plan) -> dict[str, str]:
    """The marks of the file, by joined path."""
    return {"::".join(mark.path): mark.marker for mark in found.marks.get(FILE, ())}


UNITS = {"test_a": "unit", "TestB::test_c": "unit"}
MIX = {"test_a": "unit", "TestB::test_c": "service", "TestB::test_d": "service"}
NAMES = ("test_a", "TestB", "TestB::test_c", "TestB::test_d")


@pytest.mark.parametrize(
    ("tiers", "names", "expected"),
    [
        (UNITS, NAMES[:3], {"": "unit"}),
        (MIX, NAMES, {"test_a": "unit", "TestB": "integration"}),
        (MIX | {"TestB::test_d": "unit"}, NAMES, {"test_a": "unit", "TestB::test_c": "integration", "TestB::test_d": "unit"}),
        (MIX | {"TestB::test_d": UNCLASSIFIED}, NAMES, {"test_a": "unit", "TestB::test_c": "integration"}),
        ({"test_a": UNCLASSIFIED}, NAMES[:1], {}),
        ({"test_a[1]": "unit", "test_a[2]": "unit"}, NAMES[:1], {"": "unit"}),
    ],
    ids=["a file", "a class", "functions", "without a tier", "nothing known", "cases"],
)  # fmt: skip
def test_the_widest_scope_that_agrees_takes_the_mark(
    tiers: dict[str, str], names: tuple[str, ...], expected: dict[str, str]
) -> None:
    """A file where all agree has one mark; otherwise its classes are asked, then their functions."""
    assert marks(planned(tiers, *names)) == expected


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("test_a", "TestB", "@TestB::test_c"), {"test_a": "unit"}),
        (("test_a", "@TestB", "TestB::test_c"), {"test_a": "unit"}),
        (("@test_a", "TestB", "TestB::test_c"), {"TestB": "unit"}),
    ],
)
def test_what_has_a_mark_in_the_source_is_left(names: tuple[str, ...], expected: dict[str, str]) -> None:
    """The mark may stand on the test or its class; the rest of the file gets marks beside it."""
    assert marks(planned(UNITS, *names)) == expected


def test_a_marked_file_is_left() -> None:
    """A tier in the module's pytestmark speaks for all tests of the file."""
    assert planned(UNITS, *NAMES[:3], marked=True) == Plan({}, ())


def test_what_had_a_mark_in_the_run_is_left() -> None:
    """Marks that a conftest sets are not in the source; the report knows of them."""
    tests = [fact("test_a", "unit", marked=True), fact("test_b", "unit")]
    assert marks(plan(tests, [outline("test_a", "test_b")], PYRAMID)) == {"test_b": "unit"}


def test_a_module_mark_that_cannot_be_extended_stays() -> None:
    """Then classes and functions take the marks."""
    assert marks(planned(UNITS, *NAMES[:3], extendable=False)) == {"test_a": "unit", "TestB": "unit"}


@pytest.mark.parametrize("unseen", ["test_new", "TestB::test_new", "TestNew::test_x", "Case::test_x"])
def test_a_test_that_the_run_did_not_see_gets_no_mark(unseen: str) -> None:
    """In a partial run a file agrees only as far as it is known: nothing says what tier the rest is of."""
    found = marks(planned(UNITS, *NAMES[:3], "TestNew", "Case(unittest.TestCase)", unseen))
    scope = "TestB::test_c" if unseen.startswith("TestB") else "TestB"
    assert found == {"test_a": "unit", scope: "unit"}


@pytest.mark.parametrize("name", ["helper", "Mixin::test_x"])
def test_what_is_no_test_does_not_count(name: str) -> None:
    """Functions with other names, and methods of classes that pytest does not collect, keep no file from agreeing."""
    assert marks(planned(UNITS, *NAMES[:3], "Mixin", name)) == {"": "unit"}


def test_cases_of_several_tiers_are_left() -> None:
    """A mark on the function would be wrong for some of its cases."""
    found = planned({"test_a[1]": "unit", "test_a[2]": "service", "test_b": "unit"}, "test_a", "test_b")
    assert marks(found) == {"test_b": "unit"}
    assert found.left == (Left(f"{FILE}::test_a", MIXED),)


def test_a_test_that_is_not_written_there_is_left() -> None:
    """An inherited or generated test has no line in this class that a decorator could stand on."""
    found = planned({"TestB::test_c": "unit", "test_a": "service"}, "test_a", "TestC")
    assert marks(found) == {"test_a": "integration"}
    assert found.left == (Left(f"{FILE}::TestB::test_c", NOT_WRITTEN_HERE),)


@pytest.mark.parametrize(
    ("heir", "expected"), [("service", {"test_a": "integration"}), ("unit", {"test_a": "integration", "TestB": "unit"})]
)
def test_a_mark_must_not_reach_heirs_of_other_tiers(heir: str, expected: dict[str, str]) -> None:
    """The mark of a class is inherited, also into other files and over a class between."""
    tests = [fact("TestB::test_c", "unit"), fact("test_a", "service"), fact("TestD::test_c", heir, file=OTHER)]
    outlines = [
        outline("test_a", "TestB", "TestB::test_c"),
        outline("Between(TestB)", "TestD(Between)", file=OTHER),
    ]
    found = plan(tests, outlines, PYRAMID)
    assert marks(found) == expected
    assert (Left(f"{FILE}::TestB::test_c", INHERITED) in found.left) == (heir == "service")


def test_the_mark_of_a_file_reaches_no_heir() -> None:
    """A module's pytestmark is not inherited, so heirs of another tier in another file do not matter."""
    tests = [fact("TestB::test_c", "unit"), fact("TestD::test_c", "service", file=OTHER)]
    outlines = [outline("TestB", "TestB::test_c"), outline("TestD(TestB)", file=OTHER)]
    found = plan(tests, outlines, PYRAMID)
    assert found.marks == {FILE: (Mark((), "unit"),), OTHER: (Mark((), "integration"),)}


def test_classes_that_inherit_each_other_end() -> None:
    """Two classes of the same name in two files may look like a circle."""
    found = planned(MIX, "test_a", "TestB(TestE)", "TestE(TestB)", "TestB::test_c", "TestB::test_d")
    assert marks(found)["TestB"] == "integration"


@pytest.mark.parametrize(("tier", "marker"), [("unit", "unit"), ("service", "integration")])
def test_the_marker_is_the_name_of_the_tier_where_it_can_be(tier: str, marker: str) -> None:
    """The tier's own name where it is one of its markers, else the first of them."""
    assert marker_of(tier, PYRAMID) == marker


@pytest.mark.parametrize("tier", ["bare", "smoke"])
def test_a_tier_without_a_marker_cannot_be_written(tier: str) -> None:
    """Nothing is guessed for a tier that the configuration does not mark or does not know."""
    with pytest.raises(ValueError, match=tier):
        marker_of(tier, PYRAMID)


def test_only_python_files_are_asked_for() -> None:
    """Doctests in text files cannot carry marks."""
    tests = [fact("test_b", "unit"), fact("test_a", "unit"), fact("readme.rst", "unit", file="readme.rst")]
    assert files_of(tests) == (FILE,)


def test_tests_that_only_the_default_tier_placed_have_no_tier_to_mark() -> None:
    """The setting puts the rest there, and nobody has looked; a mark, a folder or a hook is somebody's word."""
    by_default = Placement(tier="unit", source="default", reason="default tier unit")
    rest = fact("test_rest", "unit")._replace(placements=(by_default,))
    assert marks(plan([rest, fact("test_a", "unit")], [outline("test_rest", "test_a")], PYRAMID)) == {"": "unit"}
    tests = on_evidence([rest, fact("test_a", "unit")])
    assert [one.tier for one in tests] == [UNCLASSIFIED, "unit"]
    assert marks(plan(tests, [outline("test_rest", "test_a")], PYRAMID)) == {"test_a": "unit"}


def test_hints_place_what_nothing_else_places() -> None:
    """From the confidence that is asked for; a claim outdoes them, and the default tier does not."""
    hint = Suggestion("service", "fixture", "client", 0.5)
    loose = example_test("test_a.py::test_a")._replace(hints=(hint,))
    default = Placement(tier="unit", source="default", reason="default tier unit")
    tests = (loose, loose._replace(tier="unit", placements=(default,)), example_test("test_a.py::test_b"))
    assert [test.tier for test in by_hints(tests, 0.5)] == ["service", "service", "unclassified"]
    assert by_hints(tests, 0.6) == tests
    claim = Placement(tier="unit", source="marker", reason="marker unit")
    assert by_hints((loose._replace(tier="unit", placements=(claim,)),), 0.0)[0].tier == "unit"
