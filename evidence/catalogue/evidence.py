"""The evidence listing: one row per topic, with its status and what that rests on."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from evidence import vocab
from evidence.catalogue import common, sources, topics
from evidence.listing.core import Column, Facet, Listing, Row
from evidence.listing.filters import Bound, Terms, Through, Words, YesOrNo
from evidence.listing.filterset import StrictFilterSet
from evidence.listing.text import Text, in_field
from evidence.models import (
    Assessment,
    Finding,
    HarmReport,
    Intervention,
    Topic,
    Trial,
    TrialIdentifier,
    TrialPublication,
)

_INTERVENTION = topics.intervention_filters("topic__intervention__")
FINDINGS = Through(
    name="findings",
    rows=lambda: Finding.objects.public().annotate(source_year=common.SOURCE_YEAR),
    link="topic__read_by",
    outer="topic_id",
)
HARMS = Through(
    name="harms",
    rows=lambda: HarmReport.objects.public(),
    link="topic__read_by",
    outer="topic_id",
)
TRIALS = Through(
    name="trials",
    rows=lambda: Topic.read_trials.through.objects.filter(trial__accepted_at__isnull=False),
    link="topic_id",
    outer="topic_id",
)


def _elsewhere(spelling: str) -> Q:
    """Find a topic by the words of what it rests on: papers, trials and their identifiers."""
    findings = Finding.objects.public().filter(
        in_field("statement", spelling) | in_field("outcome", spelling) | sources.cited(spelling)
    )
    trials = Trial.objects.public().filter(
        Q(pk__in=TrialIdentifier.objects.filter(value__iexact=spelling).values("trial_id"))
        | Q(
            pk__in=TrialPublication.objects.filter(
                sources.identified("publication__", spelling)
            ).values("trial_id")
        )
    )
    read = Topic.read_trials.through.objects.filter(trial__in=trials)
    return Q(topic__in=findings.order_by().values("topic__read_by")) | Q(
        topic__in=read.values("topic_id")
    )


class EvidenceFilters(StrictFilterSet):
    """What topics can be filtered by."""

    condition = topics.condition_filter("topic__condition")
    area = topics.area_filter("topic__condition__area")
    intervention = _INTERVENTION["intervention"]
    kind = _INTERVENTION["kind"]
    selectivity = _INTERVENTION["selectivity"]
    dose_class = _INTERVENTION["dose_class"]
    role = topics.role_filter("topic__role")
    population = topics.population_filter("topic__population")
    status = Words(
        field="status",
        vocabulary=vocab.Status,
        label="Status",
        about="Our word on the topic.",
    )
    ground = Words(
        field="ground",
        vocabulary=vocab.Ground,
        label="Ground",
        about="Why the status is investigated.",
    )
    direction = Words(
        field="direction",
        vocabulary=vocab.TopicDirection,
        label="Direction",
        about="What happened to patients or markers, over all findings.",
    )
    certainty = Words(
        field="certainty",
        vocabulary=vocab.Certainty,
        label="Certainty",
        about="GRADE's certainty of the body of evidence.",
    )
    approval = YesOrNo(
        when=lambda: Q(topic__approved=True),
        label="Approved use",
        about="Whether an approval in force names this very use.",
    )
    adverse_effect = Terms(
        field="adverse_effect",
        tree=common.effects,
        through=HARMS,
        label="Adverse effect",
        about="A harm that was reported in it.",
    )
    phase = Words(
        field="trial__phase_rows__phase",
        vocabulary=vocab.Phase,
        through=TRIALS,
        label="Trial phase",
        about="A phase of one of its trials; with a trial status, of the same trial.",
    )
    recruitment_status = Words(
        field="trial__recruitment_status",
        vocabulary=vocab.RecruitmentStatus,
        through=TRIALS,
        label="Trial status",
        about="The status of one of its trials; with a phase, of the same trial.",
    )
    year_min = Bound(
        field="source_year",
        lookup="gte",
        through=FINDINGS,
        label="Finding from year",
        about="A finding of it was published in this year or later.",
    )
    year_max = Bound(
        field="source_year",
        lookup="lte",
        through=FINDINGS,
        label="Finding to year",
        about="A finding of it was published in this year or earlier; with the year before it, "
        "the same finding.",
    )
    has_trial = YesOrNo(
        when=lambda: Q(topic__trials_count__gt=0),
        label="Has a trial",
        about="Whether a trial addresses it.",
    )
    has_harm = YesOrNo(
        when=lambda: Q(topic__harms_count__gt=0),
        label="Has a harm report",
        about="Whether harms were reported in it.",
    )
    reviewed = YesOrNo(
        when=lambda: Q(reviewed_at__isnull=False),
        label="Reviewed here",
        about="Whether a second person here has read it; starter evidence has not been yet.",
    )
    q = Text(
        fields=("summary", "reason"),
        terms={
            "topic__condition": common.conditions,
            "topic__intervention": common.interventions,
        },
        tied=((HARMS, "adverse_effect", common.effects),),
        elsewhere=_elsewhere,
        about="Words of the summary, the condition, the intervention, the adverse effects, their "
        "synonyms, the findings, the papers' titles, or an identifier.",
    )


def _pmids(keys: Any) -> dict[Any, str]:
    rows = Finding.objects.public().filter(
        topic__read_by__in=set(keys), publication__pmid__isnull=False
    )
    pairs = rows.order_by("publication__pmid").values_list("topic__read_by", "publication__pmid")
    return common.joined(pairs)


def _effects(keys: Any) -> dict[Any, str]:
    rows = HarmReport.objects.public().filter(topic__read_by__in=set(keys))
    pairs = rows.order_by("adverse_effect__name")
    return common.joined(pairs.values_list("topic__read_by", "adverse_effect__name"))


def _second(row: Row) -> str:
    population = vocab.Population(row["population"]).label.partition(" (")[0]
    parts = [row["intervention"], population]
    if row["role"] != vocab.Role.TREATMENT:
        parts.insert(1, vocab.Role(row["role"]).label)
    return " · ".join(parts)


COLUMNS = (
    common.code_column(
        "id", "Id", "The topic's number: for ever the same question.", "topic_id", "T"
    ),
    *topics.topic_columns("topic__", heading=True),
    Column.of(Intervention, "dose_class", path="topic__intervention__dose_class"),
    Column.of(Topic, "population", path="topic__population"),
    Column.of(Assessment, "status", show="status"),
    Column.of(Topic, "rule_status", label="Rule's status", path="topic__rule_status"),
    Column.of(Topic, "rule", label="Rule", path="topic__rule"),
    Column.of(Assessment, "direction", show="direction"),
    Column.of(Assessment, "certainty", show="certainty"),
    Column.of(Assessment, "ground"),
    Column.of(Topic, "approved", key="approval", label="Approved use", path="topic__approved"),
    Column.of(Assessment, "summary", label="What was found", show="text", sortable=False),
    Column.of(Topic, "findings_count", key="findings", path="topic__findings_count"),
    Column.of(Topic, "studies_count", key="studies", path="topic__studies_count"),
    Column.of(Topic, "trials_count", key="trials", path="topic__trials_count"),
    Column.of(Topic, "publications_count", key="publications", path="topic__publications_count"),
    Column.of(Topic, "harms_count", key="harms", path="topic__harms_count"),
    common.list_column(
        "pmids",
        "PMIDs",
        "PubMed's numbers of the papers behind the findings.",
        _pmids,
        source="topic_id",
    ),
    common.list_column(
        "adverse_effects",
        "Adverse effects",
        "Harms that were reported in it.",
        _effects,
        source="topic_id",
    ),
    *common.judged(Assessment),
    common.address_column("topic", "topic_id", "/evidence/T"),
)

EVIDENCE = Listing(
    name="evidence",
    title="Evidence",
    noun=("topic", "topics"),
    about="A row is one question: a condition, a form of IL-2, what it is in it, and in whom.",
    rows=lambda: Assessment.objects.public(),
    filterset=EvidenceFilters,
    columns=COLUMNS,
    shown=("condition", "status", "summary", "direction", "certainty", "findings", "studies"),
    facets=(
        Facet(filter="status", open=True),
        Facet(filter="area", open=True),
        Facet(filter="role", open=True),
        Facet(filter="population", open=True),
        Facet(filter="condition"),
        Facet(filter="intervention"),
        Facet(filter="kind"),
        Facet(filter="selectivity"),
        Facet(filter="dose_class"),
        Facet(filter="direction"),
        Facet(filter="certainty"),
        Facet(filter="ground"),
        Facet(filter="approval"),
        Facet(filter="phase"),
        Facet(filter="recruitment_status"),
        Facet(filter="adverse_effect"),
        Facet(filter="has_trial"),
        Facet(filter="has_harm"),
        Facet(filter="reviewed"),
    ),
    link=lambda row: f"/evidence/T{row['id']}/",
    second=_second,
    order="condition",
)
