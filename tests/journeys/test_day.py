"""A curator's and a second reader's day in a real browser, from the first sign-in to a 410."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from evidence.curation import duties, moves
from evidence.models import Finding, Publication, Topic
from tests.admin.devices import code_of, device_for
from tests.admin.rows import make_finding, make_trial, shown
from tests.journeys.desk import SUBMIT, Desk, faults_of
from tests.web import examples

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from playwright.sync_api import Browser

pytestmark = pytest.mark.django_db(transaction=True)

STATEMENT = "As many fell ill or died with IL-2 as without."
FIGURES = {"estimate": "0.84", "ci_low": "0.75", "ci_high": "1.16", "ci_level": "95"}
WHAT_HAPPENED = {
    "outcome": "Opportunistic disease or death",
    "outcome_kind": "clinical",
    "population": "adult",
    "direction": "no-difference",
    "comparison": "adds-il2",
    "analysis": "primary",
    "effect_measure": "hazard-ratio",
    **FIGURES,
    "statement": STATEMENT,
}
TO_MEND = "The estimate in Table 2 is 0.94: look again."


@pytest.fixture
def desk(chromium: Browser, live_server: Any) -> Iterator[Callable[..., Desk]]:
    """Open browsers; at the end none of them may have complained on its console."""
    opened: list[Desk] = []

    def open_one(*, listens: bool = True) -> Desk:
        opened.append(Desk(chromium, live_server.url, listens=listens))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


@pytest.fixture
def at_work(desk: Callable[..., Desk]) -> Callable[..., Desk]:
    """Sign somebody in."""

    def sign_in(person: User, **given: bool) -> Desk:
        one = desk(**given)
        one.sign_in(person)
        return one

    return sign_in


@pytest.fixture
def hiv(public_topic: Callable[..., Topic]) -> Topic:
    """A question that readers see."""
    condition, intervention = examples.condition(), examples.intervention()
    return public_topic(condition=condition, intervention=intervention)


@pytest.fixture
def finding(hiv: Topic, paper: Publication, ann: User) -> Callable[..., Finding]:
    """Make a draft of Ann's that lacks nothing."""
    by = {"author": ann, "last_editor": ann}
    return lambda **fields: make_finding(hiv, paper, **by | fields)


@pytest.fixture
def published(finding: Callable[..., Finding], ann: User, ben: User) -> Finding:
    """One that the two have published."""
    draft = finding(estimate=0.94, effect_measure="hazard-ratio")
    return moves.publish(moves.submit(draft, by=ann), by=ben, note="Read beside Table 2.")


def add_a_paper(curator: Desk) -> None:
    """Start from an identifier that nobody has entered yet."""
    page = curator.page
    page.get_by_label("Add from an identifier").fill("https://pubmed.ncbi.nlm.nih.gov/19828532/")
    page.keyboard.press("Enter")
    curator.heading("Add publication")
    assert page.get_by_label("PMID").input_value() == "19828532"
    page.get_by_label("Title").fill("Interleukin-2 therapy in patients with HIV infection")
    curator.press("Save and continue editing")
    curator.told("was added successfully")


def make_a_term_in_the_popup(curator: Desk, name: str) -> None:
    """Add an outcome group that is missing, without leaving the finding."""
    with curator.page.expect_popup() as opening:
        curator.page.locator("#add_id_outcome_group").click()
    popup = opening.value
    popup.get_by_label("Name").fill(name)
    popup.locator("#id_kind").select_option("clinical")
    with popup.expect_event("close"):
        popup.get_by_role("button", name="Save", exact=True).click()
    curator.page.locator(".fieldBox.field-outcome_group", has_text=name).wait_for()


