"""Filters and tags that format values for pages and query nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString

from evidence.templatetags import cells, marks, words
from evidence.vocab import Area

register = template.Library()

# Here, and not in a view: the head of an error page names them too.
HEAD_LINKS = (
    ("evidence", "Evidence"),
    ("conditions", "Conditions"),
    ("interventions", "Interventions"),
    ("harms", "Harms"),
    ("trials", "Trials"),
    ("map", "Map"),
    ("data", "Data"),
    ("about", "About"),
)
LISTING_LINKS = (
    ("evidence", "Evidence"),
    ("findings", "Findings"),
    ("harms", "Harms"),
    ("trials", "Trials"),
    ("publications", "Publications"),
    ("conditions", "Conditions"),
    ("interventions", "Interventions"),
    ("adverse-effects", "Adverse effects"),
)


@register.simple_tag
def head_links(section: object = "") -> list[dict[str, object]]:
    """Give the links of the head, marking the one that a page belongs to."""
    return _links(HEAD_LINKS, section)


@register.simple_tag
def listing_links(section: object = "") -> list[dict[str, object]]:
    """Give the links to all listings, marking the one that a page belongs to."""
    return _links(LISTING_LINKS, section)


def _links(named: tuple[tuple[str, str], ...], section: object) -> list[dict[str, object]]:
    return [
        {"label": label, "url": f"/{name}/", "current": name == section} for name, label in named
    ]


@register.filter
def unbroken(value: object) -> SafeString:
    """Keep "IL-2" and its kin on one line; nothing becomes "not reported"."""
    if value is None or value == "":
        return words.NOT_REPORTED
    return words.unbroken(str(value))


@register.filter
def reported(value: object) -> object:
    """Say "not reported" where there is no value; a counted zero stays 0."""
    return words.NOT_REPORTED if value is None or value == "" else value


@register.filter
def number(value: object) -> object:
    """Group thousands, or say "not reported"."""
    return words.NOT_REPORTED if value is None or value == "" else words.number(value)


@register.filter
def day(value: Any) -> SafeString:
    """Give a date as it stands in a table: 21 Nov 2026."""
    return words.day(value)


@register.filter
def long_day(value: Any) -> SafeString:
    """Give a date as it stands in a sentence: 21 November 2026."""
    return words.day(value, True)


@register.filter
def day_or_not_yet(value: Any) -> SafeString:
    """Give a date, or say that it has not been done yet."""
    return words.day(value) if value else SafeString("not yet")


@register.filter
def word(value: object, vocabulary: str = "") -> SafeString:
    """Give the short word of a vocabulary's value."""
    if value is None or value == "":
        return words.NOT_REPORTED
    return words.labelled(str(value), vocabulary=vocabulary, short=True)


@register.filter
def label(value: object, vocabulary: str = "") -> SafeString:
    """Give the whole label of a vocabulary's value, its explanation included."""
    if value is None or value == "":
        return words.NOT_REPORTED
    return words.labelled(str(value), vocabulary=vocabulary)


@register.filter
def running(name: object) -> SafeString:
    """Write a term's name as within a sentence, its interleukins unbroken."""
    return words.unbroken(words.running(str(name)))


@register.filter
def direction(value: object) -> SafeString:
    """Give the mark and words of a direction."""
    return marks.direction_mark(str(value or ""))


@register.filter
def certainty(value: object) -> SafeString:
    """Give the pips and word of a certainty."""
    return marks.certainty_pips(str(value or ""))


@register.simple_tag
def badge(status: str, ground: str = "", *, boxed: bool = False) -> SafeString:
    """Give the badge of a status."""
    return marks.status_badge(str(status), str(ground or ""), boxed)


@register.simple_tag
def mark(status: str, ground: str = "") -> SafeString:
    """Give the mark of a status alone, where its words stand beside it."""
    symbol = marks.use(marks.status_symbol(str(status), str(ground or "")))
    return SafeString(f'<span class="{escape(status)}">{symbol}</span>')


@register.simple_tag
def status_lines(
    status: str, ground: str = "", rule_status: str = "", rule_ground: str = ""
) -> SafeString:
    """Give a status as a table cell does: badge, ground, the rule's word where it differs."""
    words = (str(word or "") for word in (ground, rule_status, rule_ground))
    return marks.status_lines(str(status), *words)


@register.simple_tag
def choices(values: Iterable[Any], facet: str) -> SafeString:
    """Give the values of a facet."""
    return SafeString("".join(cells.render_choice(value, facet) for value in values))


@register.simple_tag
def table_rows(rows: Iterable[Any], *, named: bool = False) -> SafeString:
    """Give the rows of a listing; `named` puts a label beside every value on a card."""
    return SafeString("\n".join(cells.render_row(row.cells, named=named) for row in rows))


@register.filter
def plural(count: int, words_: str) -> str:
    """Count things: {{ 1|plural:"finding,findings" }} is "1 finding"."""
    one, _, many = words_.partition(",")
    return f"{count:,} {one if count == 1 else many}"


@register.filter
def newborn(area: object) -> bool:
    """Say whether an area is about newborn babies."""
    return area == Area.NEONATAL


@register.filter
def lines(text: object) -> list[str]:
    """Take a list apart that is kept one per line."""
    return [line.strip() for line in str(text).splitlines() if line.strip()]
