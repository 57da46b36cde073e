"""Another paper that shares a number or a page with one held here is never written over it."""

from __future__ import annotations

from typing import Any

import pytest

from evidence.ledger import version
from evidence.models import Drift, Publication, RegistryRecord
from evidence.registries import crossref
from evidence.sync import drifts, inbox_publications
from evidence.sync.tally import Counts
from tests.models.rows import someone
from tests.registries.papers import work
from tests.sync.literature import PMID, bring_in, edit, known, paper, reference, the_one
from tests.sync.registry import held
from tests.sync.test_inbox import allowed
from tests.web import examples

pytestmark = pytest.mark.django_db

DOI = "10.5555/Made.Up"


# --- Numbers that contradict one another ----------------------------------------------------------


def test_another_article_with_the_same_doi_is_a_fault_and_writes_nothing() -> None:
    ours = examples.publication(PMID, doi=DOI)
    version.bump()
    before = held()
    assert bring_in(paper(2, doi=DOI.lower(), title="Another.")) == (
        Counts(failed=1),
        [
            (
                f"PMID 2: It gives the DOI of P{ours.pk}, which has PMID {PMID}, not 2: shared "
                "DOIs occur, and wrong ones; look at both."
            )
        ],
    )
    assert held() == before


def test_two_articles_of_one_file_with_one_doi_do_not_become_one() -> None:
    counts, faults = bring_in(paper(1, doi=DOI, title="One."), paper(2, doi=DOI, title="Two."))
    assert counts == Counts(created=1, failed=1)
    assert [fault.partition(":")[0] for fault in faults] == ["PMID 2"]
    assert (the_one().pmid, the_one().title) == (1, "One")


@pytest.mark.parametrize(
    ("ours", "theirs", "told"),
    [
        (
            {"doi": "10.5555/ours"},
            {"doi": "10.5555/theirs"},
            "DOI 10.5555/ours, not 10.5555/theirs",
        ),
        ({"pmcid": "PMC1111"}, {"pmc": "PMC2222"}, "PMCID PMC1111, not PMC2222"),
    ],
)
def test_the_same_pmid_with_another_number_is_a_fault(
    ours: dict[str, str], theirs: dict[str, str], told: str
) -> None:
    examples.publication(PMID, **ours)
    version.bump()
    before = held()
    counts, (fault,) = bring_in(paper(title="Another.", **theirs))
    assert counts == Counts(failed=1)
    assert told in fault
    assert held() == before


def test_a_citation_file_cannot_give_a_known_doi_to_another_article() -> None:
    known(doi=DOI)
    assert bring_in(reference(more=f"DO  - {DOI}\nAN  - PMID: 2\n"))[0] == Counts(failed=1)
    assert bring_in(reference(more=f"AN  - PMID: {PMID}\n"))[0] == Counts(changed=1)
    wrong = reference("Junk", more=f"AN  - PMID: {PMID}\nDO  - 10.5555/junk\n")
    assert bring_in(wrong)[0] == Counts(failed=1)
    assert (the_one().doi, the_one().title) == (DOI, "Interleukin 2 in made-up fever")


def test_a_doi_in_other_letters_is_no_other_doi() -> None:
    examples.publication(PMID, doi=DOI)
    assert bring_in(paper(doi=DOI.upper())) == (Counts(changed=1), [])
    assert the_one().doi == DOI


def test_a_number_that_its_source_puts_right_waits_for_a_person() -> None:
    made = known(doi="10.5555/wrong")
    assert bring_in(paper(doi="10.5555/right", title="New.")) == (Counts(changed=1), [])
    made.refresh_from_db()
    assert (made.doi, made.title) == ("10.5555/wrong", "New")
    card = Drift.objects.get()
    assert (card.field, card.after, card.applied) == ("doi", "10.5555/right", False)
    drifts.accept([card], by=allowed("decider"))
    made.refresh_from_db()
    assert made.doi == "10.5555/right"


