"""One role object per process, chosen once: solo, controller or worker."""

from __future__ import annotations

import pytest

from pytest_pyramid.session import extensions, options, wire
from pytest_pyramid.session.asking import Asking
from pytest_pyramid.session.collecting import Collecting
from pytest_pyramid.session.controller import PAYLOAD, Controller
from pytest_pyramid.session.finish import Finish
from pytest_pyramid.session.judging import Judging
from pytest_pyramid.session.run import Run
from pytest_pyramid.session.solo import Solo
from pytest_pyramid.session.stopwatch import Stopwatch
from pytest_pyramid.session.worker import Worker

ROLE = pytest.StashKey[Solo | Controller | Worker]()


def take_up(config: pytest.Config) -> None:
    """Take up the role of the process that decides. Raises pytest.UsageError for bad options or configuration."""
    parts = extensions.gather(config)
    settings = options.read_settings(config, [reporter.name for reporter in parts.reporters])
    judging = Judging(config, settings, parts)
    options.add_markers(config, settings)
    extensions.register_classifiers(config, settings)
    extensions.register_gate(config, settings)
    register = config.pluginmanager.register
    role: Solo | Controller
    asks = Asking.of(config, settings, parts)
    if asks is not None:
        config.option.dist, config.option.tx = "no", []
    if _is_distributed(config):
        role = Controller(config, settings)
        collecting = None
    else:
        collecting = Collecting(config, settings)
        role = Solo(Run(config, settings, lambda command: None), collecting)
        register(collecting, "pyramid-collecting")
        register(Stopwatch(), "pyramid-stopwatch")
    config.stash[ROLE] = role
    register(role, "pyramid-role")
    if asks is not None:
        register(asks, "pyramid-asking")
    elif not config.option.collectonly:
        register(Finish(config, role, judging), "pyramid-finish")


def take_up_worker(config: pytest.Config) -> None:
    """Take up the role of an xdist worker, with the settings that the controller sent."""
    payload = config.workerinput[PAYLOAD]  # type: ignore[attr-defined]  # xdist puts it there
    settings = wire.unpack_settings(payload["settings"])
    options.add_markers(config, settings)
    extensions.register_classifiers(config, settings)
    # Our scheduler honours groups by itself; xdist would write them into node ids.
    config.option.loadgroup = False
    collecting = Collecting(config, settings)
    role = Worker(settings, collecting, payload["channel"])
    config.stash[ROLE] = role
    config.pluginmanager.register(collecting, "pyramid-collecting")
    config.pluginmanager.register(Stopwatch(), "pyramid-stopwatch")
    config.pluginmanager.register(role, "pyramid-role")


def _is_distributed(config: pytest.Config) -> bool:
    """True when xdist will start workers; its own session object is not registered yet at this point."""
    on = config.getoption("dist", "no") != "no" and bool(config.getoption("tx", None))
    return on and not config.option.collectonly
