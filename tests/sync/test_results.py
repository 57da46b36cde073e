"""Posted adverse events become drafts as the record has them: nothing is added or made up."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from auditlog.models import LogEntry

from evidence import vocab
from evidence.models import AdverseEffect, HarmReport, Intervention, Topic, Trial
from evidence.registries import ctgov, ctgov_xml
from evidence.registries.records import AdverseEvents
from evidence.sync import results
from evidence.sync.errors import Refused
from evidence.sync.proposals import Proposal
from evidence.sync.record_texts import attribution_of, cut, quoted, says_related
from evidence.sync.results import Plan, Received
from tests.models.rows import make, someone
from tests.sync.posted import event, hold, study, world

pytestmark = pytest.mark.django_db
ALL_CAUSES: Mapping[bool, str] = {
    True: vocab.Attribution.ALL_CAUSE,
    False: vocab.Attribution.ALL_CAUSE,
}
FEVER = event("Pyrexia", (6, 20), (2, 21))


def il2() -> Received:
    """Give what a group received that had IL-2."""
    return Received(
        use=results.IL2,
        intervention=Intervention.objects.get(slug="sc-il-2"),
        dose_class=vocab.DoseClass.LOW,
        given=vocab.Given.ALONE,
    )


def received(**more: Received) -> dict[str, Received]:
    """Give what the groups received: IL-2 and nothing, unless told otherwise."""
    return {"EG000": il2(), "EG001": Received(use=vocab.Comparator.NO_IL2)} | more


def plan_of(trial: Trial, groups: Mapping[str, Received] | None = None) -> Plan:
    """Give what the only record of a trial proposes."""
    (source,) = results.posted(trial)
    return results.plan(trial, source, groups or received(), attribution=ALL_CAUSES)


def key_of(trial: Trial, term: str) -> str:
    """Give the key of the row of a term."""
    (key,) = [one.key for one in plan_of(trial).proposals if one.event.term == term]
    return key


def only_one(trial: Trial) -> Proposal:
    """Give the only proposal."""
    (proposal,) = plan_of(trial).proposals
    return proposal


def make_all(trial: Trial, groups: Mapping[str, Received] | None = None) -> list[HarmReport]:
    """Make drafts of everything that is proposed."""
    (source,) = results.posted(trial)
    keys = [one.key for one in plan_of(trial, groups).proposals]
    return results.make_drafts(
        trial,
        source,
        groups or received(),
        attribution=ALL_CAUSES,
        keys=keys,
        by=someone(),
    )


# --- What is proposed ---------------------------------------------------------------------------


def test_a_draft_says_what_the_record_says_and_no_more() -> None:
    trial = world(FEVER)
    (report,) = make_all(trial)
    report.refresh_from_db()
    assert (report.affected, report.at_risk) == (6, 20)
    assert (report.comparator_affected, report.comparator_at_risk) == (2, 21)
    assert report.comparator == vocab.Comparator.NO_IL2
    assert (report.adverse_effect.slug, report.term_as_printed) == ("fever", "Pyrexia")
    assert (report.trial, report.publication, report.topic) == (trial, None, Topic.objects.get())
    assert (report.results_posted, report.arm) == ("2011-04-25", "IL-2")
    assert report.collected == vocab.Collected.SERIOUS_ONLY
    assert report.attribution == vocab.Attribution.ALL_CAUSE
    assert (report.dose_class, report.given) == (vocab.DoseClass.LOW, vocab.Given.ALONE)
    assert report.locator == "Posted results, adverse events, serious: EG000"
    assert report.follow_up == "Two years"
    assert (report.state, report.origin) == (vocab.State.DRAFT, vocab.Origin.IMPORT)
    assert (report.author, report.last_editor, report.figures_unchecked) == (None, None, False)


def test_serious_and_other_events_of_one_term_stay_apart() -> None:
    trial = world(FEVER, other=(event("Fever", (9, 20), (8, 21)),))
    serious, other = plan_of(trial).proposals
    assert serious.values["collected"] == vocab.Collected.SERIOUS_ONLY
    assert other.values["collected"] == vocab.Collected.ABOVE_THRESHOLD
    assert other.values["collected_note"].startswith("Other events above 5 % of an arm.")
    assert "above" not in serious.values["collected_note"]
    assert (serious.values["affected"], other.values["affected"]) == (6, 9)


@pytest.mark.parametrize(
    ("threshold", "collected"),
    [
        ("0", vocab.Collected.ALL_GRADES),
        ("0.0", vocab.Collected.ALL_GRADES),
        ("5", vocab.Collected.ABOVE_THRESHOLD),
        ("0.5%", vocab.Collected.ABOVE_THRESHOLD),
        ("a few", vocab.Collected.ABOVE_THRESHOLD),
        (None, vocab.Collected.NOT_STATED),
    ],
)
def test_the_threshold_says_which_other_events_were_counted(
    threshold: str | None, collected: str
) -> None:
    trial = world(other=(FEVER,), frequencyThreshold=threshold)
    assert only_one(trial).values["collected"] == collected


def test_how_events_were_asked_for_is_noted_and_is_no_attribution() -> None:
    trial = world(FEVER | {"assessmentType": "NON_SYSTEMATIC_ASSESSMENT"})
    values = only_one(trial).values
    assert values["attribution"] == vocab.Attribution.ALL_CAUSE
    assert "not asked for systematically" in values["collected_note"]


def test_what_is_not_reported_is_no_zero_and_no_draft() -> None:
    trial = world(event("Fever", (None, 20), (2, 21)), event("Hypotension", (0, 20), (1, 21)))
    fever, hypotension = plan_of(trial).proposals
    assert fever.fault
    assert not fever.may_be_drafted
    (report,) = make_all(trial)
    assert (report.adverse_effect, report.affected) == (hypotension.effect, 0)


def test_a_group_that_a_term_was_not_counted_in_is_not_reported() -> None:
    assert not only_one(world(event("Fever"))).may_be_drafted


@pytest.mark.parametrize("count", [(0, 0), (21, 20)])
def test_figures_that_cannot_be_are_shown_and_not_drafted(count: tuple[int, int]) -> None:
    trial = world(event("Fever", count, (2, 21)))
    assert only_one(trial).fault
    assert make_all(trial) == []


def test_a_comparator_whose_figures_cannot_be_is_left_out() -> None:
    trial = world(event("Fever", (6, 20), (30, 21)))
    (report,) = make_all(trial)
    assert (report.comparator_affected, report.comparator_at_risk) == (None, None)


def test_with_two_comparators_none_is_set_beside() -> None:
    trial = world(event("Fever", (6, 20), (2, 21), (3, 22)), groups=("IL-2", "Placebo", "Nothing"))
    groups = received(EG002=Received(use=vocab.Comparator.PLACEBO))
    (report,) = make_all(trial, groups)
    assert (report.comparator, report.comparator_at_risk) == (vocab.Comparator.NONE, None)


def test_every_group_that_received_il2_has_rows_of_its_own() -> None:
    trial = world(event("Fever", (6, 20), (2, 21)))
    first, second = make_all(trial, {"EG000": il2(), "EG001": il2()})
    assert (first.arm, first.affected) == ("IL-2", 6)
    assert (second.arm, second.affected) == ("Control", 2)


def test_a_group_that_is_left_out_proposes_nothing() -> None:
    assert plan_of(world(FEVER), {"EG000": Received(), "EG001": Received()}).proposals == ()


def test_terms_that_are_none_of_our_effects_are_listed() -> None:
    trial = world(FEVER, event("Skull fracture", (1, 20), (None, 21)))
    (term,) = plan_of(trial).unmatched
    assert (term.term, term.serious, term.affected) == ("Skull fracture", True, 1)


def test_an_effect_that_was_merged_into_another_is_not_matched() -> None:
    trial = world(FEVER)
    fever = AdverseEffect.objects.get(slug="fever")
    fever.merged_into = AdverseEffect.objects.get(slug="hypotension")
    fever.save()
    assert plan_of(trial).proposals == ()


def test_long_texts_are_cut_at_a_word() -> None:
    trial = world(FEVER, timeFrame="during treatment " * 40, description="counted " * 400)
    (report,) = make_all(trial)
    assert report.follow_up.endswith("…")
    assert len(report.follow_up) <= 120
    assert len(report.collected_note) <= 400
    report.full_clean(exclude=["record", "publication", "author"])
    assert cut("x" * 200, 120) == "x" * 119 + "…"


def test_a_trial_on_two_topics_leaves_the_topic_to_the_curator() -> None:
    trial = world(FEVER)
    trial.topics.add(make(Topic))
    (report,) = make_all(trial)
    assert report.topic is None


# --- What is quoted of the record ---------------------------------------------------------------

SELECT = (
    "Serious AEs: AE that results in death; is life-threatening; "
    + "requires or prolongs hospitalization; " * 9
    + "or none of these. Other AEs: Remaining AEs (max grade) with an attribution, e.g. possibly."
)
GRADES = (
    "Adverse events are grade 4 events, reportable in both arms. "
    "All grade 4 events are included under serious adverse events. "
    "Common adverse events of any grade are reported under other adverse events."
)


def test_of_other_events_what_the_record_says_of_them_is_quoted() -> None:
    trial = world(FEVER, other=(FEVER,), description=SELECT)
    serious, other = (one.values["collected_note"] for one in plan_of(trial).proposals)
    assert other.endswith(
        "Other AEs: Remaining AEs (max grade) with an attribution, e.g. possibly."
    )
    assert "hospitalization" not in other
    assert "Serious AEs: AE that results in death; is life-threatening" in serious
    assert serious.endswith("requires or prolongs hospitalization…")


def test_whole_sentences_are_quoted_and_a_sign_stands_for_what_is_left_out() -> None:
    common = "Common adverse events of any grade are reported under other adverse events."
    grade_4 = (
        "Adverse events are grade 4 events, reportable in both arms. "
        "All grade 4 events are included under serious adverse events."
    )
    assert quoted(GRADES, 130, serious=False) == common
    assert quoted(GRADES, 130, serious=True) == f"{grade_4} …"
    assert quoted(GRADES, 100, serious=True) == f"{grade_4.split('. ')[0]}. …"
    assert quoted(GRADES, 400, serious=False) == GRADES


@pytest.mark.parametrize(
    ("text", "serious", "says"),
    [
        ("All who had a dose count. They were asked daily.", False, "All who had a dose count. …"),
        ("Nonserious events were seen. Serious ones were told.", True, "Serious ones were told."),
        ("Serious events only. Those of grade 4 as well.", False, "Serious events only. …"),
        ("From day 1. Serious ones later. To day 90.", False, "From day 1. … To day 90."),
        ("Asked daily\nOther events above the threshold", False, "Other events above the…"),
        (
            "Asked (e.g. By phone) at each of the visits there were",
            False,
            "Asked (e.g. By phone) at…",
        ),
    ],
)
def test_what_cannot_be_told_apart_is_quoted_from_its_beginning(
    text: str, serious: bool, says: str
) -> None:
    assert quoted(text, 27, serious=serious) == says


# --- What the record says of causes -------------------------------------------------------------


@pytest.mark.parametrize(
    ("description", "serious", "other"),
    [
        ("", False, False),
        ("Only events related to study treatment are reported.", True, True),
        ("Serious AEs: any. Other AEs: with trt-attribution of possibly or definitely.", 0, 1),
        ("Treatment-related SAEs are listed.", True, False),
        ("All events regardless of attribution are reported.", False, False),
        ("Events were collected whether or not related to study drug.", False, False),
        ("Number of drug doses was noted.", False, False),
    ],
)
def test_events_are_of_all_causes_unless_the_record_says_otherwise(
    description: str, serious: bool, other: bool
) -> None:
    assert says_related(description, serious=True) == serious
    assert says_related(description, serious=False) == other


# --- What is held already -------------------------------------------------------------------------


def test_a_second_go_finds_everything_held() -> None:
    trial = world(FEVER, other=(event("Fever", (9, 20), (8, 21)),))
    assert len(make_all(trial)) == 2
    assert [one.held is not None for one in plan_of(trial).proposals] == [True, True]
    assert make_all(trial) == []


def test_two_terms_for_one_effect_are_two_reports() -> None:
    trial = world(FEVER, event("Fever", (1, 20), (1, 21)))
    assert len(make_all(trial)) == 2


def test_a_report_with_the_same_figures_is_named_and_not_ticked() -> None:
    trial = world(FEVER)
    (report,) = make_all(trial)
    report.arm, report.collected = "IL-2, with antiretrovirals", vocab.Collected.GRADE_4
    report.save()
    proposal = only_one(trial)
    assert (proposal.held, proposal.near) == (None, report)
    assert proposal.may_be_drafted
    assert not proposal.is_ticked


def _by_hand(report: HarmReport, **more: object) -> None:
    """Make a report what somebody entered by hand: in her words, with the record's figures."""
    said = {"arm": "IL-2, 7.5 MIU twice daily", "term_as_printed": "Body temperature"} | more
    HarmReport.objects.filter(pk=report.pk).update(**said)


