"""PYR307: a test touches the system's temporary folder and its tier may not."""

from __future__ import annotations

from typing import ClassVar

from pytest_pyramid.core.isolation import IsolationRule
from pytest_pyramid.core.tiers import Resource


class Tempfiles(IsolationRule):
    """A test makes, changes or deletes files in the system's temporary folder, which its tier may not.

    ## What it does

    The same as [PYR306](PYR306-files.md), for the system's temporary folder outside `tmp_path`. All shipped tiers allow
    it.

    One violation stands for one line of code, with the number of tests that came by it. A wide fixture that does it (scope
    class to session) is told once, and counts for every test that requests it, whichever ran first. What a tier, its
    lists or a mark allow is kept in the report, and is no violation.

    ## Why it matters

    Such files are nobody's: when a test fails before it cleans up, they stay, and a name that is not random is one that
    two runs share.

    ## How to fix

    Write below `tmp_path`, which pytest cleans up and never gives to two tests.

    ## Options

    None. The guard of each tier says what its tests may touch, and `--pyramid-guard` whether that is a warning here or
    an error that fails the test.

    ## Example

    ```text
    PYR307 tempfiles: tests/unit/test_export.py::test_csv touched tempfiles: write /tmp/out.csv (src/shop/export.py:30)
    ```

    ```toml
    [[tool.pytest_pyramid.tiers]]
    name = "unit"
    guard = { tempfiles = "warn" }
    ```
    """

    code: ClassVar[str] = "PYR307"
    name: ClassVar[str] = "tempfiles"
    resource: ClassVar[Resource] = Resource.TEMPFILES
    detail: ClassVar[str] = "write /tmp/out.csv"
