"""Sockets and names: other hosts are `network`, this one is `localhost`."""

from __future__ import annotations

import ipaddress
from typing import Any

from pytest_pyramid.core.acts import CONNECT_EVENT, Act, Guard, Surroundings, Trampoline
from pytest_pyramid.core.guarding import CARRIERS
from pytest_pyramid.core.tiers import Resource

_CURLOPT_URL = 10002
_WEB_PORTS = {"https": 443, "ftp": 21}
LOCAL = frozenset({"", "localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback", "<broadcast>"})


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None


def _is_here(host: str, around: Surroundings) -> bool:
    """True for an address or a name of this machine."""
    number = _address(host)
    if number is None:
        name = host.lower().rstrip(".")
        return name in LOCAL or name.endswith(".localhost") or name in around.own_names
    mapped = getattr(number, "ipv4_mapped", None)
    return bool((mapped or number).is_loopback or number.is_unspecified)


def _text(host: Any) -> str | None:
    if isinstance(host, (bytes, bytearray)):
        return bytes(host).decode("utf-8", "replace")
    return host if isinstance(host, str) else None


def _towards(verb: str, address: Any, around: Surroundings, client: str | None = None) -> Act | None:
    """The act on a socket's address; None for kinds of sockets that reach no other program, such as netlink."""
    if isinstance(address, (str, bytes)):
        path = address.decode("utf-8", "replace") if isinstance(address, bytes) else address
        return Act(Resource.LOCALHOST, verb, f"unix:{path}", client=client)
    host = _text(address[0]) if isinstance(address, tuple) and len(address) >= 2 else None
    if host is None:
        return None
    resource = Resource.LOCALHOST if _is_here(host, around) else Resource.NETWORK
    shown = f"[{host}]" if ":" in host else host or "0.0.0.0"  # noqa: S104  # the empty host is that address
    return Act(resource, verb, f"{shown}:{address[1]}", client=client)


def _connect(arguments: tuple[Any, ...], around: Surroundings) -> Act | None:
    return _towards("connect", arguments[1], around)


def _send(arguments: tuple[Any, ...], around: Surroundings) -> Act | None:
    return None if arguments[1] is None else _towards("send to", arguments[1], around)


def _bind(arguments: tuple[Any, ...], around: Surroundings) -> Act | None:
    act = _towards("bind", arguments[1], around)
    return act and act._replace(resource=Resource.LOCALHOST)


def _look_up(arguments: tuple[Any, ...], around: Surroundings) -> Act | None:
    """Looking up a name; numbers and names of this host ask nobody."""
    host = _text(arguments[0])
    if host is None or _address(host) is not None or _is_here(host, around):
        return None
    return Act(Resource.NETWORK, "look up", host)


def _look_back(arguments: tuple[Any, ...], around: Surroundings) -> Act | None:
    """Looking up the name of an address."""
    address = arguments[0]
    host = _text(address[0] if isinstance(address, tuple) and address else address)
    if host is None or _is_here(host, around):
        return None
    return Act(Resource.NETWORK, "look up", host)


def _client(arguments: tuple[Any, ...], around: Surroundings) -> Act | None:
    """A client in C says where it goes: (client, address), where the address is a pair or a path."""
    client, address = arguments
    return _towards("connect", address, around, client)


def _of_loop(_loop: Any = None, _factory: Any = None, host: Any = None, port: Any = None, **_: Any) -> Any:
    return None if host is None else ("uvloop", (str(host), port))


def _of_name(_loop: Any, host: Any, *_: Any, **__: Any) -> Any:
    return None if host is None else (host, None, 0, 0, 0)


def _of_channel(target: Any = "", *_: Any, **__: Any) -> Any:
    text = _text(target) or ""
    plain = text.rpartition("/")[2] if text.startswith(("dns:", "ipv4:", "ipv6:")) else text
    plain = plain.removeprefix("ipv4:").removeprefix("ipv6:").removeprefix("dns:")
    if text.startswith("unix:"):
        return ("grpc", text.removeprefix("unix:"))
    host, _colon, port = plain.rpartition(":")
    return ("grpc", (host.strip("[]") or plain, port))


def _of_curl(_handle: Any, option: Any = None, value: Any = None) -> Any:
    """Told when the handle is given its address, because nobody can ask it for that afterwards."""
    if option != _CURLOPT_URL:
        return None
    from urllib.parse import urlsplit  # noqa: PLC0415  # few runs know pycurl

    parts = urlsplit(_text(value) or "")
    return ("pycurl", (parts.hostname or parts.path, parts.port or _WEB_PORTS.get(parts.scheme, 80)))


NETWORK = Guard(
    name="network",
    resources=(Resource.NETWORK, Resource.LOCALHOST),
    events=(
        ("socket.connect", _connect),
        ("socket.bind", _bind),
        ("socket.sendto", _send),
        ("socket.sendmsg", _send),
        ("socket.getaddrinfo", _look_up),
        ("socket.gethostbyname", _look_up),
        ("socket.gethostbyaddr", _look_back),
        ("socket.getnameinfo", _look_back),
        (CONNECT_EVENT, _client),
    ),
    trampolines=(
        Trampoline("uvloop", "Loop.create_connection", CONNECT_EVENT, _of_loop),
        Trampoline("uvloop", "Loop.getaddrinfo", "socket.getaddrinfo", _of_name),
        Trampoline("pycurl", "Curl.setopt", CONNECT_EVENT, _of_curl),
        Trampoline("grpc", "insecure_channel", CONNECT_EVENT, _of_channel),
        Trampoline("grpc", "secure_channel", CONNECT_EVENT, _of_channel),
    ),
    pardoned=CARRIERS,
    caught=(
        ("socket.connect", (None, ("10.0.0.1", 443))),
        ("socket.connect", (None, ("::1", 443, 0, 0))),
        ("socket.connect", (None, "/run/service.sock")),
        ("socket.bind", (None, ("0.0.0.0", 0))),  # noqa: S104  # nothing is bound here
        ("socket.sendto", (None, ("192.0.2.1", 53))),
        ("socket.sendmsg", (None, ("192.0.2.1", 53))),
        ("socket.getaddrinfo", ("example.org", 443, 0, 0, 0)),
        ("socket.gethostbyname", ("example.org",)),
        ("socket.gethostbyaddr", ("192.0.2.1",)),
        ("socket.getnameinfo", (("192.0.2.1", 80),)),
        (CONNECT_EVENT, ("grpc", ("10.0.0.1", 443))),
    ),
    allowed=(
        ("socket.connect", (None, (0, 0))),
        ("socket.sendto", (None, None)),
        ("socket.getaddrinfo", ("127.0.0.1", 80, 0, 0, 0)),
        ("socket.getaddrinfo", ("localhost", 80, 0, 0, 0)),
        ("socket.getaddrinfo", (None, 80, 0, 0, 0)),
        ("socket.gethostbyname", ("localhost",)),
        ("socket.getnameinfo", (("127.0.0.1", 80),)),
    ),
)