def test_a_finding_is_written_sent_back_mended_and_published_by_two(
    desk: Callable[..., Desk], hiv: Topic, ann: User, ben: User, settings: Any
) -> None:
    settings.IL2TRACKER_SECOND_FACTOR = True
    curator, reviewer, reader = desk(), desk(), desk()
    curator.sign_in(ann)
    curator.sees("Nothing waits for you.")

    add_a_paper(curator)
    curator.follow("Add finding")
    curator.choose("topic", "HIV")
    make_a_term_in_the_popup(curator, "Disease progression or death")
    curator.fill(**WHAT_HAPPENED)
    curator.press(SUBMIT)
    curator.told("is saved as a draft. Mend what is named below, then submit it.")
    curator.follow("Say where in the source it stands: table, page or paragraph.")
    assert curator.page.evaluate("location.hash") == "#id_locator"
    curator.fill(locator="Table 2")
    curator.press(SUBMIT)
    curator.told("is saved and with a second reader now.")
    finding = Finding.objects.get()
    assert (finding.state, str(finding.outcome_group)) == (
        "in-review",
        "Disease progression or death",
    )

    reviewer.give_password(ben)
    reviewer.sees("Your duties need a second factor.")
    reviewer.enrol()
    reviewer.follow("I have them: go on")
    row = reviewer.queue("to-read").get_by_role("row", name=finding.code)
    assert "Publishing this changes what the rule says of " in row.inner_text()
    row.get_by_role("link", name="Read").click()
    reviewer.heading("Decide")
    for words in ("19828532", "Table 2", STATEMENT, "0.84", "If this is published"):
        reviewer.sees(words)
    reviewer.page.locator("#decide_note").fill(TO_MEND)
    reviewer.press("Return to the author")
    reviewer.told(f"{finding.code} is back with its author.")

    row = curator.queue("returned").get_by_role("row", name=finding.code)
    assert f"ben: “{TO_MEND}”" in row.inner_text()
    row.get_by_role("link", name="Edit").click()
    curator.heading("Note from ben")
    curator.page.get_by_label("Comment for colleagues").fill("I had read the row below it.")
    curator.press("Save with this comment")
    curator.told("Your comment is there.")
    curator.fill(estimate="0.94")
    curator.press(SUBMIT)
    curator.told("is saved and with a second reader now.")

    reviewer.queue("to-read").get_by_role("link", name=f"Read: {finding.code}").click()
    reviewer.sees("I had read the row below it.")
    reviewer.page.get_by_label("I have one, and say which").check()
    reviewer.page.get_by_label("Which one").fill("I was an investigator of this trial")
    reviewer.press("Publish")
    reviewer.told(f"{finding.code} is published.")
    said = reader.text(f"/findings/{finding.code}/")
    for words in (STATEMENT, "0.94", "Table 2", "I was an investigator of this trial."):
        assert words in said
    finding.refresh_from_db()
    assert (finding.author, finding.reviewer) == (ann, ben)


def test_what_readers_see_changes_once_a_second_person_has_published_it(
    desk: Callable[..., Desk],
    at_work: Callable[..., Desk],
    published: Finding,
    ann: User,
    ben: User,
) -> None:
    curator, reviewer, reader = at_work(ann), at_work(ben), desk()
    page = f"/findings/{published.code}/"
    before = reader.text(page)

    curator.page.goto(f"/admin/evidence/finding/{published.pk}/change/")
    curator.sees("This edition is published, so it stays as it is: readers cite it.")
    curator.follow("Start a new edition")
    curator.press("Start a new edition")
    curator.told("This is the new edition, a draft.")
    curator.fill(estimate="0.86")
    assert reader.text(page) == before
    curator.press(SUBMIT)
    curator.told("is saved and with a second reader now.")
    assert reader.text(page) == before

    row = reviewer.queue("to-read").get_by_role("row", name=f"{published.code} (edition 2)")
    row.get_by_role("link", name="Read").click()
    reviewer.heading("Changed since edition 1, which readers see")
    difference = reviewer.page.get_by_role("row", name=re.compile("^Estimate 0.94 0.86"))
    difference.wait_for()
    reviewer.page.get_by_label("I have none").check()
    reviewer.press("Publish")
    reviewer.told(f"{published.code} is published.")

    now = reader.text(page)
    assert "0.86" in now
    assert "0.94" not in now
    old = reader.text(f"{page}editions/1/")
    assert "This is edition 1." in old
    assert "0.94" in old
    reader.page.goto(f"{page}history/")
    reader.page.get_by_role("row", name=re.compile("^Estimate 0.94 0.86")).wait_for()


