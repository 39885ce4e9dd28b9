"""The built-in guards: what every one of them has to keep, and what each takes an audit event for."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from pytest_pyramid.core.acts import CONNECT_EVENT, Act, Beside, Guard, Surroundings
from pytest_pyramid.core.tiers import Resource
from pytest_pyramid.guards import BUILTIN
from pytest_pyramid.guards.database import CLIENT, DATABASE
from pytest_pyramid.guards.files import FILES
from pytest_pyramid.guards.network import NETWORK
from pytest_pyramid.guards.process import PROCESS
from pytest_pyramid.guards.sleep import SLEEP
from pytest_pyramid.testing import check_guard

HERE = Surroundings(own_names=frozenset({"build-7"}))


def read(guard: Guard, event: str, *arguments: Any) -> Act | None:
    """What the guard takes the event for."""
    return dict(guard.events)[event](arguments, HERE)


def told(guard: Guard, event: str, *arguments: Any) -> tuple[str, str] | None:
    """The resource and the words for it."""
    act = read(guard, event, *arguments)
    return None if act is None else (act.resource.value, act.detail)


@pytest.mark.parametrize("guard", BUILTIN, ids=lambda guard: guard.name)
def test_a_guard_keeps_what_is_asked_of_every_guard(guard: Guard) -> None:
    """Its examples pass the check that authors of extensions use."""
    check_guard(guard)


def test_together_they_watch_every_resource_and_no_event_twice() -> None:
    """Every resource that a tier can restrict is seen by exactly one guard."""
    watched = [resource for guard in BUILTIN for resource in guard.resources]
    assert sorted(one.value for one in watched) == sorted(one.value for one in Resource)
    events = [event for guard in BUILTIN for event, _ in guard.events]
    assert len(events) == len(set(events))


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        ({"name": "Sleep"}, "kebab-case"),
        ({"resources": ()}, "no resource"),
        ({"resources": (Resource.FILES,)}, "none of its resources"),
        ({"caught": SLEEP.caught[:1]}, "no example"),
        ({"caught": (*SLEEP.caught, ("other", ()))}, "does not listen"),
        ({"caught": (*SLEEP.caught, ("time.sleep", (0,)))}, "is not caught"),
        ({"allowed": (("time.sleep", (1,)),)}, "is caught"),
    ],
)
def test_the_check_finds_what_is_wrong_with_a_guard(broken: dict[str, Any], fault: str) -> None:
    """Each part of a guard that does not keep its word is named."""
    with pytest.raises(AssertionError, match=fault):
        check_guard(replace(SLEEP, **broken))


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        (("10.0.0.1", 443), ("network", "connect 10.0.0.1:443")),
        (("example.org", 80), ("network", "connect example.org:80")),
        (("127.9.9.9", 80), ("localhost", "connect 127.9.9.9:80")),
        (("", 80), ("localhost", "connect 0.0.0.0:80")),
        (("localhost", 80), ("localhost", "connect localhost:80")),
        (("app.localhost.", 80), ("localhost", "connect app.localhost.:80")),
        (("BUILD-7", 80), ("localhost", "connect BUILD-7:80")),
        (("::1", 80, 0, 0), ("localhost", "connect [::1]:80")),
        (("::ffff:127.0.0.1", 80, 0, 0), ("localhost", "connect [::ffff:127.0.0.1]:80")),
        (("fe80::1%eth0", 80, 0, 2), ("network", "connect [fe80::1%eth0]:80")),
        ((b"127.0.0.1", 80), ("localhost", "connect 127.0.0.1:80")),
        ("/run/db.sock", ("localhost", "connect unix:/run/db.sock")),
        (b"\0abstract", ("localhost", "connect unix:\0abstract")),
        ((0, 0), None),
        (("10.0.0.1",), None),
    ],
)
def test_an_address_is_this_machine_or_another(address: Any, wanted: tuple[str, str] | None) -> None:
    """Loopback, this host's names and sockets of Unix are localhost; kinds that reach no program are nothing."""
    assert told(NETWORK, "socket.connect", None, address) == wanted


@pytest.mark.parametrize("address", [("10.0.0.1", 0), ("127.0.0.1", 80)])
def test_whatever_is_bound_is_bound_here(address: Any) -> None:
    """An address of this machine's network card is this machine too."""
    assert (read(NETWORK, "socket.bind", None, address) or Act(Resource.FILES, "")).resource is Resource.LOCALHOST


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.1", "::1", "localhost", "build-7", None, "", b"localhost"])
def test_names_that_ask_nobody_are_free(host: Any) -> None:
    """Numbers and the names of this host need no server."""
    assert read(NETWORK, "socket.getaddrinfo", host, 80, 0, 0, 0) is None


def test_a_name_that_a_server_knows_is_network() -> None:
    """Looking up a name, and the name of an address, asks a server."""
    assert told(NETWORK, "socket.getaddrinfo", "example.org", 80, 0, 0, 0) == ("network", "look up example.org")
    assert told(NETWORK, "socket.gethostbyaddr", "10.0.0.1") == ("network", "look up 10.0.0.1")


