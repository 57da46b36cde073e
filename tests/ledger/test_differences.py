"""Two editions are compared in words that a person reads, and in what they say of the evidence."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evidence import vocab
from evidence.ledger.differences import BOOKKEEPING, Difference, differences, with_names
from evidence.models import (
    Assessment,
    CellTarget,
    Condition,
    Consideration,
    Edition,
    Finding,
    HarmReport,
    Outcome,
    Publication,
    Topic,
    Trial,
)
from tests.models.rows import make, someone

pytestmark = pytest.mark.django_db


def pair(model: type[Edition], **changed: object) -> tuple[Edition, Edition]:
    """An edition, and the next with other values."""
    before = make(model, state=vocab.State.DRAFT)
    after = model.objects.get(pk=before.pk)
    for name, value in changed.items():
        setattr(after, name, value)
    return before, after


def shown(model: type[Edition], **changed: object) -> dict[str, tuple[str, str]]:
    found = differences(*pair(model, **changed))
    return {one.field: (one.before, one.after) for one in found}


def test_a_choice_is_given_in_its_words() -> None:
    assert shown(Finding, direction="no-difference") == {
        "direction": ("favours IL-2", "no difference")
    }


def test_a_figure_that_is_not_there_is_not_reported_and_a_nought_is_nought() -> None:
    assert shown(HarmReport, affected=0, at_risk=2071, percent=0.5) == {
        "affected": ("not reported", "0"),
        "at_risk": ("not reported", "2,071"),
        "percent": ("not reported", "0.5"),
    }


def test_dates_are_given_as_far_as_they_are_known() -> None:
    assert shown(Assessment, review_by=dt.date(2027, 5, 1), narrative_date="2015-09") == {
        "review_by": ("none", "1 May 2027"),
        "narrative_date": ("not reported", "Sep 2015"),
    }


def test_related_rows_are_named_so_that_two_of_one_name_differ() -> None:
    papers = [make(Publication, authors="Kovacs JA\nOther B", year=1996) for _ in "ab"]
    before = make(Finding, publication=papers[0])
    after = Finding.objects.get(pk=before.pk)
    after.publication = papers[1]
    after.trial = make(Trial, acronym="ESPRIT", slug="NCT00004978")
    after.outcome_group = make(Outcome, name="CD4 count")
    assert [(one.label, one.before, one.after) for one in differences(before, after)] == [
        ("Publication", f"Kovacs 1996 (P{papers[0].pk})", f"Kovacs 1996 (P{papers[1].pk})"),
        ("Trial", "none", "ESPRIT (NCT00004978)"),
        ("Outcome group", "none", "CD4 count"),
    ]


def test_a_topic_is_named_by_its_question_and_code() -> None:
    topic = make(Topic)
    (found,) = differences(*pair(Finding, topic=topic))
    assert found.after.endswith(f", in adults (T{topic.pk})")


def test_many_related_rows_are_joined_in_order() -> None:
    before, after = make(Consideration), make(Consideration)
    after.publication = before.publication
    names = ("Sepsis; of newborns", "Asthma")
    after.conditions.set([make(Condition, name=name) for name in names])
    before.cell_targets.set(kept := [make(CellTarget, name="Treg")])
    after.cell_targets.set(kept)
    assert differences(before, after) == (
        Difference(
            field="conditions",
            label="Conditions",
            before="none",
            after="Asthma; Sepsis; of newborns",
        ),
    )


def test_who_and_when_is_no_difference() -> None:
    ada = someone()
    now = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
    bookkeeping = {
        "number": 2,
        "state": "in-review",
        "origin": "import",
        "author": ada,
        "submitted_by": ada,
        "submitted_at": now,
        "note": "Look at Table 2.",
        "conflict_of_interest": "none",
        "lock_version": 7,
        "withdrawal_reason": "Wrong.",
        "modified_at": now,
        "figures_unchecked": True,
    }
    assert shown(Finding, **bookkeeping) == {}
    assert bookkeeping.keys() <= BOOKKEEPING


def test_labels_are_those_of_the_form_and_fields_in_its_order() -> None:
    found = differences(*pair(Finding, p_value="0.03", ci_level=90.0, locator="Table 9"))
    assert [one.label for one in found] == ["Locator", "CI level, %", "p"]


def test_a_first_edition_gives_what_is_filled_in() -> None:
    first = make(Finding, estimate=0.94, effect_measure="hazard-ratio")
    found = {one.label: (one.before, one.after) for one in differences(None, first)}
    assert found["Estimate"] == ("", "0.94")
    assert "CI low" not in found
    assert "Trial" not in found


def test_an_edition_that_is_not_saved_yet_can_be_compared() -> None:
    saved = make(Consideration)
    unsaved = Consideration(publication=saved.publication, kind="challenge", statement="Other.")
    assert {one.field for one in differences(saved, unsaved)} == {"kind", "statement", "locator"}


@pytest.mark.parametrize("model", [Assessment, Consideration, Finding, HarmReport])
def test_editions_read_with_their_names_are_compared_without_a_query(model: type[Edition]) -> None:
    for _ in range(3):
        made = make(model)
        if model is Consideration:
            made.conditions.add(make(Condition))
    first, *others = with_names(model.objects.order_by("pk"))
    with CaptureQueriesContext(connection) as queries:
        assert all(differences(first, one) for one in others)
        differences(None, first)
    assert len(queries) == 0
