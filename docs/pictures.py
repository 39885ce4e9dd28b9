"""Draw the pictures of the README from real runs of the example: python docs/pictures.py (needs rich).

One run is green; for the other a copy of the shop gets a wrong price, so that a unit test fails and the gate closes.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

HERE = Path(__file__).parent
COLUMNS = 88
CORRECT, WRONG = "£{pounds:,}", "£{pounds}"


def main() -> None:
    """Run the example twice and write docs/images/open.svg and docs/images/closed.svg."""
    with tempfile.TemporaryDirectory() as folder:
        shop = Path(folder, "shop")
        shutil.copytree(HERE / "examples/shop", shop, ignore=shutil.ignore_patterns("__pycache__"))
        draw(run(shop), HERE / "images/open.svg")
        break_the_price(shop)
        draw(run(shop), HERE / "images/closed.svg")


def break_the_price(shop: Path) -> None:
    """Plant the bug. Raises SystemExit when the shop no longer reads as expected."""
    module = shop / "shop/money.py"
    text = module.read_text(encoding="utf-8")
    if CORRECT not in text:
        sys.exit(f"{module.name} no longer holds {CORRECT!r}")
    module.write_text(text.replace(CORRECT, WRONG), encoding="utf-8")


def run(shop: Path) -> str:
    """The summary of `pytest --pyramid -n 2` in the shop, with its colours."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--pyramid",
        "-n",
        "2",
        "--color=yes",
        "--tb=no",
        "-p",
        "no:cacheprovider",
    ]
    env = {**os.environ, "COLUMNS": str(COLUMNS), "PYTHONIOENCODING": "utf-8"}
    answer = subprocess.run(command, cwd=shop, env=env, capture_output=True, text=True, check=False)
    lines = answer.stdout.splitlines()
    start = next(number for number, line in enumerate(lines) if "= pyramid =" in line)
    return "\n".join(["$ pytest --pyramid -n 2", *lines[start:]])


def draw(ansi: str, path: Path) -> None:
    """Write the text as a picture of a terminal."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        console = Console(record=True, width=COLUMNS, file=nowhere, force_terminal=True)
        console.print(Text.from_ansi(ansi))
    svg = console.export_svg(title="pytest --pyramid -n 2")
    # The picture is to need no network: without the faces the reader's own monospaced font is used.
    path.write_text(re.sub(r"@font-face \{[^}]*\}", "", svg), encoding="utf-8")


if __name__ == "__main__":
    main()
