"""The trials listing: studies that give, or were to give, IL-2 to people."""

from __future__ import annotations

from typing import Any

from django.db.models import F, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, NullIf, Substr

from evidence import vocab
from evidence.catalogue import common, differing
from evidence.listing.core import Column, Facet, Kind, Listing, Row
from evidence.listing.filters import Bound, Terms, Through, Words, YesOrNo
from evidence.listing.filterset import StrictFilterSet
from evidence.models import (
    Finding,
    HarmReport,
    RegistryRecord,
    Trial,
    TrialIdentifier,
    TrialPhase,
    TrialPublication,
)
from evidence.templatetags.names import registered

CONDITIONS = Through(
    name="conditions",
    rows=lambda: Trial.conditions.through.objects.all(),
    link="trial_id",
    outer="pk",
)
INTERVENTIONS = Through(
    name="interventions",
    rows=lambda: Trial.interventions.through.objects.all(),
    link="trial_id",
    outer="pk",
)
PHASES = Through(name="phases", rows=lambda: TrialPhase.objects.all(), link="trial_id", outer="pk")
FINDINGS = Through(
    name="findings", rows=lambda: Finding.objects.public(), link="trial_id", outer="pk"
)
HARMS = Through(name="harms", rows=lambda: HarmReport.objects.public(), link="trial_id", outer="pk")
GONE = Through(
    name="gone",
    rows=lambda: RegistryRecord.objects.filter(vanished_on__isnull=False),
    link="trial_id",
    outer="pk",
)
GONE_SINCE = Subquery(
    RegistryRecord.objects.filter(trial=OuterRef("pk"), vanished_on__isnull=False)
    .order_by("vanished_on")
    .values("vanished_on")[:1]
)
START_YEAR = Cast(NullIf(Substr("start", 1, 4), Value("")), IntegerField())


class TrialFilters(StrictFilterSet):
    """What trials can be filtered by."""

    condition = Terms(
        field="condition",
        tree=common.conditions,
        through=CONDITIONS,
        label="Condition",
        about="A condition that the trial is mapped to, or any narrower one.",
    )
    area = Words(
        field="condition__area",
        vocabulary=vocab.Area,
        through=CONDITIONS,
        label="Area",
        about="The field of medicine; with a condition, of the same condition.",
    )
    intervention = Terms(
        field="intervention",
        tree=common.interventions,
        through=INTERVENTIONS,
        label="Intervention",
        about="A form of IL-2 that the trial gives, or any variant or regimen of it.",
    )
    kind = Words(
        field="intervention__kind",
        vocabulary=vocab.InterventionKind,
        through=INTERVENTIONS,
        label="Kind of IL-2",
        about="What sort of IL-2 it gives.",
    )
    selectivity = Words(
        field="intervention__selectivity",
        vocabulary=vocab.Selectivity,
        through=INTERVENTIONS,
        label="Selectivity",
        about="Which cells its IL-2 is made or dosed to move.",
    )
    dose_class = Words(
        field="intervention__dose_class",
        vocabulary=vocab.DoseClass,
        through=INTERVENTIONS,
        label="Dose class",
        about="How much IL-2 a day its intervention gives.",
    )
    phase = Words(
        field="phase",
        vocabulary=vocab.Phase,
        through=PHASES,
        label="Phase",
        about="One of its phases.",
    )
    recruitment_status = Words(
        field="recruitment_status",
        vocabulary=vocab.RecruitmentStatus,
        label="Recruitment status",
        about="ClinicalTrials.gov's overall status.",
    )
    design = Words(
        field="design",
        vocabulary=vocab.TrialDesign,
        label="Design",
        about="How people are allotted to the arms.",
    )
    year_min = Bound(
        field="start_year", lookup="gte", label="Start from year", about="The year it started."
    )
    year_max = Bound(
        field="start_year", lookup="lte", label="Start to year", about="The year it started."
    )
    has_results = YesOrNo(
        when=lambda: ~Q(results_posted=""),
        label="Results posted, date known",
        about="Whether the day on which its registry posted results is held here; no: not known "
        "here, which is not to say that none were posted.",
    )
    has_finding = YesOrNo(
        when=lambda: FINDINGS.holding(Q()),
        label="Has a finding",
        about="Whether a finding of it is held here.",
    )
    has_harm = YesOrNo(
        when=lambda: HARMS.holding(Q()),
        label="Has a harm report",
        about="Whether a harm report of it is held here.",
    )
    differs = YesOrNo(
        when=lambda: Q(pk__in=differing.differing()),
        label="Differs from its papers",
        about="Whether a paper of it says otherwise than its registry; no: what is entered here "
        "of its papers agrees, or nothing is entered.",
    )
    gone = YesOrNo(
        when=lambda: GONE.holding(Q()),
        label="Gone from its registry",
        about="Whether its registry was asked for it and does not know it, or one of its numbers.",
    )
    q = common.text(
        "trial",
        about="Words of the title, acronym, sponsor, people, primary outcome, conditions and "
        "interventions with their synonyms, or an identifier.",
    )