def test_the_very_figures_of_an_effect_are_held_already_whatever_its_words() -> None:
    trial = world(FEVER)
    (report,) = make_all(trial)
    _by_hand(report)
    assert only_one(trial).held == report
    assert make_all(trial) == []


@pytest.mark.parametrize(
    "other",
    [
        {"comparator_affected": 3},
        {"comparator_affected": None, "comparator_at_risk": None},
        {"collected": vocab.Collected.GRADE_4},
    ],
    ids=lambda one: next(iter(one)),
)
def test_figures_that_are_like_those_held_may_be_drafted(other: dict[str, object]) -> None:
    trial = world(FEVER)
    (report,) = make_all(trial)
    _by_hand(report, **other)
    proposal = only_one(trial)
    assert (proposal.held, proposal.near) == (None, report)
    assert proposal.may_be_drafted
    assert not proposal.is_ticked


def test_two_rows_with_the_same_figures_are_not_held_by_one_report() -> None:
    twice = (event("Fever", (1, 20), (0, 21)), event("Pyrexia", (1, 20), (0, 21)))
    trial = world(*twice)
    (source,) = results.posted(trial)
    results.make_drafts(
        trial,
        source,
        received(),
        attribution=ALL_CAUSES,
        keys=[key_of(trial, "Fever")],
        by=someone(),
    )
    fever, pyrexia = plan_of(trial).proposals
    assert (fever.held, pyrexia.held) == (HarmReport.objects.get(), None)
    _by_hand(HarmReport.objects.get())
    assert [one.held for one in plan_of(trial).proposals] == [None, None]
    _by_hand(HarmReport.objects.get(), term_as_printed="fevers")
    fever, pyrexia = plan_of(trial).proposals
    assert (fever.held, pyrexia.held) == (HarmReport.objects.get(), None)


