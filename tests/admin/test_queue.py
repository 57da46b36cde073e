"""The admin opens with what waits for a person, and an identifier is enough to start work."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from evidence.admin.start import Identifier, recognise
from evidence.curation import duties, moves
from evidence.models import (
    Assessment,
    Condition,
    Finding,
    HarmReport,
    Intervention,
    Publication,
    Topic,
    Trial,
)
from tests.admin import pages, rows
from tests.models.rows import make
from tests.web import examples

if TYPE_CHECKING:
    from django.contrib.auth.models import User

pytestmark = pytest.mark.django_db
FRONT = "/admin/"


@pytest.fixture
def anna(person: Callable[..., User]) -> User:
    return person("anna", duties.CURATOR)


@pytest.fixture
def ruth(person: Callable[..., User]) -> User:
    return person("ruth", duties.REVIEWER)


@pytest.fixture
def browser() -> Callable[[User], Client]:
    """Open a browser in which a person has signed in."""

    def make_one(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return make_one


@pytest.fixture
def curator(browser: Callable[[User], Client], anna: User) -> Client:
    """Anna's browser."""
    return browser(anna)


@pytest.fixture
def in_review(anna: User) -> Finding:
    """A finding that waits for a second reader."""
    topic, paper = rows.make_topic(), rows.make_publication()
    draft = rows.make_finding(topic, paper, author=anna, last_editor=anna)
    return moves.submit(draft, by=anna)


def ways(answer: Any) -> list[str]:
    """Give the addresses that a page's queue leads to."""
    queue = answer.text.partition('id="content-main"')[2].partition('class="apps"')[0]
    found = re.findall(r'href="([^"]+)"', queue)
    return [way.replace("&amp;", "&") for way in found if not way.startswith("#")]


# --- The page -------------------------------------------------------------------------------------


def test_the_front_page_is_the_queue_and_leads_to_everything_else(curator: Client) -> None:
    answer = curator.get(FRONT)
    assert "<h1>My queue</h1>" in answer.text
    assert "Nothing waits for you." in answer.text
    for model in (Topic, Assessment, Finding, Trial, Publication, Condition):
        assert f'href="{pages.url(model, "changelist")}"' in answer.text
    assert "no-store" in answer["Cache-Control"]


def test_a_viewer_is_told_that_there_is_nothing_for_her_to_do(
    viewer: Client, in_review: Finding
) -> None:
    answer = viewer.get(FRONT)
    assert "There is nothing for you to do here" in answer.text
    assert in_review.code not in answer.text
    assert "to do</a>" not in answer.text


def test_the_address_above_a_list_is_the_queue(
    viewer: Client, curator: Client, signed_in: Callable[..., Client]
) -> None:
    for client in (viewer, curator):
        assert client.get("/admin/evidence/")["Location"] == FRONT
        assert client.get("/admin/auth/").status_code == 404
    assert signed_in("nobody").get("/admin/evidence/").status_code == 404


def test_a_row_says_what_why_and_since_when_with_one_action(
    browser: Callable[[User], Client], ruth: User, in_review: Finding
) -> None:
    answer = browser(ruth).get(FRONT)
    assert '<a href="#to-read"><b>1</b> to read</a>' in answer.text
    assert '<section class="module waiting" id="to-read">' in answer.text
    assert f"{in_review.code} " in answer.text
    topic = in_review.topic
    words = f"{topic.condition} / treatment / adults ({topic.code}, {topic.intervention})"
    says = f'says of <a href="{pages.url(Topic, "change", topic.pk)}">{words}</a> from '
    assert says in answer.text
    assert 'to <span class="experimental">experimental</span> (E1)' in answer.text
    assert ">today</time>" in answer.text
    assert reverse("admin:evidence_finding_review", args=[in_review.pk]) in ways(answer)


