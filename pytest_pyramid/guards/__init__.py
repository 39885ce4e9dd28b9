"""Guards: each watches one kind of resource, as tables of audit events and trampolines. Their order means nothing."""

from __future__ import annotations

from pytest_pyramid.core.acts import Guard
from pytest_pyramid.guards.database import DATABASE
from pytest_pyramid.guards.files import FILES
from pytest_pyramid.guards.network import NETWORK
from pytest_pyramid.guards.process import PROCESS
from pytest_pyramid.guards.sleep import SLEEP

__all__ = ["BUILTIN"]

BUILTIN: tuple[Guard, ...] = (NETWORK, PROCESS, DATABASE, SLEEP, FILES)
