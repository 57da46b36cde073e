"""Beside an assessment's form stands what the rule says, as it is filled in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from evidence.curation import NotAllowed, duties, moves
from evidence.ledger import derivation
from evidence.models import (
    Approval,
    Assessment,
    Condition,
    Finding,
    Publication,
    Topic,
    Trial,
)
from evidence.templatetags.words import day_words
from tests.admin.pages import faults, form_of, send, url
from tests.admin.rows import (
    fill,
    make_assessment,
    make_finding,
    make_publication,
    make_topic,
    make_trial,
    shown,
)
from tests.admin.working import said, user

pytestmark = pytest.mark.django_db
RULE = "/admin/evidence/assessment/rule/"
NO_TREATMENT = "investigated (no treatment of people found)"
TODAY = timezone.now().date()
SOON = str(TODAY + dt.timedelta(days=180))
TAKES = "That takes a reason for readers and a date to look again."


@pytest.fixture
def people(signed_in: Callable[..., Client]) -> dict[str, Client]:
    """One of everything, with a topic of which two trials tell opposite things."""
    fill()
    Approval.objects.all().delete()
    Finding.objects.all().delete()
    topic, clinical = Topic.objects.get(), {"outcome_kind": "clinical", **shown()}
    for number, direction in ((7, "favours"), (8, "no-difference")):
        trial = make_trial(number)
        paper = make_publication(number)
        make_finding(topic, paper, trial=trial, direction=direction, **clinical)
    make_finding(topic, paper, comparison="none", **shown())
    derivation.rederive()
    return {
        "anna": signed_in("anna", duties.CURATOR),
        "rita": signed_in("rita", duties.REVIEWER),
        "nobody": signed_in("nobody"),
    }


def draft(**fields: Any) -> Assessment:
    """Give a draft of Anna's on a topic of its own, of which nothing is published."""
    by = user("anna")
    topic = make_topic(7 + Topic.objects.count())
    derivation.rederive([topic.pk])
    return make_assessment(topic, author=by, last_editor=by, **fields)


# --- The answer to the form -----------------------------------------------------------------------


def test_the_rule_is_told_with_its_lines_both_sides_and_what_was_left_out(
    people: dict[str, Client],
) -> None:
    topic = Topic.objects.get()
    answer = people["anna"].get(RULE, {"topic": topic.pk})
    assert "<html" not in answer.text
    for words in (
        f'<a href="{url(Topic, "change", topic.pk)}">{topic.code}</a>',
        '<b class="variable">variable</b> (V1: studies disagree).',
        "<b>V1</b> Studies that can be compared",
        "<summary>1 study for</summary><ul><li>TRIAL7: CD4 count at week 24</li></ul>",
        "<summary>1 study against</summary><ul><li>TRIAL8: CD4 count at week 24</li></ul>",
        "<summary>1 finding left out</summary><ul><li>It has no concurrent comparison.</li></ul>",
        "Rests on two trials (TRIAL7 and TRIAL8): without either, experimental.",
    ):
        assert words in answer.text, words


@pytest.mark.parametrize(
    ("status", "explained", "stands"),
    [
        ("variable", "", "Variable agrees with the rule."),
        ("variable", "1", "agrees with the rule: take the reason and its date away."),
        ("experimental", "", f"The rule says variable, this assessment experimental. {TAKES}"),
        ("experimental", "1", "The rule says variable, this assessment experimental. It gives a"),
    ],
)
def test_the_chosen_status_agrees_or_takes_a_reason_and_a_date(
    status: str, explained: str, stands: str, people: dict[str, Client]
) -> None:
    sent = {"topic": Topic.objects.get().pk, "status": status, "explained": explained}
    text = people["anna"].get(RULE, sent).text
    assert stands in text
    assert (TAKES in text) == (stands.endswith(TAKES))


def test_a_ground_is_as_much_of_the_word_as_the_status(people: dict[str, Client]) -> None:
    sent = {"topic": draft().topic_id, "status": "investigated"}
    for ground, says in (
        ("no-treatment-found", f"{NO_TREATMENT.capitalize()} agrees with the rule."),
        ("approved-use", f"says {NO_TREATMENT}, this assessment investigated (an approved use)."),
        ("", f"The rule says {NO_TREATMENT}, this assessment investigated. Choose its ground too"),
    ):
        assert says in people["anna"].get(RULE, sent | {"ground": ground}).text, ground
    odd = {"status": "experimental", "ground": "approved-use"}
    assert "only investigated has one" in people["anna"].get(RULE, sent | odd).text


