"""The tables of a comparison as its page shows them: under headings, with how to read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString

from evidence.catalogue.compare import AXES, Axis, Cell, Entry, Row, Table
from evidence.templatetags.marks import status_lines
from evidence.templatetags.words import NOT_REPORTED, unbroken


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownCell:
    """A cell's markup with the name of the term that it is about, for where rows are cards."""

    name: str
    html: SafeString


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownRow:
    """A row with its cells named."""

    row: Row
    cells: tuple[ShownCell, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownGroup:
    """Rows under a heading, or under none."""

    label: str
    rows: tuple[ShownRow, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownTable:
    """A table with its cells named; without a row it is not shown."""

    first: str
    groups: tuple[ShownGroup, ...]
    left_out: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A table under a heading; `note` says how to read it, `empty` what it means that it is."""

    anchor: str
    heading: str
    table: ShownTable
    note: str = ""
    empty: str = ""


def shown(table: Table, names: Sequence[str]) -> ShownTable:
    """Name the cells of a table after the terms that they are about."""
    groups = (
        ShownGroup(label=group.label, rows=tuple(_row(row, names) for row in group.rows))
        for group in table.groups
        if group.rows
    )
    return ShownTable(first=table.first, groups=tuple(groups), left_out=table.left_out)


def _row(row: Row, names: Sequence[str]) -> ShownRow:
    cells = zip(names, row.cells, strict=True)
    return ShownRow(
        row=row, cells=tuple(ShownCell(name=name, html=_cell(cell)) for name, cell in cells)
    )


def _cell(cell: Cell) -> SafeString:
    """Write a cell here, and not in a template: there may be a thousand of them on a page."""
    return SafeString("".join(f'<span class="each">{_entry(one)}</span>' for one in cell))


def _entry(entry: Entry) -> str:
    words = unbroken(entry.words) if entry.words else NOT_REPORTED
    if entry.path:
        words = SafeString(f'<a href="{escape(entry.path)}">{words}</a>')
    return f"{status_lines(entry.status, entry.ground)} {words}" if entry.status else words


def sections(
    axis: Axis,
    names: Sequence[str],
    *,
    statuses: Table,
    apart: Table,
    in_common: Table,
    findings: Table,
    harms: Table,
    trials: Table,
) -> list[Section]:
    """Put the tables in the order of the page."""
    other = AXES[axis.other]
    what_apart = "area" if axis.apart == "area" else "kind of IL-2"
    return [
        Section(
            anchor="statuses",
            heading="Topics by status",
            table=shown(statuses, names),
            note="Each topic once in a column.",
        ),
        Section(
            anchor="apart",
            heading=f"Topics by {what_apart}",
            table=shown(apart, names),
            note="Only what has a topic of one of them has a row.",
            empty="None of them has a topic yet.",
        ),
        Section(
            anchor="in-common",
            heading=f"{other.plural.capitalize()} in common",
            table=shown(in_common, names),
            note=f"What at least two of them have topics in, each {other.key} with all that "
            "stands under it.",
            empty=f"No {other.key} is in topics of two of them.",
        ),
        Section(
            anchor="findings",
            heading="Findings by direction",
            table=shown(findings, names),
            note="Findings are counted, not people or studies: a study may have several, and more "
            "of them are no stronger evidence.",
        ),
        Section(
            anchor="harms",
            heading="Adverse effects in common",
            table=shown(harms, names),
            note="Harm reports, and between which percents of people they lie, as printed or "
            "worked out of the counts. People are never added up, and unlike collections stand "
            "apart. Doses and patients differ between reports, so no percent is a comparison.",
            empty="No adverse effect is reported of two of them in a like collection. That is not "
            "a report of no harm.",
        ),
        Section(
            anchor="trials",
            heading="Trials",
            table=shown(trials, names),
            note="A trial of two phases is counted in both.",
        ),
    ]
