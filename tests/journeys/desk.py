"""A person at her desk: a real browser, in which she signs in and works as the site lets her."""

from __future__ import annotations

import re
from base64 import b32decode
from typing import TYPE_CHECKING, Any

from django_otp.oath import totp

from tests.admin.conftest import PASSWORD
from tests.conftest import require

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.models import User
    from playwright.sync_api import Browser, Locator, Page

PATIENCE = 60_000  # milliseconds: longer than a busy machine takes
LOOKS = (("light", 1280), ("dark", 360))
# Enough to cross a long form, and few enough to end.
MOST_TABS = 60
FOCUS_IS_SEEN = """() => {
    const style = getComputedStyle(document.activeElement);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0
        || style.boxShadow !== "none";
}"""
ALL_AT_REST = "Promise.allSettled(document.getAnimations().map(one => one.finished)).then(() => 0)"
ASKED = {
    "resultTypes": ["violations"],
    # Django's tables of rows inside a page have an empty head above what they hide.
    "rules": {"empty-table-header": {"enabled": False}},
}
SUBMIT = "Submit for a second reader"


class Desk:
    """One person's browser; what its console says is kept, and ought to be nothing.

    axe complains on it of what the content policy keeps from axe: then nobody listens.
    """

    def __init__(self, chromium: Browser, site: str, *, listens: bool = True) -> None:
        self.context = chromium.new_context(base_url=site)
        self.context.set_default_timeout(PATIENCE)
        self.said: list[str] = []
        # Of every window, popups too.
        if listens:
            self.context.on("console", lambda message: self.said.append(message.text))
            self.context.on("weberror", lambda fault: self.said.append(str(fault.error)))
        self.page: Page = self.context.new_page()

    def close(self) -> None:
        """Close the browser, which must not have complained of anything."""
        self.context.close()
        assert self.said == [], self.said

    # --- Signing in -------------------------------------------------------------------------------

    def give_password(self, person: User) -> None:
        """Send the form of the sign-in page."""
        person.set_password(PASSWORD)
        person.save()
        self.page.goto("/admin/")
        self.page.get_by_label("Username").fill(person.username)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Log in").click()

    def sign_in(self, person: User) -> None:
        """Sign in where the password is enough."""
        self.give_password(person)
        self.heading("My queue")

    def enrol(self) -> None:
        """Set a second factor up as a person does: with the secret that the page shows."""
        self.press("Set it up")
        secret = self.page.locator(".secret").inner_text().replace(" ", "")
        self.page.get_by_label("Code").fill(f"{totp(b32decode(secret)):06}")
        self.press("Confirm")
        self.heading("Your recovery codes")

    # --- Looking ----------------------------------------------------------------------------------

    def heading(self, words: str | re.Pattern[str]) -> None:
        """Wait for a page by its heading."""
        self.page.get_by_role("heading", name=words).first.wait_for()

    def told(self, words: str) -> None:
        """Wait until the site says something on top of the page."""
        self.page.locator(".messagelist li", has_text=words).wait_for()

    def sees(self, words: str) -> None:
        """Wait for words anywhere on the page."""
        self.page.get_by_text(words).first.wait_for()

    def queue(self, section: str) -> Locator:
        """Open the queue and give one of its sections."""
        self.page.goto("/admin/")
        found = self.page.locator(f"section#{section}")
        found.wait_for()
        return found

    def text(self, path: str) -> str:
        """Open a page and give what it says."""
        self.page.goto(path)
        return self.page.locator("main").inner_text()

    # --- Doing ------------------------------------------------------------------------------------

    def press(self, words: str) -> None:
        """Press a button by its whole words."""
        self.page.get_by_role("button", name=words, exact=True).click()

    def follow(self, words: str | re.Pattern[str]) -> None:
        """Follow the first link of some words."""
        self.page.get_by_role("link", name=words).first.click()

    def fill(self, **values: str) -> None:
        """Type into fields by their names; a choice is made by its stored word."""
        for name, value in values.items():
            field = self.page.locator(f"#id_{name}")
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def choose(self, field: str, words: str) -> None:
        """Choose a row by typing a part of its name."""
        self.page.locator(f"#id_{field} + .select2 .select2-selection").click()
        self.page.locator(".select2-container--open .select2-search__field").last.fill(words)
        self.page.locator(".select2-results__option", has_text=words).first.click()

    def tab_to(self, goal: Locator) -> None:
        """Reach something by the Tab key alone, seeing at each stop where one is."""
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            where = self.page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
            assert self.page.evaluate(FOCUS_IS_SEEN), where
            if goal.evaluate("goal => goal === document.activeElement"):
                return
        raise AssertionError(f"{MOST_TABS} stops do not lead to {goal}")


def faults_of(page: Page, *, looks: Iterable[tuple[str, int]] = LOOKS) -> list[Any]:
    """Give what axe finds on the page that is open, light and wide and dark and narrow."""
    try:
        from axe_playwright_python.sync_playwright import Axe
    except ImportError:
        require("chromium", available=False, reason="axe is not installed (extra e2e)")
    found = []
    for theme, width in looks:
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(ALL_AT_REST)  # links fade from one colour to the other
        violations = Axe().run(page, options=ASKED).response["violations"]
        found += [
            (page.url, theme, fault["id"], [node["html"][:200] for node in fault["nodes"]][:3])
            for fault in violations
        ]
    return found
