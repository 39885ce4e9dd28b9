"""How large the HTML page of a very large run is, how long it takes to make, and when it answers in Chromium.

python -m tests.performance.page_figures
"""

from __future__ import annotations

import shutil
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from pytest_pyramid.core.report import RunReport
from pytest_pyramid.reporters import html_report
from tests.unit.canonical import full_report, passed, report_of

FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run")
READY = "return performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
FILTER = """
const began = performance.now(), box = document.getElementById('filter');
box.value = 'tier:ui'; box.dispatchEvent(new Event('input', {bubbles: true}));
return performance.now() - began;
"""


def run_of(tests: int) -> RunReport:
    """A run of so many tests on eight workers."""
    made = report_of({"unit": passed(tests * 8 // 10), "service": passed(tests // 10), "ui": passed(tests // 10)})
    outcomes = tuple(one._replace(worker=f"gw{at % 8}", start=at / 800) for at, one in enumerate(made.outcomes))
    return replace(made, outcomes=outcomes)


def main() -> None:
    """Print one line for each size."""
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or shutil.which("google-chrome") or ""
    for flag in FLAGS:
        options.add_argument(flag)
    service = Service(executable_path=shutil.which("chromedriver"))
    with webdriver.Chrome(options=options, service=service) as browser, tempfile.TemporaryDirectory() as name:
        for title, report in (
            ("base page", full_report()),
            ("10,000 tests", run_of(10_000)),
            ("50,000 tests", run_of(50_000)),
        ):
            began = time.perf_counter()
            path = Path(name, "page.html")
            path.write_text(html_report.render(report), encoding="utf-8")
            made = time.perf_counter() - began
            ready, filtered = [], []
            for _ in range(5):
                browser.get("about:blank")
                browser.get(path.as_uri())
                ready.append(float(browser.execute_script(READY)))
                filtered.append(float(browser.execute_script(FILTER)))
            print(f"{title}: {path.stat().st_size / 1e3:,.0f} kB, made in {made:.2f} s, answers after "
                  f"{median(ready):.0f} ms, filters in {median(filtered):.0f} ms")  # fmt: skip


if __name__ == "__main__":
    main()
