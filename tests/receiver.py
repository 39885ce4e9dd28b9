"""A small HTTP server on this machine that writes down what it is sent, and misbehaves as it is told."""

from __future__ import annotations

import http.server
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple


class Post(NamedTuple):
    """One request."""

    at: float
    """By `time.time`."""
    path: str
    body: bytes
    authorization: str


class Receiver:
    """What came in. `status` and `delay` seconds say how it answers; `location` where a redirection leads."""

    def __init__(self) -> None:
        self.posts: list[Post] = []
        self.status, self.delay, self.location = 200, 0.0, ""
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                receiver.posts.append(Post(time.time(), self.path, body, self.headers.get("Authorization") or ""))
                receiver.stop.wait(receiver.delay)
                self.send_response(receiver.status)
                if receiver.location:
                    self.send_header("Location", receiver.location)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_POST  # noqa: N815  # what a redirection makes of a POST; the name is given

            def log_message(self, *_: object) -> None:
                """Nothing."""

        self.stop = threading.Event()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.server.server_address[1]}"


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver at work."""
    receiver = Receiver()
    thread = threading.Thread(target=receiver.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.stop.set()
        receiver.server.shutdown()
        receiver.server.server_close()
        thread.join()
