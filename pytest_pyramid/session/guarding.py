"""The guard of one process: takes up the watch, tells it which test is in which phase, and reports what it saw."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

import pytest

from pytest_pyramid.core.acts import Guard
from pytest_pyramid.core.facts import Location
from pytest_pyramid.core.plain_outcome import plain_touch
from pytest_pyramid.core.setting_tree import Settings
from pytest_pyramid.guards import BUILTIN
from pytest_pyramid.session import audit_hook, lent_threads, trampolines
from pytest_pyramid.session.collecting import Collecting
from pytest_pyramid.session.fixture_acts import FixtureRecord, nearest
from pytest_pyramid.session.late_touches import LateTouches
from pytest_pyramid.session.record import TOUCHES_KEY
from pytest_pyramid.session.scene import Scene
from pytest_pyramid.session.territory import Territory
from pytest_pyramid.session.tier_violation import TierViolation, caught, shorten
from pytest_pyramid.session.watch import Watch

if TYPE_CHECKING:
    from pytest_pyramid.core.baseline import Shield
    from pytest_pyramid.session.residue import Residue


class _BuiltinGuards:
    """Answers with the built-in guards."""

    @pytest.hookimpl(trylast=True)
    def pytest_pyramid_guards(self) -> tuple[Guard, ...]:
        return BUILTIN


def take_up(config: pytest.Config, settings: Settings, collecting: Collecting, shield: Shield | None) -> LateTouches:
    """Guard the tests of this process from now on; what is given back gathers what no report can carry.

    What the shield covers is seen, and fails no test.
    """
    config.pluginmanager.register(_BuiltinGuards(), "pyramid-builtin-guards")
    hook: Any = config.hook
    guards = [guard for answer in reversed(hook.pytest_pyramid_guards()) for guard in answer]

    def scene_of(item: pytest.Item) -> Scene:
        return Scene(item, settings, collecting, shield)

    late = LateTouches(scene_of, collecting.rank_of)
    basetemp = config.getoption("basetemp", None)
    territory = Territory(config.rootpath, str(basetemp) if basetemp else None)
    watch = Watch(guards, territory, late.note)
    finder = trampolines.put_in(one for guard in guards for one in guard.trampolines)
    lent_threads.put_in()
    config.add_cleanup(lambda: audit_hook.leave(watch))
    if finder is not None:
        config.add_cleanup(finder.leave)
    residue = None
    if "residue" in settings.guard_layers(sys.platform):
        from pytest_pyramid.session.residue import Residue  # noqa: PLC0415  # only where it can be had

        residue = Residue()
        config.add_cleanup(residue.close)
    config.pluginmanager.register(Guarding(scene_of, watch, late, residue), "pyramid-guarding")
    if settings.guard_level == "sandbox":
        from pytest_pyramid.session.sandboxing import Sandboxing  # noqa: PLC0415  # few runs ask for it

        config.pluginmanager.register(Sandboxing(settings, watch, territory, late), "pyramid-sandboxing")
    return late


class _Carrier:
    """Puts touches on reports. It is registered with the first touch: most tests touch nothing, and are not asked."""

    scene: Scene | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Put what was touched on the report, as plain data, before anybody passes it on."""
        scene, self.scene = self.scene, None
        if scene is not None:
            setattr(report, TOUCHES_KEY, [plain_touch(touch) for touch in scene.take_touches()])


