"""The tables of the built-in guards at their limits: what a trampoline passes on, and what is nobody's business."""

from __future__ import annotations

import os
from pathlib import PurePosixPath
from typing import Any

import pytest

from pytest_pyramid.core.acts import CONNECT_EVENT, Act, Guard, Surroundings
from pytest_pyramid.core.tiers import Resource
from pytest_pyramid.guards import BUILTIN
from pytest_pyramid.guards.database import CLIENT, DATABASE
from pytest_pyramid.guards.files import FILES, MAKE
from pytest_pyramid.guards.network import NETWORK
from pytest_pyramid.guards.process import LONGEST, PROCESS
from pytest_pyramid.guards.sleep import LEAST, SLEEP


def read(guard: Guard, event: str, *arguments: Any) -> Act | None:
    """What the guard takes the event for, on a machine without further names."""
    return dict(guard.events)[event](arguments, Surroundings())


def passed_on(guard: Guard, module: str, attribute: str, *arguments: Any, **named: Any) -> Any:
    """What the trampoline of that function tells of such a call."""
    (found,) = (one for one in guard.trampolines if (one.module, one.attribute) == (module, attribute))
    return found.subject(*arguments, **named)


def test_an_act_without_a_subject_is_its_verb() -> None:
    """Without a blank behind it."""
    assert (Act(Resource.PROCESS, "fork").detail, Act(Resource.SLEEP, "sleep", "1 s").detail) == ("fork", "sleep 1 s")


def test_every_trampoline_raises_an_event_that_its_guard_reads() -> None:
    """Or what it tells would be heard by nobody."""
    for guard in BUILTIN:
        heard = {event for event, _ in guard.events}
        assert {one.event for one in guard.trampolines} <= heard


def test_the_shortest_pause_is_one_millisecond() -> None:
    """The limit itself counts, and seconds are told without needless digits."""
    assert (read(SLEEP, "time.sleep", LEAST) or Act(Resource.FILES, "")).detail == "sleep 0.001 s"
    assert (read(SLEEP, "time.sleep", 2.0) or Act(Resource.FILES, "")).detail == "sleep 2 s"


def test_a_pause_that_is_no_number_is_left_to_python() -> None:
    """Whoever sleeps for a text gets the error that Python gives."""
    assert read(SLEEP, "time.sleep", "1") is None
    assert passed_on(SLEEP, "asyncio.tasks", "sleep", 0.5, "result") == (0.5,)


def test_a_message_to_a_connected_socket_goes_where_it_was_connected() -> None:
    """Only one with an address of its own is an act of its own."""
    assert read(NETWORK, "socket.sendto", None, None) is None
    sent = read(NETWORK, "socket.sendmsg", None, ("192.0.2.1", 53))
    assert sent == Act(Resource.NETWORK, "send to", "192.0.2.1:53")


def test_the_name_of_this_machine_is_known_only_when_it_is_told() -> None:
    """Elsewhere the same name is another host."""
    reading = dict(NETWORK.events)["socket.getaddrinfo"]
    assert reading(("build-7", 80), Surroundings(own_names=frozenset({"build-7"}))) is None
    assert reading(("build-7", 80), Surroundings()) == Act(Resource.NETWORK, "look up", "build-7")


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (b"https://example.org/x", ("pycurl", ("example.org", 443))),
        ("http://example.org:8080", ("pycurl", ("example.org", 8080))),
        ("ftp://example.org", ("pycurl", ("example.org", 21))),
        ("example.org", ("pycurl", ("example.org", 80))),
    ],
)
def test_an_address_of_curl_has_the_port_of_its_scheme(url: Any, told: object) -> None:
    """Other options than the address tell nothing."""
    assert passed_on(NETWORK, "pycurl", "Curl.setopt", None, 10002, url) == told
    assert passed_on(NETWORK, "pycurl", "Curl.setopt", None, 64, url) is None


