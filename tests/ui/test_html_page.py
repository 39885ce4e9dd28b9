"""The HTML report in a real browser: it works, by mouse, keyboard and address, and nothing from a test is executed."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from pytest_pyramid.core.report import RunReport
from pytest_pyramid.reporters import html_report
from tests.unit.canonical import FAILED_TEST, full_report, hostile_report, passed, report_of

selenium = pytest.importorskip("selenium", reason="selenium is not installed")

from selenium import webdriver  # noqa: E402  # behind the question whether it is there
from selenium.webdriver.chrome.service import Service  # noqa: E402 - only where selenium is installed
from selenium.webdriver.common.by import By  # noqa: E402 - only where selenium is installed
from selenium.webdriver.common.keys import Keys  # noqa: E402 - only where selenium is installed

REQUIRED = "SHOP_REQUIRE_BROWSER"
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run")
ATTACK = '</script><script>window.hacked=1</script><img src=x onerror=window.hacked=1>" onclick="window.hacked=1'


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """A browser with a fresh profile that keeps what pages write to its console."""
    chromium, chromedriver = (_first(names) for names in (("chromium", "google-chrome"), ("chromedriver",)))
    if chromium is None or chromedriver is None:
        assert os.environ.get(REQUIRED) != "1", f"{REQUIRED}=1, but there is no Chromium with its driver"
        pytest.skip("no Chromium with its driver")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(executable_path=chromedriver))
    yield driver
    driver.quit()


def _first(names: tuple[str, ...]) -> str | None:
    return next((path for name in names if (path := shutil.which(name))), None)


class Opened:
    """A page in the browser; it has to be ready and without a word on the console."""

    def __init__(self, browser: webdriver.Chrome, report: RunReport, folder: Path, fragment: str = "") -> None:
        path = folder / "report.html"
        path.write_text(html_report.render(report), encoding="utf-8")
        browser.get("about:blank")  # the same address with another fragment would not load the page again
        browser.get(path.as_uri() + fragment)
        self.browser = browser
        assert self.script("return document.documentElement.dataset.ready") == "yes"

    def script(self, text: str, *arguments: Any) -> Any:
        """What the script returns."""
        return self.browser.execute_script(text, *arguments)

    def filter(self, text: str) -> str:
        """How many tests are left with this filter, in the page's words."""
        field = self.browser.find_element(By.ID, "filter")
        field.clear()
        field.send_keys(text)
        return self.count

    @property
    def count(self) -> str:
        """How many tests are shown, in the page's words."""
        return self.browser.find_element(By.ID, "count").text

    @property
    def chosen(self) -> list[str]:
        """The node ids of the opened rows, with what is told below them."""
        found = self.browser.find_elements(By.CSS_SELECTOR, "tr.chosen .id, tr.about td")
        return [element.text for element in found]

    def complaints(self) -> list[Any]:
        """What stands on the console."""
        found: list[Any] = self.browser.get_log("browser")  # type: ignore[no-untyped-call]  # selenium says no type
        return found


FILTERS = {
    "tier:unit": 70,
    "outcome:failed": 3,
    "tier:unit outcome:passed": 66,
    "-tier:unit": 37,
    "slow:>0.05": 29,
    "slow:<0.05 tier:unit": 40,
    "worker:gw1": 18,
    'file:"tests/ui/test_1': 4,
    "by:marker test_2[0]": 3,
    "no such words": 0,
    "tier:": 107,
    "assert 1": 3,
}


def test_filters_show_what_they_name(browser: webdriver.Chrome, tmp_path: Path) -> None:
    """Tokens narrow, a minus turns one around, words are looked for in ids and messages; the console stays empty."""
    page = Opened(browser, full_report(), tmp_path)
    assert {text: page.filter(text) for text in FILTERS} == {text: f"{n} of 107 tests" for text, n in FILTERS.items()}
    assert page.complaints() == []


