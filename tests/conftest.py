"""What holds for every test: where a browser is required, a test that misses one fails."""

import os

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    # The full check sets this: a skipped browser test would otherwise look like a passed one.
    if report.skipped and os.environ.get("GOVLAB_REQUIRE_BROWSER") and item.get_closest_marker("browser"):
        report.outcome = "failed"
        report.longrepr = f"a browser is required here: {report.longrepr}"
    return report