@pytest.mark.parametrize(
    ("review_by", "says"),
    [
        (SOON, "It gives a reason and a day to look again."),
        ("", "It gives a reason. Give the day by which the reason is to be looked at again."),
        (" ", "It gives a reason. Give the day"),
        ("<b>some</b> day", "but “&lt;b&gt;some&lt;/b&gt; day” is no day: write it like"),
        ("2027-02-30", "but “2027-02-30” is no day"),
        ("2020-01-01", "but 1 January 2020 has passed: give a day to come."),
        ("2107-01-01", "but 1 January 2107 is more than ten years away."),
    ],
)
def test_a_reason_is_told_what_its_day_lacks(
    review_by: str, says: str, people: dict[str, Client]
) -> None:
    sent = {"topic": Topic.objects.get().pk, "status": "experimental", "explained": "1"}
    assert says in people["anna"].get(RULE, sent | {"review_by": review_by}).text


def test_what_is_told_is_todays_word_and_not_the_one_that_is_stored(
    people: dict[str, Client],
) -> None:
    Topic.objects.update(rule="E1", rule_status="experimental")
    sent = {"topic": Topic.objects.get().pk}
    assert "(V1: studies disagree)" in people["anna"].get(RULE, sent).text


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({}, 200),
        ({"topic": "", "status": "variable"}, 200),
        ({"topic": "999999"}, 404),
        ({"topic": "9" * 40}, 400),
        ({"topic": "one"}, 400),
        ({"topic": "1", "status": "certain"}, 400),
        ({"topic": "1", "status": "investigated", "ground": "hope"}, 400),
    ],
)
def test_what_cannot_be_asked_is_answered_in_words(
    sent: dict[str, str], code: int, people: dict[str, Client]
) -> None:
    answer = people["anna"].get(RULE, sent)
    assert answer.status_code == code
    if code == 200:
        assert "Choose a topic" in answer.text


def test_only_who_may_see_topics_is_told(people: dict[str, Client], stranger: Client) -> None:
    assert people["nobody"].get(RULE).status_code == 403
    assert people["rita"].get(RULE).status_code == 200
    assert stranger.get(RULE).status_code == 302
    assert people["anna"].post(RULE).status_code == 405


# --- Beside the form ------------------------------------------------------------------------------


def test_a_form_that_starts_with_a_topic_shows_its_rule_at_once(people: dict[str, Client]) -> None:
    page = url(Assessment, "add")
    assert "Choose a topic" in people["anna"].get(page).text
    answer = people["anna"].get(page, {"topic": Topic.objects.get().pk})
    assert "(V1: studies disagree)" in answer.text
    assert f'id="rule-says" aria-live="polite" data-address="{RULE}"' in answer.text
    assert "evidence/rule_beside.js" in answer.text


def test_a_draft_shows_how_it_stands_to_the_rule_to_both_people(people: dict[str, Client]) -> None:
    edition = draft()
    for name, page in (("anna", "change"), ("rita", "change"), ("rita", "review")):
        text = people[name].get(url(Assessment, page, edition.pk)).text
        assert f"The rule says {NO_TREATMENT}, this assessment experimental. {TAKES}" in text, page
    edition = Assessment.objects.public().get()
    Assessment.objects.filter(pk=edition.pk).update(status="variable")
    text = people["anna"].get(url(Assessment, "change", edition.pk)).text
    assert "Variable agrees with the rule." in text


def test_a_form_that_comes_back_shows_the_rule_of_what_was_typed(people: dict[str, Client]) -> None:
    sent = {"topic": Topic.objects.get().pk, "status": "experimental", "summary": ""}
    answer = people["anna"].post(url(Assessment, "add"), form_of_new(people) | sent)
    assert "summary" in answer.context["adminform"].form.errors
    assert f"The rule says variable, this assessment experimental. {TAKES}" in answer.text


def form_of_new(people: dict[str, Client]) -> dict[str, Any]:
    """Give what a new assessment's form would send."""
    return form_of(people["anna"], url(Assessment, "add"))


