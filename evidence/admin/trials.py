"""Trials in the admin, with their identifiers, phases, arms and publications."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import truncatechars
from django.utils.text import slugify

from evidence import vocab
from evidence.admin.at_the_registry import registry_panels
from evidence.admin.base import MOST_ROWS_INSIDE, Inline
from evidence.admin.facts import ACCEPTED, ENTRY, FactAdmin
from evidence.admin.filters import TrialsChecked
from evidence.admin.findings import FINDING_COLUMNS
from evidence.admin.forms import EvidenceForm
from evidence.admin.harms import HARM_COLUMNS
from evidence.admin.inbox import InboxPages
from evidence.admin.inbox_trials import TrialDeck
from evidence.admin.inside import Rows
from evidence.admin.opened import RowForm
from evidence.admin.panels import Panel, Row, address, known, only, panel
from evidence.admin.publications import KeepsTrialRows
from evidence.admin.results import PostedEvents
from evidence.admin.start import StartsFromIdentifier
from evidence.admin.terms import WORD_IN_ADDRESS
from evidence.admin.topics import TOPIC_COLUMNS
from evidence.catalogue.registry_and_paper import NOTED, REGISTRY_AND_PAPER, differences
from evidence.curation.figures import of_phases
from evidence.models import (
    Arm,
    Finding,
    HarmReport,
    Publication,
    Topic,
    Trial,
    TrialIdentifier,
    TrialPhase,
    TrialPublication,
)

# What a finding's own design is where a trial has this one; of others it depends on the result.
DESIGNS: Mapping[str, str] = {
    vocab.TrialDesign.RANDOMISED: vocab.Design.RANDOMISED,
    vocab.TrialDesign.NON_RANDOMISED: vocab.Design.NON_RANDOMISED,
    vocab.TrialDesign.SINGLE_GROUP: vocab.Design.SINGLE_ARM,
    vocab.TrialDesign.OBSERVATIONAL: vocab.Design.OBSERVATIONAL,
}
NEAR = "Other topics on its conditions or interventions"
ADD_IT_THERE = "Open one and choose this trial under “Trials that address it”."
NOT_IN_ADDRESSES = re.compile(r"[^A-Za-z0-9_-]+")
SHAPED = (vocab.Registry.NCT, vocab.Registry.ISRCTN, vocab.Registry.EUCTR, vocab.Registry.CTIS)


def as_written(registry: str | None, pasted: str) -> str:
    """Return a number as its registry writes it: those with a fixed shape have no small letters."""
    return "".join(pasted.split()).upper() if registry in SHAPED else pasted.strip()


class TrialForm(RowForm):
    """A trial's form; an empty address becomes the first identifier that is given below."""

    class Meta:
        """Say what the slug is."""

        labels: ClassVar = {"slug": WORD_IN_ADDRESS}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text += " Left empty, it is made of these."

    def clean_slug(self) -> str:
        """Return what was typed, or else what the help text says."""
        given = [self.cleaned_data["slug"], *self._identifiers()]
        words = [self.cleaned_data.get(name, "") for name in ("acronym", "title")]
        found = next((text for text in (*given, *map(slugify, words)) if text), "")
        return found[: Trial._meta.get_field("slug").max_length]

    def _identifiers(self) -> list[str]:
        """Give the identifiers in the rows below, as far as an address can hold them."""
        rows = [f"identifiers-{row}" for row in range(MOST_ROWS_INSIDE)]
        sent = [
            as_written(str(self.data.get(f"{row}-registry")), self.data.get(f"{row}-value") or "")
            for row in rows
        ]
        return [NOT_IN_ADDRESSES.sub("-", text).strip("-") for text in sent]


class IdentifierForm(EvidenceForm):
    """A registry number's form, which takes it as it is pasted."""

    mended_at = ("value",)

    def clean_value(self) -> str:
        """Return the number as its registry writes it."""
        return as_written(self.cleaned_data.get("registry"), self.cleaned_data["value"])


