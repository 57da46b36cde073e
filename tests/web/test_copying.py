"""In a real browser: buttons that copy and print are there where scripts run, and only there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web import examples

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer


@pytest.fixture
def address(live_server: LiveServer, transactional_db: None) -> str:
    return f"{live_server.url}/evidence/{examples.world().code}/"


def test_a_button_copies_the_citation_and_says_so(page: Page, address: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(address)
    page.get_by_role("button", name="Copy citation").click()
    page.get_by_text("Copied", exact=True).wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("il2tracker, topic T")
    assert copied == page.locator("#citation").text_content()
    page.get_by_role("button", name="Copy link").click()
    page.wait_for_function("navigator.clipboard.readText().then((text) => text.endsWith('/'))")
    # The address that is cited, not the one that somebody came by.
    link = page.locator("link[rel=canonical]").get_attribute("href")
    assert page.evaluate("navigator.clipboard.readText()") == link


def test_where_copying_is_not_allowed_it_says_what_to_do(page: Page, address: str) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.goto(address)
    page.get_by_role("button", name="Copy citation").click()
    page.get_by_text("Select the text and copy it.").wait_for()


def test_a_button_prints(page: Page, address: str) -> None:
    page.add_init_script("window.print = () => { window.printed = true; };")
    page.goto(address)
    page.get_by_role("button", name="Print").click()
    assert page.evaluate("window.printed")


def test_without_scripts_no_button_is_there(page: Page, address: str) -> None:
    context = page.context.browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(address)
    assert plain.locator("#citation").is_visible()
    assert not plain.get_by_text("Copy citation").is_visible()
    assert plain.get_by_role("link", name="RIS").first.is_visible()
    context.close()


def test_what_pages_say_of_themselves_breaks_no_content_policy(page: Page, address: str) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(address)
    assert page.locator("script[type='application/ld+json']").count() == 1
    assert [text for text in said if "Content Security Policy" in text] == []