def test_a_withdrawal_takes_two_and_leaves_its_reason_at_the_address(
    desk: Callable[..., Desk],
    at_work: Callable[..., Desk],
    published: Finding,
    ann: User,
    ben: User,
) -> None:
    curator, reviewer, reader = at_work(ann), at_work(ben), desk()
    page, reason = f"/findings/{published.code}/", "The figures were of another trial."
    before = reader.text(page)

    curator.page.goto(f"/admin/evidence/finding/{published.pk}/change/")
    curator.follow("Propose to withdraw")
    curator.page.get_by_label("Why it is to be withdrawn").fill(reason)
    curator.press("Propose to withdraw")
    curator.told("Another person has to confirm it.")
    assert reader.text(page) == before

    row = reviewer.queue("withdrawals").get_by_role("row", name=published.code)
    assert reason in row.inner_text()
    row.get_by_role("link", name=f": {published.code}").click()
    reviewer.press("Confirm the withdrawal")
    reviewer.told(f"{published.code} is withdrawn.")

    answer = reader.context.request.get(page)
    assert answer.status == 410
    assert reason in answer.text()
    reviewer.page.goto(f"/admin/evidence/finding/{published.pk}/history/")
    happened = reviewer.page.locator(".happenings > li")
    newest = happened.first.inner_text()
    for words in ("ben", "the review screen"):
        assert words in newest
    said = reviewer.page.locator(".happenings").inner_text()
    for words in ("ann", "ben", "Read beside Table 2.", reason, "published", "withdrawn"):
        assert words in said


def test_another_one_like_it_starts_with_what_the_two_share(
    at_work: Callable[..., Desk], finding: Callable[..., Finding], ann: User
) -> None:
    draft, curator = finding(locator="Table 2, row 3"), at_work(ann)
    curator.page.goto(f"/admin/evidence/finding/{draft.pk}/change/")
    curator.press("Save and add another like this")
    curator.told("This is another one like it, not saved yet.")
    for field, value in {
        "topic": str(draft.topic_id),
        "publication": str(draft.publication_id),
        "outcome": draft.outcome,
        "locator": "Table 2, ",
        "statement": "",
        "direction": "",
    }.items():
        assert curator.page.locator(f"#id_{field}").input_value() == value, field


def test_many_are_given_to_one_person_with_one_note(
    at_work: Callable[..., Desk],
    finding: Callable[..., Finding],
    someone_who: Callable[..., User],
    ann: User,
) -> None:
    drafts = [finding(outcome=f"Outcome {number}") for number in (1, 2, 3)]
    eve = someone_who("eve", duties.CURATOR)
    curator, other = at_work(ann), at_work(eve)
    curator.page.goto("/admin/evidence/finding/?state__exact=draft")
    for draft in drafts[:2]:
        curator.page.locator(f"input.action-select[value='{draft.pk}']").check()
    choose_action(curator, "Assign the chosen to somebody")
    curator.sees("2 chosen")
    curator.page.get_by_label("Assign to").select_option("eve")
    curator.page.get_by_label("Note").fill("You have the paper.")
    curator.press("Assign the chosen to somebody")
    curator.told("2 findings assigned.")
    assert other.queue("drafts").get_by_role("row", name="Outcome").count() == 2


def test_starter_evidence_is_taken_over_by_one_and_published_by_another(
    at_work: Callable[..., Desk], hiv: Topic, paper: Publication, ann: User, ben: User
) -> None:
    ready = make_finding(hiv, paper, **shown())
    lacking = make_finding(hiv, paper, **shown() | {"locator": "", "outcome": "Deaths"})
    curator, reviewer = at_work(ann), at_work(ben)
    curator.queue("starter").get_by_role("link", name=re.compile("finding")).first.click()
    curator.page.locator("#action-toggle").check()
    choose_action(curator, "Take over chosen starter evidence")
    curator.sees("2 chosen, of which 1 will be left out")
    curator.press("Take over chosen starter evidence")
    curator.sees("1 finding taken over and submitted.")
    curator.page.get_by_role("row", name=lacking.code).get_by_text("Say where").wait_for()

    name = f"Read: {ready.code} (edition 2)"
    reviewer.queue("to-read").get_by_role("link", name=name).click()
    reviewer.page.get_by_label("I have none").check()
    reviewer.press("Publish")
    reviewer.told(f"{ready.code} is published.")
    ready.refresh_from_db()
    assert (ready.state, Finding.objects.get(record=ready.record, number=2).author) == (
        "superseded",
        ann,
    )


