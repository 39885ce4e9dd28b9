"""What the deciding process is to everybody else, with workers and without."""

from __future__ import annotations

from typing import Protocol

from pytest_pyramid.session.run import Run


class Role(Protocol):
    """The deciding process: without workers, or in command of some."""

    run: Run
    workers: int

    def settle(self) -> None:
        """Book what ran last: nothing comes after it."""
        ...
