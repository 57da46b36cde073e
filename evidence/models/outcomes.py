"""Outcome groups: the names under which results of different studies are compared."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from evidence import vocab
from evidence.models import constraints as refuse
from evidence.models.terms import Term


class Outcome(Term):
    """One outcome across studies, so that the rule and the plots compare the same thing."""

    kind = models.CharField(
        max_length=16,
        choices=vocab.OutcomeKind.choices,
        help_text="What sort of thing is measured.",
    )

    class Meta(Term.Meta):
        verbose_name = "outcome group"
        constraints: ClassVar = [
            *Term.Meta.constraints,
            refuse.one_of("kind", vocab.OutcomeKind.values),
        ]
