"""What the evidence listing says of the rule beside us, and since when our word has stood."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from evidence import vocab
from evidence.listing.apostrophes import curly
from evidence.models import Assessment, Topic
from tests.catalogue.asked import codes, ids, row, rows
from tests.web import examples
from tests.web.reading import body, words

pytestmark = pytest.mark.django_db

# A word of a vocabulary.
THE_BODYS = "the body&#x27;s own"
PEOPLE = {"origin": "curator", "reviewed_at": "2026-05-06T07:08:09Z"}


def judged(topic: Topic, **word: Any) -> Topic:
    """Store what the rule says of a topic, by hand."""
    given = {"rule": "V1", "rule_status": "variable"} | word
    Topic.objects.filter(pk=topic.pk).update(**given)
    return topic


@pytest.fixture
def two() -> tuple[Topic, Topic]:
    """A topic on which the rule agrees, and one on which it does not."""
    one, other = examples.topic(population="adult"), examples.topic(population="child")
    for topic in (one, other):
        examples.assessment(topic, status="variable")
    judged(one, robust=True, discordant=True, studies_for=3, studies_against=2, left_out=10)
    judged(other, rule="E1", rule_status="experimental", borrowed=True, left_out=2)
    return one, other


def test_the_rule_agrees_where_its_status_is_ours(two: tuple[Topic, Topic]) -> None:
    one, other = codes(*two)
    assert {r["id"]: r["agrees"] for r in rows("evidence")} == {one: "yes", other: "no"}
    assert ids("evidence", "agrees=yes") == [one]
    assert ids("evidence", "agrees=no") == [other]
    assert ids("evidence", "sort=-agrees") == [one, other]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("robust=yes", [0]),
        ("robust=no", [1]),
        ("borrowed=yes", [1]),
        ("discordant=yes", [0]),
        ("discordant=no", [1]),
        ("rule=V1", [0]),
        ("rule=V1&rule=E1", [0, 1]),
        ("rule_status=experimental", [1]),
        ("for=3", [0]),
        ("for=0", [1]),
        ("for=0&for=3", [0, 1]),
        ("for=1", []),
        ("against=2", [0]),
        ("excluded=2", [1]),
        ("excluded=1", []),
    ],
)
def test_what_the_rule_stores_can_be_asked_for(
    two: tuple[Topic, Topic], query: str, found: list[int]
) -> None:
    assert set(ids("evidence", query)) == {codes(*two)[i] for i in found}


def test_counts_are_numbers_and_sort_as_such(two: tuple[Topic, Topic]) -> None:
    one, other = codes(*two)
    told = {r["id"]: (r["for"], r["against"], r["excluded"]) for r in rows("evidence")}
    assert told == {one: ("3", "2", "10"), other: ("0", "0", "2")}
    assert ids("evidence", "sort=excluded") == [other, one]


def test_a_discordance_is_named_beside_the_status(client: Client, two: tuple[Topic, Topic]) -> None:
    html = body(client, "/evidence/?sort=-agrees")
    table = html[html.index("<tbody") : html.index("</table>")]
    assert words(table).count("studies disagree") == 1
    judged(two[0], rule="V2")
    html = body(client, "/evidence/")
    assert "markers and patients disagree" in words(html[html.index("<tbody") :])


def test_the_title_says_what_a_yes_or_a_number_answers(
    client: Client, two: tuple[Topic, Topic]
) -> None:
    html = body(client, "/evidence/?status=variable&discordant=yes&for=3")
    assert "<title>Evidence: variable, discordant yes, studies for 3 · il2tracker</title>" in html


def test_reviewed_says_whether_a_second_person_here_has_read_it() -> None:
    topic, starter = examples.topic(), examples.topic(population="child")
    examples.assessment(starter)
    reader = {"author": examples.person("a"), "reviewer": examples.person("b")}
    examples.assessment(topic, **PEOPLE, **reader)
    assert {r["id"]: r["reviewed"] for r in rows("evidence")} == {
        topic.code: "yes",
        starter.code: "no",
    }
    assert ids("evidence", "reviewed=yes") == codes(topic)


def test_what_the_rule_rests_on_is_named_where_it_rests_on_anything(
    two: tuple[Topic, Topic],
) -> None:
    word = {"is_review": False, "rule": "E1", "status": "experimental", "ground": ""}
    pivots = [
        {"study": "trial:1", "label": "ESPRIT", **word},
        {"study": "trial:2", "label": "Levy; 1999", **word},
    ]
    judged(two[1], rule="E1", rule_status="experimental", rule_rests_on=pivots)
    one, other = codes(*two)
    for query in ("", "as_of=1999"):
        told = {r["id"]: r["rests_on"] for r in rows("evidence", query)}
        assert told == {one: "", other: "ESPRIT; Levy, 1999"}, query


def test_pages_and_the_dictionary_have_one_apostrophe(
    client: Client, two: tuple[Topic, Topic]
) -> None:
    for path in ("/evidence/", "/evidence/?as_of=2005", "/discordances/"):
        main = body(client, path).partition("<main")[2].partition("<footer")[0]
        assert not re.findall(r"[A-Za-z](?:&#x27;|')[a-z ]", main), path
    dictionary = body(client, "/data/")
    for name in ("evidence", "discordances", "findings"):
        chapter = dictionary.partition(f'<h2 id="{name}">')[2].partition("<h2 ")[0]
        assert curly("Rule's status") in chapter or name == "findings"
        assert not re.findall(r"[A-Za-z](?:&#x27;|')s", chapter.replace(THE_BODYS, "")), name


def test_why_this_status_heads_its_facets(client: Client, two: tuple[Topic, Topic]) -> None:
    html = body(client, "/evidence/")
    assert html.count('<h2 class="section">Why this status</h2>') == 1
    under = html.partition("Why this status</h2>")[2].partition("</section>")[0]
    labels = ("Ground", "Rule's status", "Rule's ground", "Robust", "Studies against")
    for label in (*labels, "Status since"):
        assert f"<summary>{curly(label)}</summary>" in under, label
    assert "<summary>Area</summary>" not in under


# --- Since when our word has stood ----------------------------------------------------------------


def edition(of: Topic, at: str, *, state: str = "superseded", **given: Any) -> Assessment:
    """An edition published on a day, the next of the topic's record."""
    before = Assessment.objects.filter(topic=of).order_by("pk").last()
    record = {"record": before.record, "number": before.number + 1} if before else {}
    who = {"author": examples.person("a"), "reviewer": examples.person("b")}
    word = {"status": "experimental", "state": state, "published_at": f"{at}T12:00:00Z"}
    return examples.assessment(of, **PEOPLE, **who, **record | word | given)


