"""A trial's page says what its registry has, and where a paper says otherwise, as far as public."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evidence import vocab
from evidence.models import (
    Publication,
    RegistryRecord,
    Snapshot,
    Trial,
    TrialIdentifier,
    TrialPublication,
)
from tests.models.rows import make
from tests.web import examples
from tests.web.reading import body, words

pytestmark = pytest.mark.django_db
PAGE = "/trials/NCT00004978/"
NOTE = '<div class="note"><p><b>'


@pytest.fixture
def trial() -> Trial:
    return examples.trial(registry_updated="2021-11-05")


def paper(title: str = "The paper", **given: object) -> Publication:
    """Make an accepted paper."""
    return make(Publication, title=title, year=2009, **(examples.accepted() | given))


def record(trial: Trial, value: str = "NCT00004978", **given: object) -> RegistryRecord:
    """Make the record of a trial as it was read."""
    values = {"source": vocab.Source.CTGOV, "value": value, "verdict": vocab.Verdict.GIVES}
    read = {"snapshot": make(Snapshot, value=value)}
    return make(RegistryRecord, trial=trial, publication=None, **(values | read | given))


def never_read(trial: Trial, value: str = "NCT00004978", **given: object) -> RegistryRecord:
    """Make what is kept of a number that its registry was asked for and does not know."""
    unread = {"snapshot": None, "verdict": "", "vanished_on": dt.date(2026, 11, 20)}
    return record(trial, value, **(unread | given))


def second_number(trial: Trial, value: str = "NCT00004737") -> str:
    """Give a trial one more number at ClinicalTrials.gov."""
    TrialIdentifier.objects.create(trial=trial, registry=vocab.Registry.NCT, value=value)
    return value


def test_a_paper_that_says_otherwise_is_set_beside_the_registry(
    client: Client, trial: Trial
) -> None:
    report = paper()
    TrialPublication.objects.create(trial=trial, publication=report, people=4111)
    page = body(client, PAGE)
    said = words(page)
    assert "1 difference between the registry and what was published of this trial" in said
    assert "Registry, last update 5 Nov 2021" in said
    assert "noted here, not judged" in said
    assert "People 4,150 4,111 The paper , 2009" in said
    assert page.count(f'href="/publications/{report.code}/"') == 2


def test_what_agrees_is_said_to_and_nothing_of_what_is_not_entered(
    client: Client, trial: Trial
) -> None:
    tie = TrialPublication.objects.create(trial=trial, publication=paper(), people=4150)
    said = words(body(client, PAGE))
    assert "Registry and paper" not in said
    assert "What its papers say of people (4,150) agrees with the registry." in said
    tie.start, tie.completion = "2000", "2009"
    tie.save()
    said = words(body(client, PAGE))
    assert "say of people (4,150) and start ( Mar 2000 ) agrees with the registry." in said
    assert "say of completion is not compared: the registry does not say it." in said
    tie.people = 4111
    tie.save()
    said = words(body(client, PAGE))
    assert "1 difference" in said
    assert "What its papers say of start ( Mar 2000 ) agrees with the registry." in said


def test_papers_of_which_nothing_is_entered_are_said_not_to_be_compared(
    client: Client, trial: Trial
) -> None:
    silent = "No figures of its papers are entered here, so they are not compared"
    assert silent not in body(client, PAGE)
    review = vocab.PublicationRelation.MENTIONS
    TrialPublication.objects.create(trial=trial, publication=paper(), relation=review)
    assert silent not in body(client, PAGE)
    tie = TrialPublication.objects.create(trial=trial, publication=paper("Another", pmid=6))
    assert silent in body(client, PAGE)
    tie.people = 4150
    tie.save()
    assert silent not in body(client, PAGE)


def test_what_was_not_read_at_the_registry_is_not_called_the_registrys(
    client: Client, trial: Trial
) -> None:
    TrialPublication.objects.create(trial=trial, publication=paper(), people=4111, start="2000")
    trial.checked_on = None
    trial.save()
    said = words(body(client, PAGE))
    assert "1 difference between what stands here and what was published" in said
    assert "What Here As published People 4,150 4,111" in said
    assert "say of start ( Mar 2000 ) agrees with what stands here." in said
    assert "Registry and paper" not in said
    record(trial)
    assert "1 difference between the registry and what was published" in words(body(client, PAGE))


def test_a_paper_that_nobody_accepted_is_not_set_beside(client: Client, trial: Trial) -> None:
    hidden = make(Publication, title="Hidden paper")
    TrialPublication.objects.create(trial=trial, publication=hidden, people=4111)
    page = body(client, PAGE)
    assert "Registry and paper" not in page
    assert "4,111" not in page


def test_a_record_that_is_gone_at_its_registry_is_said_to_be(client: Client, trial: Trial) -> None:
    held = record(trial, checked_on=dt.date(2026, 5, 3))
    assert "any more" not in body(client, PAGE)
    held.vanished_on = dt.date(2026, 6, 4)
    held.save()
    said = words(body(client, PAGE))
    assert "ClinicalTrials.gov does not know NCT00004978 any more , since 4 Jun 2026" in said
    assert "What stands here of it is its last record." in said


def test_a_number_that_was_never_read_and_is_not_there_is_said_to_be_just_that(
    client: Client, trial: Trial
) -> None:
    trial.checked_on = None
    trial.save()
    waits = "This site has not read the registry"
    assert waits in words(body(client, PAGE))
    never_read(trial)
    said = words(body(client, PAGE))
    asked = "ClinicalTrials.gov was asked for NCT00004978 on 20 November 2026 and does not know it."
    assert asked in said
    for untrue in (waits, "any more", "last record", "Records read"):
        assert untrue not in said
    assert "Registry last checked 20 Nov 2026" in said
    second_number(trial)
    assert waits in words(body(client, PAGE))  # of the number that nobody has asked for yet


def test_two_numbers_that_are_gone_stand_in_one_note(client: Client, trial: Trial) -> None:
    gone = dt.date(2026, 11, 20)
    record(trial, vanished_on=gone)
    record(trial, second_number(trial), vanished_on=gone)
    page = body(client, PAGE)
    assert page.count(NOTE) == 1
    said = words(page)
    assert "does not know NCT00004737 and NCT00004978 any more , since 20 Nov 2026" in said
    assert "What stands here of them are their last records." in said
    never_read(trial, second_number(trial, "NCT00004999"))
    page = body(client, PAGE)
    assert page.count(NOTE) == 1
    assert "was asked for NCT00004999 on 20 November 2026" in words(page)


def test_a_number_in_other_letters_leads_to_the_trials_page(client: Client, trial: Trial) -> None:
    TrialIdentifier.objects.create(
        trial=trial, registry=vocab.Registry.ISRCTN, value="ISRCTN12345678"
    )
    for word in ("nct00004978", "Nct00004978", "isrctn12345678", "ISRCTN12345678"):
        answer = client.get(f"/trials/{word}/")
        assert (answer.status_code, answer["Location"]) == (301, PAGE), word
    for word in ("nct00004979", "nct4978", "nct00004978x", "xnct00004978", "esprit"):
        assert client.get(f"/trials/{word}/").status_code == 404, word
    trial.accepted_at = None
    trial.save()
    assert client.get("/trials/nct00004978/").status_code == 404


def test_the_records_that_were_read_are_named_with_the_day_of_their_data(
    client: Client, trial: Trial
) -> None:
    assert "Records read" not in body(client, PAGE)
    record(trial, checked_on=dt.date(2026, 5, 3), reason="A reason for colleagues")
    record(trial, "ISRCTN12345678", source=vocab.Source.ICTRP)
    page = body(client, PAGE)
    said = words(page)
    assert "NCT00004978 at ClinicalTrials.gov, data of 3 May 2026 ; ISRCTN12345678 at WHO" in said
    never_read(trial, "NCT00004999")
    assert words(body(client, PAGE)).count("NCT00004999") == 1  # in the note alone
    assert "A reason for colleagues" not in page


def test_posted_results_are_linked_at_their_registry(client: Client, trial: Trial) -> None:
    address = "https://clinicaltrials.gov/study/NCT00004978?tab=results"
    assert address not in body(client, PAGE)
    trial.results_posted = "2011-04-25"
    trial.save()
    assert address in body(client, PAGE)


def test_papers_and_records_cost_no_query_each(client: Client, trial: Trial) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            body(client, f"{PAGE}?{Publication.objects.count()}")
        return len(caught)

    TrialPublication.objects.create(trial=trial, publication=paper(), people=4111)
    record(trial)
    few = cost()
    for number in range(10):
        more = paper(f"Paper {number}", pmid=5_000_000 + number)
        TrialPublication.objects.create(trial=trial, publication=more, people=number)
        record(trial, f"NCT{number:08}")
    assert cost() == few