def choose_action(curator: Desk, words: str) -> None:
    """Choose a bulk action of a list, and go to the page that asks before it acts."""
    curator.page.locator("select[name=action]").select_option(label=words)
    # Its word differs from one Django to the next.
    curator.page.locator(".actions button[name=index]").click()
    curator.heading(words)


def test_the_main_path_goes_by_keyboard_and_one_sees_where_one_is(
    at_work: Callable[..., Desk], finding: Callable[..., Finding], ann: User, ben: User
) -> None:
    draft = finding()
    curator, reviewer = at_work(ann), at_work(ben)
    curator.tab_to(curator.page.get_by_label("Add from an identifier"))
    curator.tab_to(curator.page.get_by_role("link", name=f"Submit: {draft.code}"))
    curator.page.goto(f"/admin/evidence/finding/{draft.pk}/change/")
    curator.page.locator("#id_statement").focus()
    curator.tab_to(curator.page.get_by_role("button", name=SUBMIT))
    curator.page.keyboard.press("Enter")
    curator.told("is saved and with a second reader now.")

    reviewer.page.goto("/admin/")
    reviewer.tab_to(reviewer.page.get_by_role("link", name=f"Read: {draft.code}"))
    reviewer.page.keyboard.press("Enter")
    reviewer.heading("Publish")
    reviewer.tab_to(reviewer.page.get_by_label("I have none"))
    reviewer.page.keyboard.press("Space")
    reviewer.tab_to(reviewer.page.get_by_role("button", name="Publish", exact=True))
    reviewer.page.keyboard.press("Enter")
    reviewer.told(f"{draft.code} is published.")


def test_axe_finds_nothing_on_the_pages_of_a_day(
    at_work: Callable[..., Desk], finding: Callable[..., Finding], ann: User, ben: User
) -> None:
    trial = make_trial()
    mended = moves.submit(finding(outcome="Deaths", time_point="week 24"), by=ann)
    mended = moves.return_to_author(mended, by=ben, note=TO_MEND)
    waiting = moves.submit(finding(), by=ann, note="Table 2, both arms.")
    curator, reviewer = at_work(ann, listens=False), at_work(ben, listens=False)
    admin = "/admin/evidence/finding"
    for who, path in (
        (curator, "/admin/"),
        (curator, f"{admin}/{mended.pk}/change/"),
        (curator, f"{admin}/{mended.pk}/discard/"),
        (curator, f"/admin/evidence/trial/{trial.pk}/change/"),
        (curator, f"/admin/evidence/assessment/add/?topic={waiting.topic_id}"),
        (reviewer, f"{admin}/{waiting.pk}/review/"),
        (reviewer, f"{admin}/{waiting.pk}/history/"),
        (reviewer, f"/evidence/{waiting.topic.code}/editions/1/"),
        (reviewer, f"/evidence/{waiting.topic.code}/history/"),
    ):
        who.page.goto(path)
        assert faults_of(who.page) == []
    curator.page.goto(f"{admin}/?state__exact=draft")
    curator.page.locator("#action-toggle").check()
    choose_action(curator, "Assign the chosen to somebody")
    assert faults_of(curator.page) == []


def test_axe_finds_nothing_on_the_pages_of_the_second_factor(
    desk: Callable[..., Desk], ann: User, ben: User, settings: Any
) -> None:
    settings.IL2TRACKER_SECOND_FACTOR = True
    reviewer, curator = desk(listens=False), desk(listens=False)
    reviewer.give_password(ben)
    reviewer.heading("Second factor")
    assert faults_of(reviewer.page) == []
    reviewer.press("Set it up")
    reviewer.page.locator(".secret").wait_for()
    assert faults_of(reviewer.page) == []
    reviewer.press("Leave it as it was")
    reviewer.enrol()
    assert faults_of(reviewer.page) == []

    app = device_for(ann)
    curator.give_password(ann)
    curator.heading("Your second factor")
    assert faults_of(curator.page) == []
    curator.page.get_by_label("Code").fill(code_of(app))
    curator.press("Go on")
    curator.heading("My queue")