def withdrawn(at: str) -> dict[str, Any]:
    """What makes an edition one that was withdrawn on a day."""
    return {
        "state": "withdrawn",
        "withdrawal_proposed_by": examples.person("a"),
        "withdrawal_proposed_at": f"{at}T11:00:00Z",
        "withdrawal_reason": "It was wrong.",
        "withdrawn_by": examples.person("b"),
        "withdrawn_at": f"{at}T12:00:00Z",
    }


def since(query: str = "") -> str:
    return row("evidence", query)["status_since"]


@pytest.fixture
def topic() -> Topic:
    return examples.topic()


def test_a_first_edition_has_stood_since_it_was_published(topic: Topic) -> None:
    edition(topic, "2021-03-04", state="published")
    assert since() == "2021-03-04"


def test_a_status_that_never_changed_has_stood_since_the_first_edition(topic: Topic) -> None:
    edition(topic, "2019-01-02")
    edition(topic, "2020-01-02", summary="Other words.")
    edition(topic, "2021-01-02", state="published")
    assert since() == "2019-01-02"


def test_a_status_stands_since_the_first_edition_after_another_word(topic: Topic) -> None:
    edition(topic, "2018-01-02")
    edition(topic, "2019-01-02", status="variable")
    edition(topic, "2020-01-02")
    edition(topic, "2021-01-02", state="published")
    assert since() == "2020-01-02"
    assert ids("evidence", "status_since=2020") == codes(topic)
    assert ids("evidence", "status_since=2018&status_since=2021") == []


def test_another_ground_is_another_word(topic: Topic) -> None:
    investigated = {"status": "investigated", "ground": "no-treatment-found"}
    edition(topic, "2018-01-02", **investigated)
    edition(topic, "2019-01-02", status="investigated", ground="approved-use")
    edition(topic, "2020-01-02", state="published", status="investigated", ground="approved-use")
    assert since() == "2019-01-02"


def test_a_withdrawal_interrupts_even_the_same_word(topic: Topic) -> None:
    edition(topic, "2018-01-02")
    edition(topic, "2019-01-02", **withdrawn("2019-06-07"))
    edition(topic, "2020-01-02")
    edition(topic, "2021-01-02", state="published")
    assert since() == "2020-01-02"


def test_another_record_of_the_topic_that_was_withdrawn_interrupts_too(topic: Topic) -> None:
    edition(topic, "2018-01-02", **withdrawn("2019-06-07"))
    new = {"record": None, "number": 1}
    edition(topic, "2020-01-02", **new)
    edition(topic, "2021-01-02", state="published")
    assert since() == "2020-01-02"
    assert ids("evidence", "status_since=2018") == []


def test_drafts_and_other_topics_interrupt_nothing(topic: Topic) -> None:
    other = examples.topic(population="child")
    edition(other, "2019-07-01", status="variable", state="published")
    edition(topic, "2019-01-02")
    edition(topic, "2021-01-02", state="published")
    examples.assessment(
        topic,
        record=Assessment.objects.public().get(topic=topic).record,
        number=3,
        origin="curator",
        status=vocab.Status.VARIABLE,
        state="draft",
        published_at=None,
    )
    told = {r["id"]: r["status_since"] for r in rows("evidence")}
    assert told == {topic.code: "2019-01-02", other.code: "2019-07-01"}
    assert ids("evidence", "sort=-status_since") == codes(other, topic)
