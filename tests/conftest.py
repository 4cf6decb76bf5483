"""What every test may use: generated settings, hypothesis profiles, and the honest word on what is missing."""

import os
import shutil

import pytest
from hypothesis import HealthCheck, settings

from bot import logs

pytest_plugins = ["tests.databases"]

settings.register_profile(
    "here", max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.register_profile("thorough", parent=settings.get_profile("here"), max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "here"))

IN_CI = os.environ.get("CI", "").lower() == "true"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
NO_CHROMIUM = "Chromium is not installed; on Debian and Ubuntu: apt install chromium"


def chromium_path() -> str | None:
    """Where the browser stands, or None."""
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


@pytest.fixture(scope="session", autouse=True)
def _logs_as_in_the_product() -> None:
    """structlog's own default renders every local of a traceback, for seconds."""
    logs.configure("INFO")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium to drive; without one the test is named as not run, and fails in CI."""
    path = chromium_path()
    if path is not None:
        return path
    if IN_CI:
        pytest.fail(NO_CHROMIUM)
    pytest.skip(NO_CHROMIUM)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """No test is left out silently: say which, and why."""
    left_out = terminalreporter.stats.get("skipped", [])
    for report in left_out:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        terminalreporter.write_line(f"NOT RUN {report.nodeid}: {reason.removeprefix('Skipped: ')}", yellow=True)
