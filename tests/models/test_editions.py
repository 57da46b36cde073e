"""A record keeps its number for ever, and its editions are counted."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, models, transaction

from evidence.models import (
    Assessment,
    Consideration,
    Finding,
    HarmReport,
    Publication,
    Record,
    Trial,
)
from tests.models.rows import BUILDERS, make, published, someone
from tests.models.together import at_once

KINDS = {Assessment: "A", Finding: "F", HarmReport: "H", Consideration: "C"}

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("kind", "letter"), KINDS.items())
def test_a_first_edition_gets_a_record_of_its_kind(kind: type[models.Model], letter: str):
    edition = make(kind)
    assert (edition.number, edition.state, edition.origin) == (1, "draft", "curator")
    assert edition.record.kind == letter
    assert edition.code == f"{letter}{edition.record_id}" == str(edition.record)


def test_the_number_is_shared_by_all_kinds():
    numbers = [make(kind).record_id for kind in [*KINDS, *KINDS]]
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize("kind", KINDS)
def test_a_number_is_never_used_again(kind: type[models.Model]):
    draft = make(kind)
    number = draft.record_id
    draft.delete()
    assert make(kind).record_id > number
    last = make(kind)
    number, record = last.record_id, last.record
    last.delete()
    record.delete()  # nobody does; the number is gone all the same
    assert make(kind).record_id > number


def test_a_later_edition_keeps_the_record_and_its_code():
    first = make(Finding, **published(someone(), someone()))
    second = make(Finding, record=first.record, number=2)
    assert second.code == first.code
    assert list(first.record.finding_editions.order_by("number")) == [first, second]
    second.save()
    assert Record.objects.filter(kind="F").count() == 1


def test_a_refused_first_edition_leaves_no_record_and_takes_no_number():
    draft = Finding(**BUILDERS[Finding](0) | {"outcome": ""})
    before = set(Record.objects.values_list("pk", flat=True))
    with pytest.raises(IntegrityError), transaction.atomic():
        draft.save()
    assert set(Record.objects.values_list("pk", flat=True)) == before
    assert draft.record_id is None
    # On SQLite the number that was taken back goes to the next one, of another kind.
    other = make(Consideration)
    draft.outcome = "CD4 count"
    draft.save()
    assert draft.record_id != other.record_id
    assert draft.record.kind == "F"


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_with_an_edition_is_not_deleted(kind: type[models.Model]):
    with pytest.raises(models.ProtectedError):
        make(kind).record.delete()


def test_a_person_who_wrote_or_reviewed_is_not_deleted():
    author, reviewer = someone(), someone()
    make(Finding, **published(author, reviewer))
    for person in (author, reviewer):
        with pytest.raises(models.ProtectedError):
            person.delete()


def test_the_year_is_the_papers_or_else_that_of_the_posted_results():
    trial = make(Trial)
    paper, undated = make(Publication, year=2009), make(Publication, year=None)
    posted = {"trial": trial, "results_posted": "2012-05-01"}
    for kind in (Finding, HarmReport):
        assert make(kind, publication=paper).year == 2009
        assert make(kind, publication=paper, **posted).year == 2009
        assert make(kind, publication=undated, **posted).year == 2012
        assert make(kind, publication=None, **posted).year == 2012
        assert make(kind, publication=undated).year is None


@pytest.mark.parametrize("kind", KINDS)
def test_an_edition_names_itself_before_and_after_it_is_saved(kind: type[models.Model]):
    saved = make(kind)
    new = kind(**{f.name: getattr(saved, f.name) for f in kind._meta.fields if f.name in GIVEN})
    assert str(new)
    assert str(saved)
    if kind is not Assessment:
        assert str(saved).startswith(f"{saved.code}: ")
        assert str(new).startswith("new ")


GIVEN = {"topic", "intervention", "adverse_effect", "publication", "kind", "outcome", "direction"}
GIVEN |= {"status"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", KINDS)
def test_of_two_next_editions_at_once_one_wins(kind: type[models.Model]):
    first = make(kind, **published(someone(), someone()))
    values = {
        field.attname: getattr(first, field.attname)
        for field in kind._meta.concrete_fields
        if field.editable and not field.primary_key
    }
    drafts = [kind(**values, record_id=first.record_id, number=number) for number in (2, 3)]
    answers = at_once(*(draft.save for draft in drafts))
    assert sorted(type(answer).__name__ for answer in answers) == ["IntegrityError", "NoneType"]
    assert kind.objects.filter(record=first.record, state="draft").count() == 1


@pytest.mark.django_db(transaction=True)
def test_records_made_at_once_have_numbers_of_their_own():
    paper = make(Publication)
    drafts = [
        Consideration(kind="mechanism", statement="IL-2 acts.", publication=paper) for _ in range(6)
    ]
    assert at_once(*(draft.save for draft in drafts)) == [None] * 6
    assert len({draft.record_id for draft in drafts}) == 6
