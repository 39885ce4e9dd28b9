"""What the kernel asks about a system call, and the answer: `struct seccomp_notif` and `seccomp_notif_resp`.

Layouts and numbers are those of `linux/seccomp.h`; seccomp_unotify(2) tells what they mean. Both machines that have a
table of system calls are little-endian.
"""

from __future__ import annotations

from typing import NamedTuple

QUESTION_SIZE, ANSWER_SIZE = 80, 24
"""Bytes."""
RECEIVE, SEND, STILL_THERE = 0xC0502100, 0xC0182101, 0x40082102
"""SECCOMP_IOCTL_NOTIF_RECV, …_SEND, …_ID_VALID: direction, size, the letter "!" and a number, as ioctl(2) has them."""
_CONTINUE = 1
"""SECCOMP_USER_NOTIF_FLAG_CONTINUE: the call is carried out as if nobody had asked."""


class Question(NamedTuple):
    """A thread stands before a system call."""

    id: int
    thread: int
    """0 for a thread that the asked one cannot see."""
    number: int
    """Of the system call."""
    machine: int
    arguments: tuple[int, ...]


def question(raw: bytes) -> Question:
    """The question in these bytes."""
    return Question(
        id=_number(raw, 0, 8),
        thread=_number(raw, 8, 4),
        number=_number(raw, 16, 4),
        machine=_number(raw, 20, 4),
        arguments=tuple(_number(raw, at, 8) for at in range(32, QUESTION_SIZE, 8)),
    )


def go_on(question_id: int) -> bytes:
    """The answer that lets the call happen."""
    return question_id.to_bytes(8, "little") + bytes(12) + _CONTINUE.to_bytes(4, "little")


def refuse(question_id: int, error: int) -> bytes:
    """The answer that makes the call fail with an error of errno(3)."""
    return question_id.to_bytes(8, "little") + bytes(8) + (-error).to_bytes(4, "little", signed=True) + bytes(4)


def _number(raw: bytes, start: int, size: int) -> int:
    return int.from_bytes(raw[start : start + size], "little")
