"""The shop as it really runs: an HTTP server on a free port of this machine, its data in a SQLite file."""

from __future__ import annotations

import html
import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, ProxyHandler, build_opener

from werkzeug.serving import WSGIRequestHandler, make_server

from shop.catalogue import CATALOGUE
from shop.products import Product
from shop.repository import ShopRepository
from shop.web import create_app

NOW = datetime(2025, 6, 10, 12, tzinfo=timezone.utc)
"""The running shop's time, which never moves: no test depends on the day it runs."""


@dataclass(frozen=True)
class RunningShop:
    """Where the shop answers, and its data."""

    url: str
    repository: ShopRepository


class _Quiet(WSGIRequestHandler):
    """Leaves the list of requests out of the tests' output; errors still show."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


@contextmanager
def running_shop(folder: Path, products: Iterable[Product] = CATALOGUE) -> Iterator[RunningShop]:
    """A shop with its file in `folder`, closed and out of the way afterwards."""
    repository = ShopRepository(folder / "shop.sqlite")
    repository.put_on_sale(products)
    app = create_app(repository, clock=lambda: NOW)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield RunningShop(f"http://127.0.0.1:{server.port}", repository)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass(frozen=True)
class Page:
    """What came back, after redirects."""

    status: int
    url: str
    text: str

    def at(self, element_id: str) -> str | None:
        """The text of the element with this id, None when there is no such element."""
        found = re.search(rf'\bid="{element_id}"[^>]*>([^<]*)<', self.text)
        return html.unescape(found[1]).strip() if found else None


class Visitor:
    """Somebody with a cookie jar and no browser."""

    def __init__(self, shop: RunningShop) -> None:
        self._url = shop.url
        # Without this a proxy of the environment would be asked for 127.0.0.1.
        self._opener = build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()))

    def get(self, path: str, **query: str) -> Page:
        """The page at `path`."""
        return self._open(f"{path}?{urlencode(query)}" if query else path, None)

    def post(self, path: str, **fields: str | int) -> Page:
        """The page after sending a form to `path`."""
        return self._open(path, urlencode(fields).encode())

    def _open(self, path: str, body: bytes | None) -> Page:
        try:
            response = self._opener.open(self._url + path, body, timeout=10)
        except HTTPError as error:  # a page as well, only with another status
            response = error
        with response:
            return Page(response.status, response.url.removeprefix(self._url), response.read().decode())
