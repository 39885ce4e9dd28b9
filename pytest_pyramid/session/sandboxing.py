"""Puts the sandbox up when the tests of a process begin, or says why there is none."""

from __future__ import annotations

import sys

import pytest

from pytest_pyramid.core.setting_tree import Settings
from pytest_pyramid.session.kernel_watch import KernelWatch
from pytest_pyramid.session.late_touches import LateTouches
from pytest_pyramid.session.territory import Territory
from pytest_pyramid.session.watch import Watch


class Sandboxing:
    """Waits for the first test, so that nobody is asked about what collecting does."""

    def __init__(self, settings: Settings, watch: Watch, territory: Territory, late: LateTouches) -> None:
        self._settings = settings
        self._watch = watch
        self._territory = territory
        self._late = late

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        """Put it up, unless nothing will run."""
        if session.config.option.collectonly or not session.items:
            return
        reason = self._put_up(session.config)
        if reason is not None:
            self._late.lacking.append("sandbox")
            self._late.note(f"no sandbox: {reason}")

    def _put_up(self, config: pytest.Config) -> str | None:
        """Why there is no sandbox, None when there is one."""
        if sys.platform != "linux":
            return f"only Linux has what it takes, not {sys.platform}"
        from pytest_pyramid.session.sandbox.supervised import Refused, Sandbox  # noqa: PLC0415  # there is none elsewhere

        basetemp = config.getoption("basetemp", None)
        try:
            sandbox = Sandbox(self._territory.root, str(basetemp) if basetemp else None)
        except Refused as refused:
            return str(refused)
        self._watch.kernel = KernelWatch(sandbox, self._settings.guard, self._watch.book, self._late.note)
        config.add_cleanup(sandbox.rest)
        return None
