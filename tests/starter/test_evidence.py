"""The starter evidence itself: whole, sourced, and without a figure that nobody saw."""

from __future__ import annotations

import re

import pytest
from django.db import models
from django.test import Client

from evidence.models import (
    AdverseEffect,
    Assessment,
    CellTarget,
    Condition,
    Consideration,
    Edition,
    Finding,
    HarmReport,
    Intervention,
    Outcome,
    Publication,
    Topic,
    Trial,
)
from evidence.starter.claims import Claim, read_claims
from evidence.starter.faults import Faults
from evidence.starter.loader import DATA
from evidence.starter.tally import Tally

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starter_evidence")]

JUDGEMENTS = (Assessment, Finding, HarmReport, Consideration)
RECORDS = {"assessment": Assessment, "finding": Finding, "consideration": Consideration}
TERMS = {
    "condition": Condition,
    "intervention": Intervention,
    "adverse-effect": AdverseEffect,
    "outcome": Outcome,
    "cell-target": CellTarget,
}
CLAIMS = read_claims(DATA, Faults())
PAGES = sorted(
    {one.name for claim in CLAIMS for one in claim.held_by if one.kind == "page"},
)
# What a reader of the facts wrote down from memory, or left open.
UNSEEN = re.compile(r"MEMORY|\(memory\)|_memory|[Ff]rom memory|TODO|unverified")


def public(model: type[models.Model]) -> models.QuerySet[models.Model]:
    return model._default_manager.public()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("model", "least"),
    [(Trial, 150), (Publication, 70), (Topic, 80), (Finding, 150), (HarmReport, 100)],
)
def test_it_holds_as_much_as_was_gathered(model: type[models.Model], least: int) -> None:
    assert public(model).count() >= least


def test_it_loads_without_leaving_anything_out(starter_evidence: Tally) -> None:
    assert starter_evidence.left_out == {}
    assert starter_evidence.present == {}


def test_all_statements_of_the_source_pages_are_listed() -> None:
    infectious = [f"ID{number}" for number in range(1, 26)]
    neonatal = [f"NE{number}" for number in range(1, 27)]
    assert sorted(claim.id for claim in CLAIMS) == sorted(infectious + neonatal)


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_every_statement_of_the_source_pages_is_held_in_public(claim: Claim) -> None:
    assert claim.held_by
    for reference in claim.held_by:
        if reference.kind in RECORDS:
            held = public(RECORDS[reference.kind]).filter(record__starter_key=reference.name)
            assert held.exists(), reference
        elif reference.kind in TERMS:
            assert public(TERMS[reference.kind]).filter(slug=reference.name).exists(), reference
        else:
            assert reference.kind == "page"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_that_holds_a_statement_is_there(client: Client, path: str) -> None:
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("model", [*JUDGEMENTS, *TERMS.values(), Trial, Publication])
def test_nothing_public_was_written_from_memory(model: type[models.Model]) -> None:
    texts = [
        field.name
        for field in model._meta.fields
        if isinstance(field, models.CharField | models.TextField) and field.name != "note"
    ]
    for row in public(model).values("pk", *texts):
        unseen = {name for name in texts if row[name] and UNSEEN.search(row[name])}
        assert not unseen, (row["pk"], {name: row[name] for name in unseen})


@pytest.mark.parametrize("model", JUDGEMENTS)
def test_no_judgement_leads_to_a_source_that_readers_do_not_see(model: type[Edition]) -> None:
    for field in model._meta.fields:
        if field.related_model in (Trial, Publication):
            hidden = {f"{field.name}__isnull": False, f"{field.name}__accepted_at": None}
            assert not public(model).filter(**hidden).exists()


def test_no_published_result_stands_below_a_topic_that_readers_do_not_see() -> None:
    topics = public(Topic)
    assert not Finding.objects.public().exclude(topic__in=topics).exists()
    reports = HarmReport.objects.public().filter(topic__isnull=False)
    assert not reports.exclude(topic__in=topics).exists()


def test_every_public_topic_has_the_rules_word_and_a_difference_has_its_reason() -> None:
    for assessment in Assessment.objects.public().select_related("topic"):
        assert assessment.topic.rule
        if assessment.status != assessment.topic.rule_status:
            assert assessment.reason, assessment.record.starter_key
            assert assessment.review_by is not None


def test_no_treatment_of_newborn_babies_is_claimed() -> None:
    neonates = ["neonate", "neonate-preterm", "neonate-term"]
    treated = Finding.objects.public().filter(
        subjects="patients", population__in=neonates, comparison__in=["adds-il2", "package"]
    )
    assert not treated.exists()


def test_the_three_statuses_all_occur() -> None:
    statuses = set(Assessment.objects.public().values_list("status", flat=True))
    assert statuses == {"experimental", "variable", "investigated"}
