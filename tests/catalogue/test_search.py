"""The search over everything: where identifiers lead, what is said of those not held, and gates."""

from __future__ import annotations

import html
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evidence import vocab
from evidence.catalogue import CATALOGUE, meant
from evidence.catalogue.results import SEARCHED
from evidence.catalogue.search import BEST, find
from evidence.ledger import index, version
from evidence.models import (
    AdverseEffect,
    Condition,
    Consideration,
    Finding,
    HarmReport,
    Publication,
    Topic,
    Trial,
    TrialIdentifier,
)
from tests.benchmarks import world
from tests.models.rows import make, someone
from tests.web import examples

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic() -> Topic:
    """One topic with its finding, harm report, trial and paper, all that the search holds."""
    question = examples.world()
    index.rebuild()
    version.bump()
    return question


def totals(text: str) -> dict[str, int]:
    return {group.kind: group.total for group in find(text).groups if group.total}


def bare(text: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", text))


def test_what_can_be_searched_is_what_the_index_holds_each_with_its_listing() -> None:
    assert tuple(SEARCHED) == index.KINDS
    assert all(one.listing in CATALOGUE for one in SEARCHED.values())


def test_a_word_is_found_in_every_kind_that_holds_it(topic: Topic) -> None:
    assert totals("HIV") == {
        "topic": 1,
        "condition": 1,
        "trial": 1,
        "publication": 1,
        "finding": 2,
        "harm": 1,
    }


def test_a_result_is_named_as_its_own_page_names_it(topic: Topic, client: Client) -> None:
    named = {}
    for text in ("HIV", "intermittent", "capillary leak"):
        for group in find(text).groups:
            named |= {result.path: bare(result.title) for result in group.results}
    assert len(named) == 9
    for path, title in named.items():
        page = client.get(path).content.decode()
        heading = bare(re.findall(r"<title>(.*?) · il2tracker</title>", page)[0])
        assert heading == title, path


def test_the_best_are_shown_and_all_are_counted() -> None:
    world.fill(topics=30, findings=40)
    index.rebuild()
    for group in find("count").groups:
        assert len(group.results) == min(BEST, group.total)
        assert len({result.path for result in group.results}) == len(group.results)
    assert totals("count")["finding"] > BEST


def test_one_row_takes_as_many_queries_as_fifty(topic: Topic) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert len(totals("il-2")) >= 6
        return len(captured)

    find("il-2")
    few = asked()
    for number in range(20):
        paper = examples.publication(1000 + number)
        examples.finding(topic, paper)
        examples.harm(paper, topic=topic)
        examples.trial(f"NCT1000{number:04}", title="A trial of IL-2", acronym="")
    index.rebuild()
    version.bump()
    find("il-2")
    # Of so few, a word may be misspelt: one more, for the version of the known words.
    assert asked() == few - 1


LEADS = (
    ("T{topic}", "/evidence/T{topic}/"),
    ("t{topic}", "/evidence/T{topic}/"),
    (" T{topic}. ", "/evidence/T{topic}/"),
    ("F{finding}", "/findings/F{finding}/"),
    ("H{harm}", "/harms/H{harm}/"),
    ("P{publication}", "/publications/P{publication}/"),
    ("C{consideration}", "/publications/P{publication}/#C{consideration}"),
    ("NCT00004978", "/trials/NCT00004978/"),
    ("nct00004978", "/trials/NCT00004978/"),
    ("NCT 00004978", "/trials/NCT00004978/"),
    ("(NCT00004978)", "/trials/NCT00004978/"),
    ("ISRCTN40319192", "/trials/NCT00004978/"),
    ("isrctn40319192", "/trials/NCT00004978/"),
    ("2004-000563-29", "/trials/NCT00004978/"),
    ("EudraCT 2004-000563-29", "/trials/NCT00004978/"),
    ("EudraCT number: 2004-000563-29", "/trials/NCT00004978/"),
    ("EUCTR2004-000563-29-GB", "/trials/NCT00004978/"),
    ("2023-508923-10-00", "/trials/NCT00004978/"),
    ("ChiCTR2000012345", "/trials/NCT00004978/"),
    ("chictr2000012345", "/trials/NCT00004978/"),
    ("ESPRIT 001", "/trials/NCT00004978/"),
    ("19828532", "/publications/P{publication}/"),
    ("PMID 19828532", "/publications/P{publication}/"),
    ("PMID: 19828532", "/publications/P{publication}/"),
    ("pmid:19828532", "/publications/P{publication}/"),
    ("10.1056/NEJMoa0903175", "/publications/P{publication}/"),
    ("10.1056/nejmoa0903175", "/publications/P{publication}/"),
    ("doi:10.1056/NEJMoa0903175", "/publications/P{publication}/"),
    ("doi: 10.1056/NEJMoa0903175.", "/publications/P{publication}/"),
    ("https://doi.org/10.1056/NEJMoa0903175", "/publications/P{publication}/"),
    ("doi.org/10.1056/NEJMoa0903175", "/publications/P{publication}/"),
    ("pubmed.ncbi.nlm.nih.gov/19828532", "/publications/P{publication}/"),
    ("clinicaltrials.gov/study/NCT00004978", "/trials/NCT00004978/"),
    ("http://dx.doi.org/10.1056%2FNEJMoa0903175", "/publications/P{publication}/"),
    ("https://www.nejm.org/doi/full/10.1056/NEJMoa0903175", "/publications/P{publication}/"),
    ("https://x.example/doi/10.1056/NEJMoa0903175/full", "/publications/P{publication}/"),
    ("PMC2869083", "/publications/P{publication}/"),
    ("pmcid: PMC2869083", "/publications/P{publication}/"),
    ("https://pmc.ncbi.nlm.nih.gov/articles/PMC2869083/", "/publications/P{publication}/"),
    ("https://pubmed.ncbi.nlm.nih.gov/19828532/", "/publications/P{publication}/"),
    ("https://www.ncbi.nlm.nih.gov/pubmed/19828532", "/publications/P{publication}/"),
    ("https://europepmc.org/article/MED/19828532", "/publications/P{publication}/"),
    ("https://clinicaltrials.gov/study/NCT00004978?tab=table", "/trials/NCT00004978/"),
    ("https://clinicaltrials.gov/ct2/show/nct00004978", "/trials/NCT00004978/"),
    ("www.isrctn.com/ISRCTN40319192", "/trials/NCT00004978/"),
    (
        "https://www.clinicaltrialsregister.eu/ctr-search/search?query=2004-000563-29",
        "/trials/NCT00004978/",
    ),
    ("https://il2tracker.example/evidence/T{topic}/", "/evidence/T{topic}/"),
    ("https://il2tracker.example/findings/F{finding}/history/", "/findings/F{finding}/"),
    ("https://il2tracker.example/conditions/hiv-infection/", "/conditions/hiv-infection/"),
    ("/trials/NCT00004978/", "/trials/NCT00004978/"),
)


def test_an_identifier_alone_leads_to_its_thing(topic: Topic, settings: object) -> None:
    settings.IL2TRACKER_BASE_URL = "https://il2tracker.example"  # type: ignore[attr-defined]
    trial = Trial.objects.get()
    for registry, value in (
        (vocab.Registry.ISRCTN, "ISRCTN40319192"),
        (vocab.Registry.EUCTR, "2004-000563-29"),
        (vocab.Registry.CTIS, "2023-508923-10"),
        (vocab.Registry.CHICTR, "ChiCTR2000012345"),
        (vocab.Registry.OTHER, "ESPRIT 001"),
    ):
        TrialIdentifier.objects.create(trial=trial, registry=registry, value=value)
    Publication.objects.update(doi="10.1056/NEJMoa0903175", pmcid="PMC2869083")
    numbers = {
        "topic": topic.pk,
        "finding": Finding.objects.earliest("pk").record_id,
        "harm": HarmReport.objects.get().record_id,
        "publication": Publication.objects.get().pk,
        "consideration": Consideration.objects.get().record_id,
    }
    for text, path in LEADS:
        asked = text.format(**numbers)
        assert find(asked).jump == path.format(**numbers), asked


NOT_HELD = (
    ("NCT09999999", "We hold no trial NCT09999999."),
    ("nct09999999", "We hold no trial NCT09999999."),
    ("https://clinicaltrials.gov/study/NCT09999999", "We hold no trial NCT09999999."),
    ("ISRCTN99999999", "We hold no trial ISRCTN99999999."),
    ("2099-999999-99", "We hold no trial 2099-999999-99."),
    ("PMID 99999999", "We hold no publication with the PMID 99999999."),
    ("99999999", "We hold no publication with the PMID 99999999."),
    ("10.1000/none", "We hold no publication with the DOI 10.1000/none."),
    ("PMC9999999", "We hold no publication with the PMCID PMC9999999."),
    ("doi.org/10.1000/none", "We hold no publication with the DOI 10.1000/none."),
    ("NCT0999999", "An NCT number has eight digits; NCT0999999 has 7."),
    ("nct 099999999", "An NCT number has eight digits; NCT099999999 has 9."),
    ("T999999999", "We hold no topic T999999999."),
    ("H999999999999999999", "We hold no harm report H999999999999999999."),
    ("C999999", "We hold no consideration C999999."),
)


def test_an_identifier_that_is_not_held_is_said_so(topic: Topic) -> None:
    for text, said in NOT_HELD:
        answer = find(text)
        assert (answer.jump, answer.missing, answer.meant) == ("", said, ""), text


def test_a_trial_whose_zeros_were_left_out_is_named(topic: Topic) -> None:
    examples.trial("NCT00123456", title="A trial of IL-2", acronym="")
    said = "An NCT number has eight digits; NCT123456 has 6. We hold NCT00123456."
    assert find("NCT123456").missing == said


def test_a_term_that_is_named_in_full_is_the_best_match(topic: Topic) -> None:
    for text in ("capillary leak syndrome", "Vascular leak syndrome"):
        AdverseEffect.objects.update(synonyms="Vascular leak syndrome")
        assert [(kind, one.path) for kind, one in find(text).best] == [
            ("adverse effect", "/adverse-effects/capillary-leak-syndrome/")
        ]
    assert find("syndrome").best == ()
    assert find("HIV infection capillary").best == ()


def test_what_finds_far_more_than_a_misspelt_word_is_offered_beside_its_results(
    topic: Topic,
) -> None:
    make(Condition, name="Psoriasis", slug="psoriasis")
    finding = Finding.objects.earliest("pk")
    Finding.objects.filter(pk=finding.pk).update(statement="Not of psoriazis.")
    for number in range(6):
        examples.publication(2000 + number, title="Of psoriasis")
    index.rebuild()
    version.bump()
    answer = find("psoriazis")
    # The finding, and its topic.
    assert (answer.total, answer.near, answer.meant) == (2, "psoriasis", "")
    assert find("psoriasis").near == ""
    Publication.objects.filter(pmid__gte=2000).update(accepted_at=None)
    version.bump()
    # Of the condition alone there is no more than of what was typed.
    assert find("psoriazis").near == ""


def test_what_is_no_identifier_is_looked_for_as_words(topic: Topic) -> None:
    for text in ("p53", "c3", "CD4", "12", "2009", "NCT", "T", "https://[", "https://x.org/", "/"):
        answer = find(text)
        assert (answer.jump, answer.missing) == ("", ""), text


@pytest.mark.parametrize("state", [vocab.State.DRAFT, vocab.State.IN_REVIEW])
def test_nothing_leads_to_what_only_a_draft_holds(state: str, topic: Topic) -> None:
    draft = make(Finding, topic=topic, outcome="Xyzzyvirus", statement="Xyzzyvirus was seen.")
    if state == vocab.State.IN_REVIEW:
        draft.state = state
        draft.author = draft.last_editor = draft.submitted_by = someone()
        draft.submitted_at = timezone.now()
        draft.save()
    paper = make(Publication, title="Of the xyzzyvirus", pmid=7654321, accepted_at=None)
    index.rebuild()
    version.bump()
    for text in (draft.code, "7654321", paper.code):
        assert find(text).jump == ""
        assert find(text).missing
    for text in ("xyzzyvirus", "xyzzyvirsu", "xyzzy", "xyzzyvir"):
        answer = find(text)
        assert (answer.total, answer.meant) == (0, "")


def test_a_withdrawn_record_leads_to_the_page_that_says_so(topic: Topic, client: Client) -> None:
    proposer, confirmer = someone(), someone()
    found = Finding.objects.earliest("pk")
    now = found.published_at
    Finding.objects.filter(pk=found.pk).update(
        state=vocab.State.WITHDRAWN,
        withdrawal_proposed_by=proposer,
        withdrawal_proposed_at=now,
        withdrawal_reason="It was read wrongly.",
        withdrawn_by=confirmer,
        withdrawn_at=now,
    )
    path = find(found.code).jump
    assert path == f"/findings/{found.code}/"
    assert client.get(path).status_code == 410


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("HIB infection", "HIV infection"),
        ("capilary leak", "capillary leak"),
        ("Capilary leak", "Capillary leak"),
        ("hiv infektion", "hiv infection"),
        ("hvi", "HIV"),
    ],
)
def test_what_was_probably_meant_is_shown_with_its_results(
    text: str, said: str, topic: Topic
) -> None:
    answer = find(text)
    assert answer.meant == said
    assert answer.groups == find(answer.meant).groups
    assert answer.total