@pytest.mark.parametrize("page", ["add", "change"])
def test_without_scripts_a_button_shows_the_rule_saves_nothing_and_keeps_all_that_was_typed(
    page: str, people: dict[str, Client]
) -> None:
    edition = draft()
    where = url(Assessment, "add") if page == "add" else url(Assessment, "change", edition.pk)
    assert 'name="_rule" value="Show what the rule says"' in people["anna"].get(where).text
    before = [*Assessment.objects.values_list("pk", "lock_version", "status", "summary")]
    typed = {
        "topic": Topic.objects.first().pk,
        "status": "investigated",
        "ground": "",
        "summary": "Half a sentence,",
        "review_by": "some day",
        "said": "A word to colleagues.",
        "_rule": "Show what the rule says",
    }
    answer = people["anna"].post(where, form_of(people["anna"], where) | typed)
    assert answer.status_code == 200
    assert "The rule says variable, this assessment investigated. Choose its ground" in answer.text
    for words in ("Half a sentence,", 'value="some day"', '<option value="investigated" selected>'):
        assert words in answer.text, words
    if page == "change":
        assert "A word to colleagues." in answer.text
    assert "errornote" not in answer.text
    assert answer.context["adminform"].form.errors == {}
    assert [*Assessment.objects.values_list("pk", "lock_version", "status", "summary")] == before


def test_what_was_shown_without_scripts_can_then_be_saved(people: dict[str, Client]) -> None:
    edition = draft()
    page = url(Assessment, "change", edition.pk)
    asked = form_of(people["anna"], page) | {"summary": "Longer now.", "_rule": "1"}
    people["anna"].post(page, asked)
    del asked["_rule"]
    assert people["anna"].post(page, asked).status_code == 302
    edition.refresh_from_db()
    assert edition.summary == "Longer now."


def test_the_preview_shows_our_word_the_rules_and_the_reason_between_them(
    people: dict[str, Client],
) -> None:
    given = {"reason": "Two trials have begun.", "review_by": SOON}
    edition = draft(**given)
    text = people["rita"].get(url(Assessment, "preview", edition.pk)).text
    plain = " ".join(strip_tags(text).split())
    assert f"Curated: experimental. The rule says {NO_TREATMENT} (I1), because " in plain
    by = day_words(SOON, full=True)
    assert f"our reason: two trials have begun; to be looked at again by {by}." in plain
    edition = draft(status="investigated", ground="approved-use", **given)
    text = people["rita"].get(url(Assessment, "preview", edition.pk)).text
    plain = " ".join(strip_tags(text).split())
    assert f"Curated: investigated (an approved use). The rule says {NO_TREATMENT} (I1)" in plain


# --- What a difference takes ----------------------------------------------------------------------


def test_a_difference_without_reason_and_date_is_not_submitted_and_both_fields_say_so(
    people: dict[str, Client],
) -> None:
    edition = draft()
    answer = send(people["anna"], url(Assessment, "change", edition.pk), _submit="1")
    page = people["anna"].get(answer.url)
    assert {*page.context["adminform"].form.errors} == {"reason", "review_by"}
    edition.refresh_from_db()
    assert edition.state == "draft"
    given = {"reason": "Two trials have begun.", "review_by": SOON}
    send(people["anna"], url(Assessment, "change", edition.pk), _submit="1", **given)
    edition.refresh_from_db()
    assert edition.state == "in-review"


@pytest.mark.parametrize(
    ("given", "field"),
    [({"reason": "Two trials have begun."}, "review_by"), ({"review_by": SOON}, "reason")],
)
def test_a_reason_has_a_date_and_a_date_a_reason(
    given: dict[str, str], field: str, people: dict[str, Client]
) -> None:
    answer = send(people["anna"], url(Assessment, "change", draft().pk), **given)
    assert {*answer.context["adminform"].form.errors} == {field}


