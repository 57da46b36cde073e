"""Columns and filters of what was read from a source: findings and harm reports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from evidence import vocab
from evidence.catalogue import common
from evidence.listing.core import Column, Kind
from evidence.listing.filters import Bound, Words, YesOrNo
from evidence.listing.things import Things
from evidence.models import Publication, SourcedEdition
from evidence.templatetags.names import in_few_words, slug_name


def source_columns(model: type[SourcedEdition]) -> tuple[Column, ...]:
    """Return the columns that say where a row was read, ids beside labels."""
    return (
        Column(
            key="year",
            label="Year",
            about="The year of the source: the paper's, or that of the posting of results.",
            kind=Kind.NUMBER,
            source=common.SOURCE_YEAR,
            show="year",
            whole=True,
        ),
        Column(
            key="publication",
            label="Publication",
            about="The paper's number here; empty where it was read from posted results.",
            kind=Kind.CODE,
            source="publication_id",
            prefix="P",
        ),
        Column.of(
            Publication,
            "title",
            key="publication_title",
            label="Publication's title",
            path="publication__title",
        ),
        Column.of(Publication, "pmid", path="publication__pmid"),
        Column.of(Publication, "doi", path="publication__doi"),
        Column.of(Publication, "standing", path="publication__standing"),
        Column(
            key="trial",
            label="Trial",
            about="The trial's word in addresses: its first registry number, or a short name.",
            source="trial__slug",
        ),
        Column.of(model, "results_posted"),
        Column.of(model, "locator"),
    )


def year_bounds() -> dict[str, Bound]:
    """Return the two ends of the range of years."""
    return {
        "year_min": Bound(
            field="source_year", lookup="gte", label="From year", about="The source's year."
        ),
        "year_max": Bound(
            field="source_year", lookup="lte", label="To year", about="The source's year."
        ),
    }


def thing_filters(topic: str) -> dict[str, Things]:
    """Return the filters by topic, publication and trial; `topic` is the path to a row's topic."""
    return {
        "topic": Things(
            find=common.find_topics,
            condition=common.of_topics(topic),
            label="Topic",
            about="A topic such as T12, with the topics of narrower conditions that it reads.",
        ),
        "publication": Things(
            find=common.find_publications,
            condition=lambda keys: Q(publication__in=keys),
            label="Publication",
            about="A publication such as P7.",
        ),
        "trial": Things(
            find=common.find_trials,
            condition=lambda keys: Q(trial__in=keys),
            label="Trial",
            about="A trial by its word in addresses, such as NCT00004978.",
        ),
    }


def has_trial() -> YesOrNo:
    """Return the question whether a row belongs to a trial."""
    return YesOrNo(
        when=lambda: Q(trial__isnull=False),
        label="Has a trial",
        about="Whether it is a result of a trial that is held here.",
    )


def reviewed() -> YesOrNo:
    """Return the question whether a second person here has read a row."""
    return YesOrNo(
        when=lambda: Q(reviewed_at__isnull=False),
        label="Reviewed here",
        about="Whether a second person here has read it; starter evidence has not been yet.",
    )


def standing() -> Words:
    """Return the filter by what has become of the source."""
    return Words(
        field="publication__standing",
        vocabulary=vocab.Standing,
        label="Standing of the source",
        about="What has become of the paper: corrected, under concern, retracted.",
    )


def source_in_words(row: Any) -> Sequence[str]:
    """Return the parts of a second line that say which source a row is from."""
    title = str(row["publication_title"] or "")
    parts = [slug_name(row["trial"], title=title) if row["trial"] else in_few_words(title)]
    if row["year"]:
        parts.append(str(row["year"]))
    return [part for part in parts if part]
