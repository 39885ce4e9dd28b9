"""Our HTML page beside that of pytest-html, which has to be installed, of one run of 10,000 tests.

python -m tests.performance.beside_pytest_html
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from tests.performance.page_figures import FLAGS

FILES = {"unit": 80, "service": 20}
TESTS = """
import pytest


@pytest.mark.parametrize("number", range(100))
def test_it(number):
    print("said", number)
    assert number != 57
"""
RUN = (
    "-q", "--tb=short", "--pyramid", "--pyramid-gate=off", "--pyramid-history=off",
    "--pyramid-report=html:pyramid.html", "--html=pytest-html.html", "--self-contained-html",
)  # fmt: skip
IDLE = """
const done = arguments[0];
requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(performance.now()), 0)));
"""
FAILED_ONLY = {
    "pyramid.html": """
const done = arguments[0], began = performance.now(), box = document.getElementById("filter");
box.value = "outcome:failed";
box.dispatchEvent(new Event("input", {bubbles: true}));
requestAnimationFrame(() => setTimeout(() => done(performance.now() - began), 0));
""",
    "pytest-html.html": """
const done = arguments[0], began = performance.now();
document.querySelector("input[data-test-result=passed]").click();
requestAnimationFrame(() => setTimeout(() => done(performance.now() - began), 0));
""",
}
"""By page, how somebody who looks for the failures gets rid of what passed."""


def main() -> None:
    """Print one line for each page: its size, when it is drawn and answers, and when it shows the failures only."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for tier, files in FILES.items():
            (folder / "tests" / tier).mkdir(parents=True)
            for number in range(files):
                (folder / "tests" / tier / f"test_{tier}_{number}.py").write_text(TESTS, encoding="utf-8")
        (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
        subprocess.run([sys.executable, "-m", "pytest", *RUN], cwd=folder, check=False, stdout=subprocess.DEVNULL)
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium") or shutil.which("google-chrome") or ""
        for flag in FLAGS:
            options.add_argument(flag)
        with webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver"))) as browser:
            browser.set_script_timeout(120)
            for page, script in FAILED_ONLY.items():
                print(told(browser, folder / page, script))


def told(browser: webdriver.Chrome, page: Path, script: str) -> str:
    """The line about one page; times are medians of three."""
    drawn, filtered = [], []
    for _ in range(3):
        browser.get("about:blank")
        browser.get(page.as_uri())
        drawn.append(float(browser.execute_async_script(IDLE)))
        filtered.append(float(browser.execute_async_script(script)))
    size = page.stat().st_size / 1e6
    return f"{page.name}: {size:.2f} MB, answers after {median(drawn):.0f} ms, filters in {median(filtered):.0f} ms"


if __name__ == "__main__":
    main()
