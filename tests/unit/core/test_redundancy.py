"""Which tests add nothing, and which few do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hypothesis import given
from hypothesis import strategies as st

from pytest_pyramid.core.coverage_report import TierRedundancy
from pytest_pyramid.core.examples import example_pyramid
from pytest_pyramid.core.line_sets import bits_of
from pytest_pyramid.core.recording import IMPORT, Label, Recording, Trace
from pytest_pyramid.core.redundancy import beyond, greedy_cover, redundancy
from pytest_pyramid.core.single_tests import beyond_base
from pytest_pyramid.core.source_lines import Source

PYRAMID = example_pyramid()
SOURCES = {"a.py": Source(bits_of(range(1, 100)), ((100, 1),)), "b.py": Source(bits_of(range(1, 100)))}


def found(lines: Mapping[Label, Iterable[int]], **ran: list[str]) -> tuple[TierRedundancy, ...]:
    """What is found in one file, with these tests having run by tier."""
    traces = {label: Trace({"a.py": bits_of(one)}, {}) for label, one in lines.items()}
    recording = Recording(False, frozenset({"a.py"}), {}, traces)
    return redundancy(beyond_base(recording, SOURCES, PYRAMID), PYRAMID, ran)


def test_a_test_that_stays_inside_what_lower_tiers_execute_is_redundant() -> None:
    """Import and the base count, other tests of its own tier do not: removing all that are told must lose nothing."""
    lines = {
        IMPORT: [1],
        Label("unit"): [2, 3],
        Label("service", "s::inside"): [1, 2],
        Label("service", "s::more"): [2, 4, 5],
        Label("service", "s::same"): [4, 5],
        Label("ui", "u::over_service"): [5],
        Label("ui", "u::new"): [3, 9],
    }
    service, ui = found(lines, service=["s::inside", "s::more", "s::same"], ui=["u::over_service", "u::new"])
    assert service == TierRedundancy("service", 3, 2, ("s::inside",), (), ("s::more",))
    assert ui == TierRedundancy("ui", 2, 1, ("u::over_service",), (), ("u::new",))


def test_a_test_without_any_measured_code_is_told_apart() -> None:
    """It may do all its work in a process that nobody measures, so it is not called redundant."""
    (service,) = found({Label("service", "s::a"): [1], Label("service", "s::b"): []}, service=["s::a", "s::b", "s::c"])
    assert service.without_code == ("s::b", "s::c")
    assert service.redundant == ()


def test_statements_decide_and_not_lines() -> None:
    """Another line of the same statement adds nothing."""
    (service,) = found({Label("unit"): [1], Label("service", "s::a"): [100]}, service=["s::a"])
    assert service.redundant == ("s::a",)


def test_tests_that_were_not_told_apart_are_not_judged() -> None:
    """By tier alone nobody can say which test is redundant."""
    assert found({Label("unit"): [1], Label("service"): [1]}, service=["s::a"]) == ()


def test_arcs_decide_where_they_are_measured() -> None:
    """The same lines in another order are another way through the code."""
    traces = {
        Label("unit"): Trace({"a.py": 0b110}, {"a.py": 0b01}),
        Label("ui", "u::back"): Trace({"a.py": 0b110}, {"a.py": 0b10}),
        Label("ui", "u::same"): Trace({"a.py": 0b110}, {"a.py": 0b01}),
    }
    whole = Recording(True, frozenset({"a.py"}), {"a.py": ((1, 2), (2, 1))}, traces)
    (ui,) = redundancy(beyond_base(whole, SOURCES, PYRAMID), PYRAMID, {"ui": ["u::back", "u::same"]})
    assert (ui.redundant, ui.kept, ui.new) == (("u::same",), ("u::back",), 1)


covers = st.dictionaries(
    st.sampled_from("abcdefgh"),
    st.dictionaries(st.sampled_from(["a.py", "b.py"]), st.integers(1, 2**12 - 1), min_size=1),
)


@given(found=covers)
def test_the_kept_tests_cover_everything_and_each_adds_something(found: dict[str, dict[str, int]]) -> None:
    """No line is lost, no kept test is idle, and the first one is the largest."""
    kept = greedy_cover(found)
    seen: dict[str, int] = {}
    for name in kept:
        assert beyond(found[name], seen)
        for file, bits in found[name].items():
            seen[file] = seen.get(file, 0) | bits
    assert all(not beyond(cover, seen) for cover in found.values())
    sizes = {name: sum(bits.bit_count() for bits in cover.values()) for name, cover in found.items()}
    assert not kept or sizes[kept[0]] == max(sizes.values())


def test_the_greedy_cover_is_the_plain_greedy_one() -> None:
    """Looking at old gains again only when they come to the top changes nothing of the answer."""
    plain = {"a": 0b0011_1100, "b": 0b1111_0000, "c": 0b0000_1111, "d": 0b1000_0001}
    assert greedy_cover({name: {"a.py": bits} for name, bits in plain.items()}) == ("a", "b", "c")
