"""What each of many chosen editions says, in one line, so that none is moved unread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.template.defaultfilters import truncatewords
from django.utils.html import format_html
from django.utils.text import capfirst

from evidence.admin.panels import address
from evidence.assess.words import status_and_ground
from evidence.ledger.differences import differences, with_names
from evidence.models import Assessment, Edition, Finding, HarmReport
from evidence.templatetags.names import publication_label, study_name
from evidence.templatetags.things import affected, figures, topic_title
from evidence.vocab import State

MOST_WORDS = 24
NO_LOCATOR = "no locator given"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One chosen edition, why it would be left out, and what it says where that is asked for."""

    edition: Any
    url: str
    why_not: str
    what: str = ""
    figures: object = ""
    source: str = ""
    changed: str = ""
    review_url: str = ""


def described(rows: Sequence[Row]) -> list[Row]:
    """Give the rows with what their editions say, and what readers would see changed."""
    if not rows:
        return []
    model = type(rows[0].edition)
    wanted = model._default_manager.filter(pk__in=[row.edition.pk for row in rows])
    read = {one.pk: one for one in with_names(wanted)}
    public = model._default_manager.public().filter(
        record__in={row.edition.record_id for row in rows}
    )
    shown = {one.record_id: one for one in with_names(public)}
    return [
        _described(row, read[row.edition.pk], shown) if row.edition.pk in read else row
        for row in rows
    ]


def _described(row: Row, edition: Any, shown: Mapping[int, Any]) -> Row:
    return Row(
        edition=row.edition,
        url=row.url,
        why_not=row.why_not,
        what=_what(edition),
        figures=_figures(edition),
        source=_source(edition),
        changed=_changed(edition, shown.get(edition.record_id)),
        review_url=address(type(edition), "review", args=[edition.pk]),
    )


def _what(edition: Any) -> str:
    """Say what it is about, in the source's own words where there are some."""
    if isinstance(edition, Finding):
        return edition.outcome
    if isinstance(edition, HarmReport):
        return f"{edition.adverse_effect}, printed as “{edition.term_as_printed}”"
    if isinstance(edition, Assessment):
        return f"{edition.topic.code}: {topic_title(edition.topic)}"
    return truncatewords(edition.statement, MOST_WORDS)


def _figures(edition: Any) -> object:
    """Give what it comes down to: direction and figures, or the words of a judgement."""
    if isinstance(edition, Finding):
        said = capfirst(edition.get_direction_display())
        return format_html("{}: {}", said, figures(edition)) if figures(edition) else said
    if isinstance(edition, HarmReport):
        return affected(edition.affected, edition.at_risk, edition.percent)
    if isinstance(edition, Assessment):
        word = status_and_ground(edition.status, edition.ground)
        return f"{word}, {edition.get_direction_display()}"
    return edition.get_kind_display()


def _source(edition: Any) -> str:
    if isinstance(edition, Assessment):
        return ""
    if isinstance(edition, (Finding, HarmReport)):
        name = study_name(edition)
    else:
        name = publication_label(edition.publication)
    return f"{name}, {edition.locator or NO_LOCATOR}"


def _changed(edition: Edition, shown: Any) -> str:
    """Name the fields in which it differs from what readers see."""
    if edition.state == State.PUBLISHED:
        return "readers see it so"
    if shown is None:
        return "readers see none yet"
    labels = [one.label for one in differences(shown, edition)]
    if not labels:
        return "nothing of what readers see"
    return f"{len(labels)} field{'' if len(labels) == 1 else 's'}: {', '.join(labels)}"
