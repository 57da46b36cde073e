"""Publications that come in wait for a person; what is here already is never written over one."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from evidence.ledger import derivation, version
from evidence.models import (
    DataVersion,
    Drift,
    Finding,
    Publication,
    RegistryRecord,
    Snapshot,
    Topic,
)
from evidence.registries import crossref, literature, ris
from evidence.registries.files import publication_payloads
from evidence.registries.records import Payload, Unreadable
from evidence.sync import publications
from evidence.sync.tally import Counts
from tests.models.rows import someone
from tests.registries.papers import work
from tests.sync.literature import PMID, bring_in, edit, known, paper, reference, the_one
from tests.sync.registry import held
from tests.web import examples

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 11, 20)


def number_of(topic: Topic) -> int:
    """The PMID of the publication of a topic's first finding."""
    (number,) = Finding.objects.filter(topic=topic).values_list("publication__pmid")[0]
    assert number is not None
    return number


# --- New ones -------------------------------------------------------------------------------------


def test_a_new_publication_waits_for_a_person_as_its_source_has_it() -> None:
    counts, faults = bring_in(paper(doi="10.5555/Made.Up", pmc="PMC123456"), checked_on=DAY)
    assert (counts, faults) == (Counts(created=1), [])
    made = the_one()
    assert (made.origin, made.accepted_at, made.standing) == ("import", None, "current")
    assert (made.title, made.kind) == ("Interleukin 2 in made-up fever", "trial-report")
    assert made.author_list == ["Vireo AB", "Finch Study Group"]
    assert (made.container, made.year, made.volume, made.first_page) == (
        *("J Made Up Med", 2012, "12"),
        "107",
    )
    assert (made.pmid, made.doi, made.pmcid) == (PMID, "10.5555/Made.Up", "PMC123456")
    record = RegistryRecord.objects.get()
    assert (record.source, record.value, record.publication) == ("pubmed", str(PMID), made)
    assert (record.checked_on, record.reader) == (DAY, literature.READER)
    assert record.snapshot is not None
    assert "Hospital" not in record.snapshot.payload


def test_brought_in_again_it_writes_nothing() -> None:
    several = [paper(), reference(), crossref.payload(work())]
    bring_in(*several)
    before = held()
    assert bring_in(*several) == (Counts(same=3), [])
    assert held() == before


def test_a_dry_run_counts_and_writes_nothing() -> None:
    version.bump()
    before = held()
    assert bring_in(paper(), paper(2), dry_run=True) == (Counts(created=2), [])
    assert held() == before


def test_one_publication_from_three_sources_is_one() -> None:
    counts, _ = bring_in(
        paper(doi="10.5555/Made.Up"),
        crossref.payload(work("10.5555/made.up")),
        reference(more="DO  - https://doi.org/10.5555/MADE.UP\n"),
    )
    assert counts == Counts(created=1, changed=2)
    assert the_one().doi == "10.5555/Made.Up"
    assert the_one().container == "J Made Up Med"
    assert RegistryRecord.objects.filter(publication=the_one()).count() == 3
    assert not Drift.objects.exists()


def test_what_a_person_turned_down_or_deleted_is_not_brought_in_again() -> None:
    bring_in(paper(doi="10.5555/made.up"))
    the_one().delete()
    assert bring_in(paper(title="A new title.", doi="10.5555/made.up"))[0] == Counts(left_out=1)


def test_what_a_person_turned_down_is_left_out_under_its_other_numbers_too() -> None:
    bring_in(crossref.payload(work("10.5555/made.up")))
    the_one().delete()
    assert bring_in(paper(doi="10.5555/Made.Up"))[0] == Counts(left_out=1)
    assert not Publication.objects.exists()


def test_a_person_may_take_in_after_all_what_was_left_out() -> None:
    bring_in(paper())
    the_one().delete()
    row = RegistryRecord.objects.get()
    made = publications.make_publication(row, literature.read("pubmed", paper().data))
    assert (made.pmid, made.accepted_at) == (PMID, None)
    row.refresh_from_db()
    assert row.publication == made


def test_what_cannot_be_a_publication_here_says_why() -> None:
    known(doi="10.5555/made.up")
    row = RegistryRecord(source="crossref", value="10.5555/made.up")
    with pytest.raises(Unreadable, match="A publication with this DOI exists already"):
        publications.make_publication(row, crossref.read(work("10.5555/Made.Up")))


