"""What every test may use, and how a test says what it needs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from django.conf import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytest_plugins = ["tests.fixtures_starter"]

REQUIRED = {part for part in os.environ.get("IL2TRACKER_REQUIRE", "").split(",") if part}
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# A deadline would make every property test a timed one.
hypothesis.settings.register_profile("il2tracker", deadline=None, print_blob=True)
hypothesis.settings.load_profile("il2tracker")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--long`: all of what the default run takes a sample of."""
    parser.addoption("--long", action="store_true", help="run long tests in full")


def require(part: str, *, available: bool, reason: str) -> None:
    """Skip the test when a part is missing, or fail it where CI promised that it is there."""
    if available:
        return
    if part in REQUIRED:
        pytest.fail(f"IL2TRACKER_REQUIRE promises {part}: {reason}")
    pytest.skip(reason)


@pytest.fixture
def postgres() -> None:
    """Run only on PostgreSQL."""
    engine = settings.DATABASES["default"]["ENGINE"]
    available = engine == "django.db.backends.postgresql"
    require("postgres", available=available, reason="DATABASE_URL names no PostgreSQL database")


@pytest.fixture(scope="session")
def registry_folder() -> Path:
    """The folder of real registry records, where it is at hand."""
    folder = Path(os.environ.get("IL2TRACKER_REGISTRY", ""))
    available = bool(os.environ.get("IL2TRACKER_REGISTRY")) and folder.is_dir()
    require("registry", available=available, reason="IL2TRACKER_REGISTRY names no folder")
    return folder


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A headless Chromium, driven by Playwright."""
    program = shutil.which("chromium")
    require("chromium", available=program is not None, reason="Chromium is not installed")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        require("chromium", available=False, reason="Playwright is not installed (extra e2e)")
    # Playwright keeps an event loop in this thread; Django would refuse its ORM beside one.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=program, args=list(CHROMIUM_ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page of its own context, closed with its connections whatever becomes of the test."""
    page = chromium.new_page()
    yield page
    page.close()
