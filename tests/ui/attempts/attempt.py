"""One attempt: its code, and what it should be taken for."""

from __future__ import annotations

import re
from textwrap import dedent, indent
from typing import NamedTuple

INSTALLED = """
import pytest


def installed(name):
    try:
        return __import__(name, fromlist=["x"])
    except ImportError:
        return None
"""
"""Code that gives a library, or None where it is not installed."""


class Attempt(NamedTuple):
    """A piece of code that touches one of `resources`; of none, when a unit test may do it."""

    name: str
    code: str
    resources: tuple[str, ...]

    @property
    def function(self) -> str:
        """The code as a test function. A library that is not installed makes it a skipped one."""
        needed = "".join(f"    {name} or pytest.skip('not installed')\n" for name in self._libraries())
        return f"def test_{self.name}():\n{needed}{indent(self.code, '    ')}\n"

    def _libraries(self) -> list[str]:
        return [name for name in LIBRARIES if re.search(rf"\b(early_)?{name}\b|early_{name}_", self.code)]


LIBRARIES = (
    *("aiohttp", "apsw", "duckdb", "grpc", "httpx", "numpy", "pexpect", "psycopg", "psycopg2", "pyarrow", "pycurl"),
    *("pymysql", "redis", "requests", "sqlalchemy", "trio", "uvloop"),
)
"""What a run may do without."""


def attempts(table: str, *resources: str) -> tuple[Attempt, ...]:
    """The attempts of a table: a name at the start of a line, its code behind it or indented below."""
    found = re.findall(r"^(\w+)(?:[ ]+(\S.*))?\n((?:[ ]+.*\n)*)", table.lstrip("\n"), re.MULTILINE)
    return tuple(Attempt(name, line or dedent(block).rstrip(), resources) for name, line, block in found)


def module(preamble: str, rows: tuple[Attempt, ...]) -> str:
    """A test file of all these attempts."""
    return f"{preamble}\n\n" + "\n\n".join(row.function for row in rows)
