"""Draw the pictures of README and docs from real runs of the example: python docs/pictures.py (needs rich, Chromium).

One run is green; for the other a copy of the shop gets a wrong price, so that a unit test fails and the gate closes.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text
from selenium.webdriver import Chrome, ChromeOptions

HERE = Path(__file__).parent
COLUMNS = 88
REPORT = "report.json"
CORRECT, WRONG = "£{pounds:,}", "£{pounds}"


def main() -> None:
    """Run the example twice and write docs/images/open.svg, docs/images/closed.svg and docs/images/html.png."""
    with tempfile.TemporaryDirectory() as folder:
        shop = Path(folder, "shop")
        shutil.copytree(HERE / "examples/shop", shop, ignore=shutil.ignore_patterns("__pycache__"))
        draw(run(shop), HERE / "images/open.svg")
        break_the_price(shop)
        draw(run(shop), HERE / "images/closed.svg")
        photograph(page(shop), HERE / "images/html.png")


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
        f"--pyramid-report=json:{REPORT}",
    ]
    env = {**os.environ, "COLUMNS": str(COLUMNS), "PYTHONIOENCODING": "utf-8"}
    answer = subprocess.run(command, cwd=shop, env=env, capture_output=True, text=True, check=False)
    lines = answer.stdout.splitlines()
    start = next(number for number, line in enumerate(lines) if "= pyramid =" in line)
    return "\n".join(["$ pytest --pyramid -n 2", *lines[start:]])


def page(shop: Path) -> Path:
    """The HTML page of the last run, without the names of the machine and of who sat there."""
    report = json.loads((shop / REPORT).read_text(encoding="utf-8"))
    report["run"].update(host=None, user=None)
    (shop / REPORT).write_text(json.dumps(report), encoding="utf-8")
    made = shop / "report.html"
    command = [sys.executable, "-m", "pytest_pyramid", "render", str(shop / REPORT), f"--report=html:{made}"]
    subprocess.run(command, check=True)
    return made


def photograph(page: Path, path: Path) -> None:
    """Write the upper part of the page as a picture."""
    options = ChromeOptions()
    for argument in ("--headless", "--no-sandbox", "--disable-gpu", "--window-size=960,1200"):
        options.add_argument(argument)
    os.environ.setdefault("SE_AVOID_STATS", "true")  # Selenium would tell its makers of this run
    browser = Chrome(options=options)
    try:
        browser.get(page.as_uri())
        browser.save_screenshot(str(path))
    finally:
        browser.quit()


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
