"""Headless Chromium for a test, or a skip that says why there is none."""

from collections.abc import Iterator
from contextlib import contextmanager
from shutil import which
from typing import Any

import pytest


@contextmanager
def chromium(width: int = 1280, height: int = 900) -> Iterator[Any]:
    """A page in Playwright's own Chromium, else in the one of the system."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        browser = None
        why = ""
        for path in (None, which("chromium"), which("google-chrome")):
            try:
                browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
                break
            except playwright.Error as error:
                why = str(error).splitlines()[0]
        if browser is None:
            pytest.skip(f"no Chromium: {why}")
        try:
            yield browser.new_page(viewport={"width": width, "height": height})
        finally:
            browser.close()
