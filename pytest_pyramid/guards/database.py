"""Databases: SQLite and its kind on a file, and clients of database servers."""

from __future__ import annotations

import os
import re
from typing import Any

from pytest_pyramid.core.acts import Act, Guard, Surroundings, Trampoline
from pytest_pyramid.core.guarding import CARRIERS
from pytest_pyramid.core.tiers import Resource

CLIENT = "pytest_pyramid.database"
"""Raised where a client in C opens a database: (client, what it opens)."""

CLIENTS = (
    *(
        "aiomysql",
        "aiopg",
        "asyncmy",
        "asyncpg",
        "cassandra",
        "clickhouse_connect",
        "clickhouse_driver",
        "elasticsearch",
    ),
    *(
        "MySQLdb",
        "motor",
        "mysql",
        "neo4j",
        "oracledb",
        "pg8000",
        "psycopg",
        "psycopg2",
        "pymongo",
        "pymssql",
        "pymysql",
    ),
    *("pyodbc", "redis", "valkey"),
)
"""Packages that speak to a database server through sockets of Python."""

_DSN_HOST = re.compile(r"\b(?:host|hostaddr)\s*=\s*'?([^\s']+)|//(?:[^@/]*@)?([^:/?]+)")
_DSN_PORT = re.compile(r"\bport\s*=\s*'?(\d+)|//(?:[^@/]*@)?[^:/?]+:(\d+)")


def _in_memory(name: str) -> bool:
    return (
        name in ("", ":memory:", ":default:") or name.startswith((":memory:", "file::memory:")) or "mode=memory" in name
    )


def _name(database: Any) -> str | None:
    try:
        return os.fsdecode(database)
    except TypeError:
        return None


def _opened(database: Any, client: str) -> Act | None:
    name = _name(database)
    if name is None or _in_memory(name):
        return None
    path = name.removeprefix("file:").partition("?")[0] if name.startswith("file:") else name
    return Act(Resource.DATABASE, "open", path, client=client)


def _sqlite(arguments: tuple[Any, ...], _: Surroundings) -> Act | None:
    return _opened(arguments[0], "sqlite3")


def _client(arguments: tuple[Any, ...], _: Surroundings) -> Act | None:
    client, target = arguments
    if client in ("duckdb", "apsw"):
        return _opened(target, client)
    return Act(Resource.DATABASE, "connect", str(target), client=client)


def _where(text: str, given: dict[str, Any]) -> str:
    """Host and port out of a connection string of PostgreSQL, or of the keywords beside it."""
    host = _DSN_HOST.search(text)
    port = _DSN_PORT.search(text)
    named = given.get("host") or (next(filter(None, host.groups())) if host else "the default host")
    number = given.get("port") or (next(filter(None, port.groups())) if port else 5432)
    return f"{named}:{number}"


def _of_psycopg2(dsn: Any = "", *_: Any, **given: Any) -> tuple[Any, ...]:
    return ("psycopg2", _where(str(dsn or ""), given))


def _of_psycopg(conninfo: Any = "", *_: Any, **given: Any) -> tuple[Any, ...]:
    text = conninfo.decode("utf-8", "replace") if isinstance(conninfo, bytes) else str(conninfo or "")
    return ("psycopg", _where(text, given))


def _of_duckdb(database: Any = ":memory:", *_: Any, **__: Any) -> tuple[Any, ...]:
    return ("duckdb", database)


def _of_apsw(_connection: Any, filename: Any = ":memory:", *_: Any, **__: Any) -> tuple[Any, ...]:
    return ("apsw", filename)


DATABASE = Guard(
    name="database",
    resources=(Resource.DATABASE,),
    events=(("sqlite3.connect", _sqlite), (CLIENT, _client)),
    trampolines=(
        Trampoline("psycopg2", "_connect", CLIENT, _of_psycopg2),
        Trampoline("psycopg.generators", "connect", CLIENT, _of_psycopg),
        Trampoline("apsw", "Connection.__init__", CLIENT, _of_apsw),
        Trampoline("duckdb", "connect", CLIENT, _of_duckdb),
    ),
    pardoned=CARRIERS,
    clients=CLIENTS,
    caught=(
        ("sqlite3.connect", ("shop.db",)),
        ("sqlite3.connect", (b"shop.db",)),
        ("sqlite3.connect", ("file:shop.db?cache=shared",)),
        (CLIENT, ("psycopg2", "db.example:5432")),
        (CLIENT, ("duckdb", "shop.duckdb")),
    ),
    allowed=(
        ("sqlite3.connect", (":memory:",)),
        ("sqlite3.connect", ("file::memory:?cache=shared",)),
        ("sqlite3.connect", ("file:shop?mode=memory",)),
        ("sqlite3.connect", ("",)),
        (CLIENT, ("duckdb", ":memory:")),
    ),
)