@pytest.mark.parametrize("text", ["HIV -infektion", "zzzzzzzz", "HIV psoriasis", "qqq 12"])
def test_nothing_is_guessed_where_nothing_is_near_or_every_word_is_known(
    text: str, topic: Topic
) -> None:
    make(Condition, name="Psoriasis", slug="psoriasis")
    index.rebuild()
    version.bump()
    assert find(text).meant == ""


def test_the_known_words_are_read_once_for_a_data_version(topic: Topic) -> None:
    token = version.current().token
    first = meant.vocabulary(token)
    assert meant.vocabulary(token) is first
    make(Condition, name="Leishmaniasis", slug="leishmaniasis")
    version.bump()
    assert "leishmaniasis" in meant.vocabulary(version.current().token).words
    assert "leishmaniasis" not in first.words
    assert meant.vocabulary("") is not meant.vocabulary("")


@pytest.mark.parametrize(
    ("one", "other", "faults"),
    [
        ("lupus", "lupus", 0),
        ("lupis", "lupus", 1),
        ("luups", "lupus", 1),
        ("upus", "lupus", 1),
        ("lupuss", "lupus", 1),
        ("melenome", "melanoma", 2),
        ("psoriasis", "tuberculosis", 4),
    ],
)
def test_faults_are_counted_up_to_a_bound(one: str, other: str, faults: int) -> None:
    assert meant.faults_between(one, other, most=3) == faults
    assert meant.faults_between(other, one, most=3) == faults