def test_two_groups_with_the_same_figures_are_not_held_by_one_report() -> None:
    trial = world(event("Fever", (1, 20), (1, 20)))
    both = {"EG000": il2(), "EG001": il2()}
    first, second = make_all(trial, both)
    second.delete()
    assert [one.held for one in plan_of(trial, both).proposals] == [first, None]


def test_a_report_of_another_trial_is_not_held() -> None:
    trial = world(FEVER)
    (report,) = make_all(trial)
    HarmReport.objects.filter(pk=report.pk).update(trial=make(Trial))
    assert only_one(trial).is_ticked


# --- Who made them, and what becomes of them ------------------------------------------------------


def test_the_log_names_who_made_a_draft_and_from_what() -> None:
    trial = world(FEVER)
    (source,) = results.posted(trial)
    anna = someone("anna")
    (report,) = results.make_drafts(
        trial, source, received(), attribution=ALL_CAUSES, keys=[key_of(trial, "Pyrexia")], by=anna
    )
    entry = LogEntry.objects.get_for_object(report).get()
    assert (entry.actor, report.assignee) == (anna, anna)
    assert entry.additional_data["reason"] == "From the posted results of NCT00000001"


def test_only_what_was_chosen_is_drafted() -> None:
    trial = world(FEVER, event("Hypotension", (1, 20), (1, 21)))
    (source,) = results.posted(trial)
    made = results.make_drafts(
        trial,
        source,
        received(),
        attribution=ALL_CAUSES,
        keys=[key_of(trial, "Hypotension"), "EG009.0", "nonsense"],
        by=someone(),
    )
    assert [one.adverse_effect.slug for one in made] == ["hypotension"]


