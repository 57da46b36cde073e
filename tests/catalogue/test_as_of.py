"""The evidence as of a year: the rule's word then beside our words of today, and plainly so."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import Client

from evidence.catalogue import CATALOGUE
from evidence.catalogue.evidence import OF_THE_RULE
from evidence.ledger import derivation
from evidence.listing.apostrophes import curly
from evidence.models import RulePeriod, Topic
from tests.catalogue.asked import codes, ids, row, rows
from tests.web import examples
from tests.web.reading import body, words

pytestmark = pytest.mark.django_db

NOT_THE_CURATORS = "The rule\N{RIGHT SINGLE QUOTATION MARK}s word, not the curators"
NOTHING = {"rule": "I1", "rule_status": "investigated", "rule_ground": "no-treatment-found"}


@pytest.fixture
def question() -> Topic:
    """ESPRIT: begun in 2000, its results of 2009 good for markers and not for patients."""
    return examples.world()


def said(topic: Topic, *, since: int = 1970, until: int = 9999, **word: object) -> None:
    """Put a word of the rule by hand where it is to stand."""
    RulePeriod.objects.create(topic=topic, from_year=since, to_year=until, **NOTHING | word)


def test_each_year_has_the_word_and_the_counts_of_its_end(question: Topic) -> None:
    told = {}
    for year in (1999, 2000, 2008, 2009, 2026):
        one = row("evidence", f"as_of={year}")
        assert one["as_of"] == str(year)
        told[year] = [one[key] for key in ("rule_status", "rule", "for", "against", "findings")]
    assert told[1999] == ["investigated", "I1", "0", "0", "0"]
    assert told[2000] == told[2008] == ["experimental", "E1", "0", "0", "0"]
    assert told[2009] == told[2026] == ["variable", "V2", "1", "1", "2"]
    today = row("evidence")
    assert today["as_of"] == ""
    assert [today[key] for key in ("rule_status", "rule", "for", "against", "findings")] == (
        told[2026]
    )


def test_our_own_words_are_todays_whatever_year_is_asked(question: Topic) -> None:
    today, then = row("evidence"), row("evidence", "as_of=1999")
    assert list(today) == list(then)
    of_the_year = CATALOGUE["evidence"].at(1999).of_the_year
    others = today.keys() - {*of_the_year, "as_of", "url"}
    assert {"status", "ground", "summary", "direction", "certainty", "rests_on", "harms"} <= others
    assert {key: today[key] for key in others} == {key: then[key] for key in others}
    assert set(of_the_year) == {
        *OF_THE_RULE,
        *("findings", "studies", "trials", "publications", "pmids"),
    }


def test_every_column_and_filter_that_holds_a_years_word_says_so(client: Client) -> None:
    evidence = CATALOGUE["evidence"]
    for key in evidence.at(1999).of_the_year:
        assert "With as_of: at the end of that year." in evidence.column(key).about, key
        one = evidence.filterset.base_filters.get(key)
        assert one is None or "With as_of: at the end of that year." in one.about, key
        assert key in evidence.column("as_of").about
    keys = ("status", "ground", "direction", "certainty", "summary", "rests_on", "status_since")
    for key in keys:
        assert curly("Today's, whatever as_of asks.") in evidence.column(key).about, key
    for key in ("rule_ground", "has_trial"):
        about = evidence.filterset.base_filters[key].about
        assert "With as_of: at the end of that year." in about, key
    for key in ("year_min", "year_max"):
        about = evidence.filterset.base_filters[key].about
        assert curly("all of today's findings, whatever as_of asks.") in about, key


def test_filters_and_facets_are_of_the_year_too(question: Topic) -> None:
    code = codes(question)
    assert ids("evidence", "as_of=2005&rule=E1") == code
    assert ids("evidence", "rule=E1") == ids("evidence", "as_of=2005&rule=V2") == []
    assert ids("evidence", "as_of=2005&for=0&discordant=no&agrees=no&against=0") == code
    assert ids("evidence", "as_of=2009&for=1&discordant=yes&agrees=yes&against=1") == code
    assert ids("evidence", "as_of=1999&rule_status=investigated&status=variable") == code


def test_what_a_period_holds_stands_in_its_years_alone() -> None:
    topic = examples.topic()
    examples.assessment(topic, status="experimental")
    told = {
        "rule": "I2",
        "rule_ground": "approved-use",
        "approved": True,
        "robust": True,
        "borrowed": True,
        "discordant": True,
        "left_out": 7,
        "studies_count": 4,
        "trials_count": 3,
        "publications_count": 2,
    }
    said(topic, until=1994)
    said(topic, since=1995, until=2004, **told)
    said(topic, since=2005)
    keys = ("rule_ground", "approval", "robust", "borrowed", "discordant", "excluded")
    counts = ("studies", "trials", "publications")
    for year in (1995, 2004):
        one = row("evidence", f"as_of={year}")
        assert [one[key] for key in keys] == ["approved-use", "yes", "yes", "yes", "yes", "7"]
        assert [one[key] for key in counts] == ["4", "3", "2"]
        query = "&approval=yes&robust=yes&borrowed=yes&excluded=7&rule=I2"
        assert ids("evidence", f"as_of={year}{query}") == codes(topic)
        assert ids("evidence", f"as_of={year}&robust=no") == []
    for year in (1994, 2005):
        one = row("evidence", f"as_of={year}")
        assert [one[key] for key in keys] == ["no-treatment-found", "no", "no", "no", "no", "0"]
        assert ids("evidence", f"as_of={year}&approval=yes") == []
        assert ids("evidence", f"as_of={year}&borrowed=no&excluded=0") == codes(topic)


def test_rows_are_sorted_by_the_years_figures() -> None:
    topics = [examples.topic(population=one) for one in ("adult", "child", "any")]
    for topic, then, now in zip(topics, (2, 3, 1), (5, 4, 6), strict=True):
        examples.assessment(topic)
        said(topic, until=2004, studies_for=then)
        said(topic, since=2005, studies_for=now)
    one, two, three = codes(*topics)
    assert ids("evidence", "as_of=2004&sort=for") == [three, one, two]
    assert ids("evidence", "as_of=2005&sort=-for") == [three, one, two]
    assert [r["for"] for r in rows("evidence", "as_of=2004&sort=-for")] == ["3", "2", "1"]


def test_the_page_says_that_it_is_the_rules_word_and_not_the_curators(
    client: Client, question: Topic
) -> None:
    html = body(client, "/evidence/?as_of=2005")
    text = unescape(words(html))
    assert "<h1>Evidence as of 2005</h1>" in html
    assert "<title>Evidence as of 2005 · il2tracker</title>" in html
    assert NOT_THE_CURATORS in text
    then = "What the rule would have said at the end of 2005, from today's published"
    assert curly(then) in text
    assert "It is not what curators said then." in text
    assert '<a class="nw" href="/evidence/">Back to today</a>' in html
    assert "As of 2005: rule_status , rule , rule_ground , borrowed ," in text
    assert "All other columns are as of today." in text
    table = words(html[html.index("<tbody") : html.index("</table>")])
    assert "experimental E1 treatment not settled" in table
    assert "CD4 counts rise" not in table
    assert "variable" not in table
    assert NOT_THE_CURATORS not in words(body(client, "/evidence/"))


def test_every_link_of_the_page_keeps_the_year(client: Client, question: Topic) -> None:
    html = unescape(body(client, "/evidence/?as_of=2005&role=treatment&size=25"))
    main = html[html.index("<main") : html.index("</main>")]
    left = []
    for link in re.findall(r'href="(/evidence[^"]*)"', main):
        years = parse_qs(urlsplit(link).query).get("as_of", [])
        assert len(years) < 2
        left += [] if years else [link]
    # Back to today from the note, the panel and the chip.
    assert sorted(left) == ["/evidence/?role=treatment&size=25"] * 3
    assert '<a class="clear" href="/evidence/?as_of=2005&size=25">Clear all</a>' in main
    assert f"/evidence/{question.code}/?as_of=2005" in main


def test_where_the_year_alone_is_asked_there_is_nothing_to_clear(
    client: Client, question: Topic
) -> None:
    assert "Clear all" not in body(client, "/evidence/?as_of=2005")
    assert "Clear all" in body(client, "/evidence/?role=treatment")


def test_the_field_says_in_plain_words_what_a_year_does(client: Client, question: Topic) -> None:
    html = unescape(body(client, "/evidence/"))
    hint = html.partition('id="about-as_of">')[2].partition("</span>")[0]
    assert hint == curly(
        "Shows what the rule would have said at the end of a year; our own words are always "
        "today's."
    )
    dictionary = unescape(body(client, "/data/"))
    assert "rule_status, rule_ground, agrees" in dictionary


def test_the_papers_are_those_known_by_the_end_of_the_year(question: Topic) -> None:
    undated = examples.publication(pmid=7, year=None)
    examples.finding(question, undated, trial=None)
    posted = examples.finding(question, examples.publication(pmid=8, year=2012), trial=None)
    derivation.rederive()
    told = {}
    for year in (2008, 2009, 2011, 2012, 2026):
        one = row("evidence", f"as_of={year}")
        told[year] = (one["pmids"], one["publications"])
    assert told[2008] == ("", "0")
    assert told[2009] == told[2011] == ("19828532", "1")
    assert told[2012] == told[2026] == ("8; 19828532", "2")
    assert row("evidence")["pmids"] == "7; 8; 19828532"
    assert posted.year == 2012


def test_whether_there_is_a_trial_is_asked_of_the_year(client: Client, question: Topic) -> None:
    """ESPRIT began in March 2000."""
    code = codes(question)
    assert ids("evidence", "has_trial=yes") == ids("evidence", "as_of=2000&has_trial=yes") == code
    assert ids("evidence", "as_of=1999&has_trial=yes") == []
    assert ids("evidence", "as_of=1999&has_trial=no") == code
    facets = CATALOGUE["evidence"].at(1999).facets
    assert {f.filter: f.section for f in facets}["has_trial"] == "The rule in 1999"


def test_the_rules_ground_is_asked_of_the_year(question: Topic) -> None:
    assert ids("evidence", "rule_ground=no-treatment-found") == []
    assert ids("evidence", "as_of=1999&rule_ground=no-treatment-found") == codes(question)
    assert ids("evidence", "as_of=2005&rule_ground=no-treatment-found") == []


def test_the_address_of_a_row_is_that_of_its_year(question: Topic) -> None:
    assert row("evidence")["url"] == f"/evidence/{question.code}/"
    assert row("evidence", "as_of=2005")["url"] == f"/evidence/{question.code}/?as_of=2005"


def test_this_years_end_has_not_come(client: Client, question: Topic) -> None:
    with time_machine.travel("2026-11-21T12:00:00Z"):
        assert "would have said by now, in 2026" in words(body(client, "/evidence/?as_of=2026"))
        assert "at the end of 2025" in words(body(client, "/evidence/?as_of=2025"))
    with time_machine.travel("2027-01-01T12:00:00Z"):
        assert "at the end of 2026" in words(body(client, "/evidence/?as_of=2026"))


def test_a_file_as_of_a_year_says_so_in_its_name(client: Client, question: Topic) -> None:
    with time_machine.travel("2026-11-21T12:00:00Z", tick=False):
        response = client.get("/evidence.csv?as_of=2005&rule=E1")
    named = "il2tracker-evidence-as-of-2005-e1-2026-11-21.csv"
    assert named in response["Content-Disposition"]


def test_a_topic_that_was_never_derived_is_still_there(client: Client) -> None:
    topic = examples.topic()
    examples.assessment(topic)
    assert RulePeriod.objects.count() == 0
    assert ids("evidence", "as_of=2005") == codes(topic)
    assert ids("evidence", "as_of=2005&rule=I1") == []
    assert ids("evidence", "as_of=2005&has_trial=no") == codes(topic)
    assert "not reported" in body(client, "/evidence/?as_of=2005")
