"""The watch of one session: hears audit events, finds out whose act each is, and books it where it belongs."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from pytest_pyramid.core.acts import Act, Guard, Reading, Surroundings
from pytest_pyramid.core.tiers import Resource
from pytest_pyramid.session.audit_hook import Handler
from pytest_pyramid.session.fixture_acts import FixtureAct, FixtureRecord
from pytest_pyramid.session.scene import Scene
from pytest_pyramid.session.territory import Territory
from pytest_pyramid.session.tier_violation import TierViolation
from pytest_pyramid.session.witness import Testimony, Witness

if TYPE_CHECKING:
    from pytest_pyramid.session.kernel_watch import KernelWatch
    from pytest_pyramid.session.sandbox.supervised import Told

_IMPORT = "<frozen importlib"
_LOOK_UPS = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo")
_ON_DISK = (Resource.FILES, Resource.TEMPFILES)


class _Busy(threading.local):
    """Whether this thread is at our own work."""

    on = False


class Watch:
    """Enforces only while a phase of a test runs, and while a wide fixture is set up or torn down."""

    def __init__(self, guards: Iterable[Guard], territory: Territory, note: Callable[[str], None]) -> None:
        self.scene: Scene | None = None
        """The running test, None between the phases."""
        self.fixtures: list[FixtureRecord] = []
        """The wide fixtures that are being set up or torn down, the innermost last."""
        self.witness = Witness(territory.root)
        self.kernel: KernelWatch | None = None
        """What watches below the hook, where a sandbox is in force."""
        self._territory = territory
        self._note = note
        self._busy = _Busy()
        self._process = os.getpid()
        self._thread = threading.get_ident()
        self._older: list[threading.Thread] = []
        self._lent: dict[int, Scene] = {}
        guards = tuple(guards)
        self._guards = {resource: guard for guard in guards for resource in guard.resources}
        self._clients = {client: guard.resources[0] for guard in guards for client in guard.clients}
        self.handlers = self._make_handlers(guards)

    def begin(self, scene: Scene) -> None:
        """A test begins: threads that run already are none of its."""
        self._thread = threading.get_ident()
        self._older = threading.enumerate()
        self._territory.forget()
        self.scene = scene
        if self.kernel is not None:
            self.kernel.begin(scene, self._older)

    def resume(self, scene: Scene) -> None:
        """The next phase of the test begins."""
        self.scene = scene
        if self.kernel is not None:
            self.kernel.resume(scene)

    def pause(self) -> None:
        """A phase is over."""
        if self.kernel is not None:
            self.kernel.pause()
        self.scene = None

    def enter(self, record: FixtureRecord) -> None:
        """A wide fixture is set up or torn down from now on."""
        if self.kernel is not None:
            self.kernel.enter_fixture()
        self.fixtures.append(record)

    def leave(self, record: FixtureRecord) -> None:
        """It is done; threads that it started belong to no test."""
        self._older += threading.enumerate()
        if self.kernel is not None:
            self.kernel.leave_fixture(self._older)
        self.fixtures.remove(record)

    def book(self, told: Told) -> None:
        """Book an act that the kernel was asked about, unless the stack says that it is the runner's own."""
        said = self.witness.testify(self.scene.file if self.scene else "", told.frame)
        guard = self._guards[told.act.resource]
        if _is_pardoned(said, guard, told.act):
            return
        readings = self._readings(told.act, next((name for name in said.packages if name in self._clients), None))
        if self.fixtures:
            record = self.fixtures[-1]
            record.note(FixtureAct(readings, said.line, record.phase, layer="sandbox"))
        elif self.scene is not None:
            self.scene.meet(readings, said.line, test_line=said.test_line, layer="sandbox")

    def lend(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """`function` for a pool of threads: what it does there is the act of the test that handed it over."""
        scene = self.scene
        if scene is None or not self._is_of_test(threading.get_ident()):
            return function

        def lent(*arguments: Any, **keywords: Any) -> Any:
            me = threading.get_ident()
            before = self._lent.get(me)
            self._lent[me] = scene
            try:
                return function(*arguments, **keywords)
            finally:
                if before is None:
                    self._lent.pop(me, None)
                else:
                    self._lent[me] = before

        return lent

    def _make_handlers(self, guards: tuple[Guard, ...]) -> dict[str, Handler]:
        listed: dict[str, list[tuple[Reading, Guard]]] = {}
        for guard in guards:
            for event, reading in guard.events:
                listed.setdefault(event, []).append((reading, guard))
        around = Surroundings(own_names=_own_names())
        return {
            event: self._handler(tuple(readings), around, names=event in _LOOK_UPS)
            for event, readings in listed.items()
        }

    def _handler(self, readings: tuple[tuple[Reading, Guard], ...], around: Surroundings, *, names: bool) -> Handler:
        def handler(arguments: tuple[Any, ...]) -> None:
            if self.scene is None and not self.fixtures:
                return
            __tracebackhide__ = True
            failure = None
            for reading, guard in readings:
                try:
                    act = reading(arguments, around)
                    failure = failure or (self._see(act, guard) if act is not None else None)
                except Exception as error:  # noqa: BLE001  # a guard that fails must not fail a test
                    self._note(f"guard {guard.name} failed: {' '.join(f'{type(error).__name__}: {error}'.split())}")
            if failure is not None:
                raise failure
            if names and self.kernel is not None:
                self.kernel.names_looked_up()

        return handler

    def _see(self, act: Act, guard: Guard) -> TierViolation | None:
        if os.getpid() != self._process or self._busy.on:
            return None  # what a forked child does is not ours to judge
        self._busy.on = True
        try:
            return self._judge(act, guard)
        finally:
            self._busy.on = False

    def _judge(self, act: Act, guard: Guard) -> TierViolation | None:
        """The failure to raise for an act, None when it is free, somebody else's, or only to be remembered."""
        me, scene = threading.get_ident(), self.scene
        here = me == self._thread
        if not here and not self._is_of_test(me):
            return None
        placed = self._placed(act) if act.paths else act
        if placed is None:
            return None
        said = self.witness.testify(scene.file if scene else "", sys._getframe(2))  # noqa: SLF001  # documented, and quick
        if _is_pardoned(said, guard, placed):
            self._pardon(placed)
            return None
        line = said.line or (None if here else self.witness.main_line(self._thread))
        client = act.client or next((name for name in said.packages if name in self._clients), None)
        readings = self._readings(placed, client)
        failure = None
        if self.fixtures:
            record = self.fixtures[-1]
            if here:
                record.note(FixtureAct(readings, line, record.phase, client))
        elif scene is not None:
            failure = scene.meet(readings, line, client=client, test_line=said.test_line)
        if failure is None and self.kernel is not None:
            self.kernel.passed(placed)
        return failure

    def _pardon(self, act: Act) -> None:
        """Remember that the resource is touched, rightly, so that what follows from it is no news."""
        if self.scene is not None:
            self.scene.explain(act.resource)
        if self.kernel is not None:
            self.kernel.pardoned(act)

    def _readings(self, act: Act, client: str | None) -> tuple[Act, ...]:
        """The act, and the resource that the client stands for when it goes there through a socket."""
        other = self._clients.get(client or "")
        sockets = act.resource in (Resource.NETWORK, Resource.LOCALHOST)
        return (act, act._replace(resource=other)) if other is not None and sockets else (act,)

    def _placed(self, act: Act) -> Act | None:
        """The act on the first of its paths that is a resource, None when all lie where a test may do as it likes."""
        for path in act.paths:
            spot = self._territory.spot(path, follow=act.follow)
            if spot is not None and spot.resource is not None:
                return act._replace(resource=spot.resource, subject=spot.shown, paths=())
        return None

    def _is_of_test(self, thread: int) -> bool:
        """True for the test's own thread, one that it started, and one that works for it just now."""
        if thread == self._thread or self._lent.get(thread) is not None:
            return self._lent.get(thread, self.scene) is self.scene
        known = next((one for one in threading.enumerate() if one.ident == thread), None)
        return known is None or known not in self._older


def _is_pardoned(said: Testimony, guard: Guard, act: Act) -> bool:
    """True for acts of the runner, of the import system on files, and of probes that serve whoever comes first."""
    if said.first in guard.pardoned and not said.by_pytester:
        return True
    lead = [file.replace(os.sep, "/") for file in said.lead]
    if any(file.endswith(f"/{probe}") for file in lead for probe in guard.probes):
        return True
    return act.resource in _ON_DISK and any(file.startswith(_IMPORT) for file in lead)


def _own_names() -> frozenset[str]:
    """The names of this host that the system knows without asking anybody."""
    name = os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")
    return frozenset(each.lower() for each in (name, name.partition(".")[0]) if each)
