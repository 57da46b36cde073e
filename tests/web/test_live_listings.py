"""Where scripts run a listing changes in place; where they do not, or fail, its links are links."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from evidence.ledger import version
from tests.benchmarks import world
from tests.contracts import asking

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator, Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)

WIDTHS = (320, 360, 640, 768, 960, 1248, 1280)
FOCUSED = "document.activeElement.textContent.trim()"


@pytest.fixture
def evidence(live_server: LiveServer, transactional_db: None) -> str:
    """The address of a listing with several pages."""
    world.fill(topics=80, findings=160)
    version.bump()
    return f"{live_server.url}/evidence/"


@pytest.fixture
def quiet(page: Page) -> Iterator[Page]:
    """A page that says nothing in its console, and reports nothing to its policy."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.set_viewport_size({"width": 1280, "height": 900})
    yield page
    assert said == []


def open_listing(page: Page, address: str) -> None:
    """Go to a listing, and mark the page so that it is known again as the same."""
    page.goto(address)
    page.evaluate("window.same = true; document.getElementById('matched').same = true")


def same(page: Page) -> bool:
    """Whether the page, and the count in it, are those of before."""
    return page.evaluate("Boolean(window.same && document.getElementById('matched').same)")


def choice(page: Page, facet: str, number: int = 0) -> Locator:
    return page.locator(f"#facet-{facet} > ul a").nth(number)


def by_key(page: Page, link: Locator) -> str:
    """Follow a link by keyboard, and give the address once the page has it."""
    before = page.url
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("before => location.href !== before", arg=before)
    page.wait_for_function("() => !document.querySelector('.htmx-request')")
    return page.url


def plainly(page: Page, address: str) -> tuple[str, str, list[str]]:
    """What the page of an address says by itself: title, count, rows."""
    other = page.context.browser.new_page(java_script_enabled=False)
    other.goto(address)
    told = other.title(), other.locator("#matched").inner_text(), asking.page_ids(other.content())
    other.close()
    return told


def told(page: Page) -> tuple[str, str, list[str]]:
    return page.title(), page.locator("#matched").inner_text(), asking.page_ids(page.content())


def test_a_filter_is_set_in_place_with_the_focus_kept_and_the_count_announced(
    quiet: Page, evidence: str
) -> None:
    open_listing(quiet, evidence)
    quiet.evaluate("""() => {
        window.announced = [];
        const count = document.getElementById("matched");
        const seen = new MutationObserver(() => window.announced.push(count.textContent.trim()));
        seen.observe(count, { childList: true, characterData: true, subtree: true });
    }""")
    link = choice(quiet, "area", 1)
    said = quiet.evaluate("a => a.firstChild.textContent.trim()", link.element_handle())
    address = by_key(quiet, link)
    assert address.startswith(f"{evidence}?area=")
    assert same(quiet)
    assert quiet.evaluate("window.announced.at(-1)") == quiet.locator("#matched").inner_text()
    assert told(quiet) == plainly(quiet, address)
    assert quiet.evaluate(FOCUSED).startswith(said)
    assert quiet.evaluate("document.activeElement.getAttribute('aria-current')") == "true"
    assert by_key(quiet, choice(quiet, "area", 1)) == evidence
    assert quiet.evaluate(FOCUSED).startswith(said)


