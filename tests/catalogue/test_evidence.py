"""A topic is found by what it is about and by all that is read for it."""

from __future__ import annotations

import pytest

from evidence.ledger import derivation
from evidence.models import Condition, Publication, Topic
from tests.catalogue.asked import codes, ids, listing, row, rows
from tests.web import examples

pytestmark = pytest.mark.django_db


@pytest.fixture
def wide() -> Condition:
    return examples.condition("Infection", "infection", synonyms="Contagion")


@pytest.fixture
def above(wide: Condition) -> Topic:
    return public(condition=wide)


@pytest.fixture
def below(wide: Condition) -> Topic:
    return public(condition=examples.condition("HIV infection", "hiv-infection", parent=wide))


@pytest.fixture
def apart() -> Topic:
    return public(condition=examples.condition("Melanoma", "melanoma", area="oncology"))


@pytest.fixture
def paper() -> Publication:
    return examples.publication(year=2009)


def public(**given: object) -> Topic:
    topic = examples.topic(**given)
    examples.assessment(topic)
    derivation.rederive()
    return topic


def test_a_condition_finds_narrower_ones(above: Topic, below: Topic, apart: Topic) -> None:
    assert ids("evidence", "condition=infection") == codes(below, above)
    assert ids("evidence", "condition=hiv-infection") == codes(below)
    assert ids("evidence", "area=oncology") == codes(apart)


def test_a_phase_and_a_status_are_of_the_same_trial(above: Topic, below: Topic) -> None:
    third = examples.trial("NCT00000003", recruitment_status="RECRUITING")
    done = examples.trial("NCT00000001", recruitment_status="COMPLETED")
    done.phase_rows.update(phase="PHASE1")
    below.trials.add(done, third)
    derivation.rederive()
    assert ids("evidence", "phase=PHASE1&recruitment_status=COMPLETED") == codes(below, above)
    assert ids("evidence", "phase=PHASE3&recruitment_status=COMPLETED") == []
    assert ids("evidence", "phase=PHASE1&phase=PHASE3&recruitment_status=RECRUITING")
    assert ids("evidence", "phase=PHASE1") == ids("evidence", "phase=PHASE3") == codes(below, above)


def test_both_years_are_of_the_same_finding(below: Topic, paper: Publication) -> None:
    examples.finding(below, paper)
    examples.finding(below, examples.publication(pmid=2, year=1999))
    derivation.rederive()
    assert ids("evidence", "year_min=2009&year_max=2009") == codes(below)
    assert ids("evidence", "year_min=2000&year_max=2008") == []
    assert ids("evidence", "year_max=1999") == ids("evidence", "year_min=2009") == codes(below)


def test_posted_results_have_the_year_of_their_posting(below: Topic) -> None:
    study = examples.trial()
    examples.finding(below, None, trial=study, results_posted="2014-06")
    derivation.rederive()
    assert ids("evidence", "year_min=2014&year_max=2014") == codes(below)
    assert ids("evidence", "year_min=2015") == []


def test_harms_of_narrower_conditions_are_a_wider_topics_too(
    above: Topic, below: Topic, apart: Topic, paper: Publication
) -> None:
    examples.harm(paper, topic=below)
    examples.harm(paper)  # stands on its intervention alone
    derivation.rederive()
    assert ids("evidence", "adverse_effect=capillary-leak-syndrome") == codes(below, above)
    assert ids("evidence", "has_harm=no") == codes(apart)
    found = {one["id"]: one for one in rows("evidence")}
    assert found[above.code]["adverse_effects"] == "Capillary leak syndrome"
    assert found[above.code]["harms"] == "1"
    assert found[apart.code]["adverse_effects"] == ""


def test_what_is_read_for_it_is_counted_and_named(
    above: Topic, below: Topic, paper: Publication
) -> None:
    study = examples.trial()
    below.trials.add(study)
    examples.finding(below, paper, trial=study)
    examples.finding(below, examples.publication(pmid=77, year=2001))
    derivation.rederive()
    assert set(ids("evidence")) == {*codes(above, below)}
    for one in rows("evidence"):
        assert (one["findings"], one["studies"], one["trials"]) == ("2", "2", "1")
        assert (one["publications"], one["pmids"]) == ("2", "77; 19828532")


def test_it_is_found_by_words_of_its_terms_findings_papers_and_trials(
    above: Topic, below: Topic, apart: Topic, paper: Publication
) -> None:
    study = examples.trial("NCT00000001")
    examples.finding(apart, paper, trial=study, statement="Xylophones were heard.")
    examples.harm(paper, topic=apart)
    derivation.rederive()
    assert ids("evidence", "q=contagion") == codes(below, above)
    assert ids("evidence", "q=capillary+leak") == codes(apart)
    assert ids("evidence", "q=xylophones") == codes(apart)
    assert ids("evidence", "q=19828532") == codes(apart)
    assert ids("evidence", "q=nct00000001") == codes(apart)
    assert ids("evidence", "q=melanoma+xylophones") == codes(apart)
    assert ids("evidence", "q=contagion+xylophones") == []


def test_an_approval_is_of_this_very_use(below: Topic, apart: Topic) -> None:
    Topic.objects.filter(pk=below.pk).update(approved=True)
    assert ids("evidence", "approval=yes") == codes(below)
    assert ids("evidence", "approval=no") == codes(apart)
    assert {one["id"]: one["approval"] for one in rows("evidence")} == {
        below.code: "yes",
        apart.code: "no",
    }


def test_first_published_stays_and_last_reviewed_is_empty_until_someone_does(
    below: Topic,
) -> None:
    old = below.assessments.get()
    type(old).objects.filter(pk=old.pk).update(
        state="superseded", published_at="2020-02-03T00:00:00Z"
    )
    author, reviewer = examples.person("author"), examples.person("reviewer")
    examples.assessment(
        below,
        record=old.record,
        number=2,
        origin="curator",
        author=author,
        reviewer=reviewer,
        reviewed_at="2026-05-06T07:08:09Z",
        published_at="2026-05-06T07:08:09Z",
    )
    found = row("evidence")
    assert (found["first_published"], found["last_reviewed"]) == ("2020-02-03", "2026-05-06")
    assert ids("evidence", "reviewed=yes") == codes(below)


def test_the_second_line_says_what_and_in_whom() -> None:
    second = listing("evidence").second
    given = {"intervention": "Aldesleukin", "population": "adult"}
    assert second({**given, "role": "treatment"}) == "Aldesleukin · adults"
    assert second({**given, "role": "biomarker"}) == "Aldesleukin · biomarker · adults"
