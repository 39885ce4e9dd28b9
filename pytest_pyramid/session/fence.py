"""The fence: an entry of a worker's queue that is no test.

pytest-xdist starts a test only when it knows the next one, and sends indices into `session.items`. Two items behind
the last test, appended after the collection was reported and so unseen by counts, give it a next one that commits
nobody to anything. `core.schedule` says what the two kinds do.
"""

from __future__ import annotations

from typing import Any

import pytest

_ITS_PLUGINS = ("runner", "capturemanager")


class Fence(pytest.Item):
    """A soft fence keeps the fixtures of the last test's module and classes alive, a hard fence none below session."""

    soft: bool = False
    last: pytest.Item | None = None
    """The test that ran last; what a fence tears down is reported in its name, as plain pytest would."""

    @property
    def nodeid(self) -> str:
        """The node id of the last test, because the reports of a postponed teardown are its own."""
        return self.last.nodeid if self.last is not None else "pytest_pyramid/fence"

    def listchain(self) -> list[Any]:
        """The nodes that stay set up while this item is the next one."""
        if self.soft and self.last is not None:
            return [*self.last.listchain()[:-1], self]
        return [self.session, self]

    def reportinfo(self) -> Any:
        """The place of the last test."""
        return self.last.reportinfo() if self.last is not None else (self.path, None, "fence")

    def runtest(self) -> None:
        """Nothing: a fence is never called, it is only stood at."""

    def pass_by(self, nextitem: pytest.Item | None) -> None:
        """Do the teardown that is left: what a soft fence postponed, and at the end the fixtures of the session."""
        if self.last is not None and (self.soft or nextitem is None):
            tear_down(self.last, nextitem)


def tear_down(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Tear down what still stands and `nextitem` does not need; report an error in the name of the item.

    For an item that is done, and for one that is not run: what the test before it left for it has to go as well.
    """
    teardown = _teardown(item.config)
    call = pytest.CallInfo.from_call(
        lambda: teardown(item=item, nextitem=nextitem),
        when="teardown",
        reraise=(pytest.exit.Exception, KeyboardInterrupt),
    )
    if call.excinfo is not None:
        report = pytest.TestReport.from_item_and_call(item, call)
        item.ihook.pytest_runtest_logreport(report=report)


def _teardown(config: pytest.Config) -> Any:
    """The teardown hook of pytest's own runner and capture only.

    All others (logging, rerunfailures, timeouts of third parties) are done with the item: its own teardown was before.
    """
    manager = config.pluginmanager
    others = [plugin for name, plugin in manager.list_name_plugin() if plugin is not None and name not in _ITS_PLUGINS]
    return manager.subset_hook_caller("pytest_runtest_teardown", remove_plugins=others)


def fences(session: pytest.Session) -> tuple[Fence, Fence]:
    """The soft and the hard fence of a session, in the order in which their indices follow the tests."""
    soft = Fence.from_parent(session, name="soft-fence")
    hard = Fence.from_parent(session, name="hard-fence")
    soft.soft = True
    return soft, hard
