"""The address of a socket out of the bytes that a program hands to the kernel: `struct sockaddr`, see unix(7) and ip(7)."""

from __future__ import annotations

import ipaddress
from typing import TypeAlias

_UNIX, _IPV4, _IPV6 = 1, 2, 10
"""AF_UNIX, AF_INET and AF_INET6 on Linux."""
LOOK_UP_PORT = 53
"""Where name servers answer; a resolver of this machine listens on a loopback address, and asks others."""
LONGEST = 128
"""Bytes of the longest address, `struct sockaddr_storage`."""
_SERVANTS = ("nscd/", "systemd/", "uuidd/", "avahi-daemon/", "dbus/", "sssd/", "lsass/")
"""Below /run and /var/run: what the C library asks on its own for names, numbers and users."""

Address: TypeAlias = "tuple[str, int] | str"
"""Host and port, or the path of a socket of Unix; an abstract one begins with "@"."""


def address(raw: bytes) -> Address | None:
    """The address in these bytes; None for kinds of sockets that reach no other program, and for none at all."""
    family = int.from_bytes(raw[:2], "little")
    if family == _IPV4 and len(raw) >= 8:
        return str(ipaddress.IPv4Address(raw[4:8])), int.from_bytes(raw[2:4], "big")
    if family == _IPV6 and len(raw) >= 24:
        return str(ipaddress.IPv6Address(raw[8:24])), int.from_bytes(raw[2:4], "big")
    if family == _UNIX and len(raw) > 2:
        return _path(raw[2:])
    return None


def is_servant(path: str) -> bool:
    """True for a socket of the system by which the C library does its own work: names, users, the log."""
    plain = path.removeprefix("/var")
    return path == "/dev/log" or any(plain.startswith(f"/run/{name}") for name in _SERVANTS)


def _path(raw: bytes) -> str:
    if raw[:1] == b"\0":
        return "@" + raw[1:].rstrip(b"\0").decode("utf-8", "replace")
    return raw.partition(b"\0")[0].decode("utf-8", "surrogateescape")
