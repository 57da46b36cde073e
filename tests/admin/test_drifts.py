"""Changes at the registries: a card for each trial, decided field by field."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evidence.admin.meanwhile import digest
from evidence.models import Drift, RegistryRecord, Trial
from evidence.sync import drifts
from tests.admin.pages import url
from tests.admin.test_inbox import said
from tests.sync.came_in import accepted_trial, drift, trial_that_came_in

pytestmark = pytest.mark.django_db
CARDS = "/admin/evidence/drift/cards/"


@pytest.fixture
def trial(curator: Client) -> Trial:
    """An accepted trial with two changes: one that stands already, one that does not."""
    anna = get_user_model().objects.get(username="anna")
    trial = accepted_trial(anna)
    drift(trial, "sponsor", applied=True, ours="Old sponsor", after=trial.sponsor)
    drift(trial, "enrolment", applied=False, ours="60", after="77")
    return trial


def send(client: Client, *rows: Drift, action: str = "accept", **more: Any) -> Any:
    """Send a card with some of its fields ticked."""
    ticked = [f"{row.pk}:{digest(row.after)}:{digest(drifts.stands_now(row))}" for row in rows]
    of = f"trial-{rows[0].trial_id}" if rows else "trial-1"
    return client.post(CARDS, {"of": of, "drift": ticked, f"_{action}": "1", **more})


def field(name: str) -> Drift:
    """Give the change of a field."""
    return Drift.objects.get(field=name)


def test_a_card_sets_ours_beside_what_the_registry_said_and_says(
    curator: Client, trial: Trial
) -> None:
    page = curator.get(CARDS).text
    row = page.partition("Sponsor<span")[2].partition("</tr>")[0]
    cells = re.findall(r"<td[^>]*>(?:<b>)?([^<]*)", row)
    assert cells == ["Old sponsor", "Old sponsor", "Example University", "Example University"]
    assert "The new one stands already." in row
    assert "Ours stands: somebody here corrected it." in page
    assert page.count("checked>") == 2


def test_what_is_ticked_is_accepted_and_the_rest_waits(curator: Client, trial: Trial) -> None:
    answer = send(curator, field("enrolment"))
    assert Trial.objects.get().enrolment == 77
    assert field("enrolment").decision == "accepted"
    assert field("sponsor").decided_at is None
    assert f"{trial.slug}: accepted (enrolment)." in said(curator, answer)


def test_ours_is_put_back_with_the_reason(curator: Client, trial: Trial) -> None:
    answer = send(curator, field("sponsor"), action="keep", reason="The paper names it.")
    assert Trial.objects.get().sponsor == "Old sponsor"
    assert (field("sponsor").decision, field("sponsor").reason) == ("kept", "The paper names it.")
    assert f"{trial.slug}: ours kept (sponsor)." in said(curator, answer)


def test_without_a_reason_nothing_is_kept_and_the_ticks_stay(curator: Client, trial: Trial) -> None:
    answer = send(curator, field("sponsor"), action="keep")
    assert answer.status_code == 409
    assert "Say why ours is kept" in answer.text
    assert answer.text.count("checked>") == 1
    assert field("sponsor").decided_at is None


def test_nothing_is_decided_where_nothing_is_ticked(curator: Client, trial: Trial) -> None:
    answer = curator.post(CARDS, {"of": f"trial-{trial.pk}", "reason": "Because", "_keep": "1"})
    assert answer.status_code == 409
    assert "Tick at least one field." in answer.text
    assert 'value="Because"' in answer.text


def test_what_the_registry_changed_since_the_page_was_opened_is_not_accepted_unseen(
    curator: Client, trial: Trial
) -> None:
    seen = field("enrolment")
    Drift.objects.filter(pk=seen.pk).update(after="99")
    answer = send(curator, seen, reason="I typed this")
    assert answer.status_code == 409
    assert "something else of it meanwhile" in answer.text
    assert 'value="I typed this"' in answer.text
    assert Trial.objects.get().enrolment == 60


@pytest.mark.parametrize("action", ["accept", "keep"])
def test_what_a_person_changed_since_the_page_was_opened_is_not_written_over(
    curator: Client, trial: Trial, action: str
) -> None:
    seen = field("sponsor")
    ticked = re.search(rf'value="({seen.pk}:[^"]+)"', curator.get(CARDS).text)
    assert ticked is not None
    Trial.objects.update(sponsor="Edited since")
    sent = {"of": f"trial-{trial.pk}", "drift": ticked.group(1), "reason": "I typed this"}
    answer = curator.post(CARDS, sent | {f"_{action}": "1"})
    assert answer.status_code == 409
    assert "Somebody here has changed sponsor since: “Edited since” stands now." in answer.text
    assert 'value="I typed this"' in answer.text
    assert (Trial.objects.get().sponsor, field("sponsor").decided_at) == ("Edited since", None)


def test_the_second_of_two_people_is_told_who_decided(
    curator: Client, administrator: Client, trial: Trial
) -> None:
    rows = [field("enrolment"), field("sponsor")]
    send(curator, *rows)
    answer = send(administrator, *rows, action="keep", reason="The paper says 60.")
    assert answer.status_code == 409
    assert "anna decided on" in answer.text
    assert "You had typed: “The paper says 60.”" in answer.text
    assert Trial.objects.get().enrolment == 77


def test_what_the_database_refuses_comes_back_in_words(curator: Client, trial: Trial) -> None:
    drift(trial, "min_age_days", applied=False, ours="6574", after="99999")
    answer = send(curator, field("min_age_days"))
    assert answer.status_code == 409
    assert "The least age is at most the greatest." in answer.text
    assert field("min_age_days").decided_at is None


@pytest.mark.parametrize(
    "sent",
    [
        {"of": "x"},
        {"of": ""},
        {"drift": ["x"]},
        {"drift": ["1"]},
        {"drift": ["9" * 30]},
        {"drift": ["987654:abc"]},
        {"drift": [f"{n}:a" for n in range(300)]},
    ],
    ids=lambda sent: str(sent)[:30],
)
def test_whatever_is_sent_is_answered_in_words(
    curator: Client, trial: Trial, sent: dict[str, Any]
) -> None:
    answer = curator.post(CARDS, {"of": f"trial-{trial.pk}", "_accept": "1"} | sent)
    assert answer.status_code in {400, 409}
    assert not Drift.objects.exclude(decided_at=None).exists()


@pytest.mark.parametrize("query", ["trial=x", "page=0", "trial=" + "9" * 30, "nothing=1"])
def test_what_an_address_cannot_ask_is_refused_in_words(curator: Client, query: str) -> None:
    assert curator.get(f"{CARDS}?{query}").status_code == 400


def test_twenty_cards_take_as_many_queries_as_one(curator: Client, trial: Trial) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert curator.get(CARDS).status_code == 200
        return len(queries)

    drift(trial, "arms", applied=True, ours="", after="")
    asked()  # the first answer fills caches of its own
    once = asked()
    anna = get_user_model().objects.get(username="anna")
    for number in range(201, 221):
        one = accepted_trial(anna, f"NCT{number:08}")
        for name in ("sponsor", "arms", "phases", "identifiers", "countries"):
            drift(one, name, applied=True, ours="", after="")
    assert asked() == once


def test_enter_in_the_reason_decides_nothing(curator: Client, trial: Trial) -> None:
    form = curator.get(CARDS).text.partition('class="card-form"')[2]
    assert re.findall(r'<(?:button|input type="submit")[^>]* name="(_\w+)"', form)[0] == "_nothing"
    answer = send(curator, field("enrolment"), action="nothing", reason="The paper says 60.")
    assert answer.status_code == 409
    assert "Choose one of the two" in answer.text
    assert 'value="The paper says 60."' in answer.text
    assert field("enrolment").decided_at is None


def test_theirs_is_not_accepted_with_a_reason_to_keep_ours(curator: Client, trial: Trial) -> None:
    answer = send(curator, field("enrolment"), reason="The paper says 60.")
    assert answer.status_code == 409
    assert "Empty it to accept theirs" in answer.text
    assert 'value="The paper says 60."' in answer.text
    assert Trial.objects.get().enrolment == 60


def test_a_new_change_shows_who_kept_ours_before_and_why(curator: Client, trial: Trial) -> None:
    send(curator, field("enrolment"), action="keep", reason="The paper says 60.")
    drift(trial, "enrolment", applied=False, ours="60", after="78")
    drift(trial, "completion", applied=False, ours="2024-01", after="2025-01")
    page = curator.get(CARDS).text
    row = page.partition("Enrolment<span")[2].partition("</tr>")[0]
    assert re.search(r"Ours was kept by anna on [^:]*: “The paper says 60.”", row)
    assert page.count("Ours was kept by") == 1


def test_where_nothing_was_read_before_the_card_says_so(curator: Client, trial: Trial) -> None:
    first = drift(trial, "why_stopped", applied=True, ours="", after="Slow accrual.")
    row = curator.get(CARDS).text.partition("stopped<span")[2].partition("</tr>")[0]
    assert 'data-head="There before">not read before<' in row
    assert "not read before" in curator.get(url(Trial, "change", trial.pk)).text
    trial_that_came_in(overallStatus="TERMINATED")
    Drift.objects.filter(pk=first.pk).update(opened_at=timezone.now())
    row = curator.get(CARDS).text.partition("stopped<span")[2].partition("</tr>")[0]
    assert 'data-head="There before">not given<' in row


def test_a_change_has_its_fields_label_in_its_heading(curator: Client, trial: Trial) -> None:
    one = drift(trial, "primary_completion", applied=True, ours="2023", after="2024")
    page = curator.get(url(Drift, "change", one.pk)).text
    assert f"<h2>{one.record}: primary completion</h2>" in page
    listed = curator.get(f"{url(Drift, 'changelist')}?stood=ours")
    assert "Enrolment" in listed.text
    assert "Sponsor" not in listed.text.partition('id="result_list"')[2].partition("</table>")[0]
    assert "By applied" not in listed.text


def test_what_was_decided_is_found_in_the_log_and_under_the_trial(
    curator: Client, trial: Trial
) -> None:
    send(curator, field("sponsor"), action="keep", reason="The paper names it.")
    log = curator.get(f"{url(Drift, 'changelist')}?decision__exact=kept").text
    assert "ours kept, anna" in log
    assert "The paper names it." in log
    form = curator.get(url(Trial, "change", trial.pk)).text
    assert "ours kept by anna" in form
    assert url(RegistryRecord, "change", trial.registry_records.get().pk) in form
    assert curator.get(url(Drift, "change", field("sponsor").pk)).status_code == 200


def test_a_viewer_reads_the_cards_and_decides_nothing(viewer: Client) -> None:
    root = get_user_model().objects.create_superuser("root")
    one = accepted_trial(root)
    waits = drift(one, "sponsor", applied=True, ours="Old", after=one.sponsor)
    page = viewer.get(CARDS).text
    assert "Old" in page
    assert "_accept" not in page
    assert send(viewer, waits).status_code == 403


def test_where_nothing_changed_the_page_says_so(curator: Client) -> None:
    assert "Nothing has changed that somebody should look at." in curator.get(CARDS).text
    assert "Nothing of it waits." in curator.get(f"{CARDS}?trial=1").text