def test_a_difference_that_findings_in_the_making_may_end_can_be_submitted(
    people: dict[str, Client],
) -> None:
    edition = draft()
    by = user("anna")
    finding = make_finding(edition.topic, Publication.objects.first(), author=by, last_editor=by)
    moves.submit(finding, by=by)
    send(people["anna"], url(Assessment, "change", edition.pk), _submit="1")
    edition.refresh_from_db()
    assert edition.state == "in-review"
    page = url(Assessment, "review", edition.pk)
    (one,) = people["rita"].get(page).context["together"]
    assert one.follows[0].endswith('to <span class="experimental">experimental</span> (E1).')
    given = {"seen": edition.lock_version, "conflict": "none", "with": [one.value]}
    people["rita"].post(page, given)
    edition.refresh_from_db()
    assert edition.state == "published"


def test_the_same_status_on_another_ground_takes_a_reason_too(people: dict[str, Client]) -> None:
    edition = draft(status="investigated", ground="approved-use")
    answer = send(people["anna"], url(Assessment, "change", edition.pk), _submit="1")
    errors = people["anna"].get(answer.url).context["adminform"].form.errors
    assert f"The rule says {NO_TREATMENT} of {edition.topic.code}" in errors["reason"][0]
    assert "the assessment investigated (an approved use)" in errors["reason"][0]


def test_a_draft_of_a_finding_is_no_excuse_for_a_difference(people: dict[str, Client]) -> None:
    edition = draft()
    make_finding(edition.topic, Publication.objects.first(), author=user("anna"))
    send(people["anna"], url(Assessment, "change", edition.pk), _submit="1")
    edition.refresh_from_db()
    assert edition.state == "draft"


def test_a_reason_where_nothing_differs_is_not_submitted(people: dict[str, Client]) -> None:
    said_ = {"reason": "Two trials have begun.", "review_by": SOON}
    edition = draft(status="investigated", ground="no-treatment-found", **said_)
    answer = send(people["anna"], url(Assessment, "change", edition.pk), _submit="1")
    errors = people["anna"].get(answer.url).context["adminform"].form.errors
    assert errors == {"reason": ["The rule says the same: take the reason and its date away."]}
    with pytest.raises(NotAllowed, match="take the reason and its date away"):
        moves.submit(edition, by=user("anna"))
    given = {"reason": "", "review_by": ""}
    send(people["anna"], url(Assessment, "change", edition.pk), _submit="1", **given)
    edition.refresh_from_db()
    assert edition.state == "in-review"


@pytest.mark.parametrize(
    ("day", "says"),
    [
        (dt.date(2020, 1, 1), "1 January 2020 has passed: give a day to come."),
        (TODAY - dt.timedelta(days=1), " has passed: give a day to come."),
        (TODAY + dt.timedelta(days=3660), " is more than ten years away."),
    ],
)
@pytest.mark.parametrize("field", ["review_by", "next_review"])
def test_a_day_that_is_past_or_very_far_is_neither_submitted_nor_published(
    field: str, day: dt.date, says: str, people: dict[str, Client]
) -> None:
    given = {"reason": "Two trials have begun.", "review_by": SOON} | {field: day}
    edition = draft(**given)
    answer = send(people["anna"], url(Assessment, "change", edition.pk), _submit="1")
    (sentence,) = people["anna"].get(answer.url).context["adminform"].form.errors[field]
    assert sentence.endswith(says)
    now = timezone.now()
    handed = {"state": "in-review", "submitted_by": user("anna"), "submitted_at": now}
    Assessment.objects.filter(pk=edition.pk).update(**handed)
    edition.refresh_from_db()
    with pytest.raises(NotAllowed, match=says.strip(" .")):
        moves.publish(edition, by=user("rita"))


def test_a_day_from_today_to_ten_years_away_will_do(people: dict[str, Client]) -> None:
    for days in (0, 3650):
        day = TODAY + dt.timedelta(days=days)
        given = {"reason": "Two trials have begun.", "review_by": day, "next_review": day}
        assert moves.submit(draft(**given), by=user("anna")).state == "in-review"


def test_what_lacks_as_saved_is_told_apart_from_what_is_typed(people: dict[str, Client]) -> None:
    page = url(Assessment, "change", draft().pk)
    typed = {"status": "investigated", "ground": "no-treatment-found", "_rule": "1"}
    text = people["anna"].post(page, form_of(people["anna"], page) | typed).text
    assert f"{NO_TREATMENT.capitalize()} agrees with the rule." in text
    boxes = text.partition("<h2>Before it can be submitted</h2>")[2]
    assert boxes.startswith('<p class="quiet">As saved:</p><ul><li>')


