"""The evidence map as a table: a row for each cell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from evidence.charts.cells import Cell, Grid
from evidence.listing.core import Column, Kind
from evidence.listing.csv import NEWLINE, as_cell
from evidence.listing.years import AS_OF

Value = Callable[[Cell], Any]

OF_SEVERAL = (
    "Of several topics the first of: variable, investigated, experimental; and investigated for "
    "want of any treatment comes last."
)
OURS = ("status", "ground")
"""The columns of our word, which has no years."""
OF_THE_RULE = ("rule_status", "rule_ground")
"""The columns of the rule's word at the end of the year that is asked for."""


def _number(key: str, label: str, about: str) -> Column:
    return Column(key=key, label=label, about=about, kind=Kind.NUMBER)


def _yes(key: str, label: str, about: str) -> Column:
    return Column(key=key, label=label, about=about, kind=Kind.YESNO)


def _text(key: str, label: str, about: str, kind: Kind = Kind.TEXT) -> Column:
    return Column(key=key, label=label, about=about, kind=kind)


_VALUES: tuple[tuple[Column, Value], ...] = (
    (
        _text("area", "Area", "The field of medicine.", Kind.WORD),
        lambda cell: cell.condition.group,
    ),
    (_text("condition", "Condition", "Its name."), lambda cell: cell.condition.name),
    (
        _text("condition_slug", "Condition's word", "Its word in addresses and filters."),
        lambda cell: cell.condition.slug,
    ),
    (
        _text("kind", "Kind", "What sort of IL-2 it is.", Kind.WORD),
        lambda cell: cell.intervention.group,
    ),
    (_text("intervention", "Intervention", "Its name."), lambda cell: cell.intervention.name),
    (
        _text("intervention_slug", "Intervention's word", "Its word in addresses and filters."),
        lambda cell: cell.intervention.slug,
    ),
    (_number("topics", "Topics", "How many topics it holds."), lambda cell: cell.topics),
    (
        _number("studies", "Studies", "Different studies behind all of them; each counts once."),
        lambda cell: cell.studies,
    ),
    (
        _text(
            "status",
            "Status",
            f"Ours, of today; empty with as_of. {OF_SEVERAL}",
            Kind.WORD,
        ),
        lambda cell: cell.status,
    ),
    (
        _text("ground", "Ground", "Why our status is investigated; empty with as_of.", Kind.WORD),
        lambda cell: cell.ground,
    ),
    (
        _text(
            "rule_status",
            "Rule's status",
            f"The rule's at the end of the year that as_of asks for; else empty. {OF_SEVERAL}",
            Kind.WORD,
        ),
        lambda cell: cell.status,
    ),
    (
        _text(
            "rule_ground",
            "Rule's ground",
            "Why the rule's status is investigated; empty without as_of.",
            Kind.WORD,
        ),
        lambda cell: cell.ground,
    ),
    (
        _yes("discordant", "Discordant", "Whether studies, or markers and patients, disagree."),
        lambda cell: cell.discordant,
    ),
    (
        _yes("approval", "Approved use", "Whether an approval in force names one of the topics."),
        lambda cell: cell.approved,
    ),
)
COLUMNS: tuple[Column, ...] = (
    *(column for column, _ in _VALUES),
    _number(AS_OF, "As of", "The year that was asked for; empty: today."),
    _text("url", "Address", "The list of its topics.", Kind.URL),
)
"""What the CSV of the map holds."""


def as_csv(grid: Grid, *, year: int | None, base_url: str) -> str:
    """Write the cells as CSV; text that a spreadsheet would run gets an apostrophe."""
    lines = [",".join(column.key for column in COLUMNS)]
    unsaid = OF_THE_RULE if year is None else OURS
    for cell in grid.cells:
        row = [
            "" if column.key in unsaid else as_cell(column, value(cell))
            for column, value in _VALUES
        ]
        # A filter's text may hold commas; in an address they are written otherwise.
        row += ["" if year is None else str(year), base_url + cell.url]
        lines.append(",".join(row))
    return NEWLINE.join([*lines, ""])