def test_what_a_colleague_wrote_is_text_and_never_markup(
    browser: Callable[[User], Client], anna: User, ruth: User, in_review: Finding
) -> None:
    note = "<script>alert(1)</script> & <b>so</b>"
    moves.return_to_author(in_review, by=ruth, note=note)
    answer = browser(anna).get(FRONT)
    assert f"ruth: “{escape(note)}”" in answer.text
    assert note not in answer.text


def test_every_way_out_of_a_full_queue_opens(
    browser: Callable[[User], Client],
    anna: User,
    ruth: User,
    in_review: Finding,
) -> None:
    examples.world()
    topic, paper = in_review.topic, in_review.publication
    make(HarmReport, publication=paper, topic=topic, author=anna, locator="")
    make(Finding, publication=paper, topic=topic, author=anna)
    make(Finding, publication=paper, topic=topic, figures_unchecked=True)
    back = moves.submit(make(Finding, publication=paper, topic=topic, author=anna), by=anna)
    moves.return_to_author(back, by=ruth, note="Look again.")
    shown = Finding.objects.public().first()
    moves.propose_withdrawal(shown, by=anna, note="Counted twice.")
    shown.publication.standing = "retracted"
    shown.publication.save()
    Assessment.objects.public().update(status="experimental", next_review="2020-01-01")
    late = {"reason": "Two trials are under way.", "review_by": "2020-01-01"}
    examples.assessment(make(Topic), **late)
    make(Trial, accepted_at=timezone.now(), accepted_by=anna)
    seen = set()
    for user in (anna, ruth):
        client = browser(user)
        answer = client.get(FRONT)
        seen |= set(re.findall(r'class="module waiting" id="([a-z-]+)"', answer.text))
        for way in {*ways(answer)}:
            assert client.get(way).status_code == 200, way
    assert seen == {
        "returned", "to-read", "drafts", "withdrawals", "sources", "unchecked", "rule",
        "reasons", "overdue", "trials", "starter",
    }  # fmt: skip


def test_a_reader_takes_an_edition_on_with_one_press_and_is_back_at_her_queue(
    browser: Callable[[User], Client], ruth: User, in_review: Finding
) -> None:
    client = browser(ruth)
    answer = client.get(FRONT)
    (address,) = re.findall(r'<form action="([^"]+)" method="post">', answer.text.split("apps")[0])
    sent = dict(
        re.findall(r'<input type="hidden" name="(to|seen|next)" value="([^"]*)">', answer.text)
    )
    answer = client.post(address, sent)
    assert (answer.status_code, answer["Location"]) == (302, FRONT)
    in_review.refresh_from_db()
    assert in_review.assignee == ruth
    answer = client.get(FRONT)
    assert "You have taken this on." in answer.text
    assert "Assign to me" not in answer.text


def test_a_long_section_shows_its_first_rows_and_leads_to_all_of_them(
    browser: Callable[[User], Client], anna: User
) -> None:
    topic, paper = rows.make_topic(), rows.make_publication()
    for _ in range(28):
        rows.make_finding(topic, paper, author=anna)
    client = browser(anna)
    answer = client.get(FRONT)
    assert answer.text.count('<tr>\n<th scope="row" class="what">') == 25
    assert '<a href="?section=drafts">Show all 28</a>' in answer.text
    whole = client.get(f"{FRONT}?section=drafts")
    assert whole.text.count('<tr>\n<th scope="row" class="what">') == 28
    assert "<h1>My drafts</h1>" in whole.text


@pytest.mark.parametrize(
    "query",
    ["section=unheard-of", "section=drafts&page=0", "section=drafts&page=x", "page=2",
     "section=drafts&page=99999999999999999999", "section=drafts&page=2", "section=drafts&page=²"],
)  # fmt: skip
def test_a_part_or_page_that_is_not_there_is_refused_in_words(curator: Client, query: str) -> None:
    answer = curator.get(f"{FRONT}?{query}")
    assert answer.status_code == 400
    assert "queue" in answer.text or "number of a page" in answer.text


# --- The head of every page -----------------------------------------------------------------------


