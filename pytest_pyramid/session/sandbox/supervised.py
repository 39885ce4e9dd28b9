"""The side of the process that runs tests: starts the helper, has the kernel ask it, and hears what it found."""

from __future__ import annotations

import faulthandler
import json
import os
import socket
import sys
import threading
import time
from collections.abc import Iterable
from typing import Any, NamedTuple

from pytest_pyramid.core.acts import Act
from pytest_pyramid.core.sandbox_policy import Policy
from pytest_pyramid.core.seccomp_filter import program
from pytest_pyramid.core.stack_dump import Frame, frames
from pytest_pyramid.core.syscalls import MACHINES, Machine
from pytest_pyramid.core.tiers import Resource
from pytest_pyramid.session.sandbox import helper
from pytest_pyramid.session.sandbox.helper_process import channel_ends, spawn
from pytest_pyramid.session.sandbox.kernel import Kernel
from pytest_pyramid.session.sandbox.page import LOOK_UP, Page, Word, bit

_PLACE = "_pytest_pyramid_sandbox"
"""On `sys`, because a process can have one sandbox only, and may hold this module twice."""
_SECONDS = 10.0
"""The helper starts in a tenth of a second."""


class Refused(Exception):  # noqa: N818  # it is an answer, and nothing that went wrong
    """There is no sandbox here; the text says why."""


class Told(NamedTuple):
    """An act that the kernel was asked about."""

    act: Act
    own: bool
    """True for this process, False for a program that it started."""
    thread: int
    """The kernel's number of the thread."""
    frame: Frame | None
    """Where that thread stood, None when that could not be found out."""


