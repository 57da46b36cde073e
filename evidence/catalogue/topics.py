"""Columns and filters that lead to a row's topic, its condition and its intervention."""

from __future__ import annotations

from evidence import vocab
from evidence.catalogue import common
from evidence.listing.core import Column
from evidence.listing.filters import Terms, TermsAlone, Words
from evidence.models import Condition, Intervention, Topic


def topic_columns(before: str, *, heading: bool = False) -> tuple[Column, ...]:
    """Return what names a row's topic; `before` is the path to it, such as `topic__`.

    `heading` makes the condition the row's heading, with the link.
    """
    return (
        Column.of(
            Condition,
            "name",
            key="condition",
            label="Condition",
            path=f"{before}condition__name",
            show="name" if heading else "text",
        ),
        Column(
            key="condition_slug",
            label="Condition's word",
            about="The condition's word in addresses and filters.",
            source=f"{before}condition__slug",
        ),
        Column.of(
            Condition, "area", key="condition_area", label="Area", path=f"{before}condition__area"
        ),
        *intervention_columns(f"{before}intervention__"),
        Column.of(Topic, "role", path=f"{before}role"),
    )


def intervention_columns(before: str) -> tuple[Column, ...]:
    """Return what names a row's intervention; `before` is the path to its fields."""
    return (
        Column.of(
            Intervention, "name", key="intervention", label="Intervention", path=f"{before}name"
        ),
        Column(
            key="intervention_slug",
            label="Intervention's word",
            about="The intervention's word in addresses and filters.",
            source=f"{before}slug",
        ),
        Column.of(
            Intervention, "kind", key="intervention_kind", label="Kind", path=f"{before}kind"
        ),
    )


def condition_filter(field: str) -> Terms:
    """Return the filter by condition, narrower ones included."""
    return Terms(
        field=field,
        tree=common.conditions,
        label="Condition",
        about="The condition or any narrower one.",
    )


def exact_filters(before: str) -> dict[str, TermsAlone]:
    """Return the filters by a condition and by an intervention alone, to which the map leads."""
    return {
        "exact_condition": TermsAlone(
            field=f"{before}condition",
            tree=common.conditions,
            label="Exactly this condition",
            about="The condition itself, without narrower ones.",
        ),
        "exact_intervention": TermsAlone(
            field=f"{before}intervention",
            tree=common.interventions,
            label="Exactly this intervention",
            about="The form of IL-2 itself, without variants and regimens of it.",
        ),
    }


def area_filter(field: str) -> Words:
    """Return the filter by field of medicine."""
    return Words(field=field, vocabulary=vocab.Area, label="Area", about="The field of medicine.")


def intervention_filters(before: str) -> dict[str, Terms | Words]:
    """Return the filters by intervention and by what sort of IL-2 it is."""
    return {
        "intervention": Terms(
            field=before.removesuffix("__"),
            tree=common.interventions,
            label="Intervention",
            about="The form of IL-2, or any variant or regimen of it.",
        ),
        "kind": Words(
            field=f"{before}kind",
            vocabulary=vocab.InterventionKind,
            label="Kind of IL-2",
            about="What sort of IL-2 it is.",
        ),
        "dose_class": Words(
            field=f"{before}dose_class",
            vocabulary=vocab.DoseClass,
            label="Dose class",
            about="How much IL-2 a day the intervention gives.",
        ),
        "selectivity": Words(
            field=f"{before}selectivity",
            vocabulary=vocab.Selectivity,
            label="Selectivity",
            about="Which cells it is made or dosed to move.",
        ),
    }


def role_filter(field: str) -> Words:
    """Return the filter by what IL-2 is in a topic."""
    return Words(field=field, vocabulary=vocab.Role, label="Role", about="What IL-2 is in it.")


def population_filter(field: str) -> Words:
    """Return the filter by the people whose evidence it is."""
    return Words(
        field=field, vocabulary=vocab.Population, label="Population", about="Whose evidence it is."
    )