def test_every_page_says_how_much_waits(
    browser: Callable[[User], Client], ruth: User, anna: User, in_review: Finding
) -> None:
    for page in (FRONT, pages.url(Finding, "changelist"), pages.url(Topic, "changelist")):
        assert f'<a class="to-do" href="{FRONT}">1 to do</a>' in browser(ruth).get(page).text
        assert "to do</a>" not in browser(anna).get(page).text


def test_what_waits_is_as_much_as_the_first_parts_say(
    browser: Callable[[User], Client], ruth: User, anna: User, in_review: Finding
) -> None:
    topic, paper = in_review.topic, in_review.publication
    rows.make_finding(topic, paper, author=anna)
    back = moves.submit(rows.make_finding(topic, paper, author=anna), by=anna)
    moves.return_to_author(back, by=ruth, note="Look again.")
    shown = rows.make_finding(topic, paper, **rows.shown())
    moves.propose_withdrawal(shown, by=anna, note="Counted twice.")
    for person in (ruth, anna):
        client = browser(person)
        assert ">2 to do</a>" in client.get(FRONT).text
    moves.keep(shown, by=ruth, note="It is counted once.")
    answer = browser(anna).get(FRONT)
    assert ">3 to do</a>" in answer.text
    assert "<b>2</b> returned to me" in answer.text
    assert "ruth turned your withdrawal down: “It is counted once.”" in answer.text
    assert ">1 to do</a>" in browser(ruth).get(FRONT).text
    moves.comment(shown, by=anna, note="I see.")
    assert "turned your withdrawal down" not in browser(anna).get(FRONT).text
    assert ">2 to do</a>" in browser(anna).get(FRONT).text


def test_what_she_took_back_herself_is_her_draft_and_not_returned(
    browser: Callable[[User], Client], anna: User, in_review: Finding
) -> None:
    moves.return_to_author(in_review, by=anna, note="I forgot the interval.")
    answer = browser(anna).get(FRONT)
    assert "You took it back: “I forgot the interval.”" in answer.text
    assert "my draft" in answer.text
    assert "returned to me" not in answer.text


def test_trials_without_a_topic_are_counted_one_by_one(curator: Client) -> None:
    topic = rows.make_topic()
    for number in range(4):
        trial = rows.make_trial(number)
        if number:
            trial.conditions.add(topic.condition)
            trial.interventions.add(topic.intervention)
    answer = curator.get(FRONT)
    assert '<a href="#trials"><b>4</b> trials to map</a>' in answer.text
    assert "4 trials without a topic" in answer.text


def test_two_rows_never_read_the_same(browser: Callable[[User], Client], anna: User) -> None:
    topic, paper = rows.make_topic(), rows.make_publication()
    child = Topic.objects.create(
        condition=topic.condition,
        intervention=topic.intervention,
        role=topic.role,
        population="child",
    )
    for one in (topic, child):
        rows.make_finding(one, paper, author=anna)
        rows.make_assessment(one, author=anna)
    text = browser(anna).get(FRONT).text
    said = re.findall(r'<th scope="row" class="what"><a[^>]*>\S+ ([^<]+)</a>', text)
    assert len(said) == len({*said}) == 4


def test_a_stranger_is_told_nothing_of_it_and_nothing_is_asked(
    stranger: Client, in_review: Finding
) -> None:
    with CaptureQueriesContext(connection) as captured:
        answer = stranger.get("/admin/login/")
    assert "to do</a>" not in answer.text
    assert not [query for query in captured if "evidence_" in query["sql"]]
    assert stranger.get(FRONT).status_code == 302


