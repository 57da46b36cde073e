"""The words that curators keep, single and nested."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q

from evidence.models import constraints as refuse
from evidence.models.audited import Audited
from evidence.models.fields import LinesField, lines


class TermQuerySet(models.QuerySet[Any]):
    """Terms are always public, unless merged into another."""

    def public(self) -> Self:
        """Return the terms that readers see."""
        return self.filter(merged_into__isnull=True)


class Term(Audited):
    """A word that curators keep: public always, unless merged into another word."""

    name = models.CharField(
        max_length=200, unique=True, help_text="The name as readers see it, in the singular."
    )
    slug = models.SlugField(
        max_length=80,
        unique=True,
        help_text="The word in addresses and filters. Lower case with hyphens; do not change it "
        "once the term is in use: others link to it.",
    )
    synonyms = LinesField(help_text="Other names, one per line. The search finds them too.")
    definition = models.TextField(
        blank=True, default="", help_text="One or two sentences in our own words."
    )
    merged_into = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merged_from",
        help_text="The term that took this one's place. The old address then leads to the new.",
    )

    merged_into_id: int | None

    # Links to another term that never lead back, with the sentence for who would make them.
    NEVER_LOOPS: ClassVar[dict[str, str]] = {
        "merged_into": "That term is itself merged into this one.",
    }

    objects = TermQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            refuse.check("slug_given", ~Q(slug=""), "A term needs a slug."),
            refuse.check("name_given", ~Q(name=""), "A term needs a name."),
            refuse.check(
                "not_into_itself",
                refuse.differ("merged_into", "id"),
                "A term cannot be merged into itself.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def synonym_list(self) -> list[str]:
        """The other names, in order."""
        return lines(self.synonyms)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, refusing a loop under a lock so that two saves cannot make one together."""
        with transaction.atomic():
            self._refuse_loops()
            super().save(*args, **kwargs)

    def clean(self) -> None:
        """Refuse loops, and a merger into a term that is itself merged."""
        super().clean()
        with transaction.atomic():
            self._refuse_loops()
        if self.merged_into is not None and self.merged_into.merged_into_id is not None:
            raise ValidationError(
                {"merged_into": f"“{self.merged_into}” is itself merged into another term."}
            )

    def _refuse_loops(self) -> None:
        if self.pk is None:
            return
        for name, sentence in self.NEVER_LOOPS.items():
            if getattr(self, f"{name}_id") is not None and self._comes_back(name):
                raise ValidationError({name: sentence})

    def _comes_back(self, name: str) -> bool:
        terms: Any = type(self)._default_manager
        above = dict(
            terms.select_for_update(no_key=True).order_by("pk").values_list("pk", f"{name}_id")
        )
        above[self.pk] = getattr(self, f"{name}_id")
        seen: set[int] = set()
        step: int | None = self.pk
        while step is not None and step not in seen:
            seen.add(step)
            step = above.get(step)
        return step == self.pk


class NestedTerm(Term):
    """A term with a wider term above it; the chain never loops."""

    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
        help_text="The wider term. A filter by the wider term finds the narrower ones too.",
    )

    parent_id: int | None

    NEVER_LOOPS: ClassVar[dict[str, str]] = {
        **Term.NEVER_LOOPS,
        "parent": "That parent stands under this term already.",
    }

    class Meta(Term.Meta):
        abstract = True
        constraints: ClassVar = [
            *Term.Meta.constraints,
            refuse.check(
                "not_its_own_parent",
                refuse.differ("parent", "id"),
                "A term cannot stand under itself.",
            ),
        ]