class OneToBeginWith(Inline):
    """Rows of which every new trial has at least one."""

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """Offer an empty row on a new trial."""
        return 1 if obj is None else 0


class IdentifiersInline(OneToBeginWith):
    """Registry numbers of a trial."""

    model = TrialIdentifier
    form = IdentifierForm


class PhaseRows(Rows):
    """A trial's phases, which have to agree with one another."""

    def clean(self) -> None:
        """Refuse “not applicable” beside a phase that applies."""
        super().clean()
        kept = [form for form in self.forms if form not in self.deleted_forms]
        sentence = of_phases([form.cleaned_data.get("phase", "") or "" for form in kept])
        if sentence:
            raise ValidationError(sentence)


class PhasesInline(OneToBeginWith):
    """Phases of a trial: none, one or two."""

    model = TrialPhase
    formset = PhaseRows


class ArmsInline(Inline, admin.StackedInline):
    """Groups of a trial and what each was given."""

    model = Arm
    template = "admin/edit_inline/stacked.html"
    fields = (
        ("label", "kind"),
        ("intervention", "people"),
        "given",
        ("dose_low", "dose_high", "dose_unit"),
        "dose_text",
        ("frequency", "cycle", "route"),
    )


class PublicationRowsInline(Inline, admin.StackedInline):
    """Publications that report, include or mention a trial, with what they say of it."""

    model = TrialPublication
    template = "admin/edit_inline/stacked.html"
    verbose_name = "publication"
    verbose_name_plural = "publications"
    fields = (
        ("publication", "relation"),
        ("people", "start", "completion"),
        "primary_outcome",
    )


@admin.register(Trial)
class TrialAdmin(InboxPages, StartsFromIdentifier, PostedEvents, KeepsTrialRows, FactAdmin):
    """Studies that gave, or were to give, IL-2 to people."""

    form = TrialForm
    deck = TrialDeck
    change_list_template = "admin/evidence/facts.html"
    readers_page = "trial"
    list_display = (
        "slug",
        "acronym",
        "short_title",
        "recruitment_status",
        "enrolment",
        "start",
        "checked_on",
    )
    list_display_links = ("slug", "short_title")
    list_filter = (
        "recruitment_status",
        "design",
        "phase_rows__phase",
        "identifiers__registry",
        "origin",
        TrialsChecked,
        ACCEPTED,
    )
    search_fields = ("slug", "acronym", "title", "sponsor", "identifiers__value")
    ordering = ("slug",)
    linked_by = (
        "conditions__id__exact",
        "interventions__id__exact",
        "topics__id__exact",
        "topics__isnull",
    )
    inlines = (IdentifiersInline, PhasesInline, ArmsInline, PublicationRowsInline)
    fieldsets = (
        ("What it is", {"fields": ("title", "acronym", "slug", "design")}),
        ("What it studies", {"fields": ("conditions", "interventions", "primary_outcome")}),
        (
            "In whom",
            {
                "fields": (
                    "population_text",
                    ("min_age_days", "max_age_days"),
                    ("enrolment", "enrolment_type"),
                )
            },
        ),
        (
            "Its course",
            {
                "fields": (
                    "recruitment_status",
                    "why_stopped",
                    ("start", "primary_completion", "completion"),
                    ("sponsor", "countries"),
                )
            },
        ),
        ("What it found", {"fields": ("results_posted", "results_summary")}),
        ("At the registry", {"fields": (("registry_updated", "checked_on"),)}),
        ENTRY,
    )

    @admin.display(description="title", ordering="title")
    def short_title(self, obj: Trial) -> str:
        """Give as much of the title as tells trials apart."""
        return truncatechars(obj.title, 110)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Sequence[str]:
        """Keep the address of a trial that others may link to."""
        fixed = [] if obj is None else ["slug"]
        return [*super().get_readonly_fields(request, obj), *fixed]

    def panels(self, request: HttpRequest, obj: Any) -> Sequence[Panel]:
        """Show the topics that it addresses or could, and what was read of it."""
        own = {"trial__id__exact": obj.pk}
        topics = Topic.objects.filter(trials=obj).select_related("condition", "intervention")
        near = _near(obj)
        harms = HarmReport.objects.filter(trial=obj)
        return (
            panel(
                topics,
                title="Topics that it addresses",
                columns=TOPIC_COLUMNS,
                found_by={"trials__id__exact": obj.pk},
                starts_with=_new_topic(obj),
                may_add=self.may_add(request, Topic),
                add_words="Add topic with this trial",
            ),
            *([panel(near, title=NEAR, columns=TOPIC_COLUMNS, note=ADD_IT_THERE)] if near else ()),
            panel(
                Finding.objects.filter(trial=obj),
                title="Findings of it",
                columns=FINDING_COLUMNS,
                found_by=own,
                starts_with=_new_finding(obj),
                may_add=self.may_add(request, Finding),
            ),
            panel(
                harms.select_related("adverse_effect", "intervention"),
                title="Harm reports of it",
                columns=HARM_COLUMNS,
                found_by=own,
                starts_with=_new_harm(obj),
                may_add=self.may_add(request, HarmReport),
                note=self.way_to_posted(request, obj),
            ),
            *_registry_and_paper(obj),
            *registry_panels(obj),
        )


