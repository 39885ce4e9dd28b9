"""PYR305: a test touches time itself by waiting and its tier may not."""

from __future__ import annotations

from typing import ClassVar

from pytest_pyramid.core.isolation import IsolationRule
from pytest_pyramid.core.tiers import Resource


class Sleep(IsolationRule):
    """A test waits for time to pass, which its tier may not.

    ## What it does

    Watches `time.sleep` and `asyncio.sleep` of a millisecond and more. A pause of nought, which lets others run, and one
    without end, which waits for something else, are free.

    One violation stands for one line of code, with the number of tests that came by it. A wide fixture that does it (scope
    class to session) is told once, and counts for every test that requests it, whichever ran first. What a tier, its
    lists or a mark allow is kept in the report, and is no violation.

    ## Why it matters

    A pause is either too long, and then a hundred of them are the minute that nobody waits for, or too short on a busy
    machine, and then the test fails now and then.

    ## How to fix

    Pass the clock or the pause in, so that a test can pass one that takes no time; or wait for the event itself.

    ## Options

    None. The guard of each tier says what its tests may touch, and `--pyramid-guard` whether that is a warning here or
    an error that fails the test.

    ## Example

    ```text
    PYR305 sleep: tests/unit/test_retry.py::test_twice touched sleep: sleep 0.5 s (src/shop/retry.py:22)
    ```

    ```toml
    [[tool.pytest_pyramid.tiers]]
    name = "unit"
    guard = { sleep = "error" }
    ```
    """

    code: ClassVar[str] = "PYR305"
    name: ClassVar[str] = "sleep"
    resource: ClassVar[Resource] = Resource.SLEEP
    detail: ClassVar[str] = "sleep 0.5 s"
