"""What the kernel is asked about, beside what the hook hears: tells the sandbox which test runs, and books its findings."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from threading import Thread
from typing import TYPE_CHECKING

from pytest_pyramid.core.acts import Act
from pytest_pyramid.core.sandbox_policy import Policy, policy
from pytest_pyramid.core.tiers import Action, Resource

if TYPE_CHECKING:
    from pytest_pyramid.session.sandbox.supervised import Sandbox, Told
    from pytest_pyramid.session.scene import Scene

_TELL_ALL = Policy(tuple(Action.WARN for _ in Resource))
"""For wide fixtures: every test that requests one judges by itself what it did."""
_ON_FILES = ("sqlite3", "apsw", "duckdb")
_SOCKETS = (Resource.NETWORK, Resource.LOCALHOST)
LONGEST_ANSWER = 0.01
"""Seconds; a hundredth of that on an idle machine."""
LOST = "the sandbox ended early: its helper died, or a test closed files that were not its own"


class KernelWatch:
    """Arms the sandbox for as long as a phase or a wide fixture runs, and never contradicts the hook."""

    def __init__(self, sandbox: Sandbox, mode: str, book: Callable[[Told], None], note: Callable[[str], None]) -> None:
        self._sandbox = sandbox
        self._mode = mode
        self._book = book
        self._note = note
        self._policy: Policy | None = None
        self._asked = 0
        self._before: list[tuple[Policy | None, int]] = []
        """What was in force around the wide fixtures that are being set up or torn down."""

    def begin(self, scene: Scene, older: Iterable[Thread]) -> None:
        """A test begins. Its claim is looked up now, because the kernel cannot wait for it."""
        self._sandbox.begin(older)
        self._asked = self._sandbox.asked
        self._in_force(self._policy_of(scene))

    def resume(self, scene: Scene) -> None:
        """The next phase of the same test."""
        self._in_force(self._policy_of(scene))

    @property
    def waited(self) -> float:
        """Seconds that the test may have waited for answers of ours, on a busy machine."""
        return (self._sandbox.asked - self._asked) % (1 << 32) * LONGEST_ANSWER

    def pause(self) -> None:
        """A phase is over: whatever was found in it is booked."""
        self._hear()
        self._in_force(None)

    def enter_fixture(self) -> None:
        """A fixture begins that outlives the test."""
        self._hear()
        self._before.append((self._policy, self._sandbox.seen))
        self._sandbox.see(0)
        self._sandbox.only_tell(whether=True)
        self._in_force(_TELL_ALL)

    def leave_fixture(self, older: Iterable[Thread]) -> None:
        """It is over: the threads and programs that it started are no test's. To be called while it is still known."""
        self._hear()
        before, seen = self._before.pop()
        self._sandbox.ignore(older)
        self._sandbox.restart(later=1)
        self._sandbox.see(seen)
        self._sandbox.only_tell(whether=bool(self._before))
        self._in_force(before)

    def passed(self, act: Act) -> None:
        """The hook has judged an act and lets it happen; the calls that follow from it need no second judgement."""
        if act.resource is Resource.DATABASE:
            self._know_database(act)
        known = self._policy is not None and self._policy.action(act) is Action.ALLOW
        if not known or act.resource is Resource.PROCESS or act.client:
            self._sandbox.look_away(act.resource)
        if act.client:
            self._sandbox.look_away_from_names()

    def pardoned(self, act: Act) -> None:
        """The hook has found an act to be nobody's, such as the runner's own; more of the kind may follow."""
        self._sandbox.look_away(act.resource)

    def names_looked_up(self) -> None:
        """The C library looks up a name, by whatever way it knows."""
        self._sandbox.look_away_from_names()

    def _policy_of(self, scene: Scene) -> Policy:
        """How to judge the test; what the baseline knows of it is told and not refused."""
        judged = policy(scene.tier, scene.facts.allowances, self._mode)
        if Action.ERROR not in judged.actions:
            return judged
        pairs = zip(Resource, judged.actions, strict=True)
        known = (action is Action.ERROR and scene.is_known(resource) for resource, action in pairs)
        actions = zip(judged.actions, known, strict=True)
        return judged._replace(actions=tuple(Action.WARN if old else action for action, old in actions))

    def _know_database(self, act: Act) -> None:
        if act.client in _ON_FILES:
            self._sandbox.know_database(os.path.realpath(act.subject))
            return
        for resource in _SOCKETS:
            self._sandbox.look_away(resource)

    def _in_force(self, policy: Policy | None) -> None:
        self._policy = policy
        self._sandbox.judge_by(policy)

    def _hear(self) -> None:
        for told in self._sandbox.hear():
            self._book(told)
        if self._sandbox.is_lost:
            self._note(LOST)
