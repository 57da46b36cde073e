"""In a real browser: nothing scrolls sideways, axe finds nothing, and all works by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.conftest import require
from tests.web import examples

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer

PATHS = (
    "/",
    "/about/",
    "/data/",
    "/evidence/",
    "/evidence/?status=variable",
    "/evidence/?status=experimental&population=neonate",
    "/harms/",
    "/trials/",
    "/evidence/T{topic}/",
    "/conditions/hiv-infection/",
    "/interventions/intermittent-sc/",
    "/adverse-effects/capillary-leak-syndrome/",
    "/trials/NCT00004978/",
    "/evidence/T99999/",
)
WIDTHS = (320, 360, 768, 1280)


@pytest.fixture
def addresses(live_server: LiveServer, transactional_db: None) -> list[str]:
    topic = examples.world()
    return [live_server.url + path.format(topic=topic.pk) for path in PATHS]


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page()
    yield page
    page.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(page: Page, addresses: list[str], theme: str) -> None:
    try:
        from axe_playwright_python.sync_playwright import Axe
    except ImportError:
        require("chromium", available=False, reason="axe is not installed (extra e2e)")
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": 1280 if theme == "light" else 360, "height": 900})
    for address in addresses:
        page.goto(address)
        found = Axe().run(page).response["violations"]
        told = [(fault["id"], [node["html"] for node in fault["nodes"]][:3]) for fault in found]
        assert told == [], address


def test_nothing_scrolls_sideways(page: Page, addresses: list[str]) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for address in addresses:
            page.goto(address)
            needed = page.evaluate("document.documentElement.scrollWidth")
            assert needed <= width, (address, width, needed)


def test_no_page_breaks_its_content_policy(page: Page, addresses: list[str]) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    for address in addresses:
        page.goto(address)
    assert [text for text in said if "Content Security Policy" in text] == []


def test_the_first_tab_stop_skips_to_the_content(page: Page, addresses: list[str]) -> None:
    page.goto(addresses[0])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"


def test_filters_are_open_beside_a_wide_table_and_folded_over_a_narrow_one(
    page: Page, addresses: list[str]
) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(next(address for address in addresses if address.endswith("/evidence/")))
    choice = page.locator("a.choice").first
    assert choice.is_visible()
    page.set_viewport_size({"width": 360, "height": 900})
    assert not choice.is_visible()
    page.locator(".panel > summary").click()
    assert choice.is_visible()
