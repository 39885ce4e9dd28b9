"""PYR304: a test touches a database and its tier may not."""

from __future__ import annotations

from typing import ClassVar

from pytest_pyramid.core.isolation import IsolationRule
from pytest_pyramid.core.tiers import Resource


class Database(IsolationRule):
    """A test opens a database, which its tier may not.

    ## What it does

    Watches SQLite on a file, DuckDB on a file, and connections of the known clients of database servers. A database in
    memory is free.

    One violation stands for one line of code, with the number of tests that came by it. A wide fixture that does it (scope
    class to session) is told once, and counts for every test that requests it, whichever ran first. What a tier, its
    lists or a mark allow is kept in the report, and is no violation.

    ## Why it matters

    State outlives the test: what one leaves behind the next one finds. And a test that has to prepare tables to look at
    one price tells little about the price.

    ## How to fix

    Keep what decides apart from what stores, and test it with plain values. For the storing itself, a database in memory
    or a test of a higher tier is the right place.

    ## Options

    None. The guard of each tier says what its tests may touch, and `--pyramid-guard` whether that is a warning here or
    an error that fails the test.

    ## Example

    ```text
    PYR304 database: tests/unit/test_orders.py::test_total touched database: open shop.db (src/shop/db.py:12)
    ```

    ```toml
    [[tool.pytest_pyramid.tiers]]
    name = "unit"
    guard = { database = "error" }
    ```
    """

    code: ClassVar[str] = "PYR304"
    name: ClassVar[str] = "database"
    resource: ClassVar[Resource] = Resource.DATABASE
    detail: ClassVar[str] = "open shop.db"