class Sandbox:
    """Of one process, for as long as it lives: a filter cannot be taken back."""

    def __init__(self, root: str, basetemp: str | None) -> None:
        machine = _machine()
        setattr(sys, _PLACE, True)
        page, (self._channel, theirs), stacks = Page.new(), channel_ends(), os.pipe()
        try:
            self._page = Page(page)
            spawn((page, theirs.fileno(), stacks[0]), (str(os.getpid()), root, basetemp or ""))
            theirs.close()
            self._connect(Kernel(machine), machine, stacks[1])
        except OSError as error:
            raise Refused(_reason(error)) from error
        finally:
            theirs.close()
            for file in (page, stacks[0]):
                os.close(file)
        self._words = self._page.words
        self._send, self._receive = self._channel.send, self._channel.recv  # tests may replace those of the class
        self._clock, self._ticks = time.clock_gettime, os.sysconf("SC_CLK_TCK")
        self._policies: dict[Policy, int] = {}
        self._databases: set[str] = set()
        self._older: tuple[int, ...] = ()
        self._told = 0
        self._process = os.getpid()

    def begin(self, older: Iterable[threading.Thread]) -> None:
        """A test begins; the threads that run already are none of its."""
        self.ignore(older)
        self._words[Word.TEST] = (self._words[Word.TEST] + 1) & 0xFFFFFFFF
        self._words[Word.SEEN] = 0
        self.restart()

    def ignore(self, older: Iterable[threading.Thread]) -> None:
        """What these threads do is not the test's; the calling one is never among them."""
        me = threading.get_ident()
        numbers = tuple(one.native_id for one in older if one.ident != me and one.native_id)
        if numbers != self._older:
            self._older = numbers
            self._page.list_older(numbers)

    def restart(self, later: int = 0) -> None:
        """Programs that run already are not the test's, nor those that start in so many ticks from now."""
        self._words[Word.BEGUN] = (int(self._clock(time.CLOCK_BOOTTIME) * self._ticks) + later) & 0xFFFFFFFF

    def judge_by(self, policy: Policy | None) -> None:
        """Judge by this policy from now on; None judges nothing."""
        if policy is None or policy.is_idle:
            self._words[Word.POLICY] = 0
            return
        number = self._policies.get(policy)
        if number is None:
            self._say({"policy": policy.to_plain()})
            number = self._policies[policy] = len(self._policies) + 1
        self._words[Word.POLICY] = number

    def only_tell(self, *, whether: bool) -> None:
        """Refuse nothing while that is so."""
        self._words[Word.ONLY_TELL] = int(whether)

    def look_away(self, resource: Resource) -> None:
        """The resource needs no second look in this test: the hook has seen it, and let it pass."""
        self._words[Word.SEEN] |= bit(resource)

    def look_away_from_names(self) -> None:
        """Names are being looked up, which the hook has seen."""
        self._words[Word.SEEN] |= LOOK_UP

    def know_database(self, path: str) -> None:
        """What happens to this file, and to those beside it, was told as a database."""
        if path not in self._databases:
            self._databases.add(path)
            self._say({"database": path})

    @property
    def seen(self) -> int:
        """What `look_away` gathered, to be put back by `see`."""
        return self._words[Word.SEEN]

    def see(self, seen: int) -> None:
        """Have looked away from just these."""
        self._words[Word.SEEN] = seen

    @property
    def asked(self) -> int:
        """So many questions the kernel asked so far; the number begins again after 2^32."""
        return self._words[Word.ASKED]

    @property
    def is_lost(self) -> bool:
        """True when the helper has died: nothing is judged any more."""
        return bool(self._words[Word.LOST])

    def hear(self) -> list[Told]:
        """What the kernel was asked about since this was called last, and is not free."""
        if self._words[Word.TOLD] == self._told or os.getpid() != self._process:
            return []
        found = []
        while self._told != self._words[Word.TOLD]:
            try:
                message = self._receive(helper.LONGEST_MESSAGE)
            except OSError:
                message = b""
            if not message:
                break
            found.append(_told(json.loads(message)))
            self._told = (self._told + 1) & 0xFFFFFFFF
        return found

    def rest(self) -> None:
        """The run is over: judge nothing any more. The filter stays, and the helper lets everything pass."""
        self._words[Word.POLICY] = 0
        faulthandler.unregister(helper.STACK_SIGNAL)
        self._channel.close()

    def _say(self, what: dict[str, Any]) -> None:
        try:
            self._send(json.dumps(what).encode())
        except OSError:
            self._words[Word.LOST] = 1  # a test closed what it did not open

    def _connect(self, kernel: Kernel, machine: Machine, stacks: int) -> None:
        """Let the helper take the listener over, when it has shown that it can."""
        channel = self._channel
        channel.settimeout(_SECONDS)
        kernel.let_read(_answer(channel)["process"])
        channel.send(json.dumps({"try": stacks}).encode())
        refused = _answer(channel).get("refused")
        if refused:
            raise Refused(f"no process may look into another one here ({refused})")
        faulthandler.register(helper.STACK_SIGNAL, file=stacks, all_threads=False)
        listener = kernel.install(program(machine))
        try:
            channel.send(json.dumps({"listener": listener}).encode())
            _answer(channel)
        except (OSError, Refused):
            import _thread  # noqa: PLC0415  # a thread that `threading` does not list, so that tests do not count it

            _thread.start_new_thread(helper.pass_on, (os.dup(listener),))
            raise
        finally:
            os.close(listener)
        channel.setblocking(False)


def _machine() -> Machine:
    """The machine's tables. Raises Refused where there cannot be a sandbox."""
    if hasattr(sys, _PLACE):
        raise Refused("a run around this one has a sandbox in the same process")
    machine = MACHINES.get(os.uname().machine)
    if machine is None:
        raise Refused(f"there is no table of system calls for {os.uname().machine}")
    return machine


def _answer(channel: socket.socket) -> dict[str, Any]:
    """The helper's next message. Raises Refused when there is none, OSError when it takes too long."""
    message = channel.recv(helper.LONGEST_MESSAGE)
    if not message:
        raise Refused("the helper ended as soon as it was started")
    answer: dict[str, Any] = json.loads(message)
    return answer


def _reason(error: OSError) -> str:
    import errno  # noqa: PLC0415  # only for this

    known = {
        errno.EBUSY: "a sandbox of a run around this one watches this process already",
        errno.EINVAL: "the kernel is older than Linux 5.7",
        errno.ENOSYS: "the kernel knows no filters of system calls",
        errno.EPERM: "a security profile of this machine or container forbids filters",
        errno.EACCES: "a security profile of this machine or container forbids filters",
    }
    return known.get(error.errno or 0, f"{error.strerror or error}")


def _told(plain: dict[str, Any]) -> Told:
    act = Act(Resource(plain["resource"]), plain["verb"], plain["subject"])
    return Told(act, plain["own"], plain["thread"], frames(plain["stack"]))