def _phases(keys: Any) -> dict[Any, str]:
    order = vocab.Phase.values
    rows = TrialPhase.objects.filter(trial__in=set(keys)).values_list("trial_id", "phase")
    return common.joined(sorted(rows, key=lambda row: order.index(row[1])))


def _publications(keys: Any) -> dict[Any, str]:
    rows = TrialPublication.objects.filter(
        trial__in=set(keys), publication__accepted_at__isnull=False
    )
    # Without a year last: databases differ in where they put what is missing.
    pairs = rows.order_by(F("publication__year").asc(nulls_last=True), "publication_id")
    return common.joined(
        (trial, f"P{publication}")
        for trial, publication in pairs.values_list("trial_id", "publication_id")
    )


def _second(row: Row) -> str:
    number = str(row["id"]) if registered(row["id"]) else "no registry number"
    return " · ".join(part for part in (str(row["acronym"]), number) if part)


COLUMNS = (
    Column.of(
        Trial,
        "slug",
        key="id",
        label="Id",
        about="Its word in addresses: its first registry number, or a short name.",
    ),
    common.list_column(
        "identifiers",
        "Identifiers",
        "All its registry numbers.",
        common.many(lambda: TrialIdentifier.objects.all(), "trial_id", "value"),
        show="many:none held",
    ),
    Column.of(Trial, "acronym"),
    Column.of(Trial, "title", show="name"),
    common.list_column(
        "conditions",
        "Conditions",
        "The conditions that a curator mapped it to.",
        common.many(lambda: Trial.conditions.through.objects.all(), "trial_id", "condition__name"),
    ),
    common.list_column(
        "condition_slugs",
        "Conditions' words",
        "The same, as filters take them.",
        common.many(lambda: Trial.conditions.through.objects.all(), "trial_id", "condition__slug"),
    ),
    common.list_column(
        "interventions",
        "Interventions",
        "The forms of IL-2 that a curator mapped it to.",
        common.many(
            lambda: Trial.interventions.through.objects.all(), "trial_id", "intervention__name"
        ),
    ),
    common.list_column(
        "intervention_slugs",
        "Interventions' words",
        "The same, as filters take them.",
        common.many(
            lambda: Trial.interventions.through.objects.all(), "trial_id", "intervention__slug"
        ),
    ),
    common.list_column(
        "phases",
        "Phases",
        "In ClinicalTrials.gov's words; empty: not given.",
        _phases,
        show="phases",
    ),
    Column.of(Trial, "recruitment_status", show="word:RecruitmentStatus"),
    Column.of(Trial, "why_stopped", sortable=False),
    Column.of(Trial, "design"),
    Column.of(Trial, "enrolment", unit="people", show="enrolment"),
    Column.of(Trial, "enrolment_type"),
    Column.of(Trial, "start", show="date"),
    Column.of(Trial, "primary_completion"),
    Column.of(Trial, "completion"),
    Column.of(Trial, "min_age_days"),
    Column.of(Trial, "max_age_days"),
    Column.of(Trial, "population_text"),
    Column.of(Trial, "sponsor"),
    Column.of(Trial, "countries", sortable=False),
    Column.of(Trial, "primary_outcome", sortable=False),
    Column.of(Trial, "results_posted"),
    Column.of(Trial, "results_summary", label="What it found", sortable=False),
    common.list_column(
        "publications",
        "Publications",
        "The numbers here of the papers that belong to it.",
        _publications,
    ),
    Column.of(Trial, "registry_updated"),
    Column.of(Trial, "checked_on", show="date:not yet"),
    Column(
        key="gone_since",
        label="Gone from its registry since",
        about="The day since when its registry does not know it; of several numbers, the first "
        "that is gone. Empty: that was not noted.",
        kind=Kind.DATE,
        source=GONE_SINCE,
        show="date:not noted",
        costly=True,
    ),
    common.list_column(
        "differs_from_paper",
        "Differs from its papers",
        "What its papers (P and their number) say otherwise than its registry, or than what "
        "stands here where the registry's record was not read. Empty: what is entered here of its "
        "papers agrees, or nothing is entered.",
        differing.of_trials,
        show="many:none noted",
    ),
    common.address_column("trial", "slug", "/trials/"),
)

TRIALS = Listing(
    name="trials",
    title="Trials",
    noun=("trial", "trials"),
    about="A row is one study that gives, or was to give, IL-2 to people, under all its "
    "identifiers.",
    rows=lambda: Trial.objects.public().annotate(start_year=START_YEAR),
    filterset=TrialFilters,
    columns=COLUMNS,
    shown=(
        "title",
        "conditions",
        "interventions",
        "phases",
        "recruitment_status",
        "enrolment",
        "start",
    ),
    facets=(
        Facet(filter="recruitment_status", open=True),
        Facet(filter="phase", open=True),
        Facet(filter="area", open=True),
        Facet(filter="design", open=True),
        Facet(filter="condition"),
        Facet(filter="intervention"),
        Facet(filter="kind"),
        Facet(filter="has_results"),
        Facet(filter="has_finding"),
        Facet(filter="has_harm"),
        Facet(filter="differs"),
        Facet(filter="gone"),
    ),
    link=lambda row: f"/trials/{row['id']}/",
    second=_second,
    order="-start",
)
