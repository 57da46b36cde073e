"""What a load makes, and that a second one changes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from auditlog.models import LogEntry

from evidence import vocab
from evidence.ledger import version
from evidence.models import (
    AdverseEffect,
    Approval,
    Assessment,
    Condition,
    Consideration,
    Finding,
    HarmReport,
    Intervention,
    Publication,
    Record,
    Topic,
    Trial,
)
from evidence.starter import check_starter, is_empty, load_starter

pytestmark = pytest.mark.django_db
Folder = Callable[..., Path]
HIV = "topics/hiv_infection"


def test_terms_come_with_their_links(folder: Folder) -> None:
    load_starter(folder())
    aldesleukin = Intervention.objects.get(slug="aldesleukin")
    assert [target.slug for target in aldesleukin.cell_targets.all()] == ["treg"]
    assert [row.timing for row in aldesleukin.partner_rows.all()] == ["background"]
    hiv = Condition.objects.get(slug="hiv-infection")
    assert hiv.synonym_list == ["HIV", "AIDS"]
    assert [narrower.slug for narrower in hiv.children.all()] == ["advanced-hiv-infection"]


def test_an_effect_leads_to_one_that_comes_later_in_the_file(folder: Folder) -> None:
    load_starter(folder())
    leak = AdverseEffect.objects.get(slug="capillary-leak-syndrome")
    assert [effect.slug for effect in leak.leads_to.all()] == ["oedema"]


def test_facts_are_accepted_as_starter_evidence_and_by_nobody(folder: Folder) -> None:
    load_starter(folder())
    for model in (Trial, Publication, Approval):
        for row in model.objects.all():
            assert row.origin == vocab.Origin.STARTER
            assert row.accepted_at is not None
            assert row.accepted_by is None


def test_a_trial_comes_with_all_that_belongs_to_it(folder: Folder) -> None:
    load_starter(folder())
    trial = Trial.objects.get()
    assert trial.phases == ["PHASE1", "PHASE2"]
    assert [row.value for row in trial.identifiers.all()] == ["NCT00000001", "ISRCTN00000001"]
    assert [(arm.dose_low, arm.dose_unit) for arm in trial.arms.all()] == [(7.5, "MIU")]
    assert [paper.starter_key for paper in trial.publications.all()] == ["losso-2000"]
    assert trial.country_list == ["Argentina", "Thailand"]
    assert trial.start == "1999-04"
    assert trial.checked_on == dt.date(2025, 1, 31)


def test_published_judgements_are_first_editions_of_starter_records(folder: Folder) -> None:
    load_starter(folder())
    for model in (Assessment, Finding, HarmReport, Consideration):
        for edition in model.objects.public():
            assert edition.record.starter_key
            assert edition.number == 1
            assert edition.origin == vocab.Origin.STARTER
            assert edition.published_at is not None
            assert edition.author is None
            assert edition.reviewer is None
    finding = Finding.objects.public().get()
    assert (finding.estimate, finding.p_value) == (159, "<0.001")


def test_a_draft_stays_a_draft_that_readers_do_not_see(folder: Folder) -> None:
    tally = load_starter(folder())
    draft = Finding.objects.get(record__starter_key="hiv-f2")
    assert draft.state == vocab.State.DRAFT
    assert draft.published_at is None
    assert draft.author is None
    assert draft not in Finding.objects.public()
    assert tally.drafts == {"findings": 1}


def test_a_topic_below_a_draft_assessment_is_not_public(folder: Folder) -> None:
    path = folder()
    hiv = path / "topics" / "hiv-infection.yaml"
    text = hiv.read_text().replace("    key: hiv-a\n", "    key: hiv-a\n    state: draft\n")
    text = text[: text.index("  findings:")]
    hiv.write_text(text)
    claims = path / "claims.yaml"
    claims.write_text(claims.read_text().replace('"assessment:hiv-a", ', ""))
    load_starter(path)
    assert Topic.objects.count() == 1
    assert not Topic.objects.public().exists()


def test_zero_and_not_reported_stay_apart(folder: Folder) -> None:
    load_starter(folder())
    seen = HarmReport.objects.get(record__starter_key="hiv-h1")
    unknown = HarmReport.objects.get(record__starter_key="h001")
    assert (seen.affected, seen.at_risk) == (0, 36)
    assert (unknown.affected, unknown.at_risk) == (None, None)


def test_a_harm_report_takes_its_topics_intervention_or_stands_alone(folder: Folder) -> None:
    load_starter(folder())
    within = HarmReport.objects.get(record__starter_key="hiv-h1")
    alone = HarmReport.objects.get(record__starter_key="h001")
    assert within.topic == Topic.objects.get()
    assert within.intervention.slug == "aldesleukin"
    assert alone.topic is None


def test_the_rule_is_worked_out_for_what_was_loaded(folder: Folder) -> None:
    load_starter(folder())
    topic = Topic.objects.get()
    assert topic.rule == vocab.Rule.E1
    assert (topic.findings_count, topic.trials_count) == (1, 1)


def test_a_load_moves_the_data_version_once_and_a_second_one_not_at_all(folder: Folder) -> None:
    path, before = folder(), version.current().number
    load_starter(path)
    assert version.current().number == before + 1
    load_starter(path)
    assert version.current().number == before + 1


def test_only_drafts_do_not_move_the_data_version(folder: Folder) -> None:
    path = folder()
    load_starter(path)
    before = version.current()
    harms = path / "harms.yaml"
    again = harms.read_text().replace("h001", "h002") + "  state: draft\n"
    harms.write_text(harms.read_text() + again)
    assert load_starter(path).created == {"harm reports": 1}
    assert version.current() == before


def test_every_row_has_an_audit_entry_that_says_why(folder: Folder) -> None:
    load_starter(folder())
    for model in (Condition, Trial, Publication, Finding, Assessment):
        for row in model.objects.all():
            made = LogEntry.objects.get_for_object(row).get(action=LogEntry.Action.CREATE)
            assert made.additional_data == {"reason": "Starter evidence", "via": "load_starter"}
            assert made.actor is None


def test_loading_twice_changes_nothing(folder: Folder) -> None:
    path = folder()
    first = load_starter(path)
    before = _everything()
    second = load_starter(path)
    assert second.created == {}
    assert second.present == first.created
    assert _everything() == before


def test_checking_loads_nothing(folder: Folder) -> None:
    tally = check_starter(folder())
    assert tally.created["findings"] == 2
    assert is_empty()
    assert not Condition.objects.exists()


def test_the_tally_says_in_words_what_was_done(folder: Folder) -> None:
    path = folder()
    first = load_starter(path).summary
    assert first.startswith("Created 1 outcome, 1 cell target,")
    assert "2 harm reports and 1 consideration. Drafts among them: 1 finding." in first
    assert load_starter(path).summary == "Nothing new: the starter evidence was loaded before."


def test_a_database_is_empty_until_the_load(folder: Folder) -> None:
    Condition.objects.create(name="Sepsis", slug="sepsis", area="infectious")
    assert is_empty()
    load_starter(folder())
    assert not is_empty()


def _everything() -> list[object]:
    models = (Condition, Intervention, Publication, Trial, Topic, Record, Finding, Assessment)
    rows: list[object] = [list(model.objects.order_by("pk").values()) for model in models]
    return [*rows, LogEntry.objects.count()]
