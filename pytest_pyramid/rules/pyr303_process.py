"""PYR303: a test touches other programs and its tier may not."""

from __future__ import annotations

from typing import ClassVar

from pytest_pyramid.core.isolation import IsolationRule
from pytest_pyramid.core.tiers import Resource


class Process(IsolationRule):
    """A test starts another program, or forks, which its tier may not.

    ## What it does

    Watches every way to a new process: `subprocess`, `os.system`, fork, exec and spawn, `multiprocessing`, and a browser
    that is opened. What a probe of the standard library starts for itself, such as `platform.uname`, does not count.

    One violation stands for one line of code, with the number of tests that came by it. A wide fixture that does it (scope
    class to session) is told once, and counts for every test that requests it, whichever ran first. What a tier, its
    lists or a mark allow is kept in the report, and is no violation.

    ## Why it matters

    Starting a program takes longer than most unit tests altogether, what it does cannot be seen from the test, and it has
    to be installed.

    ## How to fix

    Call the function behind the command line; pass in what runs commands, so that a test can pass something else. A
    command that a tier may run after all goes into `allow = { commands = ["git"] }` of the tier.

    ## Options

    None. The guard of each tier says what its tests may touch, and `--pyramid-guard` whether that is a warning here or
    an error that fails the test.

    ## Example

    ```text
    PYR303 process: tests/unit/test_cli.py::test_version touched process: start shop --version (tests/unit/test_cli.py:7)
    ```

    ```toml
    [[tool.pytest_pyramid.tiers]]
    name = "unit"
    guard = { process = "error" }
    ```
    """

    code: ClassVar[str] = "PYR303"
    name: ClassVar[str] = "process"
    resource: ClassVar[Resource] = Resource.PROCESS
    detail: ClassVar[str] = "start git status"