# --- Findings on a topic that readers do not see --------------------------------------------------


def test_a_finding_says_beforehand_that_its_topic_is_not_public_and_what_would_help(
    people: dict[str, Client],
) -> None:
    edition, by = draft(), user("anna")
    finding = make_finding(edition.topic, Publication.objects.first(), author=by, last_editor=by)
    not_yet = f"Readers do not see topic {edition.topic.code} yet"
    review = url(Assessment, "review", edition.pk)
    text = people["anna"].get(url(Finding, "change", finding.pk)).text
    assert not_yet in text
    assert review not in text
    moves.submit(edition, by=by)
    text = people["anna"].get(url(Finding, "change", finding.pk)).text
    assert f'Assessment <a href="{review}">{edition.code}</a> waits for a second reader' in text
    assert "together with it, once it is submitted." in text
    moves.submit(finding, by=by)
    text = people["rita"].get(url(Finding, "review", finding.pk)).text
    assert not_yet in text
    assert "ticked and published together with it." in text
    seen = make_finding(Assessment.objects.public().get().topic, finding.publication, author=by)
    assert "Readers do not see" not in people["anna"].get(url(Finding, "change", seen.pk)).text


def test_a_refusal_names_the_boxes_with_which_an_assessment_would_agree(
    people: dict[str, Client],
) -> None:
    edition, by = draft(), user("anna")
    finding = make_finding(edition.topic, Publication.objects.first(), author=by, last_editor=by)
    moves.submit(finding, by=by)
    moves.submit(edition, by=by)
    page = url(Assessment, "review", edition.pk)
    sent = {"seen": edition.lock_version, "conflict": "none"}
    answer = people["rita"].post(page, sent)
    assert answer.status_code == 409
    help_ = f"Tick the box of {finding.code} under “Publish together with it”"
    assert help_ in answer.text
    Assessment.objects.filter(pk=edition.pk).update(status="variable")
    assert "Tick the box" not in people["rita"].post(page, sent).text


# --- Years to come --------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["from_year", "withdrawn_year"])
def test_a_year_to_come_is_no_year_of_an_approval(field: str, people: dict[str, Client]) -> None:
    topic, page = Topic.objects.get(), url(Approval, "add")
    sent = {
        "intervention": topic.intervention_id,
        "condition": topic.condition_id,
        "population": topic.population,
        "agency": "FDA",
    }
    year = TODAY.year + 1
    answer = people["anna"].post(page, form_of(people["anna"], page) | sent | {field: str(year)})
    assert f"{year} is still to come." in faults(answer)[field][0]
    now = sent | {field: str(TODAY.year)}
    assert people["anna"].post(page, form_of(people["anna"], page) | now).status_code == 302


def test_an_unexplained_difference_is_refused_in_words_singly_and_among_many(
    people: dict[str, Client],
) -> None:
    edition = moves.submit(draft(), by=user("anna"))
    page = url(Assessment, "review", edition.pk)
    sent = {"seen": edition.lock_version, "conflict": "none", "note": "Read in full."}
    answer = people["rita"].post(page, sent)
    assert answer.status_code == 409
    assert "that takes a reason for readers and a date to look again" in answer.text
    assert "Read in full." in answer.text
    chosen = {"action": "bulk_publish", "_selected_action": [edition.pk]}
    listed = people["rita"].post(url(Assessment, "changelist"), chosen)
    assert listed.context["left_out"] == 1
    assert "that takes a reason for readers" in listed.context["rows"][0].why_not
    sent = {"rows": listed.context["written"], "conflict": "none"}
    answer = people["rita"].post(reverse("admin:evidence_assessment_bulk", args=["publish"]), sent)
    assert "that takes a reason for readers" in answer.text
    edition.refresh_from_db()
    assert edition.state == "in-review"


# --- Many at once, and what is no finding ---------------------------------------------------------