def test_a_loop_without_a_host_connects_nowhere() -> None:
    """It was given a socket that is connected already."""
    assert passed_on(NETWORK, "uvloop", "Loop.create_connection", None, None) is None
    told = passed_on(NETWORK, "uvloop", "Loop.create_connection", None, None, "db", 1, ssl=None)
    act = read(NETWORK, CONNECT_EVENT, *told)
    assert act == Act(Resource.NETWORK, "connect", "db:1", client="uvloop")


def test_a_long_command_is_told_by_its_beginning() -> None:
    """And by the program where there are no words, or words that are none."""
    act = read(PROCESS, "subprocess.Popen", "sh", ["x" * 500], None, None)
    assert act is not None
    assert act.subject == "x" * LONGEST
    for words in ((), [1], None):
        assert read(PROCESS, "subprocess.Popen", "/bin/sh", words) == Act(Resource.PROCESS, "start", "/bin/sh")


def test_a_program_may_be_a_path() -> None:
    """As text, as bytes, or as an object that stands for a path."""
    for program in ("/bin/ls", b"/bin/ls", PurePosixPath("/bin/ls")):
        assert read(PROCESS, "os.startfile", program) == Act(Resource.PROCESS, "start", "/bin/ls")


def test_a_spawn_is_read_without_its_mode() -> None:
    """The first argument is a number, the program comes behind it."""
    assert read(PROCESS, "os.spawn", 0, "/bin/ls", [], None) == Act(Resource.PROCESS, "start", "/bin/ls")


def test_a_database_is_told_by_its_path_alone() -> None:
    """Without the scheme and the options that sqlite takes; both clients in C open files likewise."""
    assert read(DATABASE, "sqlite3.connect", "file:shop.db?mode=ro") == Act(
        Resource.DATABASE, "open", "shop.db", client="sqlite3"
    )
    for client, told in (
        ("duckdb", passed_on(DATABASE, "duckdb", "connect", "shop.db")),
        ("apsw", passed_on(DATABASE, "apsw", "Connection.__init__", None, "shop.db")),
    ):
        assert read(DATABASE, CLIENT, *told) == Act(Resource.DATABASE, "open", "shop.db", client=client)


def test_a_client_without_a_file_keeps_it_in_memory() -> None:
    """That is what both do when nobody says otherwise."""
    for module, attribute, given in (("duckdb", "connect", ()), ("apsw", "Connection.__init__", (None,))):
        assert read(DATABASE, CLIENT, *passed_on(DATABASE, module, attribute, *given)) is None


def test_a_connection_string_of_bytes_is_read_too() -> None:
    """Keywords beside it are stronger than what stands in it."""
    told = passed_on(DATABASE, "psycopg.generators", "connect", b"host='db' port='6000'", host="other")
    assert told == ("psycopg", "other:6000")


def test_a_number_is_an_open_file_and_no_path() -> None:
    """Whoever opened it was seen when it was opened."""
    assert [read(FILES, event, 3, 0) for event in ("os.truncate", "os.chmod", "os.utime")] == [None] * 3
    assert read(FILES, "open", 3, "w", 0) is None


def test_without_a_mode_the_flags_tell_whether_a_file_is_written() -> None:
    """Any flag that can change it; reading with unusual flags stays reading."""
    writing = (os.O_WRONLY, os.O_RDWR, os.O_CREAT, os.O_TRUNC, os.O_APPEND)
    assert all(read(FILES, "open", "a.txt", None, flag) for flag in writing)
    assert read(FILES, "open", "a.txt", None, os.O_RDONLY | os.O_NONBLOCK) is None


def test_only_acts_on_the_target_of_a_link_follow_it() -> None:
    """To remove or rename a link leaves alone what it leads to."""
    assert [(read(FILES, event, "a", "b") or Act(Resource.FILES, "")).follow for event in (
        "os.truncate", "os.chmod", "os.remove", "os.rename", MAKE,
    )] == [True, True, False, False, False]  # fmt: skip
