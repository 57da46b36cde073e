"""What a person's hands and head spend on a page, by the keystroke-level model.

Card, Moran and Newell's operators: a key, the way of the pointer to a thing, a click, the hand's
way between mouse and keyboard, a moment of thought before each field. Beside them the wait for a
page and for a choice by typing, and the turn of a wheel to what is out of sight. Reading the paper
is not counted: it takes the same time whatever the form is like.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

# Seconds. A key is that of an average typist, who is no secretary.
COSTS = {
    "keys": 0.28,
    "pointings": 1.1,
    "clicks": 0.2,
    "homings": 0.4,
    "thoughts": 1.2,
    "scrolls": 1.0,
    "answers": 0.5,
    "loads": 1.0,
}
IN_SIGHT = """thing => {
    const box = thing.getBoundingClientRect();
    return box.top >= 0 && box.bottom <= innerHeight;
}"""


@dataclass
class Hand:
    """Works on a page, and counts what it does there."""

    page: Page
    fields: list[str] = field(default_factory=list)
    keys: int = 0
    pointings: int = 0
    clicks: int = 0
    homings: int = 0
    thoughts: int = 0
    scrolls: int = 0
    answers: int = 0
    loads: int = 0
    is_on_keyboard: bool = False

    @property
    def seconds(self) -> float:
        """Sum up what all of it takes."""
        return sum(getattr(self, name) * cost for name, cost in COSTS.items())

    def __str__(self) -> str:
        counted = ", ".join(f"{getattr(self, name)} {name}" for name in COSTS)
        return f"{len(self.fields)} fields, {counted}: {self.seconds:.1f} s"

    def think_of(self, name: str) -> None:
        """Come to a field."""
        self.fields.append(name)
        self.thoughts += 1

    def click(self, thing: Locator) -> None:
        """Point at something and click on it."""
        self._point(thing)
        thing.click()
        self.clicks += 1

    def go(self, thing: Locator) -> None:
        """Decide on a link or a button that leads to another page, and click on it."""
        self.thoughts += 1
        with self.page.expect_event("load"):
            self.click(thing)
        self.loads += 1

    def enter(self) -> None:
        """Send what was typed by its key, to another page."""
        with self.page.expect_event("load"):
            self.press("Enter")
        self.loads += 1

    def type(self, text: str, *, into: str) -> None:
        """Click into a field and type."""
        self.think_of(into)
        self.click(self._field(into))
        self.keys_of(text)
        assert self._field(into).input_value() == text

    def end(self, text: str, *, of: str) -> None:
        """Click behind what a field holds already, and type the rest."""
        self.think_of(of)
        self.click(self._field(of))
        self.press("End")
        self.keys_of(text)

    def tab_and_type(self, text: str, *, into: str) -> None:
        """Go on to the next field by its key, and type."""
        self.think_of(into)
        self.press("Tab")
        assert self.page.evaluate("document.activeElement.id") == f"id_{into}"
        self.keys_of(text)

    def pick(self, value: str, *, of: str) -> None:
        """Open a list of fixed choices with a click and take one with another."""
        self.think_of(of)
        self._point(self._field(of))
        # The list itself is the system's: what is clicked on in it never reaches the page.
        self._field(of).focus()
        self._field(of).select_option(value)
        self.pointings += 1
        self.clicks += 2

    def tab_and_pick(self, value: str, *, of: str) -> None:
        """Go on to a list of fixed choices by its key, and take one by its first letters."""
        self.tab_and_type(value[:2], into=of)
        assert self._field(of).input_value() == value

    def find(self, text: str, *, of: str) -> None:
        """Open a choice by typing, type a part of the name, and take the first that is offered."""
        self.think_of(of)
        self.click(self.page.locator(f"#id_{of} + .select2 .select2-selection"))
        self.keys_of(text)
        offered = self.page.locator(".select2-results__option--highlighted", has_text=text)
        offered.wait_for()
        self.answers += 1
        self.press("Enter")
        self.page.locator(f"#id_{of} + .select2", has_text=text).wait_for()

    def keys_of(self, text: str) -> None:
        """Type where the cursor is."""
        self._home()
        self.page.keyboard.type(text)
        self.keys += len(text)

    def press(self, key: str) -> None:
        """Press one key."""
        self._home()
        self.page.keyboard.press(key)
        self.keys += 1

    def _field(self, name: str) -> Locator:
        return self.page.locator(f"#id_{name}")

    def _point(self, thing: Locator) -> None:
        thing.wait_for()
        if not thing.evaluate(IN_SIGHT):
            thing.scroll_into_view_if_needed()
            self.scrolls += 1
        self.homings += self.is_on_keyboard
        self.is_on_keyboard = False
        self.pointings += 1

    def _home(self) -> None:
        self.homings += not self.is_on_keyboard
        self.is_on_keyboard = True
