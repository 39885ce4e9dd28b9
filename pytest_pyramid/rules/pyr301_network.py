"""PYR301: a test touches other machines and its tier may not."""

from __future__ import annotations

from typing import ClassVar

from pytest_pyramid.core.isolation import IsolationRule
from pytest_pyramid.core.tiers import Resource


class Network(IsolationRule):
    """A test reaches for another machine, which its tier may not.

    ## What it does

    Watches connections, datagrams and the look-up of names. Every address that is not this machine's own counts, and so
    does asking for a name that is neither local nor this host's.

    One violation stands for one line of code, with the number of tests that came by it. A wide fixture that does it (scope
    class to session) is told once, and counts for every test that requests it, whichever ran first. What a tier, its
    lists or a mark allow is kept in the report, and is no violation.

    ## Why it matters

    What answers there is nobody's to control: the test is slow when the line is, fails when a server is down, and may
    change something that others use. Offline it cannot run at all.

    ## How to fix

    Give the code under test something that stands in for the far side, or test against a copy on this machine, one tier
    higher. A host that a tier may reach after all goes into `allow = { hosts = ["*.example.org"] }` of the tier.

    ## Options

    None. The guard of each tier says what its tests may touch, and `--pyramid-guard` whether that is a warning here or
    an error that fails the test.

    ## Example

    ```text
    PYR301 network: tests/unit/test_orders.py::test_total touched network: connect 10.0.0.1:443 (src/shop/rates.py:41)
    ```

    ```toml
    [[tool.pytest_pyramid.tiers]]
    name = "unit"
    guard = { network = "error" }
    ```
    """

    code: ClassVar[str] = "PYR301"
    name: ClassVar[str] = "network"
    resource: ClassVar[Resource] = Resource.NETWORK
    detail: ClassVar[str] = "connect 10.0.0.1:443"
