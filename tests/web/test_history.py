"""A history shows what was public, who answers for it and what changed, and nothing of drafts."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evidence.models import Assessment, Finding, HarmReport, Publication, Topic
from tests.web import examples
from tests.web.published_again import FIRST_DAY, begin, replace, withdraw
from tests.web.reading import body, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def question() -> Topic:
    """A topic whose judgements were all published on one day."""
    question = examples.world()
    for model in (Finding, HarmReport, Assessment):
        model.objects.update(published_at=FIRST_DAY)
    return question


def histories(question: Topic) -> list[str]:
    return [
        f"/evidence/{question.code}/history/",
        f"/findings/{Finding.objects.first().code}/history/",
        f"/harms/{HarmReport.objects.first().code}/history/",
    ]


def test_every_history_has_its_frame_and_every_link_leads_somewhere(
    client: Client, question: Topic
) -> None:
    replace(Assessment.objects.get())
    replace(Finding.objects.first())
    replace(HarmReport.objects.get())
    for path in histories(question):
        html = body(client, path)
        assert html.count("<h1") == 1, path
        assert html.count('<dl class="dates">') == 1, path
        assert f'rel="canonical" href="http://127.0.0.1:8000{path}"' in html
        assert re.search(r"<title>History of [^<]+ · il2tracker</title>", html)
        assert not re.search(
            r"\sstyle=|<style|<script(?! src=| type=.application/ld)|csrf|nonce", html
        )
        for link in set(re.findall(r'href="(/[^"#]*)', html)):
            if not link.startswith(("/static/", "/admin/")):
                assert client.get(link).status_code == 200, (path, link)
        response = client.get(f"{path}?x=1")
        assert response.content == client.get(path).content
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")
        assert client.post(path).status_code == 405


def test_editions_stand_newest_first_with_their_dates(client: Client, question: Topic) -> None:
    first = Finding.objects.first()
    replace(replace(first), number=4, days=9)
    text = words(body(client, f"/findings/{first.code}/history/"))
    third, second, oldest = (text.index(f"Edition {number}") for number in (4, 2, 1))
    assert third < second < oldest
    assert "current Published 10 December 2026" in text
    assert "superseded Published 3 December 2026 Replaced 10 December 2026" in text
    assert "superseded Published 1 December 2026 Replaced 3 December 2026" in text


def test_what_changed_stands_field_by_field(client: Client, question: Topic) -> None:
    first = Finding.objects.first()
    replace(first, estimate=0.9, n_total=None, direction="unclear", note="Not for readers.")
    html = body(client, f"/findings/{first.code}/history/")
    table = words(html[html.index("<table") : html.index("</table>")])
    assert "4 fields differ from edition 1 Field Before After" in table
    assert "Direction no difference unclear" in table
    assert "Estimate 0.94 0.9" in table
    assert "Analysed in all 4,111 not reported" in table
    assert "Locator not reported Table 2" in table
    assert "Not for readers" not in html


def test_an_edition_that_changed_nothing_says_so(client: Client, question: Topic) -> None:
    replace(Assessment.objects.get())
    text = words(body(client, f"/evidence/{question.code}/history/"))
    assert "Nothing in it differs from edition 1." in text


def test_people_are_named_by_their_names_and_never_by_their_accounts(
    client: Client, question: Topic
) -> None:
    first = Finding.objects.first()
    replace(first, conflict_of_interest="Wrote a review of the trial")
    html = body(client, f"/findings/{first.code}/history/")
    text = words(html)
    assert "Written by Ada Moss, read and published by a second reader." in text
    assert "conflicts of interest: Wrote a review of the trial." in text
    assert "Starter evidence, not yet read by a second person here." in text
    assert "moss-a" not in html
    assert "roe-b" not in html


def test_a_change_of_status_stands_out(client: Client, question: Topic) -> None:
    first = Assessment.objects.get()
    second = replace(first, status="investigated", ground="confirmatory-evidence-agrees")
    replace(second, days=5, summary="Other words.")
    html = body(client, f"/evidence/{question.code}/history/")
    assert html.count('class="changed"') == 1
    assert "investigated , confirmatory evidence agrees changed from variable" in words(html)


@pytest.mark.parametrize("state", ["draft", "in-review"])
def test_drafts_leave_no_trace(client: Client, question: Topic, state: str) -> None:
    before = {path: body(client, path) for path in histories(question)}
    given = {"submitted_by": examples.person("x"), "submitted_at": FIRST_DAY}
    for edition in (Finding.objects.first(), HarmReport.objects.get(), Assessment.objects.get()):
        begin(edition, state=state, **given if state == "in-review" else {})
    assert {path: body(client, path) for path in before} == before


def test_a_withdrawal_that_is_only_proposed_leaves_no_trace(
    client: Client, question: Topic
) -> None:
    before = {path: body(client, path) for path in histories(question)}
    for model in (Finding, HarmReport, Assessment):
        model.objects.update(
            withdrawal_proposed_by=examples.person("ada"),
            withdrawal_proposed_at=FIRST_DAY,
            withdrawal_reason="Secret",
        )
    assert {path: body(client, path) for path in before} == before


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/findings/F99/history/", "There is no finding F99."),
        ("/harms/H٣/history/", "There is no harm report H٣."),
        ("/evidence/t1/history/", "There is no topic t1."),
    ],
)
def test_there_is_no_history_of_nothing(client: Client, path: str, sentence: str) -> None:
    assert sentence in body(client, path, status=404)


def test_what_was_never_published_has_no_history(client: Client, question: Topic) -> None:
    draft = examples.finding(
        question, Publication.objects.get(), state="draft", published_at=None, origin="import"
    )
    assert f"There is no finding {draft.code}." in body(
        client, f"/findings/{draft.code}/history/", status=404
    )


def test_a_topics_history_has_the_editions_of_all_its_assessments(
    client: Client, question: Topic
) -> None:
    first = Assessment.objects.get()
    withdraw(replace(first))
    anew = examples.assessment(question, status="experimental", summary="Judged anew.")
    Assessment.objects.filter(pk=anew.pk).update(published_at="2026-12-09T09:00Z")
    html = body(client, f"/evidence/{question.code}/history/")
    text = words(html)
    new, second, oldest = (
        text.index(f"Edition {number} of assessment {code}")
        for number, code in ((1, anew.code), (2, first.code), (1, first.code))
    )
    assert new < second < oldest
    assert f"from edition 2 of assessment {first.code}" in text
    assert "experimental changed from variable" in text
    assert "because: The figures were of another trial." in text
    # The withdrawn one's editions are named, and lead nowhere.
    assert html.count(f'href="/evidence/{question.code}/editions/1/"') == 1
    assert f'href="/evidence/{question.code}/editions/2/"' not in html


def test_a_withdrawn_edition_of_what_is_published_again_says_why_and_leads_nowhere(
    client: Client, question: Topic
) -> None:
    first = Finding.objects.first()
    withdraw(first)
    replace(first, days=5)
    html = body(client, f"/findings/{first.code}/history/")
    assert "because: The figures were of another trial." in words(html)
    assert f'href="/findings/{first.code}/editions/2/"' in html
    assert f'href="/findings/{first.code}/editions/1/"' not in html


def test_queries_do_not_grow_with_editions(client: Client, question: Topic) -> None:
    def counts() -> dict[str, int]:
        found = {}
        for path in histories(question):
            with CaptureQueriesContext(connection) as queries:
                body(client, path)
            found[path] = len(queries)
        return found

    before = counts()
    latest = [Finding.objects.first(), HarmReport.objects.get(), Assessment.objects.get()]
    for days in range(2, 6):
        paper = examples.publication(100 + days)
        latest = [
            replace(latest[0], days=days, publication=paper, outcome=f"Outcome {days}"),
            replace(latest[1], days=days, publication=paper, arm=f"Arm {days}"),
            replace(latest[2], days=days, narrative_source=paper),
        ]
    assert counts() == before
