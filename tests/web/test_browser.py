"""In a real browser: nothing scrolls sideways, axe finds nothing, and all works by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from evidence.catalogue import CATALOGUE
from evidence.ledger import index
from evidence.models import (
    AdverseEffect,
    Condition,
    Finding,
    HarmReport,
    Intervention,
    Publication,
    Topic,
    Trial,
)
from evidence.starter import load_starter
from tests.conftest import require
from tests.web import examples

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

PATHS = (
    "/",
    "/about/",
    "/about/status/",
    "/data/",
    "/evidence/",
    "/evidence/?status=variable",
    "/evidence/?status=experimental&population=neonate",
    "/harms/",
    "/trials/",
    "/evidence/T{topic}/",
    "/evidence/?as_of=2005",
    "/evidence/T{topic}/?as_of=2005",
    "/map/",
    "/map/?as_of=2005",
    "/findings/F{finding}/",
    "/harms/H{harm}/",
    "/conditions/hiv-infection/",
    "/conditions/melanoma/",
    "/interventions/intermittent-sc/",
    "/adverse-effects/capillary-leak-syndrome/",
    "/trials/NCT00004978/",
    "/publications/P{publication}/",
    "/evidence/T99999/",
    "/search/",
    "/search/?q=hiv",
    "/search/?q=capilary+leak",
    "/search/?q=zzzz+yyyy",
    "/compare/",
    "/compare/?condition=hiv-infection&condition=melanoma",
)
# Of the starter evidence: the longest names, the widest tables and the emptiest pages.
STARTER_PATHS = (
    *(f"/{name}/" for name in CATALOGUE),
    "/",
    "/map/",
    "/conditions/hiv-infection/",
    "/conditions/neonatal-sepsis/",
    "/conditions/tuberculosis/",
    "/conditions/melanoma/",
    "/interventions/aldesleukin/",
    "/interventions/low-dose-il-2/",
    "/adverse-effects/capillary-leak-syndrome/",
    "/adverse-effects/hypotension/",
    "/trials/NCT00004978/",
    "/compare/?intervention=aldesleukin&intervention=low-dose-il-2&intervention=pegenzileukin",
)
# At 640 a page of 1280 is seen at twice its size; the others stand on either side of a layout's
# change.
WIDTHS = (320, 360, 640, 768, 960, 1248, 1280)
LOOKS = (("light", 1280), ("dark", 360))


@pytest.fixture
def addresses(live_server: LiveServer, transactional_db: None) -> list[str]:
    topic = examples.world()
    # To compare with.
    examples.condition("Melanoma", "melanoma")
    index.rebuild()
    numbers = {
        "topic": topic.pk,
        "finding": Finding.objects.earliest("pk").record_id,
        "harm": HarmReport.objects.earliest("pk").record_id,
        "publication": Publication.objects.earliest("pk").pk,
    }
    return [live_server.url + path.format(**numbers) for path in PATHS]


@pytest.fixture
def long(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--long"))


def test_axe_finds_nothing(page: Page, addresses: list[str], long: bool) -> None:
    """Each page is looked at once, light and wide or dark and narrow; with --long it is both."""
    try:
        from axe_playwright_python.sync_playwright import Axe
    except ImportError:
        require("chromium", available=False, reason="axe is not installed (extra e2e)")
    for number, address in enumerate(addresses):
        # The dictionary is eight times the same: one listing of it stands for all.
        whole = long or not address.endswith("/data/")
        context = None if whole else {"exclude": ["section + section"]}
        for theme, width in LOOKS if long else (LOOKS[number % 2],):
            page.emulate_media(color_scheme=theme)
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(address)
            options = {"resultTypes": ["violations"]}
            found = Axe().run(page, context=context, options=options).response["violations"]
            told = [(fault["id"], [node["html"] for node in fault["nodes"]][:3]) for fault in found]
            assert told == [], (address, theme)


def fits(page: Page, address: str) -> None:
    """Fail where a page is wider than its window, at every width."""
    page.goto(address)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        needed = page.evaluate("document.documentElement.scrollWidth")
        assert needed <= width, (address, width, needed)


def test_nothing_scrolls_sideways(page: Page, addresses: list[str]) -> None:
    for address in addresses:
        fits(page, address)


def test_a_name_without_a_space_scrolls_nothing_sideways(
    page: Page, live_server: LiveServer, transactional_db: None
) -> None:
    """In the tables too, which grow with their longest word."""
    topic = examples.world()
    endless = "Pneumono" * 25
    Condition.objects.filter(pk=topic.condition_id).update(name=endless)
    Intervention.objects.filter(pk=topic.intervention_id).update(name=endless.lower())
    AdverseEffect.objects.update(name=endless)
    Trial.objects.update(title=endless, acronym="")
    Publication.objects.update(title=endless)
    paths = (
        *(f"/{name}/" for name in CATALOGUE),
        "/map/",
        f"/evidence/{topic.code}/",
        f"/conditions/{topic.condition.slug}/",
        f"/interventions/{topic.intervention.slug}/",
        "/trials/NCT00004978/",
        "/evidence/?columns=condition&columns=intervention&columns=status",
    )
    for path in paths:
        page.goto(live_server.url + path)
        folded = "document.querySelectorAll('main details').forEach(one => one.open = true)"
        for width in (360, 960, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            page.evaluate(folded)
            needed = page.evaluate("document.documentElement.scrollWidth")
            assert needed <= width, (path, width, needed)


def test_nothing_of_the_starter_evidence_scrolls_sideways(
    page: Page, live_server: LiveServer, transactional_db: None, long: bool
) -> None:
    if not long:
        pytest.skip("runs with --long")
    load_starter()
    widest = Topic.objects.public().order_by("-findings_count")[:2]
    for path in (*STARTER_PATHS, *(f"/evidence/{topic.code}/" for topic in widest)):
        fits(page, live_server.url + path)


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
    choice = page.locator(".facet li > a").first
    assert choice.is_visible()
    page.set_viewport_size({"width": 360, "height": 900})
    assert not choice.is_visible()
    page.locator(".panel > summary").click()
    assert choice.is_visible()
