"""Machines that disappear: xdist starts a dead worker anew where it was, and gives up the run when nobody is there.

The seams are one method of xdist's session, `_clone_node`, and what execnet asks of a gateway whose machine is gone when
everything is taken down. Where either is missing, all stays as it is without us.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


class Hosts:
    """Goes on with the workers that are left when a worker cannot be started anew."""

    def __init__(self, config: pytest.Config, note: Callable[[str], None]) -> None:
        self._note = note
        self._gone: list[Any] = []
        self._session: Any = config.pluginmanager.getplugin("dsession")
        self._clone = getattr(self._session, "_clone_node", None)
        if self._clone is not None:
            self._session._clone_node = self.replace  # noqa: SLF001  # xdist has no public place for this

    def replace(self, node: Any) -> Any:
        """A worker in the place of `node`; None when its machine is gone, and the end of the run with the last one."""
        self._gone.append(node.gateway)
        where = getattr(node.gateway.spec, "via", None) or getattr(node.gateway.spec, "socket", None)
        try:
            return self._clone(node) if self._clone is not None else None
        except (OSError, EOFError, AssertionError):  # what execnet raises when nobody answers
            if where is None:
                raise
            self._note(f"worker {node.gateway.id} was not replaced, its host {where} does not answer")
        if self._session._active_nodes <= {node}:  # noqa: SLF001  # as above
            self._session.triggershutdown()
        return None

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """Let execnet ask nothing of machines that are gone: it would end the run with an error instead of a report."""
        for gateway in self._gone:
            for name in ("wait", "kill"):
                if hasattr(getattr(gateway, "_io", None), name):
                    setattr(gateway._io, name, _nothing)  # noqa: SLF001  # as above


def _nothing() -> None:
    return None