def test_without_the_day_of_posting_nothing_is_drafted() -> None:
    trial = world()
    data = study([FEVER], [])
    del data["protocolSection"]["statusModule"]
    hold(trial, data)
    Trial.objects.update(results_posted="")
    trial.refresh_from_db()
    with pytest.raises(Refused, match="when its results were posted"):
        make_all(trial)


# --- Other names of effects ----------------------------------------------------------------------


def test_a_term_that_is_taught_is_matched_from_then_on() -> None:
    trial = world(event("Febrile episode", (3, 20), (1, 21)))
    fever = AdverseEffect.objects.get(slug="fever")
    results.teach(fever, "Febrile episode", by=someone())
    fever.refresh_from_db()
    assert fever.synonym_list == ["Pyrexia", "Febrile episode"]
    assert only_one(trial).effect == fever


@pytest.mark.parametrize("term", ["General disorders - Other, specify", "Hypotensions", "..."])
def test_a_term_that_would_not_be_matched_is_not_taught(term: str) -> None:
    world()
    fever = AdverseEffect.objects.get(slug="fever")
    with pytest.raises(Refused):
        results.teach(fever, term, by=someone())
    fever.refresh_from_db()
    assert fever.synonyms == "Pyrexia"


# --- Whether there is anything --------------------------------------------------------------------