def test_the_page_of_many_says_what_publishing_all_of_them_would_change(
    people: dict[str, Client],
) -> None:
    make_assessment(topic := make_topic(9), **shown() | {"status": "experimental"})
    derivation.rederive()
    by = user("anna")
    drafts = [
        make_finding(topic, paper, trial=trial, direction=direction, author=by, last_editor=by)
        for paper, trial, direction in zip(
            Publication.objects.all(), Trial.objects.all(), ("favours", "harm"), strict=False
        )
    ]
    for one in drafts:
        one.outcome_kind = "clinical"
        one.save()
        moves.submit(one, by=by)
    chosen = {"action": "bulk_publish", "_selected_action": [one.pk for one in drafts]}
    answer = people["rita"].post(url(Finding, "changelist"), chosen)
    (sentence,) = answer.context["word"].sentences
    assert sentence.startswith("Publishing these changes what the rule says of ")
    assert 'to <span class="variable">variable</span> (V1).' in sentence
    alone = chosen | {"_selected_action": [drafts[0].pk]}
    word = people["rita"].post(url(Finding, "changelist"), alone).context["word"]
    assert 'to <span class="experimental">experimental</span> (E1).' in word.sentences[0]
    sent = {"rows": answer.context["written"], "conflict": "none"}
    answer = people["rita"].post(reverse("admin:evidence_finding_bulk", args=["publish"]), sent)
    told = said(people["rita"], answer)
    where = f"{topic.condition} / treatment / adults ({topic.code}, {topic.intervention})"
    assert f"The rule now says variable (V1: studies disagree) of {where}, in place of " in told
    assert f"in place of {NO_TREATMENT}." in told


def test_the_page_of_many_says_where_publishing_them_would_change_nothing(
    people: dict[str, Client],
) -> None:
    by = user("anna")
    one = make_finding(Topic.objects.get(), Publication.objects.first(), author=by, last_editor=by)
    moves.submit(one, by=by)
    expected = {"bulk_publish": "leaves all that the rule says as it is", "bulk_assign": ""}
    for bulk, says in expected.items():
        chosen = {"action": bulk, "_selected_action": [one.pk]}
        text = people["rita"].post(url(Finding, "changelist"), chosen).text
        assert ("the rule" in text) == bool(says)
        assert says in text


def test_whoever_marks_a_paper_as_retracted_is_told_what_the_rule_says_now(
    people: dict[str, Client],
) -> None:
    paper = Finding.objects.get(direction="favours", comparison="adds-il2").publication
    Assessment.objects.public().update(status="variable")
    answer = send(people["anna"], url(Publication, "change", paper.pk), standing="retracted")
    told = said(people["anna"], answer)
    topic = Topic.objects.get()
    assert (
        f"The rule now says experimental (E1: treatment not settled) of {topic.condition} / "
        f"treatment / adults ({topic.code}, {topic.intervention}), in place of variable. We say "
        "variable there: "
    ) in told


def test_whoever_enters_an_approval_is_told_what_the_rule_says_now(
    people: dict[str, Client],
) -> None:
    topic = Topic.objects.get()
    Finding.objects.filter(direction="no-difference").delete()
    derivation.rederive()
    ours = {"status": "investigated", "ground": "no-treatment-found"}
    Assessment.objects.public().update(**ours)
    page = url(Approval, "add")
    sent = {
        "intervention": topic.intervention_id,
        "condition": topic.condition_id,
        "population": topic.population,
        "agency": "FDA",
        "from_year": "1998",
        "substance_is_il2": "on",
    }
    told = said(people["anna"], people["anna"].post(page, form_of(people["anna"], page) | sent))
    assert "The rule now says investigated (I2: approved use) of " in told
    assert f"We say {NO_TREATMENT} there: the queue holds its assessment" in told


def test_a_save_that_changes_no_word_of_the_rule_tells_nothing_of_it(
    people: dict[str, Client],
) -> None:
    paper = Publication.objects.last()
    answer = send(people["anna"], url(Publication, "change", paper.pk), title="Another title")
    assert "The rule" not in said(people["anna"], answer)


def test_a_new_topic_is_no_news_of_the_rule(people: dict[str, Client]) -> None:
    topic = Topic.objects.get()
    page = url(Topic, "add")
    sent = {
        "condition": Condition.objects.create(name="Sepsis", slug="sepsis", area="infectious").pk,
        "intervention": topic.intervention_id,
        "role": "treatment",
        "population": "adult",
    }
    answer = people["anna"].post(page, form_of(people["anna"], page) | sent)
    assert "The rule" not in said(people["anna"], answer)
    assert Topic.objects.latest("pk").rule == "I1"
