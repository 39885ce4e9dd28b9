"""One browser per worker and module, one shop per test.

Without a browser the tests are skipped, or fail where one is required.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from running_shop import running_shop

try:
    from selenium import webdriver
    from selenium.common.exceptions import WebDriverException
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.by import By
    from selenium.webdriver.remote.webelement import WebElement
    from selenium.webdriver.support.ui import WebDriverWait
except ModuleNotFoundError:
    # The fixture tells, so that the tests are skipped and not broken.
    webdriver = None  # type: ignore[assignment]  # a module or nothing has no name among types

REQUIRED = "SHOP_REQUIRE_BROWSER"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
DRIVERS = ("chromedriver", "chromium-driver", "chromium.chromedriver")
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--no-proxy-server",
    "--window-size=1200,1400",
)
PATIENCE = 20
"""Seconds until a page that does not come is a failure."""


class Window:
    """A browser window on one shop; every wait is for something that can be seen."""

    def __init__(self, driver: webdriver.Chrome, url: str) -> None:
        self.driver = driver
        self._url = url

    def open(self, path: str) -> None:
        """Goes to a page as if its address had been typed."""
        self.driver.get(self._url + path)

    def find(self, selector: str) -> WebElement:
        """The first element for a CSS selector, waited for."""
        return self._wait(lambda driver: driver.find_element(By.CSS_SELECTOR, selector), f"{selector} to appear")

    def all(self, selector: str) -> list[WebElement]:
        """Every element that is there now."""
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector: str) -> str:
        """What a reader sees there."""
        return self.find(selector).text

    def type(self, selector: str, text: str) -> None:
        """Puts `text` into a field in place of what it holds."""
        field = self.find(selector)
        field.clear()
        field.send_keys(text)

    def go(self, selector: str) -> None:
        """Clicks on what leads to another page, and is back when that page is complete."""
        self.driver.execute_script("window.leaving = true")
        self.find(selector).click()
        script = "return !window.leaving && document.readyState === 'complete'"
        self._wait(lambda driver: driver.execute_script(script), f"the page behind {selector}")

    def _wait(self, condition: Callable[[Any], object], what: str) -> Any:
        # Between two pages the driver may have no document at all: that is no failure, only too early.
        waiting = WebDriverWait(self.driver, PATIENCE, poll_frequency=0.05, ignored_exceptions=(WebDriverException,))
        return waiting.until(condition, f"waited {PATIENCE} s for {what}")


@pytest.fixture(scope="module")  # not session: that would end the browser inside whatever test happens to be last
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """The worker's browser, with a fresh profile."""
    if webdriver is None:
        _no_browser("selenium is not installed: pip install -r requirements.txt")
    browser, chromedriver = _first(BROWSERS), _first(DRIVERS)
    if browser is None or chromedriver is None:
        missing = "Chromium" if browser is None else "chromedriver"
        _no_browser(f"no {missing} found: install chromium and chromedriver (Debian: apt install chromium-driver)")
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    # With both paths given Selenium has nothing to look for and nothing to download.
    driver = webdriver.Chrome(options=options, service=Service(executable_path=chromedriver))
    yield driver
    driver.quit()


@pytest.fixture
def window(driver: webdriver.Chrome, tmp_path: Path) -> Iterator[Window]:
    """A browser without cookies, in front of a shop of its own."""
    driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
    with running_shop(tmp_path) as shop:
        yield Window(driver, shop.url)
        driver.get("about:blank")


def _first(names: tuple[str, ...]) -> str | None:
    return next((path for name in names if (path := shutil.which(name))), None)


def _no_browser(reason: str) -> NoReturn:
    if os.environ.get(REQUIRED) == "1":
        pytest.fail(f"{REQUIRED}=1, but {reason}", pytrace=False)
    pytest.skip(reason)
