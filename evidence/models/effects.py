"""Adverse effects in the words of CTCAE, and what they lead to."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from evidence.models import constraints as refuse
from evidence.models.terms import Term


class AdverseEffect(Term):
    """A harm that may follow IL-2, in CTCAE v5's wording."""

    organ_system = models.CharField(
        max_length=120, help_text="CTCAE's system organ class, such as Vascular disorders."
    )
    ctcae_term = models.CharField(
        "CTCAE term",
        max_length=200,
        blank=True,
        default="",
        help_text="The exact term of CTCAE v5; empty where CTCAE has none.",
    )
    serious = models.BooleanField(
        default=False, help_text="Whether it can threaten life or needs treatment in hospital."
    )
    mechanism = models.TextField(
        blank=True, default="", help_text="How IL-2 is thought to bring it about, in our words."
    )
    management = models.TextField(
        blank=True, default="", help_text="What sources say is done about it. Not medical advice."
    )
    leads_to: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="follows_from",
        help_text="Other effects that it brings about, as capillary leak brings oedema.",
    )

    class Meta(Term.Meta):
        verbose_name = "adverse effect"
        constraints: ClassVar = [
            *Term.Meta.constraints,
            refuse.check("organ_system_given", ~Q(organ_system=""), "Say which organ system."),
        ]