# --- Identifiers ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("NCT00004978", "NCT", "NCT00004978"),
        ("nct 00004978", "NCT", "NCT00004978"),
        ("https://clinicaltrials.gov/study/NCT00004978?tab=results", "NCT", "NCT00004978"),
        ("ISRCTN12345678", "ISRCTN", "ISRCTN12345678"),
        ("https://doi.org/10.1186/ISRCTN12345678", "ISRCTN", "ISRCTN12345678"),
        ("2004-000563-29", "EUCTR", "2004-000563-29"),
        ("EUCTR2004-000563-29-GB", "EUCTR", "2004-000563-29"),
        ("2023-508923-10-00", "CTIS", "2023-508923-10"),
        ("chictr2000031781", "ChiCTR", "ChiCTR2000031781"),
        ("ChiCTR-TRC-10000910", "ChiCTR", "ChiCTR-TRC-10000910"),
        ("19828532", "pmid", "19828532"),
        ("PMID: 19828532", "pmid", "19828532"),
        ("https://pubmed.ncbi.nlm.nih.gov/19828532/", "pmid", "19828532"),
        ("https://www.ncbi.nlm.nih.gov/pubmed/19828532", "pmid", "19828532"),
        ("PMC2869083", "pmcid", "PMC2869083"),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC2869083/", "pmcid", "PMC2869083"),
        ("10.1056/NEJMoa0903175", "doi", "10.1056/NEJMoa0903175"),
        ("doi:10.1056/NEJMoa0903175.", "doi", "10.1056/NEJMoa0903175"),
        ("https://doi.org/10.1056/NEJMoa0903175", "doi", "10.1056/NEJMoa0903175"),
        ("https://www.nejm.org/doi/full/10.1056/NEJMoa0903175?x=1#a", "doi",
         "10.1056/NEJMoa0903175"),
        ("https://www.frontiersin.org/articles/10.3389/fimmu.2020.01234/full", "doi",
         "10.3389/fimmu.2020.01234"),
        ("https://doi.org/10.1016%2FS0140-6736(86)90001-1", "doi", "10.1016/S0140-6736(86)90001-1"),
        ("(10.1016/S0140-6736(86)90001-1)", "doi", "10.1016/S0140-6736(86)90001-1"),
        ("10.1002/(SICI)1097-0258(19980815)17:15<1661::AID-SIM968>3.0.CO;2-2", "doi",
         "10.1002/(SICI)1097-0258(19980815)17:15<1661::AID-SIM968>3.0.CO;2-2"),
    ],
)  # fmt: skip
def test_an_identifier_is_recognised_as_it_is_pasted(text: str, kind: str, value: str) -> None:
    assert recognise(text) == Identifier(kind=kind, value=value)


@pytest.mark.parametrize(
    "text",
    ["", "IL-2 in HIV", "NCT1234", "123456789", "0", "https://example.org/", "10.1/x", "PMC",
     "٣٤٥", "10.1056/" + "x" * 300, "NCT000049781", "2004-0005"],
)  # fmt: skip
def test_what_is_no_identifier_is_not_taken_for_one(text: str) -> None:
    assert recognise(text) is None


@pytest.fixture
def known(anna: User) -> dict[str, str]:
    """A trial and a publication, with the pages that open them."""
    trial = rows.make_trial(4978)
    other = make(Trial, slug="a-study-of-ours")
    trial.identifiers.create(registry="other", value="UMIN000001")
    paper = rows.make_publication(pmid=19828532, doi="10.1056/NEJMoa0903175", pmcid="PMC2869083")
    page = make(Publication, url="https://example.org/il-2", kind="label", pmid=None)
    opens = {row: pages.url(type(row), "change", row.pk) for row in (trial, other, paper, page)}
    return {
        "NCT00004978": opens[trial],
        "https://clinicaltrials.gov/study/nct00004978": opens[trial],
        "umin000001": opens[trial],
        "a-study-of-ours": opens[other],
        " 19828532 ": opens[paper],
        "https://doi.org/10.1056/nejmoa0903175": opens[paper],
        "pmc2869083": opens[paper],
        "https://example.org/il-2": opens[page],
    }


