"""The filter of system calls, run by a small interpreter of its own."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pytest_pyramid.core.seccomp_filter import (
    ANY_BIT,
    ASK,
    EQUAL,
    GO_ON,
    LOAD,
    NO_SUCH_CALL,
    RETURN,
    Instruction,
    program,
)
from pytest_pyramid.core.syscalls import AARCH64, CLONE_THREAD, MACHINES, REFUSED, WATCHED, X86_64, Machine, watched_on

NAMES = {ASK: "ask", GO_ON: "go on", NO_SUCH_CALL: "no such call"}
BY_MACHINE = pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES)


def verdict(code: Sequence[Instruction], audit: int, number: int, arguments: Sequence[int]) -> str:
    """What the filter says of a call, by what classic BPF does with it (`linux/filter.h`)."""
    words = [number, audit, 0, 0]
    for argument in (*arguments, *[0] * (6 - len(arguments))):
        words += [argument & 0xFFFFFFFF, argument >> 32]
    loaded, at = 0, 0
    while True:
        step = code[at]
        at += 1
        if step.code == LOAD:
            loaded = words[step.value // 4]
        elif step.code == EQUAL:
            at += step.if_true if loaded == step.value else step.if_false
        elif step.code == ANY_BIT:
            at += step.if_true if loaded & step.value else step.if_false
        else:
            assert step.code == RETURN
            return NAMES[step.value]


def said(machine: Machine, name: str, *arguments: int) -> str:
    """What the filter of the machine says of a call by name."""
    return verdict(program(machine), machine.audit, machine.numbers[name], arguments)


@pytest.mark.parametrize(
    ("name", "arguments", "answer"),
    [
        ("connect", (3, 1, 16), "ask"),
        ("sendto", (3, 1, 1, 0, 0x7FFF00000000), "ask"),
        ("sendto", (3, 1, 1, 0, 0x10), "ask"),
        ("sendto", (3, 1, 1, 0, 0), "go on"),
        ("clone", (17,), "ask"),
        ("clone", (CLONE_THREAD | 17,), "go on"),
        ("openat", (0, 1, 0), "go on"),
        ("openat", (0, 1, 0o100), "ask"),
        ("openat", (0, 1, 0o1), "ask"),
        ("openat", (0, 1, 0o2000000), "go on"),
        ("unlinkat", (0, 1), "ask"),
        ("clone3", (), "no such call"),
        ("openat2", (), "no such call"),
        ("io_uring_setup", (), "no such call"),
        ("tgkill", (), "go on"),
    ],
)
@BY_MACHINE
def test_what_touches_nothing_goes_on(machine: Machine, name: str, arguments: tuple[int, ...], answer: str) -> None:
    """Threads, reading, and sending on a connected socket are never asked about."""
    assert said(machine, name, *arguments) == answer


@pytest.mark.parametrize(("flags", "answer"), [(0, "go on"), (0o2, "ask")])
def test_the_old_form_of_open_has_its_flags_elsewhere(flags: int, answer: str) -> None:
    """Only the older machine has it."""
    assert said(X86_64, "open", 1, flags) == answer
    assert "open" not in AARCH64.numbers


@BY_MACHINE
def test_every_call_of_interest_is_asked_about_or_refused(machine: Machine) -> None:
    """With all bits set, but those by which a clone is a thread."""
    for number, call in watched_on(machine).items():
        arguments = [(1 << 64) - 1] * 6
        if call.unless is not None:
            arguments[call.unless[0]] ^= call.unless[1]
        assert verdict(program(machine), machine.audit, number, arguments) == "ask", call.name
    assert all(name in machine.numbers for name in REFUSED)


@BY_MACHINE
def test_programs_of_another_kind_and_calls_of_no_interest_go_on(machine: Machine) -> None:
    """A 32-bit program has other numbers."""
    other = {X86_64.name: AARCH64, AARCH64.name: X86_64}[machine.name]
    assert all(verdict(program(machine), other.audit, number, ()) == "go on" for number in range(500))
    of_interest = {*watched_on(machine), *(machine.numbers[name] for name in REFUSED)}
    free = set(range(500)) - of_interest
    assert {verdict(program(machine), machine.audit, number, ()) for number in free} == {"go on"}


@BY_MACHINE
def test_the_filter_is_one_that_the_kernel_takes(machine: Machine) -> None:
    """No jump leads out of it, it ends, and it is shorter than the kernel's limit of 4096."""
    code = program(machine)
    jumps = [(at, step) for at, step in enumerate(code) if step.code in (EQUAL, ANY_BIT)]
    assert all(at + 1 + max(step.if_true, step.if_false) < len(code) for at, step in jumps)
    assert code[-1].code == RETURN
    assert len(code) < 4096


def test_no_number_stands_twice() -> None:
    """Of one machine, and no call of interest is without a number on both."""
    for machine in MACHINES.values():
        assert len(set(machine.numbers.values())) == len(machine.numbers)
    assert all(any(call.name in machine.numbers for machine in MACHINES.values()) for call in WATCHED)
