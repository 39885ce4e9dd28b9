"""`python -m shop` opens the shop on this machine; `python -m shop FILE` keeps its data in FILE."""

from __future__ import annotations

import sys
from pathlib import Path

from werkzeug.serving import make_server

from shop.catalogue import CATALOGUE
from shop.repository import ShopRepository
from shop.web import create_app


def main(arguments: list[str]) -> None:
    """Serves until interrupted."""
    repository = ShopRepository(Path(arguments[0] if arguments else "shop.sqlite"))
    repository.put_on_sale(CATALOGUE)
    server = make_server("127.0.0.1", 5000, create_app(repository), threaded=True)
    print(f"Thistle & Tin is open at http://127.0.0.1:{server.port}/", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print("Closed.")


if __name__ == "__main__":
    main(sys.argv[1:])
