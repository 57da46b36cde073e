"""Publications in the admin, and the rows that tie them to trials."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from evidence.admin.at_the_registry import registry_panels
from evidence.admin.base import EvidenceAdmin, Inline
from evidence.admin.facts import ACCEPTED, ENTRY, FactAdmin
from evidence.admin.filters import PublicationsChecked
from evidence.admin.findings import FINDING_COLUMNS
from evidence.admin.harms import HARM_COLUMNS
from evidence.admin.inbox import InboxPages
from evidence.admin.inbox_publications import PublicationDeck
from evidence.admin.opened import RowForm
from evidence.admin.panels import Panel, known, only, panel
from evidence.ledger import derivation
from evidence.models import Consideration, Finding, HarmReport, Publication, TrialPublication
from evidence.vocab import PublicationRelation

BEFORE_A_DOI = re.compile(r"(https?://)?(dx\.)?(doi\.org/|doi:)\s*", re.IGNORECASE)


class PublicationForm(RowForm):
    """A publication's form, which takes identifiers as they are pasted."""

    def clean_doi(self) -> str:
        """Return the DOI without the address or the word before it."""
        text: str = self.cleaned_data["doi"].strip()
        before = BEFORE_A_DOI.match(text)
        return text[before.end() :] if before else text

    def clean_pmcid(self) -> str:
        """Return the PMCID as PubMed Central writes it."""
        return "".join(self.cleaned_data["pmcid"].split()).upper()


class TrialRowsInline(Inline):
    """Trials that a publication reports, includes or mentions."""

    model = TrialPublication
    verbose_name = "trial"
    verbose_name_plural = "trials that it belongs to"
    # What else it says of a trial is entered on the trial's page, beside the registry's word.
    fields = ("trial", "relation", "people")


class KeepsTrialRows(EvidenceAdmin):
    """An admin whose page holds rows that tie trials and publications together."""

    ties = (TrialPublication,)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Save the rows; a tie bears on the evidence of both its ends, the old ones too."""
        if not issubclass(formset.model, TrialPublication):
            super().save_formset(request, form, formset, change)
            return
        touched = [part.instance.pk for part in formset.initial_forms if part.has_changed()]
        before = list(TrialPublication.objects.filter(pk__in=touched))
        super().save_formset(request, form, formset, change)
        after = [*formset.new_objects, *(row for row, _ in formset.changed_objects)]
        for row in (*before, *after):
            derivation.after_change(row)


@admin.register(Publication)
class PublicationAdmin(InboxPages, KeepsTrialRows, FactAdmin):
    """Papers, reviews, labels and the narrative pages."""

    form = PublicationForm
    deck = PublicationDeck
    change_list_template = "admin/evidence/facts.html"
    readers_page = "publication"
    readers_word = "code"
    found_as = ("P", "pk")
    list_display = ("code_word", "title", "container", "year", "kind", "pmid", "standing")
    list_display_links = ("code_word", "title")
    list_filter = ("kind", "standing", "origin", PublicationsChecked, ACCEPTED)
    search_fields = (
        "title",
        "authors",
        "container",
        "pmid",
        "doi",
        "pmcid",
        "trials__identifiers__value",
    )
    ordering = ("-year", "title", "pk")
    linked_by = ("trials__id__exact",)
    inlines = (TrialRowsInline,)
    fieldsets = (
        ("What it is", {"fields": ("kind", "title", "authors")}),
        ("Where it appeared", {"fields": (("container", "year"), ("volume", "first_page"))}),
        ("Identifiers", {"fields": (("pmid", "pmcid"), "doi", "url")}),
        ("What it reports", {"fields": ("summary",)}),
        (
            "What has become of it",
            {"fields": (("standing", "standing_checked_on"), "standing_note")},
        ),
        ENTRY,
    )

    @admin.display(description="code", ordering="pk")
    def code_word(self, obj: Publication) -> str:
        """Give its name in addresses."""
        return obj.code

    def label(self, obj: Publication) -> str:
        """Tell papers of one title apart."""
        who = next(iter(obj.author_list), "")
        pmid = f"PMID {obj.pmid}" if obj.pmid else ""
        return ", ".join(part for part in (f"{obj.code}: {obj}", who, pmid) if part)

    def panels(self, request: HttpRequest, obj: Any) -> Sequence[Panel]:
        """Show what was read from it."""
        own = {"publication__id__exact": obj.pk}
        new = {"publication": obj.pk}
        # What it reports of its only trial is that trial's; where it reports several, any.
        rows = obj.trial_rows.filter(relation=PublicationRelation.REPORTS)
        trial = only(rows.values_list("trial", flat=True))
        of_trial = known(**new, trial=trial)
        harms = HarmReport.objects.filter(publication=obj)
        return (
            panel(
                Finding.objects.filter(publication=obj),
                title="Findings read from it",
                columns=FINDING_COLUMNS,
                found_by=own,
                starts_with=of_trial,
                may_add=self.may_add(request, Finding),
            ),
            panel(
                harms.select_related("adverse_effect", "intervention"),
                title="Harm reports read from it",
                columns=HARM_COLUMNS,
                found_by=own,
                starts_with=of_trial,
                may_add=self.may_add(request, HarmReport),
            ),
            panel(
                Consideration.objects.filter(publication=obj),
                title="Considerations read from it",
                columns={
                    "Consideration": lambda edition: edition.code,
                    "Kind": Consideration.get_kind_display,
                    "Statement": lambda edition: edition.statement,
                    "State": Consideration.get_state_display,
                },
                found_by=own,
                starts_with=new,
                may_add=self.may_add(request, Consideration),
            ),
            *registry_panels(obj),
        )
