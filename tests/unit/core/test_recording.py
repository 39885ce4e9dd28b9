"""Labels, and what several processes recorded as one."""

from __future__ import annotations

import pytest

from pytest_pyramid.core.line_sets import bits_of
from pytest_pyramid.core.recording import IMPORT, NOTHING, Label, Recording, Trace, foreign_part, label_of, merged

UNIT = Label("unit")


@pytest.mark.parametrize(
    ("context", "label", "rest"),
    [
        ("pyramid:unit", UNIT, ""),
        ("pyramid:ui:tests/a.py::test_x[a|b:c]", Label("ui", "tests/a.py::test_x[a|b:c]"), ""),
        ("ci|pyramid:unit", UNIT, "ci"),
        ("a|b|pyramid:unit", UNIT, "a|b"),
        ("pyramid:", IMPORT, ""),
        ("", None, ""),
        ("ci", None, "ci"),
        ("tests/a.py::test_x|run", None, "tests/a.py::test_x|run"),
        ("mypyramid:unit", None, "mypyramid:unit"),
    ],
)
def test_a_context_tells_its_label_and_what_is_not_ours(context: str, label: Label | None, rest: str) -> None:
    """A static context of the user stands in front of ours and is given back; other contexts are left alone."""
    assert label_of(context) == label
    assert foreign_part(context) == rest


@pytest.mark.parametrize("label", [UNIT, Label("ui", "t.py::test_a"), IMPORT])
def test_a_label_survives_as_a_context(label: Label) -> None:
    """What is written is read again."""
    assert label_of(label.text) == label
    assert label_of(f"static|{label.text}") == label
    assert label.coarse == Label(label.row)


def recorded(*arcs: tuple[int, int], taken: int) -> Recording:
    """One process that executed some arcs of one file in the unit tier."""
    return Recording(True, frozenset({"a.py"}), {"a.py": arcs}, {UNIT: Trace({"a.py": 0b10}, {"a.py": taken})})


def test_arcs_keep_their_meaning_when_processes_met_them_in_another_order() -> None:
    """The numbers of arcs are each process's own; merged they are one table."""
    whole = merged([recorded((1, 2), (2, 3), taken=0b11), recorded((2, 3), (1, 9), taken=0b10)])
    assert whole.arcs["a.py"] == ((1, 2), (2, 3), (1, 9))
    assert whole.traces[UNIT].arcs["a.py"] == 0b111
    assert merged([recorded((2, 3), (1, 2), taken=0b01), recorded((1, 2), (2, 3), taken=0b01)]).traces[UNIT].arcs == {
        "a.py": 0b11
    }


def test_lines_and_files_of_all_processes_count() -> None:
    """A file that one process only knows by name is still a file of the run."""
    one = Recording(False, frozenset({"a.py", "b.py"}), {}, {UNIT: Trace({"a.py": bits_of([1, 2])}, {})})
    other = Recording(
        False, frozenset({"a.py"}), {}, {UNIT: Trace({"a.py": bits_of([2, 5])}, {}), IMPORT: Trace({}, {})}
    )
    whole = merged([one, other])
    assert whole.files == {"a.py", "b.py"}
    assert whole.traces[UNIT].lines == {"a.py": bits_of([1, 2, 5])}
    assert merged([]) == NOTHING


def test_files_can_be_left_out() -> None:
    """Test files go with everything that was recorded of them."""
    left = recorded((1, 2), taken=1).without(["a.py"])
    assert left == Recording(True, frozenset(), {}, {UNIT: Trace({}, {})})