class Guarding:
    """Follows the phases by plain hooks; a generator around every phase would cost more than the watch."""

    def __init__(
        self,
        scene_of: Callable[[pytest.Item], Scene],
        watch: Watch,
        late: LateTouches,
        residue: Residue | None,
    ) -> None:
        self._scene_of = scene_of
        self._watch = watch
        self._late = late
        self._residue = residue
        self._carrier: _Carrier | None = None
        self._scene: Scene | None = None
        self._records: dict[tuple[str, str], FixtureRecord] = {}
        """The wide fixtures that are set up and did something."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self) -> None:
        """Begin to listen, as late as can be: collecting raises three times as many events as running."""
        audit_hook.listen(self._watch)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """A test begins, or begins again."""
        self._scene = self._scene_of(item)
        self._watch.begin(self._scene)
        if self._residue is not None:
            self._residue.begin()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> None:
        """The test itself runs."""
        self._resume("call")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> None:
        """Its fixtures are torn down."""
        self._resume("teardown")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        """The phase is over: a touch that did not surface as its failure is made one."""
        scene = self._scene
        if scene is None:
            return
        self._watch.pause()
        if self._residue is not None and call.when == "teardown":
            kernel = self._watch.kernel
            for act in self._residue.end(kernel.waited if kernel is not None else 0.0):
                scene.find(act)
        if self._records and call.when == "setup":
            self._inherit(scene)
        if scene.touched:
            self._carry(scene)
        if scene.failure is not None:
            self._fail(scene, call)
        if call.excinfo is not None and isinstance(call.excinfo.value, TierViolation):
            shorten(call.excinfo.value, self._watch.witness.is_project)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any, request: pytest.FixtureRequest) -> Generator[None, Any, Any]:
        """What a fixture does that outlives a test is recorded against the fixture, and raised for nobody."""
        if fixturedef.scope == "function":
            return (yield)
        record = FixtureRecord(fixturedef, self._place_of(fixturedef))
        request.addfinalizer(lambda: self._torn_down(record, request))  # the last one to be called
        self._enter(record)
        try:
            return (yield)
        finally:
            self._leave(record)
            request.addfinalizer(lambda: self._tear_down(record))  # the first one
            self._set_up(record)

    def _carry(self, scene: Scene) -> None:
        if self._carrier is None:
            self._carrier = _Carrier()
            scene.item.config.pluginmanager.register(self._carrier, "pyramid-touches")
        self._carrier.scene = scene

    def _resume(self, phase: str) -> None:
        scene = self._scene
        if scene is not None:
            scene.phase = phase
            self._watch.resume(scene)

    def _fail(self, scene: Scene, call: pytest.CallInfo[None]) -> None:
        """Fail a phase that ended well, or as skipped, after an error; every other failure tells of itself."""
        text, refused = scene.take_failure()
        if text is None:
            return
        if call.excinfo is None or isinstance(call.excinfo.value, pytest.skip.Exception):
            call.excinfo = caught(text)
        elif refused and not isinstance(call.excinfo.value, TierViolation):
            scene.item.add_report_section(call.when, "pyramid", text)  # nothing else says why the kernel refused

    def _inherit(self, scene: Scene) -> None:
        """Book what the wide fixtures of the test did, under the test's own tier."""
        for record in nearest([record for record in self._records.values() if record.serves(scene.item)]):
            self._hand_down(record, scene)

    def _hand_down(self, record: FixtureRecord, scene: Scene) -> TierViolation | None:
        met = [
            scene.meet(act.readings, act.line, client=act.client, fixture=record, layer=act.layer)
            for act in record.acts
        ]
        return next((failure for failure in met if failure is not None), None)

    def _enter(self, record: FixtureRecord) -> None:
        self._watch.enter(record)
        if self._residue is not None:
            self._residue.pause()

    def _leave(self, record: FixtureRecord) -> None:
        self._watch.leave(record)
        if self._residue is not None and not self._watch.fixtures:
            self._residue.resume()

    def _set_up(self, record: FixtureRecord) -> None:
        self._records.pop(record.key, None)
        if not record.acts:
            return
        self._records[record.key] = record
        scene = self._scene
        if scene is not None and not record.serves(scene.item):
            self._hand_down(record, scene)  # requested by name while the test runs

    def _tear_down(self, record: FixtureRecord) -> None:
        self._records.pop(record.key, None)
        record.phase, record.acts = "teardown", []
        self._enter(record)

    def _torn_down(self, record: FixtureRecord, request: pytest.FixtureRequest) -> None:
        if record in self._watch.fixtures:
            self._leave(record)
        if record.phase == "teardown" and record.acts:
            self._late.settle(record, request.session.items)

    def _place_of(self, fixturedef: Any) -> Location | None:
        code = getattr(fixturedef.func, "__code__", None)
        return self._watch.witness.place(code.co_filename, code.co_firstlineno) if code is not None else None
