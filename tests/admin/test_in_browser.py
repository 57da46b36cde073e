"""A curator's first hour in a real browser, under the site's own content security policy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from evidence import vocab
from evidence.curation import duties
from evidence.models import (
    Assessment,
    Condition,
    Finding,
    Intervention,
    Publication,
    Topic,
    Trial,
)
from tests.admin.conftest import PASSWORD
from tests.admin.rows import make_publication, make_topic

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.django_db(transaction=True)


def sign_in(page: Page) -> None:
    """Make a curator and sign her in."""
    user = get_user_model().objects.create_user("anna", password=PASSWORD, is_staff=True)
    user.groups.set(Group.objects.filter(name=duties.CURATOR))
    page.goto("/admin/")
    page.get_by_label("Username").fill("anna")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("heading", name="My queue").wait_for()


@pytest.fixture
def plain_page(chromium: Browser, live_server: Any) -> Iterator[Page]:
    """A page of a browser without scripts that a curator has signed in on."""
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page)
    yield page
    context.close()


@pytest.fixture
def page(chromium: Browser, live_server: Any) -> Iterator[Page]:
    """A page that a curator has signed in on; it must stay without a word on its console."""
    context = chromium.new_context(base_url=live_server.url)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    sign_in(page)
    yield page
    context.close()
    assert said == []


def choose(page: Page, field: str, words: str) -> None:
    """Choose a row by typing a part of its name."""
    page.locator(f"#id_{field} + .select2 .select2-selection").click()
    typed = page.locator(".select2-container--open .select2-search__field").last
    typed.fill(words)
    page.locator(".select2-results__option--highlighted", has_text=words).first.wait_for()
    typed.press("Enter")  # a list that opens above its field lies beneath it for the mouse


def save(page: Page) -> None:
    """Save, and wait until the site says that it has."""
    page.get_by_role("button", name="Save and continue editing").click()
    page.locator(".messagelist .success").wait_for()


def test_a_curator_enters_a_trial_a_paper_a_topic_and_a_finding(page: Page) -> None:
    Condition.objects.create(name="HIV infection", slug="hiv", area=vocab.Area.INFECTIOUS)
    Intervention.objects.create(
        name="Aldesleukin", slug="aldesleukin", kind=vocab.InterventionKind.RECOMBINANT
    )
    page.goto("/admin/evidence/trial/add/")
    page.get_by_label("Title").fill("A study of IL-2 in people with HIV")
    page.get_by_label("Acronym").fill("ESPRIT")
    page.get_by_label("Word in the address").fill("NCT00004978")
    choose(page, "conditions", "HIV")
    page.locator("#id_identifiers-0-registry").select_option("NCT")
    page.locator("#id_identifiers-0-value").fill("NCT00004978")
    page.locator("#arms-group .add-row a").click()
    page.locator("#id_arms-0-label").fill("IL-2")
    choose(page, "arms-0-intervention", "Aldes")
    save(page)

    page.goto("/admin/evidence/publication/add/")
    page.get_by_label("Title").fill("Interleukin-2 therapy in HIV infection")
    page.get_by_label("PMID").fill("19828532")
    save(page)

    page.goto("/admin/evidence/topic/add/")
    choose(page, "condition", "HIV")
    choose(page, "intervention", "Aldes")
    page.get_by_label("Role").select_option("treatment")
    page.get_by_label("Population").select_option("adult")
    choose(page, "trials", "ESPRIT")
    save(page)

    page.locator("ul.counts").get_by_role("link", name="Add finding").click()
    choose(page, "publication", "Interleukin")
    page.get_by_label("Outcome:", exact=True).fill("Opportunistic disease or death")
    for field, value in {
        "outcome_kind": "clinical",
        "direction": "no-difference",
        "comparison": "adds-il2",
        "analysis": "primary",
        "effect_measure": "hazard-ratio",
    }.items():
        page.locator(f"#id_{field}").select_option(value)
    for field, text in {"estimate": "0.94", "ci_low": "0.75", "ci_high": "1.16"}.items():
        page.locator(f"#id_{field}").fill(text)
    page.get_by_label("Statement").fill("As many fell ill or died with IL-2 as without.")
    page.get_by_role("button", name="Save draft", exact=True).click()
    page.get_by_text("An interval has a low end, a high end and a level, in order.").wait_for()
    page.locator("#id_ci_level").fill("95")
    save(page)

    finding = Finding.objects.get()
    assert (finding.state, finding.estimate, finding.author.username) == ("draft", 0.94, "anna")
    assert finding.topic == Topic.objects.get()
    assert finding.publication == Publication.objects.get()
    assert Trial.objects.get().arms.get().intervention.slug == "aldesleukin"


def test_without_scripts_a_finding_is_entered_from_lists_and_submitted(plain_page: Page) -> None:
    page, topic, paper = plain_page, make_topic(), make_publication()
    page.goto(f"/admin/evidence/finding/add/?topic={topic.pk}")
    assert page.locator("#id_publication option").count() == 1
    page.get_by_role("link", name="choose from lists").click()
    assert page.locator("#id_topic").input_value() == str(topic.pk)
    page.locator("#id_publication").select_option(label=f"{paper.code}: {paper}, PMID {paper.pmid}")
    page.get_by_label("Outcome:", exact=True).fill("CD4 count at week 24")
    for field, value in {
        "outcome_kind": "surrogate",
        "direction": "favours",
        "comparison": "adds-il2",
        "analysis": "primary",
        "population": "adult",
        "design": "randomised",
    }.items():
        page.locator(f"#id_{field}").select_option(value)
    page.get_by_label("Statement").fill("CD4 counts rose more with IL-2 than without.")
    page.get_by_role("button", name="Save and continue editing").click()
    # What comes back with a fault still offers the lists.
    page.goto(f"/admin/evidence/finding/{Finding.objects.get().pk}/change/?_lists=1")
    page.locator("#id_publication").select_option(str(paper.pk))
    page.get_by_label("Locator").fill("Table 2")
    page.get_by_role("button", name="Submit for a second reader").click()
    page.get_by_text("is saved and with a second reader now").wait_for()
    finding = Finding.objects.get()
    assert (finding.state, finding.topic, finding.publication) == ("in-review", topic, paper)


def test_what_the_rule_says_follows_what_is_chosen_and_loses_nothing(page: Page) -> None:
    make_topic()
    page.goto("/admin/evidence/assessment/add/")
    panel = page.locator("#rule-says")
    panel.get_by_text("Choose a topic").wait_for()
    page.get_by_label("Summary").fill("Half a sentence,")
    choose(page, "topic", "Condition 1")
    panel.get_by_text("investigated, no treatment of people found (I1").wait_for()
    page.locator("#id_status").select_option("experimental")
    panel.get_by_text("That takes a reason for readers and a date").wait_for()
    page.get_by_label("Reason where it differs").fill("Two trials have begun.")
    # While the cursor is still in the field.
    panel.get_by_text("It gives a reason. Give the day by which").wait_for()
    page.locator("#id_review_by").fill("2020-01-01")
    panel.get_by_text("1 January 2020 has passed").wait_for()
    page.locator("#id_status").select_option("investigated")
    panel.get_by_text("Choose its ground too").wait_for()
    page.locator("#id_ground").select_option("no-treatment-found")
    panel.get_by_text("agrees with the rule: take the reason and its date away.").wait_for()
    assert page.get_by_label("Summary").input_value() == "Half a sentence,"
    assert panel.get_attribute("aria-live") == "polite"


def test_without_scripts_a_button_shows_what_the_rule_says(plain_page: Page) -> None:
    page, topic = plain_page, make_topic()
    page.goto("/admin/evidence/assessment/add/?_lists=1")
    page.locator("#id_topic").select_option(str(topic.pk))
    page.locator("#id_status").select_option("experimental")
    page.get_by_label("Summary").fill("Half a sentence,")
    page.get_by_role("button", name="Show what the rule says").click()
    page.locator("#rule-says").get_by_text("That takes a reason for readers and a date").wait_for()
    assert page.locator("#id_topic").input_value() == str(topic.pk)
    assert page.get_by_label("Summary").input_value() == "Half a sentence,"
    page.locator("#id_direction").select_option("no-data")
    page.get_by_role("button", name="Save draft", exact=True).click()
    page.locator(".messagelist .success").wait_for()
    assert Assessment.objects.get().summary == "Half a sentence,"


def test_a_form_is_as_wide_as_a_telephone(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    forms = ("finding/add/", "trial/add/", "harmreport/add/", "assessment/add/")
    for address in (*forms, "finding/", "topic/"):
        page.goto(f"/admin/evidence/{address}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address


@pytest.mark.parametrize(("width", "field"), [(1280, "countries"), (360, "identifiers-0-value")])
def test_a_field_stands_whole_within_its_page(page: Page, width: int, field: str) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/admin/evidence/trial/add/")
    box = page.locator(f"#id_{field}").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width, box
    assert page.evaluate("document.documentElement.scrollWidth") <= width
