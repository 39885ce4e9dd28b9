"""Other programs: started, forked, or replaced."""

from __future__ import annotations

import os
import shlex
from typing import Any

from pytest_pyramid.core.acts import Act, Guard, Reading, Surroundings, Trampoline
from pytest_pyramid.core.guarding import CARRIERS
from pytest_pyramid.core.tiers import Resource

FORK_EXEC = "pytest_pyramid.fork_exec"
"""Raised where multiprocessing starts a program without any event: spawn, forkserver."""
LOOP_PROCESS = "pytest_pyramid.loop_process"
"""Raised where uvloop starts a program."""
LONGEST = 120
"""Of a command so many characters are told."""


def _command(words: Any) -> str:
    """A command line as text, whatever it was given as."""
    if isinstance(words, (str, bytes)) or hasattr(words, "__fspath__"):
        return os.fsdecode(words)[:LONGEST]
    try:
        return shlex.join(os.fsdecode(word) for word in words)[:LONGEST]
    except (TypeError, ValueError):
        return ""


def _start(arguments: tuple[Any, ...], _: Surroundings) -> Act:
    executable, words = arguments[0], arguments[1]
    return Act(Resource.PROCESS, "start", _command(words) or _command(executable))


def _run(arguments: tuple[Any, ...], _: Surroundings) -> Act:
    return Act(Resource.PROCESS, "start", _command(arguments[0]))


def _plain(verb: str) -> Reading:
    def reading(_arguments: tuple[Any, ...], _: Surroundings) -> Act:
        return Act(Resource.PROCESS, verb)

    return reading


def _open(arguments: tuple[Any, ...], _: Surroundings) -> Act:
    return Act(Resource.PROCESS, "open in a browser", _command(arguments[0]))


def _of_fork_exec(words: Any = (), _executables: Any = (), *_: Any) -> tuple[Any, ...]:
    return ("", words)


def _of_loop(_loop: Any = None, _factory: Any = None, *words: Any, **__: Any) -> tuple[Any, ...]:
    return ("", words)


_FORK = _plain("fork")

PROCESS = Guard(
    name="process",
    resources=(Resource.PROCESS,),
    events=(
        ("subprocess.Popen", _start),
        ("os.posix_spawn", _start),
        ("os.exec", _start),
        ("os.spawn", lambda arguments, around: _start(arguments[1:], around)),
        ("os.startfile", _run),
        ("os.system", _run),
        ("os.fork", _FORK),
        ("os.forkpty", _FORK),
        ("pty.spawn", _run),
        ("webbrowser.open", _open),
        (FORK_EXEC, _start),
        (LOOP_PROCESS, _start),
    ),
    trampolines=(
        Trampoline("_posixsubprocess", "fork_exec", FORK_EXEC, _of_fork_exec),
        Trampoline("uvloop", "Loop.subprocess_exec", LOOP_PROCESS, _of_loop),
        Trampoline("uvloop", "Loop.subprocess_shell", LOOP_PROCESS, _of_loop),
    ),
    probes=("platform.py", "ctypes/util.py", "uuid.py", "multiprocessing/resource_tracker.py"),
    pardoned=CARRIERS,
    caught=(
        ("subprocess.Popen", ("git", ["git", "status"], None, None)),
        ("os.posix_spawn", (b"/bin/true", [b"true"], {})),
        ("os.exec", ("/bin/true", ["true"], {})),
        ("os.spawn", (0, "/bin/true", ["true"], {})),
        ("os.startfile", ("notes.txt",)),
        ("os.system", (b"true",)),
        ("os.fork", ()),
        ("os.forkpty", ()),
        ("pty.spawn", (["sh"],)),
        ("webbrowser.open", ("https://example.org",)),
        (FORK_EXEC, ("", ["python", "-c", "pass"])),
        (LOOP_PROCESS, ("", ("true",))),
    ),
    allowed=(),
)
