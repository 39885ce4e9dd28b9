"""The helper as a process: how it is started, and what it is talked to by."""

from __future__ import annotations

import os
import socket
import sys
from typing import Any

from pytest_pyramid.session.sandbox.helper import PAGE_FILE

_PACKAGE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))  # noqa: PTH100, PTH120  # as text
_START = """
import sys
sys.path.insert(0, sys.argv[1])
from pytest_pyramid.session.sandbox.helper import main
main(int(sys.argv[2]), sys.argv[3], sys.argv[4])
"""


def channel_ends() -> tuple[socket.socket, socket.socket]:
    """Both ends of what the two processes talk by: whole messages, and an end when the other one has ended."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def spawn(files: tuple[int, ...], arguments: tuple[str, ...]) -> None:
    """Start the helper with these files as 3, 4 and 5, and nothing else that is open. Raises OSError."""
    kept = [os.dup(file) for file in files]  # so that none is overwritten before it is copied
    actions: list[Any] = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in range(3)]
    actions += [(os.POSIX_SPAWN_DUP2, file, number) for number, file in enumerate(kept, PAGE_FILE)]
    command = [sys.executable, "-I", "-S", "-c", _START, _PACKAGE, *arguments]
    try:
        child = os.posix_spawn(sys.executable, command, dict(os.environ), file_actions=actions)
        os.waitpid(child, 0)
    finally:
        for file in kept:
            os.close(file)
