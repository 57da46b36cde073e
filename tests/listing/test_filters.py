"""Filters know their words, narrow by terms with all beneath, and never ignore what is asked."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict

from evidence.listing.core import Column, Kind
from evidence.listing.filters import (
    MOST_KNOWN,
    BoundField,
    Option,
    ValuesField,
    known_words,
)
from evidence.listing.search import Search, ask
from evidence.models import Assessment, Condition, Finding, Trial
from tests.listing import made_up

pytestmark = pytest.mark.django_db


def search(query: str) -> Search:
    return ask(made_up.listing(), QueryDict(query), paged=True)


def names(query: str) -> list[str]:
    return [row.name for row in search(query).rows()]


@pytest.fixture
def tree() -> None:
    wide = made_up.condition("Infection", area="infectious")
    middle = made_up.condition("HIV", parent=wide, area="infectious", mesh_id="D000001")
    made_up.condition("Late HIV", parent=middle, area="infectious")
    made_up.condition("Melanoma", area="oncology", mesh_id="D000002")
    merged = made_up.condition("Old word", area="oncology")
    Condition.objects.filter(pk=merged.pk).update(merged_into=wide)


@pytest.mark.usefixtures("tree")
def test_a_term_finds_all_that_stands_under_it() -> None:
    assert names("condition=infection") == ["HIV", "Infection", "Late HIV"]
    assert names("condition=hiv") == ["HIV", "Late HIV"]
    assert names("condition=late-hiv") == ["Late HIV"]
    assert names("condition=late-hiv&condition=melanoma") == ["Late HIV", "Melanoma"]


@pytest.mark.usefixtures("tree")
def test_filters_narrow_each_other_and_values_widen() -> None:
    assert names("area=infectious&coded=yes") == ["HIV"]
    assert names("area=infectious&area=oncology&coded=yes") == ["HIV", "Melanoma"]
    assert names("coded=no") == ["Infection", "Late HIV"]
    assert names("coded=yes&coded=no") == ["HIV", "Infection", "Late HIV", "Melanoma"]


@pytest.mark.usefixtures("tree")
def test_a_merged_term_is_no_longer_a_word() -> None:
    assert "old-word" not in [option.value for option in search("").options("condition")]
    assert search("").options("q") == []


@pytest.mark.usefixtures("tree")
def test_options_are_read_anew_for_each_search() -> None:
    before = search("").options("condition")
    made_up.condition("New")
    assert len(search("").options("condition")) == len(before) + 1


def values(known: list[str]) -> ValuesField:
    options = [Option(value=word, label=word.upper()) for word in known]
    return ValuesField(options=lambda: options, noun="thing", required=False)


def test_known_values_are_kept_once_in_their_order() -> None:
    field = values(["a", "b"])
    assert field.clean(["b", "a", "b", ""]) == ["b", "a"]
    assert field.clean([]) == field.clean(None) == field.clean([""]) == []
    with pytest.raises(ValidationError, match="“c” is not a known thing"):
        field.clean(["a", "c"])


def test_known_words_are_listed_with_what_was_probably_meant() -> None:
    assert known_words(["apple", "pear"], "aple") == "Did you mean apple? Known: apple, pear."
    assert known_words(["apple"], "zzz") == "Known: apple."
    for wrong, meant in (("No", "no"), ("v1", "V1"), ("YES", "yes"), ("phase2", "PHASE2")):
        said = known_words(["yes", "no", "V1", "PHASE2"], wrong)
        assert said == f"Did you mean {meant}? Known: yes, no, V1, PHASE2."
    many = known_words([f"word-{i}" for i in range(MOST_KNOWN + 5)], "zzz")
    assert many.endswith(f"word-{MOST_KNOWN - 1} and 5 more.")


@pytest.mark.parametrize(
    "wrong", ["abc", "1899", "2101", "9" * 20, "1e3", "2000.5", "-2000", "NaN"]
)
def test_a_bound_is_a_whole_number_within_limits(wrong: str) -> None:
    field = BoundField(min_value=1900, max_value=2100, required=False)
    with pytest.raises(ValidationError, match=r"is not a whole number from 1900 to 2100\."):
        field.clean(wrong)
    assert field.clean("2015") == 2015
    assert field.clean("") is None


def test_a_column_takes_over_its_fields_words() -> None:
    column = Column.of(Assessment, "status", path="somewhere__status")
    assert (column.key, column.label, column.kind) == ("status", "Status", Kind.WORD)
    assert column.source == "somewhere__status"
    assert column.about == Assessment._meta.get_field("status").help_text
    assert [word for word, _ in column.words] == ["experimental", "variable", "investigated"]
    assert column.show == "word"


@pytest.mark.parametrize(
    ("model", "name", "kind", "show"),
    [
        (Trial, "start", Kind.DATE, "date"),
        (Trial, "checked_on", Kind.DATE, "date"),
        (Trial, "enrolment", Kind.NUMBER, "number"),
        (Trial, "countries", Kind.LIST, "many"),
        (Trial, "title", Kind.TEXT, "text"),
        (Finding, "estimate", Kind.NUMBER, "number"),
        (Finding, "published_at", Kind.DATE, "date"),
    ],
)
def test_the_kind_of_a_column_follows_its_field(model, name: str, kind: Kind, show: str) -> None:
    column = Column.of(model, name)
    assert (column.kind, column.show) == (kind, show)
    assert column.numeric == (kind is Kind.NUMBER)
    assert column.label[0].isupper()


def test_columns_of_many_values_and_addresses_are_not_sorted_by() -> None:
    several = Column(
        key="several", label="S", about="S.", kind=Kind.LIST, source="pk", many=lambda keys: {}
    )
    listing = made_up.listing(columns=(*made_up.listing().columns, several))
    assert [column.key for column in listing.sortable] == ["id", "name", "area", "mesh_id"]
    assert (listing.path, listing.csv_path) == ("/made-up/", "/made-up.csv")
