"""A load over people's work changes none of it and brings back nothing that they took out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from evidence import vocab
from evidence.models import (
    Approval,
    Assessment,
    Condition,
    Consideration,
    Finding,
    HarmReport,
    Intervention,
    Outcome,
    Publication,
    Topic,
    Trial,
    TrialIdentifier,
)
from evidence.starter import load_starter

pytestmark = pytest.mark.django_db
Folder = Callable[..., Path]


@pytest.fixture
def ada() -> User:
    return User.objects.create_user("ada")


@pytest.fixture
def ben() -> User:
    return User.objects.create_user("ben")


def test_an_edited_term_stays_as_it_is(folder: Folder) -> None:
    path = folder()
    load_starter(path)
    hiv = Condition.objects.get(slug="hiv-infection")
    hiv.definition, hiv.synonyms = "Ours.", ""
    hiv.save()
    hiv.children.update(parent=None)
    load_starter(path)
    hiv.refresh_from_db()
    assert (hiv.definition, hiv.synonyms) == ("Ours.", "")
    assert not hiv.children.exists()


def test_an_edited_trial_gets_no_arm_link_or_identifier_back(folder: Folder) -> None:
    path = folder()
    load_starter(path)
    trial = Trial.objects.get()
    trial.arms.all().delete()
    trial.publication_rows.all().delete()
    trial.identifiers.filter(registry="ISRCTN").delete()
    trial.conditions.clear()
    trial.slug = "losso"
    trial.save()
    load_starter(path)
    trial = Trial.objects.get()
    assert trial.slug == "losso"
    assert trial.identifiers.count() == 1
    assert not trial.arms.exists()
    assert not trial.publications.exists()
    assert not trial.conditions.exists()


def test_a_curators_trial_is_found_by_any_of_its_identifiers(folder: Folder, ada: User) -> None:
    own = Trial.objects.create(
        slug="ours", title="Ours", accepted_by=ada, accepted_at=timezone.now()
    )
    TrialIdentifier.objects.create(trial=own, registry="ISRCTN", value="ISRCTN00000001")
    load_starter(folder())
    assert Trial.objects.get() == own
    assert Topic.objects.get().trials.get() == own
    assert Finding.objects.public().get().trial == own


@pytest.mark.parametrize("mark", [{"pmid": 10000001}, {"doi": "10.1000/losso"}])
def test_a_curators_publication_is_found_by_its_identifier(
    folder: Folder, ada: User, mark: dict[str, object]
) -> None:
    own = Publication.objects.create(
        title="Ours", accepted_by=ada, accepted_at=timezone.now(), **mark
    )
    load_starter(folder())
    assert Publication.objects.exclude(kind="narrative-page").get() == own
    own.refresh_from_db()
    assert own.title == "Ours"
    assert own.starter_key is None
    assert Finding.objects.public().get().publication == own


@pytest.mark.parametrize("model", [Trial, Publication])
def test_what_rests_on_a_fact_that_nobody_accepted_comes_as_a_draft(
    folder: Folder, model: type
) -> None:
    if model is Trial:
        Trial.objects.create(slug="NCT00000001", title="Awaits a curator", origin="import")
    else:
        Publication.objects.create(title="Awaits a curator", pmid=10000001, origin="import")
    load_starter(folder())
    assert not Finding.objects.public().exists()
    held_back = Finding.objects.get(record__starter_key="hiv-f1")
    assert held_back.state == vocab.State.DRAFT
    assert "readers do not see" in held_back.note


def test_a_merged_term_is_not_revived_and_its_heir_takes_what_is_new(folder: Folder) -> None:
    heir = Condition.objects.create(name="HIV", slug="hiv", area="infectious")
    Condition.objects.create(
        name="HIV infection", slug="hiv-infection", area="infectious", merged_into=heir
    )
    load_starter(folder())
    assert Topic.objects.get().condition == heir
    assert Approval.objects.get().condition == heir
    assert Trial.objects.get().conditions.get() == heir
    assert Condition.objects.get(slug="hiv-infection").merged_into == heir


def test_a_topic_that_moved_to_an_heir_is_not_made_again(folder: Folder) -> None:
    path = folder()
    load_starter(path)
    heir = Condition.objects.create(name="HIV", slug="hiv", area="infectious")
    Condition.objects.filter(slug="hiv-infection").update(merged_into=heir)
    Topic.objects.update(condition=heir)
    Approval.objects.update(condition=heir)
    load_starter(path)
    assert Topic.objects.get().condition == heir
    assert Approval.objects.get().condition == heir


def test_a_topic_whose_question_a_curator_changed_is_not_made_again(folder: Folder) -> None:
    path = folder()
    load_starter(path)
    Topic.objects.update(population=vocab.Population.ANY)
    load_starter(path)
    assert Topic.objects.get().population == vocab.Population.ANY


def test_a_deleted_term_is_not_brought_back(folder: Folder) -> None:
    path = folder()
    load_starter(path)
    Condition.objects.get(slug="advanced-hiv-infection").delete()
    tally = load_starter(path)
    assert not Condition.objects.filter(slug="advanced-hiv-infection").exists()
    assert tally.left_out == {"conditions": 1}
    assert "Deleted by people and left out: 1 condition." in tally.summary


def test_a_deleted_approval_is_not_brought_back(folder: Folder) -> None:
    path = folder()
    load_starter(path)
    Approval.objects.get().delete()
    load_starter(path)
    assert not Approval.objects.exists()


def test_what_names_a_deleted_term_is_left_out_with_it(folder: Folder) -> None:
    path = folder()
    outcome = Outcome.objects.create(name="CD4 count", slug="cd4-count", kind="surrogate")
    outcome.delete()
    tally = load_starter(path)
    assert tally.left_out == {"outcomes": 1, "findings": 1}
    assert not Outcome.objects.exists()


def test_a_discarded_draft_is_not_brought_back(folder: Folder) -> None:
    path = folder()
    load_starter(path)
    Finding.objects.get(record__starter_key="hiv-f2").delete()
    load_starter(path)
    assert not Finding.objects.filter(record__starter_key="hiv-f2").exists()


def test_a_withdrawn_judgement_stays_withdrawn(folder: Folder, ada: User, ben: User) -> None:
    path = folder()
    load_starter(path)
    now = timezone.now()
    Consideration.objects.update(
        state=vocab.State.WITHDRAWN,
        withdrawal_proposed_by=ada,
        withdrawal_proposed_at=now,
        withdrawal_reason="Wrong.",
        withdrawn_by=ben,
        withdrawn_at=now,
    )
    load_starter(path)
    assert Consideration.objects.get().state == vocab.State.WITHDRAWN


def test_a_curators_next_edition_stays(folder: Folder, ada: User, ben: User) -> None:
    path = folder()
    load_starter(path)
    old = HarmReport.objects.get(record__starter_key="h001")
    HarmReport.objects.filter(pk=old.pk).update(state=vocab.State.SUPERSEDED)
    now = timezone.now()
    old.pk, old.number, old.origin = None, 2, vocab.Origin.CURATOR
    old.author, old.reviewer, old.reviewed_at, old.published_at = ada, ben, now, now
    old.locator = "Table 2"
    old._state.adding = True
    old.save()
    load_starter(path)
    editions = HarmReport.objects.filter(record__starter_key="h001").order_by("number")
    assert [edition.state for edition in editions] == ["superseded", "published"]


def test_a_curators_own_assessment_of_the_topic_stands(folder: Folder, ada: User) -> None:
    own = _own_assessment(ada)
    load_starter(folder())
    assert Assessment.objects.get() == own
    assert not Topic.objects.public().exists()


def test_below_a_curators_draft_all_results_come_as_drafts(folder: Folder, ada: User) -> None:
    _own_assessment(ada)
    load_starter(folder())
    assert Finding.objects.count() == 2
    assert not Finding.objects.public().exists()
    assert not HarmReport.objects.public().filter(topic__isnull=False).exists()


def test_a_new_entry_of_a_later_set_joins_what_is_there(folder: Folder) -> None:
    path = folder()
    load_starter(path)
    topic = path / "topics" / "hiv-infection.yaml"
    text = topic.read_text()
    second = text[text.index("    - key: hiv-f1") : text.index("    - key: hiv-f2")]
    topic.write_text(text.replace("  harms:", second.replace("hiv-f1", "hiv-f3") + "  harms:"))
    tally = load_starter(path)
    assert tally.created == {"findings": 1}
    assert Finding.objects.public().count() == 2
    assert Topic.objects.get().findings_count == 2


def _own_assessment(author: User) -> Assessment:
    condition = Condition.objects.create(name="HIV", slug="hiv-infection", area="infectious")
    drug = Intervention.objects.create(name="IL-2", slug="aldesleukin", kind="recombinant")
    topic = Topic.objects.create(
        condition=condition, intervention=drug, role="treatment", population="adult"
    )
    return Assessment.objects.create(
        topic=topic, status="variable", direction="mixed", summary="Ours.", author=author
    )