def _registry_and_paper(trial: Trial) -> Sequence[Panel]:
    """Set beside each other what the registry and the papers say otherwise, if they do."""
    found = differences(trial, trial.publication_rows.select_related("publication"))
    if not found:
        return ()
    rows = tuple(
        Row(
            url=address(Publication, "change", args=[one.publication.pk]),
            cells=(one.publication, one.what, one.registry, one.paper),
        )
        for one in found
    )
    heads = ("Publication", "What", "Registry", "As published")
    return (
        Panel(
            model=Publication,
            title=REGISTRY_AND_PAPER,
            heads=heads,
            rows=rows,
            total=len(rows),
            note=NOTED,
        ),
    )


def _near(trial: Trial) -> QuerySet[Topic]:
    """Return other topics on its conditions; on its interventions where there are none."""
    others = Topic.objects.exclude(trials=trial).select_related("condition", "intervention")
    ordered = others.order_by("condition__name", "intervention__name", "pk")
    # By key and not by join: a topic would come once for each of the trial's terms.
    conditions = ordered.filter(condition__in=trial.conditions.values("pk"))
    return conditions or ordered.filter(intervention__in=trial.interventions.values("pk"))


def _new_topic(trial: Trial) -> dict[str, object]:
    return known(
        trials=trial.pk,
        condition=only(trial.conditions.values_list("pk", flat=True)),
        intervention=only(trial.interventions.values_list("pk", flat=True)),
        role=vocab.Role.TREATMENT.value,
    )


def _new_finding(trial: Trial) -> dict[str, object]:
    """Return what is certain of a trial's results: its only topic and report, its design."""
    topic = _its_topic(trial)
    return known(
        topic=topic and topic.pk,
        publication=_its_report(trial),
        trial=trial.pk,
        population=topic and topic.population,
        design=DESIGNS.get(trial.design),
    )


def _new_harm(trial: Trial) -> dict[str, object]:
    topic = _its_topic(trial)
    return known(
        topic=topic and topic.pk,
        publication=_its_report(trial),
        trial=trial.pk,
        intervention=topic and topic.intervention_id,
    )


def _its_topic(trial: Trial) -> Topic | None:
    topics = list(trial.topics.all()[:2])
    return topics[0] if len(topics) == 1 else None


def _its_report(trial: Trial) -> int | None:
    rows = trial.publication_rows.filter(relation=vocab.PublicationRelation.REPORTS)
    return only(rows.values_list("publication", flat=True))
