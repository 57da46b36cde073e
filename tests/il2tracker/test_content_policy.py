"""Pages work in a real browser under the policy that they are sent with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.auth import get_user_model

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page

PAGES = (
    "/",
    "/about/",
    "/about/status/",
    "/nowhere/",
    "/admin/",
    "/admin/auth/user/",
    "/admin/auth/user/add/",
    "/admin/evidence/trial/",
    "/admin/evidence/trial/add/",
    "/admin/evidence/topic/add/",
    "/admin/evidence/finding/add/",
)


@pytest.mark.django_db(transaction=True)
def test_no_page_needs_what_the_policy_forbids(page: Page, live_server):
    get_user_model().objects.create_superuser("root", password="root")
    complaints: list[str] = []

    def hear(said: ConsoleMessage) -> None:
        if "Content Security Policy" in said.text:
            complaints.append(f"{page.url}: {said.text}")

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.goto(f"{live_server.url}/admin/login/")
    page.fill("#id_username", "root")
    page.fill("#id_password", "root")
    page.click("[type=submit]")
    page.wait_for_selector("#user-tools")
    for path in PAGES:
        answer = page.goto(live_server.url + path)
        page.wait_for_load_state("networkidle")
        assert answer.status == (404 if path == "/nowhere/" else 200), path
    assert complaints == []

    # And it would have been heard:
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    page.wait_for_timeout(200)
    assert len(complaints) == 1