def test_what_still_waits_follows_the_number_that_its_source_puts_right() -> None:
    bring_in(paper(doi="10.5555/wrong"))
    bring_in(paper(doi="10.5555/right"))
    assert the_one().doi == "10.5555/right"


def test_two_articles_that_a_person_joined_stay_one_and_keep_their_number() -> None:
    made = known()
    bring_in(paper(2))
    inbox_publications.join_publication(
        Publication.objects.get(pmid=2), into=made, by=allowed("joiner")
    )
    assert bring_in(paper(2, volume="13")) == (Counts(changed=1), [])
    assert the_one().pmid == PMID


def test_a_citation_file_that_a_person_joined_may_say_its_number_again() -> None:
    made = known(doi=DOI)
    bring_in(reference(more="DO  - 10.5555/preprint\n"))
    inbox_publications.join_publication(
        Publication.objects.get(pmid=None), into=made, by=allowed("joiner")
    )
    again = reference(more="DO  - 10.5555/preprint\nVL  - 3\n")
    assert bring_in(again) == (Counts(changed=1), [])
    assert the_one().doi == DOI


# --- References without a number ------------------------------------------------------------------


def test_two_references_of_one_page_without_numbers_are_two_texts() -> None:
    counts, faults = bring_in(reference("One letter"), reference("Another letter"))
    assert counts == Counts(created=1, failed=1)
    assert faults == [
        (
            "“Another letter”: Another text, “One letter”, has the same journal, year and first "
            "page and no number either: give this one a PMID, a DOI or a PMCID."
        )
    ]
    assert the_one().title == "One letter"


def test_another_text_of_the_page_is_told_of_where_the_first_was_turned_down() -> None:
    bring_in(reference("One letter"))
    the_one().delete()
    assert bring_in(reference("One letter.", more="VL  - 3\n"))[0] == Counts(left_out=1)
    assert bring_in(reference("Another letter"))[0] == Counts(failed=1)


def test_a_title_in_other_letters_and_points_is_the_same_text() -> None:
    bring_in(reference("IL-2 in fièvre: a letter"))
    assert bring_in(reference("IL 2 in Fievre - A Letter", more="VL  - 3\n"))[0].changed == 1
    assert RegistryRecord.objects.count() == 1
    assert the_one().volume == "3"


# --- What a person emptied ------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["doi", "volume", "year", "authors"])
def test_what_a_person_emptied_is_not_filled_but_waits_for_her(name: str) -> None:
    made = known(doi="" if name == "doi" else DOI)
    RegistryRecord.objects.all().delete()
    if name == "doi":
        edit(made, doi=DOI)
    told: dict[str, Any] = {"year": None}
    edit(made, **{name: told.get(name, "")})
    bring_in(paper(doi=DOI))
    made.refresh_from_db()
    assert not getattr(made, name)
    (card,) = Drift.objects.all()
    assert (card.field, card.ours, card.applied) == (name, "", False)


def test_what_a_source_says_only_after_a_person_emptied_it_waits_too() -> None:
    made = known(volume="")
    edit(made, volume="12")
    edit(made, volume="")
    bring_in(paper(volume="13"))
    made.refresh_from_db()
    assert made.volume == ""
    assert Drift.objects.get().after == "13"


def test_another_source_does_not_fill_what_a_person_emptied() -> None:
    made = known(doi=DOI)
    edit(made, volume="")
    bring_in(crossref.payload(work(DOI, volume="12")))
    made.refresh_from_db()
    assert made.volume == ""
    (card,) = Drift.objects.all()
    drifts.keep([card], by=allowed("keeper"), reason="The paper has no volume.")
    bring_in(crossref.payload(work(DOI, volume="12", title=["More"])))
    made.refresh_from_db()
    assert made.volume == ""
    assert not Drift.objects.filter(decided_at=None).exists()


def test_what_nobody_ever_filled_is_filled() -> None:
    typed = examples.publication(PMID, origin="curator", accepted_by=someone())
    edit(typed, title="Hers")
    bring_in(paper(doi=DOI))
    typed.refresh_from_db()
    assert (typed.doi, typed.volume) == (DOI, "12")