def test_a_retracted_one_comes_in_as_retracted() -> None:
    notice = ("RetractionIn", 22222222, "J Made Up Med. 2014 May 1;14(5):3.")
    bring_in(paper(corrections=(notice,)))
    assert the_one().standing == "retracted"
    assert the_one().standing_note == (
        "Retracted, as PubMed says (notice PMID 22222222, 2014-05-01)."
    )


# --- Known ones -----------------------------------------------------------------------------------


def test_what_nobody_corrected_follows_its_source_and_what_is_empty_is_filled() -> None:
    made = known()
    assert bring_in(paper(title="A corrected title.", doi="10.5555/new"))[0] == Counts(changed=1)
    made.refresh_from_db()
    assert (made.title, made.doi) == ("A corrected title", "10.5555/new")
    assert not Drift.objects.exists()


def test_what_a_person_corrected_is_left_and_a_change_of_it_waits_for_her() -> None:
    made = known()
    edit(made, title="As the paper itself prints it")
    assert bring_in(paper(title="Another title.", volume="13"))[0] == Counts(changed=1)
    made.refresh_from_db()
    assert (made.title, made.volume) == ("As the paper itself prints it", "13")
    drift = Drift.objects.get()
    assert (drift.field, drift.publication, drift.applied) == ("title", made, False)
    assert (drift.ours, drift.before, drift.after) == (
        "As the paper itself prints it",
        "Interleukin 2 in made-up fever",
        "Another title",
    )


def test_the_card_closes_when_the_source_comes_round() -> None:
    made = known()
    edit(made, title="Right")
    bring_in(paper(title="Wrong."))
    assert Drift.objects.count() == 1
    bring_in(paper(title="Right.", revised="2021-01-01"))
    assert not Drift.objects.exists()


def test_on_meeting_what_a_person_wrote_is_left_and_the_starter_evidence_is_not() -> None:
    typed = examples.publication(1, origin="curator", title="Hers", **_by(someone()))
    loaded = examples.publication(2, title="In our words")
    bring_in(paper(1), paper(2))
    typed.refresh_from_db()
    loaded.refresh_from_db()
    assert (typed.title, typed.authors) == ("Hers", "First A\nSecond B")
    assert loaded.title == "Interleukin 2 in made-up fever"
    assert {*Drift.objects.values_list("publication", flat=True)} == {typed.pk}


def _by(person: Any) -> dict[str, Any]:
    return {"accepted_by": person}


def test_a_title_that_differs_in_its_capitals_alone_is_no_difference_to_a_person() -> None:
    typed = examples.publication(1, origin="curator", **_by(someone()))
    edit(typed, title="INTERLEUKIN-2 in made up fever")
    bring_in(paper(1))
    assert "title" not in Drift.objects.values_list("field", flat=True)


def test_other_sources_only_fill_what_is_empty_beside_pubmed() -> None:
    made = known(doi="10.5555/made.up", volume="")
    bring_in(crossref.payload(work("10.5555/made.up", title=["ANOTHER TITLE"])))
    bring_in(crossref.payload(work("10.5555/made.up", title=["YET ANOTHER"])))
    made.refresh_from_db()
    assert (made.title, made.volume) == ("Interleukin 2 in made-up fever", "12")
    assert not Drift.objects.exists()


def test_what_a_source_does_not_say_takes_nothing_away() -> None:
    made = known(doi="10.5555/made.up")
    bring_in(paper(doi="", authors="", pages=""))
    made.refresh_from_db()
    assert made.doi == "10.5555/made.up"
    assert (len(made.author_list), made.first_page) == (2, "107")


def test_a_kind_is_never_changed() -> None:
    made = known()
    edit(made, kind="pooled-analysis")
    bring_in(paper(types=("Review",), title="New."))
    made.refresh_from_db()
    assert made.kind == "pooled-analysis"


def test_an_old_file_does_not_bring_back_what_its_source_has_changed() -> None:
    old, new = paper(title="Old."), paper(title="New.", revised="2021-01-02")
    bring_in(old)
    bring_in(new)
    assert bring_in(old)[0] == Counts(same=1)
    assert bring_in(paper(title="Older still.", revised="2018-01-02"))[0] == Counts(same=1)
    assert the_one().title == "New"


def test_readers_see_the_change_and_the_data_version_moves() -> None:
    number = number_of(examples.world())
    derivation.rederive()
    before = version.current().number
    bring_in(paper(number, title="A new title."))
    assert Publication.objects.get(pmid=number).title == "A new title"
    assert version.current().number > before


def test_what_nobody_has_accepted_moves_no_version() -> None:
    bring_in(paper())
    before = DataVersion.objects.values().first()
    bring_in(paper(title="A new title."))
    assert DataVersion.objects.values().first() == before


