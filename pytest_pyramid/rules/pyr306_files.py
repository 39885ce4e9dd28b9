"""PYR306: a test touches files that stay and its tier may not."""

from __future__ import annotations

from typing import ClassVar

from pytest_pyramid.core.isolation import IsolationRule
from pytest_pyramid.core.tiers import Resource


class Files(IsolationRule):
    """A test makes, changes or deletes files outside its own temporary folder, which its tier may not.

    ## What it does

    Watches what is written, made, renamed, linked, changed or removed. Reading is free, and so are `tmp_path`, all of
    pytest's own temporary folder, devices and compiled bytecode. The project's folder counts wherever it lies.

    One violation stands for one line of code, with the number of tests that came by it. A wide fixture that does it (scope
    class to session) is told once, and counts for every test that requests it, whichever ran first. What a tier, its
    lists or a mark allow is kept in the report, and is no violation.

    ## Why it matters

    What a test leaves behind, the next run finds; two tests that write the same file at once disturb each other; and the
    working copy is no longer clean.

    ## How to fix

    Write below `tmp_path`, and let the code under test be told where to write. A place that a tier may write to after
    all goes into `allow = { paths = ["build/*"] }` of the tier.

    ## Options

    None. The guard of each tier says what its tests may touch, and `--pyramid-guard` whether that is a warning here or
    an error that fails the test.

    ## Example

    ```text
    PYR306 files: tests/unit/test_export.py::test_csv touched files: write report.csv (src/shop/export.py:30)
    ```

    ```toml
    [[tool.pytest_pyramid.tiers]]
    name = "unit"
    guard = { files = "error" }
    ```
    """

    code: ClassVar[str] = "PYR306"
    name: ClassVar[str] = "files"
    resource: ClassVar[Resource] = Resource.FILES
    detail: ClassVar[str] = "write report.csv"
