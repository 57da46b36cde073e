"""What topics can be filtered by."""

from __future__ import annotations

from django.db.models import Q

from evidence import vocab
from evidence.catalogue import common, rule, standing, topics
from evidence.ledger.as_of import year_in
from evidence.listing.filters import Bound, Terms, Through, Words, YesOrNo
from evidence.listing.filterset import StrictFilterSet
from evidence.listing.text import Text
from evidence.listing.years import AS_OF, AsOf
from evidence.models import Finding, HarmReport, Topic

AS_OF_ABOUT = (
    "A year from 1970 to this one: the columns and filters of the rule's word and of what it read "
    "(rule, rule_status, rule_ground, agrees, robust, borrowed, discordant, approval, for, "
    "against, excluded, findings, studies, trials, publications, pmids, has_trial) then hold what "
    "the rule would have said at its end, from today's published findings; all others stay as they "
    "are today. It is the rule's word, not the curators'."
)
AS_OF_HINT = (
    "Shows what the rule would have said at the end of a year; our own words are always today's."
)
OF_ALL = " It asks of all of today's findings, whatever as_of asks."
OFFERED_YEARS = (1990, 1995, 2000, 2005, 2010, 2015, 2020)
_INTERVENTION = topics.intervention_filters("topic__intervention__")
_EXACTLY = topics.exact_filters("topic__")
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


def words() -> Text:
    """Return the plain text filter of topics."""
    return common.text(
        "topic",
        key="topic_id",
        about="Words of the summary, the condition, the intervention, the adverse effects, their "
        "synonyms, the findings, the papers' titles, or an identifier.",
    )


def status_filter(*, about: str) -> Words:
    """Return the filter by our status."""
    return Words(field="status", vocabulary=vocab.Status, label="Status", about=about)


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
    status = status_filter(about="Our word on the topic." + rule.TODAYS)
    ground = Words(
        field="ground",
        vocabulary=vocab.Ground,
        label="Ground",
        about="Why the status is investigated." + rule.TODAYS,
    )
    direction = Words(
        field="direction",
        vocabulary=vocab.TopicDirection,
        label="Direction",
        about="What happened to patients or markers, over all findings." + rule.TODAYS,
    )
    certainty = Words(
        field="certainty",
        vocabulary=vocab.Certainty,
        label="Certainty",
        about="GRADE's certainty of the body of evidence." + rule.TODAYS,
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
        about="A finding of it was published in this year or later." + OF_ALL,
    )
    year_max = Bound(
        field="source_year",
        lookup="lte",
        through=FINDINGS,
        label="Finding to year",
        about="A finding of it was published in this year or earlier; with the year before it, "
        "the same finding." + OF_ALL,
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
    status_since = standing.since_filter()
    exact_condition = _EXACTLY["exact_condition"]
    exact_intervention = _EXACTLY["exact_intervention"]
    q = words()


def filters(before: str) -> type[StrictFilterSet]:
    """Return the filters of topics, those by the rule's word among them: `for` is a keyword."""
    as_of = AsOf(read=year_in, about=AS_OF_ABOUT, hint=AS_OF_HINT, offered=OFFERED_YEARS)
    has_trial = YesOrNo(
        # A topic that was never derived has no number, and no trial.
        when=lambda: Q(**{f"{before}trials_count__gt": 0, f"{before}trials_count__isnull": False}),
        label="Has a trial",
        about="Whether a trial addresses it." + rule.OF_THE_YEAR,
    )
    of_the_year = {**rule.word_filters(before), "has_trial": has_trial}
    return EvidenceFilters.having({**of_the_year, AS_OF: as_of})
