"""What comes from the kernel as bytes or text: questions, addresses, stacks."""

from __future__ import annotations

import pytest

from pytest_pyramid.core.seccomp_notification import ANSWER_SIZE, QUESTION_SIZE, Question, go_on, question, refuse
from pytest_pyramid.core.socket_addresses import Address, address, is_servant
from pytest_pyramid.core.stack_dump import frames


def test_a_question_is_read_field_by_field() -> None:
    """`struct seccomp_notif`: id, pid, flags, then number, machine, instruction and six arguments."""
    raw = (2**63).to_bytes(8, "little") + (77).to_bytes(4, "little") + bytes(4)
    raw += (257).to_bytes(4, "little") + (0xC000003E).to_bytes(4, "little") + bytes(8)
    raw += b"".join(number.to_bytes(8, "little") for number in (2**64 - 100, 1, 2, 3, 4, 5))
    assert len(raw) == QUESTION_SIZE
    assert question(raw) == Question(2**63, 77, 257, 0xC000003E, (2**64 - 100, 1, 2, 3, 4, 5))


def test_the_answers_are_those_of_the_kernel() -> None:
    """`struct seccomp_notif_resp`: id, value, error, flags; an error is negative."""
    assert go_on(7) == (7).to_bytes(8, "little") + bytes(12) + b"\1\0\0\0"
    assert refuse(7, 1) == (7).to_bytes(8, "little") + bytes(8) + b"\xff\xff\xff\xff" + bytes(4)
    assert len(go_on(7)) == len(refuse(7, 1)) == ANSWER_SIZE


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (b"\2\0\0\x09\x7f\0\0\1" + bytes(8), ("127.0.0.1", 9)),
        (b"\x0a\0\x01\xbb" + bytes(4) + bytes(15) + b"\1" + bytes(4), ("::1", 443)),
        (b"\1\0/run/a.sock\0garbage", "/run/a.sock"),
        (b"\1\0\0name\0\0", "@name"),
        (b"\1\0", None),
        (b"\x10\0" + bytes(10), None),
        (b"\0\0" + bytes(14), None),
        (b"\2\0\0", None),
        (b"", None),
    ],
)
def test_an_address_is_a_host_and_port_or_a_path(raw: bytes, found: Address | None) -> None:
    """An unnamed socket, one of the kernel's own (netlink) and a broken address are none."""
    assert address(raw) == found


@pytest.mark.parametrize(
    ("path", "servant"),
    [
        ("/var/run/nscd/socket", True),
        ("/run/systemd/resolve/io.systemd.Resolve", True),
        ("/run/uuidd/request", True),
        ("/dev/log", True),
        ("/run/docker.sock", False),
        ("/run/postgresql/.s.PGSQL.5432", False),
        ("@nscd/", False),
    ],
)
def test_the_c_librarys_own_sockets_are_told_from_others(path: str, *, servant: bool) -> None:
    """Names, numbers, users and the log; not databases and containers."""
    assert is_servant(path) is servant


DUMP = """\
Current thread 0x00007f1 (most recent call first):
  File "/p/tests/unit/test_a.py", line 4 in test_fopen
  File "/p/with, line 3 in it.py", line 12 in <module>
  ...
"""


def test_a_stack_is_read_innermost_first() -> None:
    """By the names that real frames have, so that the same code reads both."""
    inner = frames(DUMP)
    assert inner is not None
    assert inner.f_back is not None
    assert (inner.f_code.co_filename, inner.f_lineno, inner.f_code.co_name) == (
        "/p/tests/unit/test_a.py",
        4,
        "test_fopen",
    )
    assert (inner.f_back.f_code.co_filename, inner.f_back.f_lineno) == ("/p/with, line 3 in it.py", 12)
    assert inner.f_back.f_back is None


@pytest.mark.parametrize("text", ["", "Current thread 0x1 (most recent call first):\n  <no Python frame>\n"])
def test_a_thread_without_python_has_no_frame(text: str) -> None:
    """A thread of a C library."""
    assert frames(text) is None
