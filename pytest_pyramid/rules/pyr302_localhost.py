"""PYR302: a test touches a service on this machine and its tier may not."""

from __future__ import annotations

from typing import ClassVar

from pytest_pyramid.core.isolation import IsolationRule
from pytest_pyramid.core.tiers import Resource


class Localhost(IsolationRule):
    """A test speaks to a service on this machine, or offers one, which its tier may not.

    ## What it does

    Watches connections to loopback addresses and to sockets of Unix, and every socket that is bound to an address. A pair
    of connected sockets, as event loops make for themselves, is nobody's business.

    One violation stands for one line of code, with the number of tests that came by it. A wide fixture that does it (scope
    class to session) is told once, and counts for every test that requests it, whichever ran first. What a tier, its
    lists or a mark allow is kept in the report, and is no violation.

    ## Why it matters

    Something has to be started before the test can run, ports are taken by whoever comes first, and two tests that run
    at once meet in the same place.

    ## How to fix

    Call the code behind the socket itself: most frameworks have a test client for that. A test that is about the socket
    belongs to a higher tier.

    ## Options

    None. The guard of each tier says what its tests may touch, and `--pyramid-guard` whether that is a warning here or
    an error that fails the test.

    ## Example

    ```text
    PYR302 localhost: tests/unit/test_orders.py::test_total touched localhost: connect 127.0.0.1:5432 (src/shop/db.py:41)
    ```

    ```toml
    [[tool.pytest_pyramid.tiers]]
    name = "unit"
    guard = { localhost = "error" }
    ```
    """

    code: ClassVar[str] = "PYR302"
    name: ClassVar[str] = "localhost"
    resource: ClassVar[Resource] = Resource.LOCALHOST
    detail: ClassVar[str] = "connect 127.0.0.1:5432"