@pytest.mark.parametrize(
    ("target", "detail"),
    [
        ("10.0.0.1:50051", "connect 10.0.0.1:50051"),
        ("dns:///shop:50051", "connect shop:50051"),
        ("ipv4:10.0.0.1:50051", "connect 10.0.0.1:50051"),
        ("unix:/run/x", "connect unix:/run/x"),
    ],
)
def test_a_channel_of_grpc_says_where_it_goes(target: str, detail: str) -> None:
    """The forms that grpc takes as a target."""
    subject = next(one.subject for one in NETWORK.trampolines if one.module == "grpc")
    told_by = subject(target)
    assert told_by is not None
    assert (read(NETWORK, CONNECT_EVENT, *told_by) or Act(Resource.FILES, "")).detail == detail


@pytest.mark.parametrize(
    ("event", "arguments", "detail"),
    [
        ("subprocess.Popen", ("git", ["git", "log", "a b"], None, None), "start git log 'a b'"),
        ("subprocess.Popen", ("git", "git log", None, None), "start git log"),
        ("os.system", (b"ls",), "start ls"),
        ("os.exec", ("/bin/ls", ["ls", b"-l"], None), "start ls -l"),
        ("os.spawn", (0, "/bin/ls", ["ls"], None), "start ls"),
        ("os.fork", (), "fork"),
    ],
)
def test_a_process_is_told_by_its_command(event: str, arguments: tuple[Any, ...], detail: str) -> None:
    """As somebody would type it."""
    assert told(PROCESS, event, *arguments) == ("process", detail)


@pytest.mark.parametrize("seconds", [0, 0.0009, -1, math.inf, math.nan, None])
def test_a_pause_that_is_none_is_free(seconds: Any) -> None:
    """Letting others run, waiting for ever, and what is no number at all."""
    assert read(SLEEP, "time.sleep", seconds) is None


@pytest.mark.parametrize(
    ("dsn", "given", "detail"),
    [
        ("host=db port=6000 dbname=x", {}, "connect db:6000"),
        ("postgresql://ada:secret@db.example:6000/x", {}, "connect db.example:6000"),
        ("postgresql://db.example/x", {}, "connect db.example:5432"),
        ("", {"host": "db", "port": 1}, "connect db:1"),
        ("dbname=x", {}, "connect the default host:5432"),
    ],
)
def test_a_connection_string_says_where_and_nothing_secret(dsn: str, given: dict[str, Any], detail: str) -> None:
    """Host and port, never a password."""
    subject = next(one.subject for one in DATABASE.trampolines if one.module == "psycopg2")
    told_by = subject(dsn, **given)
    assert told_by is not None
    assert told(DATABASE, CLIENT, *told_by) == ("database", detail)


@pytest.mark.parametrize("name", [":memory:", "", b":memory:", "file::memory:?cache=shared", "file:x?mode=memory", 7])
def test_a_database_in_memory_is_free(name: Any) -> None:
    """However it is spelled."""
    assert read(DATABASE, "sqlite3.connect", name) is None


@pytest.mark.parametrize("mode", ["w", "a", "x", "r+", "wb", "rb+"])
def test_a_mode_that_writes_is_an_act(mode: str) -> None:
    """The path is left for the shell to place."""
    assert read(FILES, "open", "a.txt", mode, 0) == Act(Resource.FILES, "write", paths=("a.txt",), follow=True)


def test_both_ends_of_a_rename_are_looked_at_and_one_of_a_link() -> None:
    """What is moved away is gone from its place; what is linked to stays as it was."""
    assert read(FILES, "os.rename", "a", "b", -1, -1) == Act(Resource.FILES, "rename", paths=("a", "b"))
    assert read(FILES, "os.symlink", "a", "b", -1) == Act(Resource.FILES, "link", paths=("b",))


@pytest.mark.parametrize(
    ("event", "arguments", "paths"),
    [
        ("os.mkdir", ("a", 0o777, 7), (Beside("a", 7),)),
        ("os.rmdir", ("a", 7), (Beside("a", 7),)),
        ("os.remove", ("a", 7), (Beside("a", 7),)),
        ("os.remove", ("a", -1), ("a",)),
        ("os.rename", ("a", "b", -1, 7), ("a", Beside("b", 7))),
        ("os.link", ("a", "b", 6, 7), (Beside("b", 7),)),
        ("os.symlink", ("a", "b", 7), (Beside("b", 7),)),
        ("os.chmod", ("a", 0o600, 7), (Beside("a", 7),)),
        ("os.chown", ("a", 0, 0, 7), (Beside("a", 7),)),
        ("os.utime", ("a", None, None, 7), (Beside("a", 7),)),
    ],
)
def test_a_path_may_start_in_an_open_folder(event: str, arguments: tuple[Any, ...], paths: tuple[Any, ...]) -> None:
    """As `shutil.rmtree` names what it removes; the working folder has nothing to do with it."""
    act = read(FILES, event, *arguments)
    assert act is not None
    assert act.paths == paths