def test_a_known_identifier_opens_what_is_known_by_it(
    curator: Client, viewer: Client, known: dict[str, str]
) -> None:
    for text, address in known.items():
        for client in (curator, viewer):
            answer = client.get(FRONT, {"identifier": text})
            assert (answer.status_code, answer["Location"]) == (302, address), text
            assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("https://pubmed.ncbi.nlm.nih.gov/19828532/", "pmid", "19828532"),
        ("https://doi.org/10.1056/NEJMoa0903175", "doi", "10.1056/NEJMoa0903175"),
        ("PMC2869083", "pmcid", "PMC2869083"),
    ],
)
def test_an_unknown_publication_starts_with_its_identifier(
    curator: Client, text: str, field: str, value: str
) -> None:
    answer = curator.get(FRONT, {"identifier": text})
    assert answer.status_code == 302
    assert pages.form_of(curator, answer["Location"])[field] == value


@pytest.mark.parametrize(
    ("text", "registry", "value"),
    [
        ("https://clinicaltrials.gov/study/NCT00004978", "NCT", "NCT00004978"),
        ("2023-508923-10-00", "CTIS", "2023-508923-10"),
    ],
)
def test_an_unknown_trial_starts_with_its_number_and_is_saved_with_it(
    curator: Client, text: str, registry: str, value: str
) -> None:
    answer = curator.get(FRONT, {"identifier": text})
    address = answer["Location"]
    form = pages.form_of(curator, address)
    assert form["identifiers-0-registry"] == [registry]
    assert form["identifiers-0-value"] == value
    assert pages.send(curator, address, title="A study of IL-2").status_code == 302
    trial = Trial.objects.get()
    assert (trial.slug, [str(row) for row in trial.identifiers.all()]) == (value, [value])


@pytest.mark.parametrize("text", ["abc", "19828532", "10.1056/NEJMoa0903175"])
def test_a_trial_cannot_start_with_what_no_registry_gave(curator: Client, text: str) -> None:
    answer = curator.get(pages.url(Trial, "add"), {"identifier": text})
    assert answer.status_code == 400
    assert f"“{text}”" in answer.text


def test_what_is_not_recognised_stays_in_the_box_with_a_sentence(curator: Client) -> None:
    typed = '<b>IL-2 "in" HIV'
    answer = curator.get(FRONT, {"identifier": typed})
    assert answer.status_code == 200
    assert f'value="{escape(typed)}"' in answer.text
    assert "No identifier was recognised in" in answer.text
    assert typed not in answer.text
    long = curator.get(FRONT, {"identifier": "9" * 600})
    assert "at most 500 characters" in long.text


def test_a_trial_is_found_by_its_acronym_or_by_words_of_its_title_alone(curator: Client) -> None:
    first, second = rows.make_trial(1, title="IL-2 in sepsis"), rows.make_trial(2, title="IL-2")
    there = pages.url(Trial, "change", first.pk)
    for typed in (first.acronym, first.acronym.lower(), "in sepsis"):
        assert curator.get(FRONT, {"identifier": typed})["Location"] == there
    # Both have this in their titles, and nobody could say which is meant.
    assert "No identifier was recognised" in curator.get(FRONT, {"identifier": "il-2"}).text
    Trial.objects.filter(pk=second.pk).update(acronym="SEPSIS")
    there = pages.url(Trial, "change", second.pk)
    assert curator.get(FRONT, {"identifier": "sepsis"})["Location"] == there


def test_who_may_not_add_is_told_so(viewer: Client) -> None:
    answer = viewer.get(FRONT, {"identifier": "NCT00004978"})
    assert answer.status_code == 200
    assert "NCT00004978 is not here yet, and your duties do not include adding it." in answer.text


def test_a_list_holds_the_trials_without_a_topic(curator: Client) -> None:
    placed, apart = rows.make_trial(1), rows.make_trial(2)
    rows.make_topic().trials.add(placed)
    for trial in (placed, apart):
        trial.conditions.add(Condition.objects.get())
        trial.interventions.add(Intervention.objects.get())
    (address,) = [way for way in set(ways(curator.get(FRONT))) if "topics__isnull" in way]
    answer = curator.get(address)
    assert apart.acronym in answer.text
    assert placed.acronym not in answer.text