@pytest.mark.parametrize(
    ("fragment", "count", "chosen"),
    [
        ("", "107 of 107 tests", []),
        ("#q=tier%3Aui", "12 of 107 tests", []),
        (f"#test={quote(FAILED_TEST, safe='')}", "107 of 107 tests", [FAILED_TEST, "tests/unit/test_0.py:3"]),
        ("#test=none", "107 of 107 tests", []),
        ("#q=%E0%A4%A", "107 of 107 tests", []),
    ],
)
def test_an_address_leads_to_its_place(
    browser: webdriver.Chrome, tmp_path: Path, fragment: str, count: str, chosen: list[str]
) -> None:
    """A fragment filters or opens a test, so that a link can be sent; a broken one does no harm."""
    page = Opened(browser, full_report(), tmp_path, fragment)
    assert page.count == count
    assert [shown.startswith(wanted) for shown, wanted in zip(page.chosen, chosen, strict=True)] == [True] * len(chosen)
    assert page.complaints() == []


def test_mouse_and_keyboard(browser: webdriver.Chrome, tmp_path: Path) -> None:
    """The pyramid filters, a slash goes to the filter, Enter opens a test, heads sort, arrows walk the timeline."""
    page = Opened(browser, full_report(), tmp_path)
    page.browser.find_element(By.CSS_SELECTOR, 'a[data-tier="service"] text').click()
    assert page.count == "25 of 107 tests"
    page.script("document.activeElement.blur(); document.body.focus()")
    page.browser.find_element(By.TAG_NAME, "body").send_keys("/")
    assert page.script("return document.activeElement.id") == "filter"
    page.filter("outcome:failed")
    page.browser.find_element(By.CSS_SELECTOR, 'th[data-key="seconds"] button').click()
    rows = [element.text for element in page.browser.find_elements(By.CSS_SELECTOR, "#table tbody .id")]
    assert rows == ["tests/unit/test_0.py::test_2[0]", "tests/unit/test_0.py::test_1", FAILED_TEST]
    page.browser.find_element(By.CSS_SELECTOR, "#table tbody tr").send_keys(Keys.ENTER)
    assert page.chosen[0] == "tests/unit/test_0.py::test_2[0]"
    page.browser.find_element(By.ID, "timeline").send_keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_DOWN)
    assert page.browser.find_element(By.ID, "told").text.startswith("gw1: tests/unit/test_1.py::test_4")
    assert page.complaints() == []


def test_nothing_from_a_test_is_executed(browser: webdriver.Chrome, tmp_path: Path) -> None:
    """With an attack in every text the page shows it as text, before and after everything is opened."""
    page = Opened(browser, hostile_report(ATTACK), tmp_path)
    page.script("document.querySelectorAll('tr[data-at]').forEach((row) => row.click())")
    page.script("document.querySelectorAll('*').forEach((one) => one.click && one.click())")
    assert page.script("return [window.hacked, document.images.length]") == [None, 0]
    assert "window.hacked" in page.script("return document.body.innerText")
    assert page.complaints() == []


@pytest.mark.parametrize(("tests", "megabytes", "seconds"), [(10_000, 2, 1), (50_000, 6, 3)])
def test_large_runs_stay_quick(
    browser: webdriver.Chrome, tmp_path: Path, tests: int, megabytes: float, seconds: float
) -> None:
    """Size and time until the page answers; a busy machine gets three times as long before this is a failure."""
    made = report_of({"unit": passed(tests * 8 // 10), "service": passed(tests // 10), "ui": passed(tests // 10)})
    outcomes = tuple(one._replace(worker=f"gw{at % 8}", start=at / 800) for at, one in enumerate(made.outcomes))
    began = time.perf_counter()
    page = Opened(browser, replace(made, outcomes=outcomes), tmp_path)
    ready = page.script("return performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd") / 1000
    assert (tmp_path / "report.html").stat().st_size < megabytes * 1e6
    assert ready < 3 * seconds, f"ready after {ready} s, {time.perf_counter() - began} s with making it"
    assert page.filter("tier:ui") == f"{tests // 10:,} of {tests:,} tests"
