"""What is asked of ClinicalTrials.gov for trials that are not known here yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from evidence.ledger.reasons import via
from evidence.models import SavedSearch


@dataclass(frozen=True, kw_only=True, slots=True)
class Search:
    """One search in the registry's terms, and how many studies it found when last asked.

    `key` is that of its row, if it has one.
    """

    name: str
    key: int | None = None
    intervention: str = ""
    condition: str = ""
    last_total: int | None = None


DEFAULT = (
    Search(
        name="Interleukin-2 by its names",
        intervention=(
            '"interleukin-2" OR "IL-2" OR IL2 OR rhIL-2 OR rIL-2 OR aldesleukin OR Proleukin OR '
            'Bioleukin OR teceleukin OR celmoleukin OR Roncoleukin OR "PEG-IL-2" OR Leuvectin'
        ),
    ),
    Search(
        name="Engineered and fused IL-2",
        intervention=(
            "bempegaldesleukin OR NKTR-214 OR rezpegaldesleukin OR LY3471851 OR efavaleukin OR "
            "nemvaleukin OR ALKS-4230 OR pegenzileukin OR CC-92252 OR RO7049665 OR MK-6194 OR "
            "STK-012 OR ANV419 OR NARA1leukin OR MDNA11 OR simlukafusp OR STK-009 OR L19IL2 OR "
            'Daromun OR "hu14.18-IL2" OR "denileukin diftitox" OR AZD6750 OR IBI363'
        ),
    ),
    Search(
        name="What interleukin-2 is commonly given with",
        intervention=(
            '"tumor infiltrating lymphocytes" OR lifileucel OR "lymphokine-activated killer cells" '
            'OR "histamine dihydrochloride"'
        ),
    ),
)


def active(*, dry_run: bool = False) -> tuple[Search, ...]:
    """Return the searches that are to be asked, by name.

    Where none was ever saved, ours are saved first, so that a curator sees what is asked and can
    change it; a dry run saves nothing.
    """
    if not SavedSearch.objects.exists():
        if dry_run:
            return tuple(sorted(DEFAULT, key=lambda one: one.name))
        _save(DEFAULT)
    rows = SavedSearch.objects.filter(active=True).order_by("name")
    return tuple(
        Search(
            key=row.pk,
            name=row.name,
            intervention=row.intervention,
            condition=row.condition,
            last_total=row.last_total,
        )
        for row in rows
    )


def remember(totals: Mapping[Search, int]) -> None:
    """Keep how many studies searches found; no person did that, so the audit log is not told."""
    for search, total in totals.items():
        if search.key is not None:
            rows = SavedSearch.objects.filter(pk=search.key).exclude(last_total=total)
            rows.update(last_total=total)


def _save(searches: tuple[Search, ...]) -> None:
    with transaction.atomic(), via("sync_trials"):
        for one in searches:
            SavedSearch.objects.create(
                name=one.name, intervention=one.intervention, condition=one.condition
            )
