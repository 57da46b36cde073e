"""The history of every object: who, when, via what, what and why; read by all who may view it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from auditlog.context import set_actor
from auditlog.models import LogEntry
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evidence import vocab
from evidence.admin.history import address_of
from evidence.curation import duties, moves
from evidence.ledger.reasons import because, via
from evidence.models import (
    Condition,
    Finding,
    HarmReport,
    Intervention,
    Publication,
    Step,
    Topic,
    Trial,
    TrialPublication,
)
from il2tracker import request_id
from tests.admin.pages import send, url
from tests.admin.rows import fill, make_finding, make_publication, make_topic, make_trial

pytestmark = pytest.mark.django_db
LONG = " ".join(f"word{number}" for number in range(500))


def read(client: Client, row: Any, **asked: object) -> str:
    """Give the words of the history of a row."""
    answer = client.get(url(type(row), "history", row.pk), asked)
    assert answer.status_code == 200, answer
    return words(answer)


def words(answer: Any) -> str:
    """Give the words of a page, with one blank between them."""
    page = answer.text.split('<div id="content-main" class="history">')[1].split("</main>")[0]
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page)))


def rename(condition: Condition, *names: str) -> None:
    """Change the name of a condition some times over, each time in another request."""
    for name in names:
        request_id.begin()
        condition.name = name
        condition.save()


def step(row: Any, by: User, verb: vocab.Verb, **fields: Any) -> Step:
    """Write down a step of a record."""
    return Step.objects.create(record=row.record, number=row.number, by=by, verb=verb, **fields)


def revised(first: Finding, **fields: Any) -> Finding:
    """Make the second edition of a finding."""
    return make_finding(first.topic, first.publication, record=first.record, number=2, **fields)


# --- Who, when, via what, what, why ---------------------------------------------------------------


def test_a_change_in_a_form_says_who_when_where_and_what_in_words(curator: Client) -> None:
    trial = make_trial()
    send(curator, url(Trial, "change", trial.pk), recruitment_status="COMPLETED")
    said = read(curator, trial)
    today = timezone.now().strftime("%-d %B %Y")
    assert today in said
    assert "anna" in said
    assert f"Via the form /admin/evidence/trial/{trial.pk}/change/" in said
    assert "Recruitment status (empty) completed" in said.replace("Completed", "completed")


def test_a_related_row_is_named_and_one_that_is_gone_keeps_its_number(curator: Client) -> None:
    topic, paper, other = make_topic(), make_publication(1), make_publication(2)
    draft = make_finding(topic, paper)
    draft.publication = other
    draft.save()
    assert "Publication Paper 1 (P" in read(curator, draft)
    gone, key = paper, paper.pk
    gone.delete()
    assert f"no longer there ({key})" in read(curator, draft)


def test_rows_put_into_and_taken_out_of_a_relation_are_named(curator: Client) -> None:
    trial, topic = make_trial(), make_topic()
    trial.conditions.add(topic.condition)
    trial.conditions.remove(topic.condition)
    said = read(curator, trial)
    assert "Conditions added Condition 1" in said
    assert "Conditions removed Condition 1" in said


def test_the_reason_and_the_command_are_shown(curator: Client) -> None:
    condition = make_topic().condition
    with because("Merged twice."), via("load_starter"):
        rename(condition, "Leprosy")
    said = read(curator, condition)
    assert "Via the command load_starter" in said
    assert "Why Merged twice." in said


def test_what_was_logged_before_ways_were_kept_says_not_recorded(curator: Client) -> None:
    assert "the program Via not recorded Why none given" in read(curator, make_topic().condition)


def test_what_one_request_did_stands_together(curator: Client) -> None:
    trial = make_trial()
    LogEntry.objects.all().delete()
    page = url(Trial, "change", trial.pk)
    send(curator, page, acronym="NEW", **{"identifiers-0-value": "NCT00000009"})
    answer = curator.get(url(Trial, "history", trial.pk))
    assert len(answer.context["events"]) == 1
    assert "Acronym TRIAL1 NEW" in words(answer)
    assert "Value NCT00000001 NCT00000009" in words(answer)


def test_a_text_that_looks_like_no_value_is_shown_as_it_is(curator: Client) -> None:
    trial = make_trial(sponsor="None")
    trial.sponsor = "Somebody"
    trial.save()
    assert "Sponsor None Somebody" in read(curator, trial)


# --- Rows inside, editions, steps -----------------------------------------------------------------


def test_rows_that_stand_inside_are_in_their_parents_history_even_when_they_are_gone(
    curator: Client,
) -> None:
    trial = make_trial()
    trial.arms.get().delete()
    identifier = trial.identifiers.get()
    identifier.value = "NCT00000077"
    identifier.save()
    said = read(curator, trial)
    assert "Arm “IL-2”: deleted" in said
    assert "Registry identifier “NCT00000077”: changed" in said


def test_a_tie_that_was_moved_is_in_the_history_of_both_its_ends(curator: Client) -> None:
    old, new, paper = make_trial(1), make_trial(2), make_publication()
    tie = TrialPublication.objects.create(trial=old, publication=paper)
    tie.trial = new
    tie.save()
    for row in (old, new, paper):
        assert "Trial TRIAL1 (trial-1) TRIAL2 (trial-2)" in read(curator, row)


def test_rows_inside_another_thing_are_not_in_this_history(curator: Client) -> None:
    trial, other = make_trial(1), make_trial(2)
    other.identifiers.get().delete()
    assert "NCT00000002" not in read(curator, trial)


def test_all_editions_of_a_record_have_one_history(curator: Client) -> None:
    fill()
    first = Finding.objects.public().get()
    second = revised(first)
    second.statement = "As many as without."
    second.save()
    for edition in (first, second):
        said = read(curator, edition)
        assert "Edition 1: created" in said
        assert "Edition 2: changed" in said
    assert "Edition 2" not in read(curator, Finding.objects.get(record__gt=first.record, number=1))


def test_moves_and_comments_stand_in_it_in_words_and_in_order(
    curator: Client, person: Callable[..., User]
) -> None:
    bert, eva = person("bert"), person("eva")
    draft = make_finding(make_topic(), make_publication())
    step(draft, bert, vocab.Verb.COMMENTED, note="Table 3 says <b>17</b>.")
    step(draft, bert, vocab.Verb.ASSIGNED, to=eva, note="You know this trial.")
    said = read(curator, draft)
    assert "Edition 1: assigned to eva" in said
    assert "Note You know this trial." in said
    assert "Table 3 says <b>17</b>" in said
    assert said.index("assigned") < said.index("commented") < said.index("Edition 1: created")


def test_a_move_stands_with_what_it_wrote(curator: Client, person: Callable[..., User]) -> None:
    bert, eva = person("bert", duties.REVIEWER), person("eva", duties.CURATOR)
    draft = make_finding(make_topic(), make_publication())
    moves.assign(draft, by=bert, to=eva, note="You know this trial.")
    event = curator.get(url(Finding, "history", draft.pk)).context["events"][0]
    assert (event.who, event.why) == ("bert", "You know this trial.")
    assert event.moves == ("Edition 1: assigned to eva",)
    changed = {change.label: change.after.core for change in event.parts[0].changes}
    assert changed == {"Assignee": "eva"}


def test_a_record_says_nothing_of_another_one(curator: Client, person: Callable[..., User]) -> None:
    topic, paper = make_topic(), make_publication()
    one, other = make_finding(topic, paper), make_finding(topic, paper)
    step(other, person("bert"), vocab.Verb.COMMENTED, note="Another matter.")
    assert "Another matter." not in read(curator, one)


# --- What is gone ---------------------------------------------------------------------------------


def test_a_discarded_draft_keeps_its_history(curator: Client, person: Callable[..., User]) -> None:
    draft = make_finding(make_topic(), make_publication())
    key, code = draft.pk, draft.code
    step(draft, person("bert"), vocab.Verb.DISCARDED, note="Twice the same.")
    draft.delete()
    answer = curator.get(url(Finding, "history", key))
    assert answer.status_code == 200
    assert f"History of {code}" in answer.text
    assert "Edition 1: deleted" in words(answer)
    assert "Twice the same." in words(answer)


def test_a_discarded_edition_stays_in_the_history_of_its_record(curator: Client) -> None:
    fill()
    first = Finding.objects.public().get()
    revised(first).delete()
    assert "Edition 2: deleted" in read(curator, first)


def test_a_deleted_fact_keeps_its_history_with_the_rows_inside(curator: Client) -> None:
    trial = make_trial()
    key = trial.pk
    trial.delete()
    answer = curator.get(url(Trial, "history", key))
    assert "This trial has been deleted." in words(answer)
    assert "Registry identifier “NCT00000001”: deleted" in words(answer)


def test_an_entry_of_the_log_knows_the_way_to_the_history_of_its_row() -> None:
    trial = make_trial()
    entries = {entry.content_type.model: entry for entry in LogEntry.objects.all()}
    ways = {name: address_of(entry, admin.site._registry) for name, entry in entries.items()}
    assert ways["trial"] == url(Trial, "history", trial.pk)
    assert ways["trialidentifier"] == ""


@pytest.mark.parametrize("key", ["999999", "0", "abc", "9" * 18, "9" * 40, "1_2F3", "1 "])
def test_what_never_was_is_not_found(key: str, curator: Client) -> None:
    assert curator.get(f"/admin/evidence/finding/{key}/history/").status_code == 404


# --- Who reads, and that nobody writes ------------------------------------------------------------


@pytest.mark.parametrize("who", ["viewer", "curator", "administrator"])
def test_whoever_may_view_a_thing_reads_its_history_and_it_is_not_kept_by_browsers(
    who: str, request: pytest.FixtureRequest
) -> None:
    client: Client = request.getfixturevalue(who)
    fill()
    for model in (Finding, Topic, Trial, Publication, Condition, Intervention, HarmReport):
        row = model.objects.order_by("pk").first()
        answer = client.get(url(model, "history", row.pk))
        assert answer.status_code == 200, model
        assert "no-store" in answer["Cache-Control"]


def test_the_history_of_accounts_is_an_administrators(
    administrator: Client, curator: Client
) -> None:
    anna = User.objects.get(username="anna")
    assert curator.get(url(User, "history", anna.pk)).status_code == 403
    send(administrator, url(User, "change", anna.pk), email="anna@example.org")
    said = read(administrator, anna)
    assert "anna@example.org" in said
    assert f"Via the form /admin/auth/user/{anna.pk}/change/" in said


def test_a_masked_value_is_not_shown_only_that_it_was_changed(
    administrator: Client, person: Callable[..., User]
) -> None:
    anna = person("anna")
    LogEntry.objects.get_for_object(anna).delete()
    # Even where an entry holds what it should not.
    entry = LogEntry.objects.log_create(
        anna, action=LogEntry.Action.UPDATE, changes={"password": ["md5$old", "md5$new"]}
    )
    said = read(administrator, anna)
    assert entry.pk
    assert "Password changed; its value is not kept" in said
    assert "md5$" not in said


def test_without_permission_and_without_signing_in_it_stays_closed(
    stranger: Client, signed_in: Callable[..., Client]
) -> None:
    trial = make_trial()
    assert stranger.get(url(Trial, "history", trial.pk)).status_code == 302
    page = signed_in("eve").get(url(Trial, "history", trial.pk))
    assert page.status_code == 403
    assert "TRIAL1" not in page.text


def test_rows_inside_that_a_person_may_not_view_are_left_out(
    signed_in: Callable[..., Client],
) -> None:
    trial = make_trial()
    client = signed_in("eve")
    eve = User.objects.get(username="eve")
    eve.user_permissions.set(
        Permission.objects.filter(codename__in=["view_trial", "add_trialidentifier"])
    )
    said = read(client, trial)
    assert "TRIAL1" in said
    assert "NCT00000001" not in said


@pytest.mark.parametrize("who", ["viewer", "curator", "administrator", "root"])
def test_nothing_is_written_there(who: str, request: pytest.FixtureRequest) -> None:
    client: Client = request.getfixturevalue(who)
    fill()
    row = Finding.objects.public().get()
    for method in (client.post, client.options):
        answer = method(url(Finding, "history", row.pk))
        assert answer.status_code == 405
        assert answer["Allow"] == "GET, HEAD"
    assert (
        'method="post"'
        not in client.get(url(Finding, "history", row.pk)).text.split('<div id="content-main"')[1]
    )


def test_what_people_wrote_is_escaped(curator: Client) -> None:
    paper = make_publication()
    with because("<script>alert(1)</script>"), via("admin: /<i>x</i>/"):
        paper.title = "<script>alert(2)</script>"
        paper.save()
    page = curator.get(url(Publication, "history", paper.pk)).text
    assert "<script>alert" not in page
    assert "<i>x" not in page
    assert "&lt;script&gt;alert(1)" in page


# --- Long texts -----------------------------------------------------------------------------------


def test_of_a_long_text_the_part_that_differs_is_shown_and_the_rest_folds(
    curator: Client,
) -> None:
    condition = make_topic().condition
    condition.definition = LONG
    condition.save()
    request_id.begin()
    condition.definition = LONG.replace("word250 ", "another ")
    condition.save()
    change = curator.get(url(Condition, "history", condition.pk)).context["events"][0].parts[0]
    text = next(change for change in change.changes if change.label == "Definition")
    assert (text.before.core, text.after.core) == ("word250", "another")
    assert text.before.lead.endswith("word249 ")
    assert text.after.tail.startswith(" word251")
    assert len(text.before.lead + text.before.core + text.before.tail) < 200
    assert text.before.whole == LONG


# --- Filters and pages ----------------------------------------------------------------------------


def test_it_is_filtered_by_person(curator: Client, person: Callable[..., User]) -> None:
    condition = make_topic().condition
    with set_actor(person("bert")):
        rename(condition, "Leprosy")
    rename(condition, "Hansen disease")
    assert "Hansen" not in read(curator, condition, by="bert").replace("Leprosy", "")
    assert "Condition 1 Leprosy" in read(curator, condition, by="bert")
    assert "Leprosy Hansen disease" in read(curator, condition, by="(program)")


def test_it_is_filtered_by_days_the_last_one_whole(curator: Client) -> None:
    condition = make_topic().condition
    rename(condition, "Leprosy")
    for entry, day in zip(LogEntry.objects.get_for_object(condition), (21, 3), strict=True):
        late = dt.datetime(2026, 3, day, 23, 59, 59, tzinfo=dt.UTC)
        LogEntry.objects.filter(pk=entry.pk).update(timestamp=late)
    asked = {"from": "2026-03-04", "to": "2026-03-21"}
    said = read(curator, condition, **asked)
    assert "Condition 1 Leprosy" in said
    assert "Created" not in said
    assert "Created" in read(curator, condition, to="2026-03-03")
    assert "Nothing was done" in read(curator, condition, to="2026-03-02")
    assert "Created" in read(curator, condition, **{"from": "0001-01-01", "to": "9999-12-31"})


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"from": "2026-02-30"}, "“2026-02-30” is no day."),
        ({"to": "yesterday"}, "“yesterday” is no day."),
        ({"from": "2026-03-02", "to": "2026-03-01"}, "lies before the first one."),
        ({"by": "nobody"}, "Nobody of that name has done anything here."),
    ],
)
def test_what_cannot_be_read_comes_back_with_a_sentence_and_no_rows(
    asked: dict[str, str], said: str, curator: Client
) -> None:
    condition = make_topic().condition
    answer = curator.get(url(Condition, "history", condition.pk), asked)
    assert answer.status_code == 400
    assert said in answer.text
    assert "Created" not in words(answer)
    for value in asked.values():
        assert f'value="{value}"' in answer.text or "by" in asked


@pytest.mark.parametrize(
    "query", ["who=anna", "page=0", "page=x", "page=-1", "page=1e3", "by=a&by=b", "page="]
)
def test_an_address_that_cannot_be_read_is_refused(query: str, curator: Client) -> None:
    page = url(Condition, "history", make_topic().condition.pk)
    assert curator.get(f"{page}?{query}").status_code == 400


def test_the_way_from_a_filtered_list_is_open(curator: Client) -> None:
    page = url(Condition, "history", make_topic().condition.pk)
    assert curator.get(f"{page}?_changelist_filters=q%3Dhiv").status_code == 200


def test_pages_hold_fifty_newest_first_and_keep_the_filter(
    curator: Client, person: Callable[..., User]
) -> None:
    condition = make_topic().condition
    with set_actor(person("bert")):
        for number in range(60):
            with because(f"reason {number}"):
                rename(condition, f"Name {number}")
    page = url(Condition, "history", condition.pk)
    first = curator.get(page, {"by": "bert"})
    assert len(first.context["events"]) == 50
    assert "Name 58 Name 59" in words(first)
    assert 'href="?by=bert&amp;page=2"' in first.text
    second = curator.get(page, {"by": "bert", "page": "2"})
    assert len(second.context["events"]) == 10
    assert second.context["events"][-1].why == "reason 0"
    assert curator.get(page, {"by": "bert", "page": "3"}).status_code == 404


def test_a_thing_without_a_history_says_so(curator: Client) -> None:
    condition = make_topic().condition
    LogEntry.objects.all().delete()
    assert "Nothing is recorded of this yet." in read(curator, condition)


def test_forty_changes_ask_no_more_questions_than_two(
    curator: Client, person: Callable[..., User]
) -> None:
    few, many = (make_finding(make_topic(n), make_publication(n)) for n in (1, 2))
    bert = person("bert")
    counts = []
    for draft, times in ((few, 1), (many, 20)):
        for number in range(times):
            with set_actor(bert), because(f"reason {number}"):
                draft.topic = make_topic(1000 * draft.pk + 2 * number)
                draft.publication = make_publication(1000 * draft.pk + 2 * number)
                draft.save()
            step(draft, bert, vocab.Verb.COMMENTED, note=f"note {number}")
        read(curator, draft)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            read(curator, draft)
        counts.append(len(asked))
    assert counts[0] == counts[1]


# --- From here to a new edition -------------------------------------------------------------------


def test_no_draft_offers_a_new_edition_and_no_history_a_way_back(curator: Client) -> None:
    draft = make_finding(make_topic(), make_publication())
    page = curator.get(url(Finding, "history", draft.pk)).text
    assert "Start a new edition" not in page
    assert "revert" not in page.lower()


def test_what_was_published_offers_a_new_edition_to_whoever_may_start_one(
    curator: Client, viewer: Client
) -> None:
    fill()
    row = Finding.objects.public().get()
    way = f'href="{url(Finding, "revise", row.pk)}"'
    assert way in curator.get(url(Finding, "history", row.pk)).text
    assert way not in viewer.get(url(Finding, "history", row.pk)).text
    revised(row)
    assert way not in curator.get(url(Finding, "history", row.pk)).text


def test_every_entity_has_this_history(root: Client) -> None:
    fill()
    for model in admin.site._registry:
        row = model._default_manager.order_by("pk").first()
        if row is not None:
            answer = root.get(url(model, "history", row.pk))
            assert answer.status_code == 200, model
            assert "admin/evidence/history.html" in [part.name for part in answer.templates], model
