"""The filter that the kernel runs for every system call: most go on at once, those of interest are asked about.

It is a program of classic BPF over `struct seccomp_data` (seccomp(2), `linux/filter.h`): the number of the call at byte
0, the machine at byte 4, six arguments of eight bytes from byte 16 on. A filter cannot be taken back, and it cannot know
which test runs; so it only sorts, and whoever is asked decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from pytest_pyramid.core.syscalls import REFUSED, Machine, Syscall, watched_on

LOAD, EQUAL, ANY_BIT, RETURN = 0x20, 0x15, 0x45, 0x06
"""BPF_LD|BPF_W|BPF_ABS, BPF_JMP|BPF_JEQ|BPF_K, BPF_JMP|BPF_JSET|BPF_K, BPF_RET|BPF_K."""
GO_ON, ASK, NO_SUCH_CALL = 0x7FFF0000, 0x7FC00000, 0x00050000 | 38
"""SECCOMP_RET_ALLOW, SECCOMP_RET_USER_NOTIF, SECCOMP_RET_ERRNO with ENOSYS."""
_NUMBER, _MACHINE, _ARGUMENTS = 0, 4, 16
_EVERY_BIT = 0xFFFFFFFF


class Instruction(NamedTuple):
    """One instruction: `struct sock_filter`."""

    code: int
    if_true: int
    """So many instructions are left out when the comparison holds."""
    if_false: int
    value: int


def program(machine: Machine) -> tuple[Instruction, ...]:
    """The filter for a machine; calls of other kinds of programs (32 bit) go on."""
    code = [
        Instruction(LOAD, 0, 0, _MACHINE),
        Instruction(EQUAL, 1, 0, machine.audit),
        Instruction(RETURN, 0, 0, GO_ON),
        Instruction(LOAD, 0, 0, _NUMBER),
    ]
    for number in sorted(machine.numbers[name] for name in REFUSED if name in machine.numbers):
        code += _when(number, (Instruction(RETURN, 0, 0, NO_SUCH_CALL),))
    for number, call in sorted(watched_on(machine).items()):
        code += _when(number, tuple(_question(call)))
    return (*code, Instruction(RETURN, 0, 0, GO_ON))


def _when(number: int, then: tuple[Instruction, ...]) -> tuple[Instruction, ...]:
    return (Instruction(EQUAL, 0, len(then), number), *then)


def _question(call: Syscall) -> Iterable[Instruction]:
    """Asks, or lets the call go on, by its arguments."""
    if call.only_if is not None:
        argument, bits = call.only_if
        yield from _low(argument, Instruction(ANY_BIT, 1, 0, bits))
        yield Instruction(RETURN, 0, 0, GO_ON)
    elif call.unless is not None:
        argument, bits = call.unless
        yield from _low(argument, Instruction(ANY_BIT, 0, 1, bits))
        yield Instruction(RETURN, 0, 0, GO_ON)
    elif call.with_address and call.address is not None:
        yield from _low(call.address, Instruction(ANY_BIT, 3, 0, _EVERY_BIT))
        yield from _low(call.address, Instruction(ANY_BIT, 1, 0, _EVERY_BIT), half=4)
        yield Instruction(RETURN, 0, 0, GO_ON)
    yield Instruction(RETURN, 0, 0, ASK)


def _low(argument: int, then: Instruction, half: int = 0) -> tuple[Instruction, Instruction]:
    """Looks at the lower half of an argument, or at the upper one four bytes on (both machines are little-endian)."""
    return Instruction(LOAD, 0, 0, _ARGUMENTS + 8 * argument + half), then
