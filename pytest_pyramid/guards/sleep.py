"""Waiting for time to pass."""

from __future__ import annotations

import math
from typing import Any

from pytest_pyramid.core.acts import SLEEP_EVENT, Act, Guard, Surroundings, Trampoline
from pytest_pyramid.core.guarding import CARRIERS
from pytest_pyramid.core.tiers import Resource

LEAST = 0.001
"""Seconds; less is a way to let others run. A pause without end is a way to wait for something else."""


def _pause(arguments: tuple[Any, ...], _: Surroundings) -> Act | None:
    seconds = arguments[0]
    if not isinstance(seconds, (int, float)) or not LEAST <= seconds < math.inf:
        return None
    return Act(Resource.SLEEP, "sleep", f"{seconds:g} s")


def _of_sleep(seconds: Any = 0, *_: Any) -> tuple[Any, ...]:
    return (seconds,)


def _of_asyncio(delay: Any = 0, *_: Any) -> tuple[Any, ...]:
    return (delay,)


SLEEP = Guard(
    name="sleep",
    resources=(Resource.SLEEP,),
    events=(("time.sleep", _pause), (SLEEP_EVENT, _pause)),
    trampolines=(
        Trampoline("time", "sleep", SLEEP_EVENT, _of_sleep, before=(3, 13)),
        Trampoline("asyncio.tasks", "sleep", SLEEP_EVENT, _of_asyncio, code=True),
    ),
    pardoned=CARRIERS,
    caught=(("time.sleep", (0.5,)), (SLEEP_EVENT, (1,))),
    allowed=(("time.sleep", (0,)), ("time.sleep", (0.0001,)), (SLEEP_EVENT, (math.inf,)), (SLEEP_EVENT, (math.nan,))),
)
