"""Decides about a system call: whose act it is, on what, and whether it may be."""

from __future__ import annotations

from typing import NamedTuple

from pytest_pyramid.core.acts import Act, Surroundings
from pytest_pyramid.core.sandbox_policy import Policy
from pytest_pyramid.core.seccomp_notification import Question
from pytest_pyramid.core.socket_addresses import LOOK_UP_PORT, is_servant
from pytest_pyramid.core.syscalls import BIND, CONNECT, LISTEN, REPLACE, SEND, START, Machine, Syscall, watched_on
from pytest_pyramid.core.tiers import Action, Resource
from pytest_pyramid.guards.network import NETWORK
from pytest_pyramid.session.sandbox.page import LOOK_UP, Page, Word, bit
from pytest_pyramid.session.sandbox.target import Target
from pytest_pyramid.session.territory import Territory

_SOCKETS = (CONNECT, BIND, LISTEN, SEND)
_OF_LIBRARIES = ("/dev/shm/", "/var/lib/libuuid/")  # noqa: S108  # nothing is written there
"""Memory that programs share, and the clock by which the C library numbers what it makes: nobody asked for files."""
_READINGS = {verb: dict(NETWORK.events)[f"socket.{event}"] for verb, event in ((CONNECT, "connect"), (BIND, "bind"))}


class Finding(NamedTuple):
    """An act that the tests' process is told of."""

    act: Act
    refused: bool
    own: bool
    """True when the process did it itself; False for a program that it started."""


class Judge:
    """Knows the policies of the run, and looks up on the page which of them is in force."""

    def __init__(self, page: Page, target: Target, territory: Territory, machine: Machine) -> None:
        self.policies: list[Policy] = []
        self.databases: set[str] = set()
        """Paths of files that were told as databases: what happens to them, and to those beside them, is known."""
        self._page = page
        self.target = target
        self._territory = territory
        self._calls = watched_on(machine)
        self._test = 0

    def finding(self, question: Question) -> Finding | None:
        """What to tell of the call; None for one that is free, or nobody's business. Raises OSError."""
        words = self._page.words
        number, call = words[Word.POLICY], self._calls.get(question.number)
        if not 0 < number <= len(self.policies) or call is None or not question.thread:
            return None
        own = self.target.is_own(question.thread)
        if (not own and call.verb not in _SOCKETS) or self._page.is_older(question.thread):
            return None
        if words[Word.TEST] != self._test:
            self._test = words[Word.TEST]
            self._territory.forget()
        act = self._act(question, call)
        action = self.policies[number - 1].action(act) if act is not None else Action.ALLOW
        if act is None or action is Action.ALLOW or words[Word.SEEN] & bit(act.resource):
            return None
        if not own and not self._is_of_test(question.thread):
            return None
        return Finding(act, action is Action.ERROR and not words[Word.ONLY_TELL], own)

    def _is_of_test(self, thread: int) -> bool:
        began = self.target.begun(thread)
        return began is not None and began >= self._page.words[Word.BEGUN]

    def _act(self, question: Question, call: Syscall) -> Act | None:
        if call.verb == START:
            return Act(Resource.PROCESS, "start", "another process")
        if call.verb == LISTEN:
            return Act(Resource.LOCALHOST, "listen")
        if call.verb in _SOCKETS:
            return self._on_socket(question, call)
        paths = self.target.paths(question, call)
        if call.verb == REPLACE:
            return Act(Resource.PROCESS, "exec", paths[0]) if paths else None
        return self._on_files(paths, call)

    def _on_socket(self, question: Question, call: Syscall) -> Act | None:
        address = self.target.address(question, call)
        if address is None or (isinstance(address, str) and is_servant(address)):
            return None
        if isinstance(address, tuple) and call.verb != BIND:
            if address[1] == LOOK_UP_PORT:
                seen = self._page.words[Word.SEEN] & LOOK_UP
                return None if seen else Act(Resource.NETWORK, "look up", "a name")
            if address[1] == 0:
                return None  # the C library asks the kernel for the way to an address, and sends nothing
        act = _READINGS[BIND if call.verb == BIND else CONNECT]((None, address), Surroundings())
        return act and act._replace(verb=call.verb)

    def _on_files(self, paths: list[str], call: Syscall) -> Act | None:
        for path in paths:
            if path.startswith((*_OF_LIBRARIES, *self.databases)):
                continue
            spot = self._territory.spot(path, follow=call.follow)
            if spot is not None and spot.resource is not None:
                return Act(spot.resource, call.verb, spot.shown)
        return None