def test_a_retraction_in_a_payload_takes_the_paper_out_of_the_rule() -> None:
    topic = examples.world()
    derivation.rederive()
    topic.refresh_from_db()
    assert topic.rule == "V2"
    bring_in(paper(number_of(topic), corrections=(("RetractionIn", 3, "There"),)))
    topic.refresh_from_db()
    assert topic.rule != "V2"


def test_a_retraction_taken_back_before_anybody_looked_waits_for_a_person() -> None:
    made = known()
    bring_in(paper(corrections=(("RetractionIn", 3, "There"),)))
    bring_in(paper(revised="2021-01-02"))
    made.refresh_from_db()
    assert made.standing == "retracted"
    card = Drift.objects.get()
    assert (card.ours, card.after, card.applied) == ("retracted", "current", False)


# --- What goes wrong ------------------------------------------------------------------------------


def test_a_record_of_two_of_ours_is_a_fault_and_the_others_come_in() -> None:
    first = examples.publication(1)
    second = examples.publication(2, doi="10.5555/two")
    counts, faults = bring_in(paper(1, doi="10.5555/TWO"), paper(3))
    assert counts == Counts(created=1, failed=1)
    (fault,) = faults
    assert fault == (
        f"PMID 1: It gives numbers of two of ours, P{first.pk} (by its PMID) and P{second.pk} (by "
        "its DOI): look at both."
    )


def test_a_number_that_another_has_is_a_fault_and_the_rest_is_left_for_later() -> None:
    made = known()
    examples.publication(2, doi="10.5555/taken")
    wrong = paper(title="New.", doi="10.5555/Taken")
    for _ in range(2):
        counts, faults = bring_in(wrong)
        assert counts == Counts(failed=1)
        assert faults == [f"PMID {PMID}: A publication with this DOI exists already."]
    made.refresh_from_db()
    assert made.title == "Interleukin 2 in made-up fever"


def test_a_retraction_stands_even_where_the_rest_is_refused() -> None:
    made = known()
    examples.publication(2, doi="10.5555/taken")
    retracted = (("RetractionIn", 3, "There"),)
    assert bring_in(paper(doi="10.5555/taken", corrections=retracted))[0] == Counts(failed=1)
    made.refresh_from_db()
    assert made.standing == "retracted"


def test_an_unlikely_year_is_a_fault_and_names_what_has_no_number_by_its_title() -> None:
    unlikely = ris.payload({"JO": ["J"], "TI": ["No number"], "PY": ["1875"], "SP": ["3"]})
    counts, faults = bring_in(paper(1, date="<Year>1875</Year>"), paper(2), unlikely)
    assert counts == Counts(created=1, failed=2)
    assert faults == [
        "PMID 1: The year is not a likely one.",
        "“No number”: The year is not a likely one.",
    ]


def test_a_payload_that_is_nested_too_deeply_is_a_fault_in_words() -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    data = work("10.5555/deep", relation=deep)
    nested = Payload(source="crossref", value="10.5555/deep", data=data)
    counts, faults = bring_in(nested)
    assert counts == Counts(failed=1)
    assert faults == ["10.5555/deep: The JSON is nested too deeply."]


def test_texts_longer_than_their_columns_are_cut_or_left_out() -> None:
    made = bring_in(paper(title="word " * 400, journal="x" * 300, volume="7 " * 30))
    assert made == (Counts(created=1), [])
    assert len(the_one().title) <= 600
    assert the_one().title.endswith("word…")
    assert (the_one().container[-2:], the_one().volume) == ("x…", "")


def test_a_payload_that_is_none_is_a_fault() -> None:
    counts, faults = bring_in(Payload(source="pubmed", value="5", data={"pmid": "5"}))
    assert (counts, faults) == (Counts(failed=1), ["5: It has no title."])


def test_the_same_article_twice_in_a_batch_is_one() -> None:
    counts, _ = bring_in(paper(), paper(), paper(title="Newer.", revised="2022-01-01"))
    assert counts == Counts(created=1, same=1, changed=1)
    assert the_one().title == "Newer"


def test_every_real_file_is_brought_in_and_a_second_time_writes_nothing(
    registry_folder: Path,
) -> None:
    found = [*publication_payloads(registry_folder / "literature")]
    several = [one for one in found if isinstance(one, Payload)]
    assert bring_in(*several) == (Counts(created=len(several)), [])
    assert Publication.objects.count() == len({one.value for one in several})
    assert Snapshot.objects.count() == len(several)
    before = held()
    assert bring_in(*several) == (Counts(same=len(several)), [])
    assert held() == before
