"""What registry and paper say otherwise stands side by side; silence is no difference."""

from __future__ import annotations

import pytest

from evidence import vocab
from evidence.catalogue.registry_and_paper import Difference, differences, same_day, same_words
from evidence.models import (
    Publication,
    RegistryRecord,
    Snapshot,
    Trial,
    TrialPublication,
)
from tests.models.rows import make


def found(
    relation: str = vocab.PublicationRelation.REPORTS,
    *,
    registry: dict[str, object] | None = None,
    **published: object,
) -> tuple[Difference, ...]:
    """Give the differences of a trial and one publication of it, neither of them stored."""
    trial = Trial(
        **{
            "enrolment": 4150,
            "enrolment_type": vocab.EnrolmentType.ACTUAL,
            "start": "2000-03",
            "completion": "2008-11-15",
            "primary_outcome": "Disease progression, or death",
        }
        | (registry or {})
    )
    row = TrialPublication(
        trial=trial, publication=Publication(title="A paper"), relation=relation, **published
    )
    return differences(trial, [row])


def test_numbers_of_people_that_differ_stand_side_by_side() -> None:
    (one,) = found(people=4111)
    assert (one.what, one.registry, one.paper) == ("People", "4,150", "4,111")
    (planned,) = found(people=0, registry={"enrolment_type": vocab.EnrolmentType.ESTIMATED})
    assert (planned.registry, planned.paper) == ("4,150 planned", "0")


@pytest.mark.django_db
def test_what_a_curator_corrected_here_is_not_called_the_registrys() -> None:
    trial = make(Trial, enrolment=4150, enrolment_type=vocab.EnrolmentType.ACTUAL)
    said = {"enrolment": "4111", "enrolment_type": "actual", "start": "2000-03"}
    record = {"trial": trial, "publication": None, "snapshot": make(Snapshot), "values": said}
    make(RegistryRecord, source=vocab.Source.CTGOV, **record)
    later = record | {"values": {"enrolment": "1"}}
    make(RegistryRecord, source=vocab.Source.ICTRP, **later)
    row = make(TrialPublication, trial=trial, people=4111)
    assert differences(trial, [row]) == ()
    row.people = 4150
    (one,) = differences(trial, [row])
    assert (one.registry, one.paper) == ("4,111", "4,150")


def test_what_is_the_same_or_not_said_is_no_difference() -> None:
    assert found() == ()
    assert found(people=4150, start="2000-03", completion="2008-11-15") == ()
    nothing = {"enrolment": None, "start": "", "completion": "", "primary_outcome": ""}
    assert found(people=1, start="1990", primary_outcome="Death", registry=nothing) == ()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2000-03", "2000", True),
        ("2000-03-17", "2000-03", True),
        ("2000-03-17", "2000-03-17", True),
        ("", "2000", True),
        ("2000-03", "2000-04", False),
        ("2000-03-17", "2000-03-18", False),
        ("2000-03", "2001", False),
    ],
)
def test_dates_are_compared_as_far_as_the_less_precise_goes(
    one: str, other: str, same: bool
) -> None:
    assert same_day(one, other) is same
    assert same_day(other, one) is same
    assert (found(start=other, registry={"start": one}) == ()) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Disease progression, or death", "disease progression or death.", True),
        ("CD4 count\nat week 24", "CD4 count at week 24", True),
        ("\uff24eath", "Death", True),
        ("Disease progression, or death", "Death", False),
        ("Death", "", True),
        ("Death", "?!", True),
    ],
)
def test_texts_differ_by_their_words_alone(one: str, other: str, same: bool) -> None:
    assert same_words(one, other) is same
    (*worded,) = found(primary_outcome=other, registry={"primary_outcome": one})
    assert (worded == []) is same


def test_a_primary_outcome_in_other_words_is_said_to_be_that_and_escaped() -> None:
    (one,) = found(primary_outcome="Death <i>from</i> any cause & IL-2")
    assert one.what == "Primary outcome, worded otherwise"
    assert one.paper.startswith("Death &lt;i&gt;from&lt;/i&gt; any cause &amp; ")


@pytest.mark.parametrize("relation", vocab.PublicationRelation.values)
def test_reviews_and_mentions_are_not_compared(relation: str) -> None:
    of_the_trial = relation not in ("includes", "mentions")
    assert (found(relation, people=4111) != ()) is of_the_trial