def test_a_trial_without_posted_events_has_none() -> None:
    trial = make(Trial)
    assert not results.has_posted(trial)
    assert results.posted(trial) == ()


def test_a_payload_that_cannot_be_read_any_more_has_none() -> None:
    trial = world(FEVER)
    record = hold(trial, {"adverseEventsModule": "nonsense"})
    assert record.snapshot is not None
    assert results.posted(trial) == ()


# --- Real records --------------------------------------------------------------------------------


def _real(folder: Path, name: str) -> AdverseEvents:
    path = next(folder.glob(f"*/{name}"))
    whole = path.suffix == ".xml"
    data = ctgov_xml.study(path.read_bytes()) if whole else json.loads(path.read_text())
    events = ctgov.read(ctgov.payload(data).data).adverse_events
    assert events is not None
    return events


def test_of_the_select_trial_the_definition_of_other_events_is_quoted(
    registry_folder: Path,
) -> None:
    events = _real(registry_folder, "NCT00554515.json")
    other = quoted(events.description or "", 330, serious=False)
    assert other == (
        "Other AEs: Remaining AEs (max grade) with trt-attribution of possibly, probably or "
        "definitely."
    )
    when = quoted(events.time_frame or "", 120, serious=False)
    assert when == "Adverse events were assessed continuously throughout treatment. …"


def test_the_select_trial_counts_other_events_by_their_attribution(registry_folder: Path) -> None:
    events = _real(registry_folder, "NCT00554515.json")
    assert attribution_of(events) == {
        True: vocab.Attribution.ALL_CAUSE,
        False: vocab.Attribution.TREATMENT_RELATED,
    }


def test_esprits_figures_are_those_of_its_record(registry_folder: Path) -> None:
    trial = world()
    path = registry_folder / "ctgov_legacy_xml_il2/NCT00004978.xml"
    hold(trial, dict(ctgov.payload(ctgov_xml.study(path.read_bytes())).data))
    (fever,) = plan_of(trial).proposals
    assert fever.values["collected_note"].endswith(
        'The record says: Common adverse events of any grade are reported under "other adverse '
        'events" by MedDRA PT.'
    )
    assert fever.values["follow_up"].endswith("study end (15 November 2008)…")
    assert fever.event.term == "Pyrexia"
    assert (fever.values["affected"], fever.values["at_risk"]) == (18, 2071)
    assert (fever.values["comparator_affected"], fever.values["comparator_at_risk"]) == (9, 2040)


def test_every_posted_record_of_the_folder_is_planned(registry_folder: Path) -> None:
    trial = world()
    groups, planned = 0, 0
    path = registry_folder / "ctgov_v2_real_other/studies_350.jsonl.gz"
    for line in gzip.decompress(path.read_bytes()).splitlines():
        events = ctgov.read(ctgov.payload(json.loads(line)).data).adverse_events
        if events is None or not events.groups:
            continue
        source = results.Posted(
            number="NCT00000001", as_read="", results_posted="2011", events=events
        )
        groups += 1
        every = {group.id: il2() for group in events.groups}
        found = results.plan(trial, source, every, attribution=attribution_of(events))
        planned += len(found.proposals)
    assert groups > 20
    assert planned > 20
