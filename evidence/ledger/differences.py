"""What changed between two editions, field by field, in words for a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils.text import capfirst

from evidence.models import Edition, Publication, Topic, Trial
from evidence.models.fields import PartialDateField
from evidence.templatetags.names import publication_label, trial_name
from evidence.templatetags.things import plain, topic_title
from evidence.templatetags.words import day_words

NOT_REPORTED = "not reported"
NONE = "none"
# Who, when and how far: what an edition says of itself and not of the evidence.
BOOKKEEPING = {field.name for field in Edition._meta.local_fields} | {"id", "figures_unchecked"}
FIGURES = (models.FloatField, models.IntegerField, models.DecimalField)


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One field that differs, with what it said before and says now; "" before there was one."""

    field: str
    label: str
    before: str
    after: str


def differences(before: Edition | None, after: Edition) -> tuple[Difference, ...]:
    """Give the fields of the evidence in which two editions differ, in the model's order.

    Against no earlier edition they are the fields that are filled in. Editions read with
    `with_names` are compared without a query.
    """
    found = []
    for field in content_fields(type(after)):
        now = _value(after, field)
        then = None if before is None else _value(before, field)
        if _is_empty(now) if before is None else now == then:
            continue
        found.append(
            Difference(
                field=field.name,
                label=label_of(field),
                before="" if before is None else _words(before, field),
                after=_words(after, field),
            )
        )
    return tuple(found)


def content_fields(model: type[Edition]) -> list[Any]:
    """Give the fields of an edition that speak of the evidence, in the model's order."""
    fields = sorted((*model._meta.fields, *model._meta.many_to_many))
    return [field for field in fields if field.name not in BOOKKEEPING]


def label_of(field: Any) -> str:
    """Give a field's name as a heading has it; the one-letter name of a statistic stays small."""
    name = str(field.verbose_name)
    return name if len(name) == 1 else capfirst(name)


def with_names(editions: QuerySet[Any]) -> QuerySet[Any]:
    """Fetch with these editions all that naming their differences takes."""
    related, many = [], []
    for field in content_fields(editions.model):
        if field.many_to_many:
            many.append(field.name)
        elif field.related_model is Topic:
            related += [f"{field.name}__condition", f"{field.name}__intervention"]
        elif field.is_relation:
            related.append(field.name)
    return editions.select_related(*related).prefetch_related(*many)


def _value(edition: Edition, field: Any) -> Any:
    """Give what is stored, rows by their keys."""
    if field.many_to_many:
        return {row.pk for row in _rows(edition, field)}
    return getattr(edition, field.attname)


def _rows(edition: Edition, field: Any) -> list[models.Model]:
    """Give the rows at the other end of a many-to-many field; an unsaved edition has none."""
    return [] if edition.pk is None else list(getattr(edition, field.name).all())


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", set())


def _words(edition: Edition, field: Any) -> str:
    """Give a field's value as a person reads it."""
    if field.many_to_many:
        return "; ".join(sorted(name_of(row) for row in _rows(edition, field))) or NONE
    value = getattr(edition, field.attname)
    if _is_empty(value):
        return nothing(field)
    if field.is_relation:
        return name_of(getattr(edition, field.name))
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, (PartialDateField, models.DateField)):
        return day_words(value)
    return plain(value) if isinstance(field, FIGURES) else str(value)


def nothing(field: Any) -> str:
    """Say that a field is empty: what a source could have printed was "not reported"."""
    prose = field.is_relation or field.choices or isinstance(field, models.TextField)
    by_us = prose or isinstance(field, models.DateField)
    return NONE if by_us else NOT_REPORTED


def name_of(row: Any) -> str:
    """Name a row so that no other of its kind reads the same."""
    if isinstance(row, Publication):
        return f"{publication_label(row)} ({row.code})"
    if isinstance(row, Topic):
        return f"{topic_title(row)} ({row.code})"
    if isinstance(row, Trial):
        name = trial_name(row)
        return name if name == row.slug else f"{name} ({row.slug})"
    return str(row)
