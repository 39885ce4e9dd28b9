"""The chain of sealed lines: every change shows."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_pyramid.core.seals import START, faults, seal_of, sealed


def chain(count: int) -> list[str]:
    """So many lines that hold together."""
    lines: list[str] = []
    previous = START
    for number in range(count):
        lines.append(sealed(json.dumps({"run": number}), previous))
        previous = seal_of(lines[-1]) or ""
    return lines


def found(lines: list[str]) -> list[int]:
    """The lines with a fault."""
    return [fault.line for fault in faults(lines)]


def test_a_line_is_json_with_what_was_sealed() -> None:
    """Any JSON reader can use the ledger."""
    assert json.loads(chain(1)[0]) == {"previous": START, "run": 0, "seal": seal_of(chain(1)[0])}


def test_an_untouched_chain_has_no_fault() -> None:
    """From none to many lines."""
    assert [found(chain(count)) for count in (0, 1, 2, 50)] == [[], [], [], []]


def test_a_changed_line_is_found() -> None:
    """The line itself is named, and nothing else."""
    lines = chain(5)
    lines[2] = lines[2].replace('"run": 2', '"run": 9')
    assert [(fault.line, "changed" in fault.reason) for fault in faults(lines)] == [(3, True)]


def test_a_line_sealed_anew_does_not_fit_the_next() -> None:
    """Who computes the seal of a forged line would have to forge all that follow."""
    lines = chain(5)
    lines[2] = sealed('{"run": 9}', seal_of(lines[1]) or "")
    assert found(lines) == [4]


@pytest.mark.parametrize(
    ("order", "wrong"),
    [
        ([0, 1, 3, 4], [3]),
        ([1, 2, 3, 4], [1]),
        ([0, 2, 1, 3, 4], [2, 3, 4]),
        ([0, 1, 1, 2, 3], [3]),
    ],
    ids=["removed", "first removed", "swapped", "twice"],
)
def test_removed_moved_and_repeated_lines_are_found(order: list[int], wrong: list[int]) -> None:
    """Every line that does not follow the one above is named."""
    lines = chain(5)
    assert found([lines[place] for place in order]) == wrong


def test_a_line_of_another_kind_is_found_and_the_rest_still_judged() -> None:
    """A torn line costs one fault; a change below it is seen all the same."""
    lines = chain(4)
    lines[1] = lines[1][:40]
    lines[3] = lines[3].replace('"run": 3', '"run": 4')
    assert found(lines) == [2, 4]


@pytest.mark.parametrize("line", ["", "{}", "null", '{"previous": "x", "seal": "y"}', '{"a": 1}'])
def test_what_is_no_line_of_a_chain_has_no_seal(line: str) -> None:
    """Whatever it is, it is not trusted."""
    assert seal_of(line) is None


@pytest.mark.parametrize("body", ["", "{}", "[]", "text", '{"a":\n1}'])
def test_only_an_object_on_one_line_is_sealed(body: str) -> None:
    """Anything else would be no line."""
    with pytest.raises(ValueError, match="JSON object"):
        sealed(body, START)


@given(st.data())
def test_no_single_character_can_be_changed(data: st.DataObject) -> None:
    """Wherever a character of the chain is replaced, a line is named."""
    lines = chain(3)
    number = data.draw(st.integers(0, 2))
    place = data.draw(st.integers(0, len(lines[number]) - 1))
    other = data.draw(st.characters(blacklist_characters=lines[number][place] + "\n"))
    lines[number] = lines[number][:place] + other + lines[number][place + 1 :]
    assert found(lines)


def test_the_seal_depends_on_the_line_before() -> None:
    """The same body in another place of the chain has another seal."""
    first, second = sealed('{"run": 0}', START), sealed('{"run": 0}', "1" * 64)
    assert seal_of(first) != seal_of(second)


def test_a_changed_line_has_no_seal() -> None:
    """The seal that it carries is not the one that it deserves."""
    assert seal_of(chain(1)[0].replace('"run": 0', '"run": 1')) is None


def test_the_first_line_must_follow_the_start() -> None:
    """Lines cut off at the beginning leave a trace, in the first line that is left."""
    assert found(chain(3)[1:]) == [1]


def test_each_fault_says_what_is_wrong() -> None:
    """No record, a changed one and one out of place are told apart."""
    lines = chain(5)
    lines[0] = lines[0].replace('"run": 0', '"run": 7')
    lines[4] = "torn"
    del lines[2]
    reasons = [fault.reason for fault in faults(lines)]
    assert [reason.split()[1] for reason in reasons] == ["changed", "not", "no"]


def test_a_body_may_hold_half_a_character() -> None:
    """Names of files may hold lone surrogates, and the ledger takes them."""
    assert seal_of(sealed('{"file": "\udc80"}', START)) is not None
