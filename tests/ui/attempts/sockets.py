"""Attempts at sockets and names. FAR is an address that nobody answers at, NEAR a closed port of this machine."""

from __future__ import annotations

from tests.ui.attempts.attempt import INSTALLED, Attempt, attempts

PREAMBLE = """
import asyncio, concurrent.futures, contextlib, ctypes, http.client, os, smtplib, socket, struct, sys, threading
import urllib.request
import _socket
from socket import create_connection as early_create_connection, getaddrinfo as early_getaddrinfo, socket as EarlySocket
"""
PREAMBLE += INSTALLED
PREAMBLE += """
aiohttp, grpc, httpx, psycopg, psycopg2, pycurl = map(installed, ("aiohttp", "grpc", "httpx", "psycopg", "psycopg2", "pycurl"))
pymysql, redis, requests, sqlalchemy, trio, uvloop = map(
    installed, ("pymysql", "redis", "requests", "sqlalchemy", "trio", "uvloop")
)
early_psycopg2_connect = getattr(psycopg2, "connect", None)
NEAR, FAR, NAME = ("127.0.0.1", 9), ("192.0.2.1", 9), "shop.invalid"
POOL = concurrent.futures.ThreadPoolExecutor(1)
POOL.submit(int).result()
LISTENER = socket.create_server(("127.0.0.1", 0))
OPEN = socket.create_connection(LISTENER.getsockname())
LIBC = ctypes.CDLL(None)


def tcp():
    one = socket.socket()
    one.settimeout(0.2)
    return one


async def quickly(awaitable):
    return await asyncio.wait_for(awaitable, 0.5)
"""

TO_NEAR = """
create_connection           socket.create_connection(NEAR)
early_bound_socket          EarlySocket().connect(NEAR)
early_bound_create_connection  early_create_connection(NEAR)
raw__socket                 _socket.socket().connect(NEAR)
connect_ex                  tcp().connect_ex(NEAR)
ipv6_loopback               socket.socket(socket.AF_INET6).connect(("::1", 9))
urllib_urlopen              urllib.request.urlopen("http://127.0.0.1:9")
http_client                 http.client.HTTPConnection("127.0.0.1", 9).request("GET", "/")
requests_get                requests.get("http://127.0.0.1:9")
httpx_get                   httpx.get("http://127.0.0.1:9")
httpx_async                 asyncio.run(httpx.AsyncClient().get("http://127.0.0.1:9"))
aiohttp_get
    async def get():
        async with aiohttp.ClientSession() as session:
            await session.get("http://127.0.0.1:9")
    asyncio.run(get())
asyncio_open_connection     asyncio.run(asyncio.open_connection(*NEAR))
asyncio_start_server        asyncio.run(asyncio.start_server(print, "127.0.0.1", 0))
uvloop_open_connection      uvloop.run(asyncio.open_connection(*NEAR))
uvloop_start_server         uvloop.run(asyncio.start_server(print, "127.0.0.1", 0))
trio_connect                trio.run(trio.open_tcp_stream, *NEAR)
psycopg2_connect            psycopg2.connect("host=127.0.0.1 port=9")
psycopg2_early_bound        early_psycopg2_connect("host=127.0.0.1 port=9")
psycopg3_connect            psycopg.connect("host=127.0.0.1 port=9")
pymysql_connect             pymysql.connect(host="127.0.0.1", port=9)
redis_ping                  redis.Redis(port=9).ping()
sqlalchemy_pg               sqlalchemy.create_engine("postgresql+psycopg2://127.0.0.1:9/x").connect()
pycurl_get
    curl = pycurl.Curl()
    curl.setopt(curl.URL, "http://127.0.0.1:9")
    curl.perform()
grpc_channel                grpc.channel_ready_future(grpc.insecure_channel("127.0.0.1:9")).result(timeout=0.2)
smtplib_connect             smtplib.SMTP("127.0.0.1", 9)
udp_sendto                  socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", NEAR)
udp_connect_send
    one = socket.socket(type=socket.SOCK_DGRAM)
    one.connect(NEAR)
    one.send(b"x")
udp_sendmsg                 socket.socket(type=socket.SOCK_DGRAM).sendmsg([b"x"], [], 0, NEAR)
bind_listen
    one = tcp()
    one.bind(("127.0.0.1", 0))
    one.listen()
listen_without_bind         tcp().listen()
unix_connect                socket.socket(socket.AF_UNIX).connect("nobody.sock")
unix_bind                   socket.socket(socket.AF_UNIX).bind("mine.sock")
ctypes_connect
    address = struct.pack("=HH4s8x", socket.AF_INET, socket.htons(9), socket.inet_aton("127.0.0.1"))
    LIBC.connect(tcp().fileno(), address, 16)
thread_connect
    thread = threading.Thread(target=lambda: contextlib.suppress(BaseException).__enter__() or tcp().connect(NEAR))
    thread.start()
    thread.join()
preexisting_pool_connect    POOL.submit(lambda: tcp().connect(NEAR)).exception()
swallowed_oserror
    with contextlib.suppress(OSError):
        tcp().connect(NEAR)
swallowed_exception
    try:
        tcp().connect(NEAR)
    except Exception:
        pass
reuse_open_connection       OPEN.send(b"x")
"""

TO_FAR = """
ext_create_connection       socket.create_connection(FAR, 0.2)
ext_requests_by_name        requests.get("http://" + NAME, timeout=0.2)
ext_psycopg2                psycopg2.connect("host=192.0.2.1 port=9 connect_timeout=1")
ext_uvloop                  uvloop.run(quickly(asyncio.open_connection(*FAR)))
ext_pycurl
    curl = pycurl.Curl()
    curl.setopt(curl.URL, "http://192.0.2.1:9")
    curl.setopt(curl.TIMEOUT_MS, 200)
    curl.perform()
ext_udp                     socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", FAR)
dns_getaddrinfo             socket.getaddrinfo(NAME, 80)
dns_early_bound             early_getaddrinfo(NAME, 80)
dns_gethostbyname           socket.gethostbyname(NAME)
dns_asyncio
    async def look_up():
        await asyncio.get_running_loop().getaddrinfo(NAME, 80)
    asyncio.run(look_up())
dns_uvloop
    async def look_up():
        await asyncio.get_running_loop().getaddrinfo(NAME, 80)
    uvloop.run(look_up())
dns_ctypes                  LIBC.getaddrinfo(NAME.encode(), b"80", None, ctypes.byref(ctypes.c_void_p()))
"""

FREE = """
ok_socketpair
    one, other = socket.socketpair()
    one.send(b"x")
ok_asyncio_run              asyncio.run(asyncio.sleep(0, "done"))
ok_socket_object_only       assert isinstance(socket.socket(), socket.socket)
ok_gai_numeric              socket.getaddrinfo("127.0.0.1", 80)
ok_uvloop_run               uvloop.run(asyncio.sleep(0))
ok_thread                   threading.Thread(target=int).start()
ok_main_thread              assert isinstance(threading.main_thread(), threading.Thread)
"""

ATTEMPTS: tuple[Attempt, ...] = (
    *attempts(TO_NEAR, "localhost", "network", "database"),
    *attempts(TO_FAR, "network", "database"),
    *attempts(FREE),
)
