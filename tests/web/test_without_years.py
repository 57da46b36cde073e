"""Pages that know no year refuse to be asked for one, and say where it can be asked."""

from __future__ import annotations

import pytest
from django.test import Client

from evidence.ledger.as_of import this_year
from evidence.models import AdverseEffect, Finding, HarmReport, Publication, Topic
from tests.web import examples
from tests.web.reading import body, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def question() -> Topic:
    return examples.world()


def pages_without_years(topic: Topic) -> list[str]:
    finding, harm = Finding.objects.earliest("pk"), HarmReport.objects.get()
    judgements = [f"/findings/{finding.code}/", f"/harms/{harm.code}/"]
    return [
        *("/", "/data/", "/about/", "/about/status/"),
        *judgements,
        *(f"{page}{more}" for page in judgements for more in ("editions/1/", "history/")),
        "/trials/NCT00004978/",
        f"/publications/{Publication.objects.get().code}/",
        f"/conditions/{topic.condition.slug}/",
        f"/interventions/{topic.intervention.slug}/",
        f"/adverse-effects/{AdverseEffect.objects.get().slug}/",
    ]


def test_a_page_as_of_today_alone_names_where_a_year_can_be_asked(
    client: Client, question: Topic
) -> None:
    for page in pages_without_years(question):
        body(client, page)
        text = words(body(client, f"{page}?as_of=2005", status=400))
        assert "This page is as things stand today, and cannot be asked for with as_of." in text
        assert "A topic can be asked, as in /evidence/T12/?as_of=2005, and so can" in text
        assert body(client, f"{page}?as_of=") == body(client, page)


@pytest.mark.parametrize(
    ("page", "said"),
    [("editions/1/", "An edition is what we said"), ("history/", "A history is what we said")],
)
def test_what_we_said_of_a_topic_leads_to_what_the_rule_says(
    client: Client, question: Topic, page: str, said: str
) -> None:
    topic = f"/evidence/{question.code}/"
    html = body(client, f"{topic}{page}?as_of=2005", status=400)
    assert f"{said}; as_of asks the rule." in words(html)
    asked = f"{topic}?as_of=2005"
    assert f'The topic as of 2005: <a href="{asked}">{asked}</a>' in html
    body(client, asked)
    assert body(client, f"{topic}{page}?as_of=") == body(client, f"{topic}{page}")


@pytest.mark.parametrize("wrong", ["20x5", "1969", "<b>", "9" * 300, "\0"])
def test_a_year_that_there_is_not_is_said_to_be_none(
    client: Client, question: Topic, wrong: str
) -> None:
    answer = client.get(f"/evidence/{question.code}/history/", {"as_of": wrong})
    assert answer.status_code == 400
    html = answer.content.decode()
    assert "<b>" not in html.partition('class="fault"')[2].partition("Not medical")[0]
    if wrong != "\0":
        assert f"is not a year from 1970 to {this_year()}." in words(html)


def test_another_method_is_refused_as_ever(client: Client, question: Topic) -> None:
    for page in (f"/evidence/{question.code}/history/", "/about/"):
        assert client.post(f"{page}?as_of=2005").status_code == 405
        assert client.head(f"{page}?as_of=2005").status_code == 400
