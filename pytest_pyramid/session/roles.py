"""One role object per process, chosen once: solo or controller here, worker in `session.worker`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_pyramid.core.setting_tree import Settings
from pytest_pyramid.session import extensions, hard_stop, options, slowness
from pytest_pyramid.session.classifying import register_classifiers
from pytest_pyramid.session.collecting import Collecting
from pytest_pyramid.session.finish import Finish
from pytest_pyramid.session.judging import Judging
from pytest_pyramid.session.markers import add_markers
from pytest_pyramid.session.memory import Memory
from pytest_pyramid.session.publishing import Publishing
from pytest_pyramid.session.role import Role
from pytest_pyramid.session.run import Run
from pytest_pyramid.session.sharding import Sharding, known_to_all
from pytest_pyramid.session.watching import Watching

if TYPE_CHECKING:
    from pytest_pyramid.core.baseline import Shield
    from pytest_pyramid.session.andon import Andon
    from pytest_pyramid.session.baselining import Baselining

ROLE = pytest.StashKey[Role]()


def take_up(config: pytest.Config) -> None:
    """Take up the role of the process that decides. Raises pytest.UsageError for bad options or configuration."""
    parts = extensions.gather(config)
    settings = options.read_settings(
        config, [one.name for one in parts.reporters], [one.name for one in parts.notifiers]
    )
    if not options.is_question(config):
        _require(config)
    judging = Judging(config, settings, parts)
    add_markers(config, settings)
    register_classifiers(config, settings)
    extensions.register_gate(config, settings)
    if options.is_question(config):
        _answer(config, settings, parts)
    else:
        _run(config, settings, parts, judging)


def _run(config: pytest.Config, settings: Settings, parts: extensions.Extensions, judging: Judging) -> None:
    baselining = judging.baselining = _baselining(config, settings, parts)
    shield = baselining.shield if baselining is not None else None
    distributed = _is_distributed(config)
    role = _controller(config, settings, shield) if distributed else _solo(config, settings, shield)
    if settings.cov != "off" and not config.option.collectonly:
        _cover(config, settings, role)
    if config.pluginmanager.hasplugin("benchmark") and not config.option.collectonly:
        _measure(config, settings, role)
    config.stash[ROLE] = role
    config.pluginmanager.register(role, "pyramid-role")
    if config.option.collectonly and settings.part is None:
        return
    memory = Memory(config, settings, distributed=distributed)
    role.run.memory = memory
    config.pluginmanager.register(memory, "pyramid-memory")
    if not config.option.collectonly:  # which tests are in the shard, the memory had to say
        _follow(config, parts, judging, role, memory)


def _follow(config: pytest.Config, parts: extensions.Extensions, judging: Judging, role: Role, memory: Memory) -> None:
    """Let the run be watched, judged, told of and reported."""
    role.run.watching = Watching(config, role.run)
    config.pluginmanager.register(role.run.watching, "pyramid-watching")
    slowness.take_up(role.run, judging.book, judging.baselining.knows if judging.baselining is not None else None)
    andon = _andon(config, judging.settings, parts, memory)
    heard = andon.notes if andon is not None else list
    role.run.cord = andon.pull if andon is not None else None
    publishing = Publishing(config, judging, memory, heard)
    config.pluginmanager.register(Finish(config, role, judging, publishing), "pyramid-finish")


def _require(config: pytest.Config) -> None:
    paths = config.getoption("pyramid_require")
    if paths:
        from pytest_pyramid.session.requiring import require  # only a stage that follows another asks

        require(config, paths)


def _andon(config: pytest.Config, settings: Settings, parts: extensions.Extensions, memory: Memory) -> Andon | None:
    """Who tells people when a gate closes, None when nobody is to be told."""
    if not settings.andon.notify:
        return None
    from pytest_pyramid.session.andon import Andon  # few projects tell anybody

    problems = [problem for one in parts.notifiers if one.name in settings.andon.notify and (problem := one.obstacle())]
    if problems:
        raise pytest.UsageError("\n".join(["pytest-test-pyramid:", *(f"  {line}" for line in problems)]))
    andon = Andon(config, settings, parts.notifiers, memory)
    config.pluginmanager.register(andon, "pyramid-andon")
    return andon


def _baselining(config: pytest.Config, settings: Settings, parts: extensions.Extensions) -> Baselining | None:
    """What compares this run with the baseline; None without one, and where nothing is judged."""
    if config.option.collectonly or not (settings.baseline or config.getoption("pyramid_update_baseline")):
        return None
    from pytest_pyramid.session.baselining import Baselining

    return Baselining(config, settings, [rule.code for rule in parts.rules])


def _controller(config: pytest.Config, settings: Settings, shield: Shield | None) -> Role:
    from pytest_pyramid.session.controller import Controller

    return Controller(config, settings, shield)


def _solo(config: pytest.Config, settings: Settings, shield: Shield | None) -> Role:
    from pytest_pyramid.session.solo import Solo

    collecting = Collecting(config, settings)
    config.pluginmanager.register(collecting, "pyramid-collecting")
    hard_stop.take_up(config, settings, collecting)
    run = Run(config, settings, shield=shield)
    if settings.guarded:
        from pytest_pyramid.session import guarding

        guard = guarding.take_up(config, settings, collecting, shield)
        run.late_touches, run.guard_notes, run.lacking_layers = guard.touches, guard.notes, guard.lacking
    if settings.part is not None:
        collecting.sharding = Sharding(settings.part, lambda: known_to_all(run.memory))
    return Solo(run, collecting)


def _cover(config: pytest.Config, settings: Settings, role: Role) -> None:
    """Record coverage by tier, unless --no-cov asks for none."""
    if config.getoption("no_cov", False):
        role.run.guard_notes.append("coverage by tier is off: --no-cov")
        return
    from pytest_pyramid.session.coverage_desk import CoverageDesk
    from pytest_pyramid.session.covering import Covering

    collecting: Collecting | None = config.pluginmanager.get_plugin("pyramid-collecting")
    covering = Covering(config, settings, collecting)
    role.run.coverage = CoverageDesk(config, settings, covering)
    config.pluginmanager.register(covering, "pyramid-covering")
    config.pluginmanager.register(role.run.coverage, "pyramid-coverage")


def _measure(config: pytest.Config, settings: Settings, role: Role) -> None:
    """Take up what pytest-benchmark, which is installed, measures."""
    from pytest_pyramid.session import benchmarking

    role.run.benchmarks = benchmarking.Benchmarks()
    config.pluginmanager.register(role.run.benchmarks, "pyramid-benchmarks")
    benchmarking.read_in(config, settings, config.pluginmanager.get_plugin("pyramid-collecting"))


def _answer(config: pytest.Config, settings: Settings, parts: extensions.Extensions) -> None:
    from pytest_pyramid.session.asking import Asking

    if hasattr(config.option, "dist"):
        config.option.dist, config.option.tx = "no", []  # questions are answered without workers
    collecting = Collecting(config, settings)
    config.pluginmanager.register(collecting, "pyramid-collecting")
    config.pluginmanager.register(Asking(config, settings, parts, collecting), "pyramid-asking")


def _is_distributed(config: pytest.Config) -> bool:
    """True when xdist will start workers; its own session object is not registered yet at this point."""
    on = config.getoption("dist", "no") != "no" and bool(config.getoption("tx", None))
    return on and not config.option.collectonly
