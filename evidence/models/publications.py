"""Papers, reviews, labels and the two narrative pages: what findings are read from."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from evidence import vocab
from evidence.models import constraints as refuse
from evidence.models.audited import Audited
from evidence.models.facts import Fact
from evidence.models.fields import LinesField, PartialDateField, lines


class Publication(Fact):
    """A text that findings, harms and considerations are read from."""

    kind = models.CharField(
        max_length=20,
        choices=vocab.PublicationKind.choices,
        default=vocab.PublicationKind.TRIAL_REPORT,
        help_text="What sort of text it is.",
    )
    title = models.CharField(
        max_length=600, help_text="The title as printed; where it was not seen, what it is of."
    )
    authors = LinesField(help_text="Authors as printed, one per line; empty where not seen.")
    container = models.CharField(
        max_length=200, blank=True, default="", help_text="The journal, book or site."
    )
    year = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="The year of publication; empty where not seen."
    )
    volume = models.CharField(max_length=20, blank=True, default="", help_text="As printed.")
    first_page = models.CharField(
        max_length=20, blank=True, default="", help_text="The first page or article number."
    )
    pmid = models.PositiveIntegerField(
        "PMID", null=True, blank=True, unique=True, help_text="PubMed's number."
    )
    doi = models.CharField(
        "DOI",
        max_length=200,
        blank=True,
        default="",
        help_text="Such as 10.1056/NEJMoa0903175, without an address before it.",
    )
    pmcid = models.CharField(
        "PMCID", max_length=14, blank=True, default="", help_text="Such as PMC2869083."
    )
    url = models.URLField(
        "address",
        max_length=400,
        blank=True,
        default="",
        help_text="https; where no DOI leads.",
    )
    standing = models.CharField(
        max_length=12,
        choices=vocab.Standing.choices,
        default=vocab.Standing.CURRENT,
        help_text="What has become of it: corrected, under concern, retracted.",
    )
    standing_note = models.TextField(
        blank=True, default="", help_text="What was corrected or why it was retracted, and when."
    )
    standing_checked_on = models.DateField(
        null=True, blank=True, help_text="The day on which its standing was last looked up."
    )
    standing_noted_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="When its standing became what it is, here, in UTC; empty while it is current.",
    )
    summary = models.TextField(
        blank=True, default="", help_text="What it reports, in a sentence or two of our own."
    )
    # Null, not blank: unique among the publications that have one.
    starter_key = models.CharField(  # noqa: DJ001
        max_length=80, null=True, unique=True, editable=False
    )

    class Meta:
        ordering: ClassVar = ["-year", "title"]
        constraints: ClassVar = [
            *Fact.Meta.constraints,
            refuse.one_of("kind", vocab.PublicationKind.values),
            refuse.one_of("standing", vocab.Standing.values),
            refuse.check("title_given", ~Q(title=""), "A publication needs a title."),
            refuse.between("year", 1900, 2100, "The year is not a likely one."),
            refuse.between("pmid", 1, 99_999_999, "A PMID has at most eight digits."),
            refuse.prefixed("doi", "10.", 7, "A DOI starts with 10."),
            refuse.numbered("pmcid", "PMC", 4, "A PMCID is PMC and digits."),
            refuse.https_or_blank(),
            models.UniqueConstraint(
                # A DOI is the same in any case.
                Lower("doi"),
                condition=~Q(doi=""),
                name=refuse.PREFIX + "doi_once",
                violation_error_message="A publication with this DOI exists already.",
            ),
            models.UniqueConstraint(
                fields=["pmcid"],
                condition=~Q(pmcid=""),
                name=refuse.PREFIX + "pmcid_once",
                violation_error_message="A publication with this PMCID exists already.",
            ),
            refuse.check(
                "identified",
                Q(kind=vocab.PublicationKind.NARRATIVE_PAGE)
                | (Q(kind=vocab.PublicationKind.LABEL) & ~Q(url=""))
                | Q(pmid__isnull=False)
                | ~Q(doi="")
                | ~Q(pmcid="")
                | (~Q(container="") & Q(year__isnull=False) & ~Q(first_page="")),
                "Give a PMID, a DOI or a PMCID, or else container, year and first page; or the "
                "address of a label.",
            ),
        ]

    def __str__(self) -> str:
        when = f" ({self.year})" if self.year else ""
        return f"{self.title}{when}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and keep since when it stands as it does."""
        before = type(self).objects.filter(pk=self.pk).values_list("standing", flat=True).first()
        if self.standing != (before or vocab.Standing.CURRENT):
            self.standing_noted_at = timezone.now()
            if (fields := kwargs.get("update_fields")) is not None:
                kwargs["update_fields"] = {*fields, "standing_noted_at"}
        super().save(*args, **kwargs)

    @property
    def code(self) -> str:
        """Its name in addresses: `P7`."""
        return f"P{self.pk}"

    @property
    def author_list(self) -> list[str]:
        """The authors, in order."""
        return lines(self.authors)


class TrialPublication(Audited):
    """That a publication belongs to a trial, and how: a review includes, a report reports."""

    trial = models.ForeignKey(
        "evidence.Trial", on_delete=models.CASCADE, related_name="publication_rows"
    )
    publication = models.ForeignKey(
        Publication,
        on_delete=models.CASCADE,
        related_name="trial_rows",
        help_text="A text about the trial.",
    )
    relation = models.CharField(
        max_length=12,
        choices=vocab.PublicationRelation.choices,
        default=vocab.PublicationRelation.REPORTS,
        help_text="How the publication stands to the trial.",
    )
    people = models.PositiveIntegerField(
        "people, as published",
        null=True,
        blank=True,
        help_text="How many people took part, as this publication says; empty: not looked up.",
    )
    start = PartialDateField(
        "start, as published", help_text="As this publication says; empty: not looked up."
    )
    completion = PartialDateField(
        "completion, as published", help_text="As this publication says; empty: not looked up."
    )
    primary_outcome = models.TextField(
        "primary outcome, as published",
        blank=True,
        default="",
        help_text="As this publication says; empty: not looked up.",
    )

    class Meta:
        verbose_name = "publication of a trial"
        verbose_name_plural = "publications of trials"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["trial", "publication"],
                name=refuse.PREFIX + "once",
                violation_error_message="That publication is listed for this trial already.",
            ),
            refuse.one_of("relation", vocab.PublicationRelation.values),
            refuse.partial_date("start"),
            refuse.partial_date("completion"),
        ]

    def __str__(self) -> str:
        return f"{self.publication} {self.get_relation_display()}: {self.trial}"
