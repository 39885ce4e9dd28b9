"""The helper: a program that answers what the kernel asks about the system calls of the tests.

It is two processes. One judges; the other waits, and lets everything pass should the first one die: a call that nobody
answers would wait for ever, and without any listener the kernel would refuse it (ENOSYS). Both end when no process with
the filter is left. They belong to no parent, so that a test that waits for its children does not wait for them.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import select
import signal
import socket
import time
from pathlib import Path
from typing import Any

from pytest_pyramid.core.sandbox_policy import Policy
from pytest_pyramid.core.seccomp_notification import (
    QUESTION_SIZE,
    RECEIVE,
    SEND,
    STILL_THERE,
    Question,
    go_on,
    question,
    refuse,
)
from pytest_pyramid.core.syscalls import MACHINES
from pytest_pyramid.session.sandbox.judge import Finding, Judge
from pytest_pyramid.session.sandbox.kernel import Kernel
from pytest_pyramid.session.sandbox.page import Page, Word
from pytest_pyramid.session.sandbox.target import Target
from pytest_pyramid.session.territory import Territory

PAGE_FILE, CHANNEL_FILE, STACK_FILE = 3, 4, 5
"""The file descriptors that it is started with."""
LONGEST_MESSAGE = 1 << 17
"""Bytes."""
STACK_SIGNAL = signal.SIGURG
"""Makes a thread write its stack; it does nothing in a process that does not listen to it."""
_PATIENCE = 0.25
"""Seconds that a thread has for writing its stack; one that blocks the signal never does."""
_LONGEST_STACK = 6000
"""Characters; the innermost frames come first."""


def main(process: int, root: str, basetemp: str) -> None:
    """Serve that process until it, and all that it started, has ended."""
    if os.fork():
        os._exit(0)
    os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    channel = socket.socket(fileno=CHANNEL_FILE)
    kernel = Kernel(MACHINES[os.uname().machine])
    channel.send(json.dumps({"process": os.getpid()}).encode())
    try:
        os.close(kernel.take(process, json.loads(channel.recv(LONGEST_MESSAGE))["try"]))
        os.close(os.open(f"/proc/{process}/mem", os.O_RDONLY))
    except OSError as error:
        channel.send(json.dumps({"refused": error.strerror}).encode())
        return
    channel.send(b"{}")
    told = channel.recv(LONGEST_MESSAGE)
    if not told:
        return  # the kernel refused the filter
    listener = kernel.take(process, json.loads(told)["listener"])
    page = Page(PAGE_FILE)
    judging = os.fork()
    if judging:
        channel.close()
        _, status = os.waitpid(judging, 0)
        if status:
            page.words[Word.LOST] = 1
            pass_on(listener)
        return
    place = Territory(Path(root), basetemp or None)
    judge = Judge(page, Target(process), place, MACHINES[os.uname().machine])
    channel.send(b"{}")
    Helper(listener, channel, page, judge, kernel).serve()


def pass_on(listener: int) -> None:
    """Let every call go on, until nobody can make one any more."""
    while _is_asked(listener):
        asked = _receive(listener)
        if asked is not None:
            _answer(listener, go_on(asked.id))


class Helper:
    """Answers, and tells the tests' process what it ought to know."""

    def __init__(self, listener: int, channel: socket.socket, page: Page, judge: Judge, kernel: Kernel) -> None:
        self._listener = listener
        self._channel = channel
        self._page = page
        self._judge = judge
        self._kernel = kernel
        self._process = judge.target.process
        self._alone = False
        """True when the tests' process has ended or closed the channel: nothing is judged any more."""
        self._waiting: dict[int, tuple[float, Question, Finding]] = {}
        """Questions by thread that are answered when the thread has written its stack."""
        channel.setblocking(False)
        os.set_blocking(STACK_FILE, False)

    def serve(self) -> None:
        """Answer until nobody can ask any more."""
        while True:
            if _is_asked(self._listener, _PATIENCE if self._waiting else None):
                asked = _receive(self._listener)
                if asked is not None:
                    self._hear()
                    self._decide(asked)
            elif not self._waiting:
                return
            self._give_up_waiting()

    def _hear(self) -> None:
        """Take in what the tests' process said before it made the call."""
        while not self._alone:
            try:
                message = self._channel.recv(LONGEST_MESSAGE)
            except BlockingIOError:
                return
            except OSError:
                message = b""
            if not message:
                self._alone = True
                return
            said: dict[str, Any] = json.loads(message)
            if "policy" in said:
                self._judge.policies.append(Policy.from_plain(said["policy"]))
            if "database" in said:
                self._judge.databases.add(said["database"])

    def _decide(self, asked: Question) -> None:
        self._page.words[Word.ASKED] = (self._page.words[Word.ASKED] + 1) & 0xFFFFFFFF
        waited = self._waiting.pop(asked.thread, None)
        if waited is not None:
            _, before, finding = waited
            if (before.number, before.arguments) == (asked.number, asked.arguments):
                self._settle(asked, finding, self._stack())
                return
        try:
            found = None if self._alone else self._judge.finding(asked)
        except OSError:
            found = None  # it has ended meanwhile, or made a call with a wrong pointer, which fails by itself
        if found is None or not _is_still_there(self._listener, asked):
            _answer(self._listener, go_on(asked.id))
        elif found.own and self._asks_for_stack(asked.thread):
            self._waiting[asked.thread] = (time.monotonic() + _PATIENCE, asked, found)
        else:
            self._settle(asked, found, "")

    def _asks_for_stack(self, thread: int) -> bool:
        """True when the thread was interrupted to write its stack: it will come back with the same call."""
        try:
            with open(f"/proc/{self._process}/task/{thread}/status", encoding="utf-8") as file:  # noqa: PTH123  # it is quicker
                rows = dict(line.split(":\t", 1) for line in file if line.startswith(("SigBlk", "SigCgt")))
            one = 1 << (STACK_SIGNAL - 1)
            if int(rows["SigBlk"], 16) & one or not int(rows["SigCgt"], 16) & one:
                return False
            self._stack()
            self._kernel.signal(self._process, thread, STACK_SIGNAL)
        except (OSError, KeyError, ValueError):
            return False
        return True

    def _stack(self) -> str:
        text = b""
        with contextlib.suppress(OSError):
            while part := os.read(STACK_FILE, 1 << 16):
                text += part
        return text.decode("utf-8", "replace")

    def _give_up_waiting(self) -> None:
        now = time.monotonic()
        for thread, (until, asked, finding) in list(self._waiting.items()):
            if now >= until:
                del self._waiting[thread]
                self._settle(asked, finding, "")

    def _settle(self, asked: Question, finding: Finding, stack: str) -> None:
        """Tell first, so that it is known when the call returns."""
        act = finding.act
        said = {"resource": act.resource.value, "verb": act.verb, "subject": act.subject, "own": finding.own}
        try:
            self._channel.send(json.dumps({**said, "thread": asked.thread, "stack": stack[:_LONGEST_STACK]}).encode())
            self._page.words[Word.TOLD] = (self._page.words[Word.TOLD] + 1) & 0xFFFFFFFF
        except OSError:
            pass  # the channel is full: enough was told
        refusal = refuse(asked.id, errno.EPERM) if finding.refused else go_on(asked.id)
        _answer(self._listener, refusal)


def _is_asked(listener: int, seconds: float | None = None) -> bool:
    """True when a question is there, False when nobody can ask any more, or the seconds are over."""
    poll = select.poll()
    poll.register(listener, select.POLLIN)
    events = poll.poll(None if seconds is None else seconds * 1000)
    return any(event & select.POLLIN for _, event in events)


def _receive(listener: int) -> Question | None:
    """The question, None when whoever asked is gone."""
    raw = bytearray(QUESTION_SIZE)
    try:
        fcntl.ioctl(listener, RECEIVE, raw)
    except OSError:
        return None
    return question(bytes(raw))


def _answer(listener: int, raw: bytes) -> None:
    with contextlib.suppress(OSError):  # it was interrupted, or is gone, and waits no more
        fcntl.ioctl(listener, SEND, bytearray(raw))


def _is_still_there(listener: int, asked: Question) -> bool:
    """True while the thread waits for the answer, so that what was read is its own memory."""
    try:
        fcntl.ioctl(listener, STILL_THERE, bytearray(asked.id.to_bytes(8, "little")))
    except OSError:
        return False
    return True
