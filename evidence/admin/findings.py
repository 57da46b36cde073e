"""Findings in the admin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from evidence.admin.editions import EDITION, FOR_COLLEAGUES, EditionAdmin
from evidence.admin.filters import WAITING, LocatorGiven
from evidence.admin.opened import EditionForm
from evidence.admin.panels import Cell, Panel, panel
from evidence.models import Finding
from evidence.templatetags.names import publication_label, study_name
from evidence.templatetags.things import figures
from evidence.vocab import Direction, OutcomeKind

FINDING_COLUMNS: Mapping[str, Cell] = {
    "Finding": lambda finding: finding.code,
    "Outcome": lambda finding: finding.outcome,
    "Direction": Finding.get_direction_display,
    "Kind": Finding.get_outcome_kind_display,
    "Analysis": Finding.get_analysis_display,
    "State": Finding.get_state_display,
}
READ_AGAINST: Mapping[str, Cell] = {
    "Finding": lambda finding: finding.code,
    "Outcome": lambda finding: finding.outcome,
    "Study": study_name,
    "Direction": Finding.get_direction_display,
    "Comparison": Finding.get_comparison_display,
    "Analysis": Finding.get_analysis_display,
    "State": Finding.get_state_display,
}
OF_THE_TRIAL: Mapping[str, Cell] = {
    "Finding": lambda finding: finding.code,
    "Outcome": lambda finding: finding.outcome,
    "Direction": Finding.get_direction_display,
    "Figures": figures,
    "Source": lambda finding: (
        publication_label(finding.publication) if finding.publication else "posted results"
    ),
}
# Of two results on the same outcome, which directions speak against each other.
AGAINST: Mapping[str, tuple[str, ...]] = {
    Direction.FAVOURS: (Direction.NO_DIFFERENCE, Direction.HARM),
    Direction.HARM: (Direction.NO_DIFFERENCE, Direction.FAVOURS),
    Direction.NO_DIFFERENCE: (
        Direction.FAVOURS,
        Direction.HARM,
        Direction.RAISED,
        Direction.LOWERED,
    ),
    Direction.RAISED: (Direction.NO_DIFFERENCE, Direction.LOWERED),
    Direction.LOWERED: (Direction.NO_DIFFERENCE, Direction.RAISED),
}
AS_PRINTED = (
    "As the source prints them. Empty means not reported: never type 0 for that. An interval has "
    "both its ends and its level; an estimate has its measure."
)


class FindingForm(EditionForm):
    """A finding's form: of half an interval it says one thing only."""

    said_by: ClassVar = {"estimate_in_interval": "interval_whole"}


@admin.register(Finding)
class FindingAdmin(EditionAdmin):
    """What one source showed on one topic, in the order in which a paper is read."""

    form = FindingForm
    readers_page = "finding"
    found_as = ("F", "record_id")
    list_display = (
        "code_and_edition",
        "state_word",
        "outcome",
        "direction",
        "question",
        "author",
        "changed_on",
    )
    list_display_links = ("code_and_edition", "outcome")
    list_filter = (
        "state",
        *WAITING,
        LocatorGiven,
        "direction",
        "outcome_kind",
        "analysis",
        "comparison",
        "topic__condition__area",
        "topic__role",
        "origin",
    )
    search_fields = (
        "outcome",
        "statement",
        "topic__condition__name",
        "topic__condition__synonyms",
        "topic__intervention__name",
        "topic__intervention__synonyms",
        "publication__title",
        "publication__pmid",
        "publication__doi",
        "trial__slug",
        "trial__acronym",
        "trial__identifiers__value",
    )
    named_by = (
        "topic__condition",
        "topic__intervention",
        "author",
        "publication",
        "trial",
        "outcome_group",
    )
    linked_by = (
        *EditionAdmin.linked_by,
        "topic__id__exact",
        "publication__id__exact",
        "trial__id__exact",
        "outcome_group__id__exact",
    )
    kept_for_another = (
        "topic",
        "publication",
        "trial",
        "results_posted",
        "locator",
        "outcome",
        "outcome_kind",
        "outcome_group",
        "comparison",
        "analysis",
        "subjects",
        "population",
        "design",
        "risk_of_bias",
    )
    fieldsets = (
        (
            "What was asked",
            {"fields": ("topic", "publication", "trial", "results_posted")},
        ),
        (
            "What happened",
            {
                "fields": (
                    "outcome",
                    ("outcome_kind", "outcome_group"),
                    "direction",
                    ("comparison", "analysis"),
                    ("subjects", "population"),
                    ("design", "time_point"),
                )
            },
        ),
        (
            "Figures",
            {
                "description": AS_PRINTED,
                "fields": (
                    "effect_measure",
                    ("estimate", "ci_low", "ci_high", "ci_level"),
                    "p_value",
                    ("value_il2", "value_comparator"),
                    ("n_il2", "n_comparator", "n_total"),
                    "figures_unchecked",
                ),
            },
        ),
        ("Where it says so", {"fields": ("locator", "statement")}),
        ("How far it can be trusted", {"fields": (("risk_of_bias", "certainty"),)}),
        FOR_COLLEAGUES,
        EDITION,
    )

    def review_panels(self, request: HttpRequest, edition: Any) -> Sequence[Panel]:
        """Show what is published and speaks against it, then what else its source says."""
        rows = Finding.objects.exclude(record=edition.record_id).select_related(
            "publication", "trial"
        )
        against = rows.public().filter(_same_outcome(edition), topic=edition.topic_id)
        directions = AGAINST.get(edition.direction, ())
        return (
            panel(
                against.filter(direction__in=directions),
                title="What is published and points another way",
                columns=READ_AGAINST,
            ),
            panel(
                same_source(rows, edition),
                title="Other findings of the same source",
                columns=FINDING_COLUMNS,
            ),
            *self._of_the_trial(rows, edition),
        )

    def _of_the_trial(self, rows: Any, edition: Any) -> Sequence[Panel]:
        """Show what other sources say of the same trial: the same people may be counted twice."""
        if edition.trial_id is None:
            return ()
        here = same_source(rows, edition).values("pk")
        others = rows.public().filter(trial=edition.trial_id).exclude(pk__in=here)
        title = "Published findings of the same trial, from other sources"
        return (panel(others, title=title, columns=OF_THE_TRIAL),)


def same_source(rows: QuerySet[Any], edition: Any) -> QuerySet[Any]:
    """Return the rows that were read in an edition's source, be it a paper or posted results."""
    if edition.publication_id is not None:
        return rows.filter(publication=edition.publication_id)
    return rows.filter(publication=None, trial=edition.trial_id)


def _same_outcome(edition: Finding) -> Q:
    """Match what can be set against it: any clinical outcome, else the same group of outcomes."""
    if edition.outcome_group_id is None or edition.outcome_kind == OutcomeKind.CLINICAL:
        return Q(outcome_kind=edition.outcome_kind)
    return Q(outcome_group=edition.outcome_group_id)
