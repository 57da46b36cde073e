"""The publications listing: what findings, harms and considerations are read from."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from evidence import vocab
from evidence.catalogue import common
from evidence.listing.core import Column, Facet, Listing, Row
from evidence.listing.filters import Bound, Terms, Through, Words, YesOrNo
from evidence.listing.filterset import StrictFilterSet
from evidence.listing.things import Things
from evidence.models import Finding, HarmReport, Publication, TrialPublication

FINDINGS = Through(
    name="findings", rows=lambda: Finding.objects.public(), link="publication_id", outer="pk"
)
HARMS = Through(
    name="harms", rows=lambda: HarmReport.objects.public(), link="publication_id", outer="pk"
)
TRIALS = Through(
    name="trials",
    rows=lambda: TrialPublication.objects.filter(trial__accepted_at__isnull=False),
    link="publication_id",
    outer="pk",
)


class PublicationFilters(StrictFilterSet):
    """What publications can be filtered by."""

    kind = Words(
        field="kind",
        vocabulary=vocab.PublicationKind,
        label="Kind",
        about="What sort of text it is.",
    )
    standing = Words(
        field="standing",
        vocabulary=vocab.Standing,
        label="Standing",
        about="What has become of it: corrected, under concern, retracted.",
    )
    condition = Terms(
        field="topic__condition",
        tree=common.conditions,
        through=FINDINGS,
        label="Condition",
        about="The condition of one of its findings, or any narrower one.",
    )
    intervention = Terms(
        field="topic__intervention",
        tree=common.interventions,
        through=FINDINGS,
        label="Intervention",
        about="The form of IL-2 in one of its findings; with a condition, in the same finding.",
    )
    trial = Things(
        find=common.find_trials,
        condition=lambda keys: Q(TRIALS.holding(Q(trial_id__in=keys))),
        label="Trial",
        about="A trial by its word in addresses, such as NCT00004978.",
    )
    year_min = Bound(
        field="year", lookup="gte", label="From year", about="The year of publication."
    )
    year_max = Bound(field="year", lookup="lte", label="To year", about="The year of publication.")
    has_trial = YesOrNo(
        when=lambda: TRIALS.holding(Q()),
        label="Has a trial",
        about="Whether it belongs to a trial that is held here.",
    )
    has_finding = YesOrNo(
        when=lambda: FINDINGS.holding(Q()),
        label="Has a finding",
        about="Whether a finding was read from it.",
    )
    has_harm = YesOrNo(
        when=lambda: HARMS.holding(Q()),
        label="Has a harm report",
        about="Whether a harm report was read from it.",
    )
    q = common.text(
        "publication",
        about="Words of the title, authors, journal and summary, or a PMID, DOI or PMCID.",
    )


def _trials(keys: Any) -> dict[Any, str]:
    rows = TRIALS.rows().filter(publication__in=set(keys)).order_by("trial__slug")
    return common.joined(rows.values_list("publication_id", "trial__slug"))


def _second(row: Row) -> str:
    parts = [str(row["container"] or ""), str(row["year"] or "")]
    return " · ".join(part for part in parts if part)


COLUMNS = (
    common.code_column("id", "Id", "The publication's number.", "pk", "P"),
    Column.of(Publication, "title", show="name"),
    Column.of(Publication, "kind", show="word:PublicationKind"),
    Column.of(Publication, "authors", sortable=False),
    Column.of(Publication, "container", label="Journal or site"),
    Column.of(Publication, "year", show="year"),
    Column.of(Publication, "volume"),
    Column.of(Publication, "first_page"),
    Column.of(Publication, "pmid", show="identifier:none held"),
    Column.of(Publication, "doi", show="identifier"),
    Column.of(Publication, "pmcid"),
    Column.of(Publication, "url", key="source_url", label="Source's address"),
    Column.of(Publication, "standing", show="word:Standing"),
    Column.of(Publication, "standing_note", sortable=False),
    Column.of(Publication, "standing_checked_on"),
    Column.of(Publication, "summary", label="What it reports", sortable=False),
    common.list_column(
        "trials", "Trials", "The trials that it belongs to.", _trials, show="many:none held"
    ),
    common.number_column(
        "findings",
        "Findings",
        "Published findings that were read from it.",
        common.number_of(FINDINGS),
    ),
    common.number_column(
        "harms",
        "Harm reports",
        "Published harm reports that were read from it.",
        common.number_of(HARMS),
    ),
    common.address_column("publication", "pk", "/publications/P"),
)

PUBLICATIONS = Listing(
    name="publications",
    title="Publications",
    noun=("publication", "publications"),
    about="A row is a text that findings, harms or considerations were read from, or that belongs "
    "to a trial.",
    rows=lambda: Publication.objects.public(),
    filterset=PublicationFilters,
    columns=COLUMNS,
    shown=("title", "kind", "trials", "findings", "harms", "pmid", "standing"),
    facets=(
        Facet(filter="kind", open=True),
        Facet(filter="standing", open=True),
        Facet(filter="has_finding", open=True),
        Facet(filter="has_harm", open=True),
        Facet(filter="has_trial"),
        Facet(filter="condition"),
        Facet(filter="intervention"),
    ),
    link=lambda row: f"/publications/P{row['id']}/",
    second=_second,
    order="-year",
)