def test_a_form_asks_the_same_address_with_and_without_scripts(
    quiet: Page, evidence: str, chromium: Browser
) -> None:
    addresses = []
    plain = chromium.new_page(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    for page in (quiet, plain):
        page.goto(f"{evidence}?sort=-findings&area=oncology")
        page.locator("#filter-q").fill("il-2")
        page.keyboard.press("Enter")
        page.wait_for_url("**q=il-2**")
        page.locator("#columns summary").click()
        page.get_by_label("PMIDs").check()
        page.get_by_role("button", name="Show these").click()
        page.wait_for_url("**columns=pmids**")
        addresses.append(page.url)
    assert addresses[0] == addresses[1]
    quiet.wait_for_function("() => !document.querySelector('.htmx-request')")
    assert told(quiet) == told(plain)
    assert quiet.locator("#heads th").last.inner_text() == "PMIDs"
    assert quiet.locator("#columns").get_attribute("open") is not None
    plain.close()


def test_the_count_is_seen_while_the_rows_that_a_filter_changes_are_not(
    quiet: Page, evidence: str
) -> None:
    for width in (1280, 360):
        quiet.set_viewport_size({"width": width, "height": 700})
        open_listing(quiet, evidence)
        if width == 360:
            quiet.locator("#filters > summary").click()
        by_key(quiet, choice(quiet, "population"))
        count = quiet.locator("#panel .left b")
        box = count.bounding_box()
        assert box is not None
        assert 0 <= box["y"] <= 700 - box["height"]
        assert count.inner_text() == quiet.locator("#matched").inner_text()


def test_styles_that_a_browsers_extension_gave_are_not_put_in_again(
    quiet: Page, evidence: str
) -> None:
    """Extensions that fill in fields, and pictures taken of a page, leave styles behind."""
    quiet.add_init_script("""
        window.refused = [];
        document.addEventListener("securitypolicyviolation", (event) => {
            window.refused.push(event.effectiveDirective);
        });
    """)
    open_listing(quiet, evidence)
    for _ in range(3):
        quiet.evaluate("""() => {
            for (const each of document.querySelectorAll("main [id]")) {
                each.style.outline = "1px solid";
            }
        }""")
        by_key(quiet, choice(quiet, "area", 1))
    by_key(quiet, quiet.locator("#heads a", has_text="Findings"))
    assert same(quiet)
    assert quiet.evaluate("window.refused") == []


def test_sorting_and_turning_pages_keep_the_focus(quiet: Page, evidence: str) -> None:
    open_listing(quiet, f"{evidence}?size=25")
    by_key(quiet, quiet.locator("#heads a", has_text="Findings"))
    assert quiet.evaluate(FOCUSED) == "Findings ▲"
    by_key(quiet, quiet.locator("#heads a", has_text="Findings"))
    assert quiet.evaluate(FOCUSED) == "Findings ▼"
    address = by_key(quiet, quiet.get_by_role("link", name="Next"))
    assert quiet.evaluate(FOCUSED) == "Next"
    assert quiet.evaluate("document.activeElement.getBoundingClientRect().top") < 900
    assert told(quiet) == plainly(quiet, address)
    by_key(quiet, quiet.get_by_role("link", name="1", exact=True))
    assert quiet.evaluate(FOCUSED) == "1"
    assert same(quiet)


def test_who_turns_a_page_by_hand_reads_it_from_its_top(quiet: Page, evidence: str) -> None:
    open_listing(quiet, f"{evidence}?size=25")
    quiet.get_by_role("link", name="Next").click()
    quiet.wait_for_url("**page=2")
    quiet.wait_for_function(
        "() => document.getElementById('rows').getBoundingClientRect().top >= 0"
    )
    assert same(quiet)


def test_a_removed_chip_leaves_the_focus_to_the_next_one_and_the_last_to_the_count(
    quiet: Page, evidence: str
) -> None:
    open_listing(quiet, evidence)
    by_key(quiet, choice(quiet, "area"))
    by_key(quiet, choice(quiet, "population"))
    by_key(quiet, quiet.locator("#chips a").first)
    assert quiet.evaluate("document.activeElement.className") == "chip"
    assert by_key(quiet, quiet.locator("#chips a").first) == evidence
    assert quiet.evaluate("document.activeElement.id") == "matched"


def test_back_and_forward_show_what_their_addresses_say(quiet: Page, evidence: str) -> None:
    open_listing(quiet, evidence)
    first = by_key(quiet, choice(quiet, "area"))
    second = by_key(quiet, choice(quiet, "status"))
    quiet.go_back()
    for address, step in ((first, quiet.go_back), (evidence, quiet.go_forward), (first, None)):
        quiet.wait_for_url(address)
        expected = plainly(quiet, address)
        quiet.wait_for_function("said => document.title === said", arg=expected[0])
        assert told(quiet) == expected
        assert same(quiet)
        if step:
            step()
    assert quiet.evaluate("sessionStorage.getItem('htmx-history-cache')") is None
    quiet.goto(second)
    assert told(quiet) == plainly(quiet, second)


def test_what_the_reader_opened_or_folded_stays_so(quiet: Page, evidence: str) -> None:
    open_listing(quiet, evidence)
    quiet.locator("#facet-kind > summary").click()
    quiet.locator("#facet-role > summary").click()
    by_key(quiet, choice(quiet, "area"))
    assert quiet.locator("#facet-kind").get_attribute("open") is not None
    assert quiet.locator("#facet-role").get_attribute("open") is None
    quiet.set_viewport_size({"width": 360, "height": 800})
    quiet.locator("#filters > summary").click()
    by_key(quiet, choice(quiet, "population"))
    assert choice(quiet, "population").is_visible()


def test_a_year_changes_the_heading_and_the_panel_in_place(quiet: Page, evidence: str) -> None:
    open_listing(quiet, evidence)
    address = by_key(quiet, quiet.locator("#years a", has_text="2010"))
    assert quiet.locator("h1").inner_text() == "Evidence as of 2010"
    assert quiet.locator("#facet-rule_status").count() == 1
    assert same(quiet)
    assert told(quiet) == plainly(quiet, address)
    by_key(quiet, quiet.locator("#years a", has_text="today"))
    assert quiet.locator("h1").inner_text() == "Evidence"


def test_the_map_changes_in_place_as_its_listing_does(quiet: Page, evidence: str) -> None:
    open_listing(quiet, evidence.replace("evidence", "map"))
    quiet.locator("#filters > summary").click()
    first = by_key(quiet, choice(quiet, "area"))
    for at, asked in (("h1", "area="), ("h1", "as_of=2010")):
        if asked.startswith("as_of"):
            by_key(quiet, quiet.locator("#years a", has_text="2010"))
        assert asked in quiet.url
        other = quiet.context.browser.new_page(java_script_enabled=False)
        other.goto(quiet.url)
        for part in (at, "#matched", "#asked", "#ways", "#results"):
            assert quiet.locator(part).text_content() == other.locator(part).text_content()
        assert quiet.title() == other.title()
        other.close()
    assert same(quiet)
    assert quiet.evaluate(FOCUSED) == "2010"
    quiet.go_back()
    quiet.wait_for_url(first)


def test_what_cannot_be_answered_is_followed_as_a_plain_link(page: Page, evidence: str) -> None:
    open_listing(page, evidence)
    page.locator("#filter-year_min").fill("soon")
    page.keyboard.press("Enter")
    page.wait_for_url("**year_min=soon**")
    page.wait_for_function("() => !window.same")
    assert "soon" in page.locator("main").inner_text()
    page.go_back()
    page.wait_for_url(evidence)
    page.evaluate("window.same = true")
    page.route(
        "**/*",
        lambda route: route.abort() if route.request.resource_type == "xhr" else route.fallback(),
    )
    choice(page, "area").click()
    page.wait_for_url("**area=**")
    page.wait_for_function("() => !window.same && document.querySelector('#chips')")


def test_a_link_to_a_thing_or_a_file_is_left_alone(quiet: Page, evidence: str) -> None:
    open_listing(quiet, evidence)
    by_key(quiet, choice(quiet, "area"))
    quiet.locator("tbody th a").first.click()
    quiet.wait_for_url("**/evidence/T*/")
    assert not quiet.evaluate("Boolean(window.same)")
    quiet.go_back()
    quiet.wait_for_url("**area=**")
    assert told(quiet) == plainly(quiet, quiet.url)


def test_no_choice_of_columns_makes_a_page_wider_than_its_window(page: Page, evidence: str) -> None:
    for name in ("evidence", "findings", "trials"):
        for asked in ("columns=all", "columns=url&columns=id"):
            page.goto(f"{evidence.replace('evidence', name)}?{asked}")
            page.locator("#columns summary").click()
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                needed = page.evaluate("document.documentElement.scrollWidth")
                assert needed <= width, (name, asked, width)


def test_more_columns_than_there_is_room_for_scroll_with_their_head_in_sight(
    quiet: Page, evidence: str
) -> None:
    quiet.goto(f"{evidence}?columns=all")
    quiet.locator(".beyond").focus()
    quiet.evaluate("document.activeElement.scrollTo(2000, 400)")
    for part in ("#heads th", "tbody th"):
        box = quiet.locator(part).first.bounding_box()
        frame = quiet.locator(".beyond").bounding_box()
        assert box["x"] >= frame["x"]
    assert quiet.locator("#heads th").first.bounding_box()["y"] >= frame["y"]
