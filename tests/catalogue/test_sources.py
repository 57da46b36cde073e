"""Findings and harm reports are found by their source, their topic and their figures' year."""

from __future__ import annotations

import pytest

from evidence.ledger import derivation
from evidence.models import Publication, Topic, TrialIdentifier, TrialPublication
from tests.catalogue.asked import codes, ids, listing, row, rows
from tests.web import examples

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic() -> Topic:
    made = examples.topic()
    examples.assessment(made)
    derivation.rederive()
    return made


@pytest.fixture
def paper() -> Publication:
    return examples.publication(year=2009, doi="10.1000/ABC", pmcid="PMC1234567")


def test_a_source_is_named_with_its_ids(topic: Topic, paper: Publication) -> None:
    examples.finding(topic, paper, trial=examples.trial())
    found = row("findings")
    assert (found["publication"], found["pmid"], found["doi"]) == (
        paper.code,
        "19828532",
        "10.1000/ABC",
    )
    assert (found["trial"], found["year"], found["topic"]) == ("NCT00004978", "2009", topic.code)
    assert found["standing"] == "current"


def test_posted_results_are_a_source_with_a_year(topic: Topic, paper: Publication) -> None:
    posted = examples.finding(topic, None, trial=examples.trial(), results_posted="2014-06-01")
    printed = examples.finding(topic, paper)
    assert [one["year"] for one in rows("findings", "sort=year")] == ["2009", "2014"]
    assert ids("findings", "year_min=2010") == codes(posted)
    assert ids("findings", "year_max=2010") == codes(printed)
    assert ids("findings", "has_trial=no") == codes(printed)


@pytest.mark.parametrize("name", ["findings", "harms"])
def test_a_row_is_found_by_every_identifier_of_its_source_and_once(
    topic: Topic, paper: Publication, name: str
) -> None:
    study = examples.trial("NCT00000001", acronym="ALPHA")
    TrialIdentifier.objects.create(trial=study, registry="other", value="X-1")
    TrialIdentifier.objects.create(trial=study, registry="ISRCTN", value="ISRCTN00000001")
    made = (
        examples.finding(topic, paper, trial=study)
        if name == "findings"
        else examples.harm(paper, topic=topic, trial=study)
    )
    other = examples.publication(pmid=2)
    examples.finding(topic, other)
    examples.harm(other, topic=topic)
    for word in ("19828532", "10.1000/abc", "pmc1234567", "nct00000001", "x-1", "alpha"):
        assert ids(name, f"q={word}") == codes(made), word


def test_a_topic_gives_the_rows_that_are_read_for_it(topic: Topic, paper: Publication) -> None:
    narrow = examples.condition("Late HIV", "late-hiv", parent=topic.condition)
    below = examples.topic(condition=narrow)
    examples.assessment(below)
    own, lower = examples.finding(topic, paper), examples.finding(below, paper)
    harm = examples.harm(paper, topic=below)
    derivation.rederive()
    assert ids("findings", f"topic={topic.code}") == codes(own, lower)
    assert ids("findings", f"topic={below.code}") == codes(lower)
    assert ids("harms", f"topic={topic.code}") == codes(harm)
    assert ids("harms", f"topic={topic.code}&topic={below.code}") == codes(harm)


def test_the_thing_filters_take_several(topic: Topic, paper: Publication) -> None:
    second, third = examples.publication(pmid=2), examples.publication(pmid=3)
    made = [examples.finding(topic, source) for source in (paper, second, third)]
    query = f"publication={paper.code}&publication={third.code}"
    assert ids("findings", query) == codes(made[0], made[2])
    study = examples.trial()
    held = examples.finding(topic, second, trial=study)
    assert ids("findings", f"trial={study.slug}") == codes(held)
    assert ids("findings", f"trial={study.slug}&{query}") == []


def test_a_harm_without_a_topic_has_no_condition_and_its_own_intervention(
    paper: Publication,
) -> None:
    examples.harm(paper)
    found = row("harms")
    assert (found["topic"], found["condition"], found["condition_slug"]) == ("", "", "")
    assert found["intervention_slug"] == "intermittent-sc"
    assert ids("harms", "intervention=intermittent-sc")
    assert ids("harms", "role=treatment") == []


def test_nothing_reported_is_empty_and_a_printed_nought_is_0(paper: Publication) -> None:
    examples.harm(paper, affected=0, at_risk=None, percent=None)
    found = row("harms")
    assert (found["affected"], found["at_risk"], found["percent"]) == ("0", "", "")


def test_second_lines_name_the_question_and_the_source() -> None:
    given = {
        "intervention": "IL-2",
        "condition": "HIV",
        "trial": None,
        "publication_title": "A paper",
        "year": 2009,
        "analysis": "primary",
    }
    assert listing("findings").second(given) == "IL-2 in HIV · A paper · 2009"
    post_hoc = given | {"analysis": "post-hoc"}
    assert listing("findings").second(post_hoc) == "post hoc · IL-2 in HIV · A paper · 2009"
    given |= {"condition": None, "trial": "NCT00000001", "year": None}
    assert listing("harms").second(given) == "IL-2 · NCT00000001"


def test_posted_results_are_found_by_the_papers_of_their_trial(
    topic: Topic, paper: Publication
) -> None:
    study = examples.trial("NCT00000001")
    TrialPublication.objects.create(trial=study, publication=paper)
    posted = examples.finding(topic, paper, trial=study, publication=None, results_posted="2015-09")
    assert ids("findings", "q=19828532") == codes(posted)
