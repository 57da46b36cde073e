"""The cells of a listing, written without templates: fifty rows of eight cells in 2 ms."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString

from evidence.templatetags.marks import (
    certainty_pips,
    direction_mark,
    discordance,
    status_lines,
    status_symbol,
    use,
)
from evidence.templatetags.things import enrolled
from evidence.templatetags.words import (
    NOT_REPORTED,
    day,
    label_of,
    labelled,
    number,
    unbroken,
)
from evidence.vocab import Phase

Row = Mapping[str, object]

# A sentence or a badge fills the width of a card; a short value stands beside its label.
FULL_WIDTH = {"text": "full prose", "status": "full", "rule_status": "full"}
# Facets whose values are statuses.
STATUSES = frozenset({"status", "rule_status"})
# The findings that a told result rests on, before the lines of the rule that it belongs to.
CODES_LAST = re.compile(r"\((F[0-9]+(?:, F[0-9]+)*)\)(?: (\[[^\]]*\]))?\Z")
# Between the values of a cell that comes joined.
JOINT = "; "


def _name(value: object, row: Row) -> SafeString:
    link = f'<a class="name" href="{escape(row["url"])}">{unbroken(str(value))}</a>'
    second = row.get("second")
    if second:
        link += f'<span class="second">{unbroken(str(second))}</span>'
    return SafeString(link)


def _text(value: object, row: Row) -> SafeString:
    return unbroken(str(value))


def _number(value: object, row: Row) -> SafeString:
    return SafeString(escape(number(value)))


def _enrolment(value: object, row: Row) -> SafeString:
    return enrolled(value, str(row.get("enrolment_type") or ""))


def _year(value: object, row: Row) -> SafeString:
    return escape(value)


def _date(value: Any, row: Row) -> SafeString:
    return day(value)


def _status(value: object, row: Row) -> SafeString:
    words = (str(row.get(key) or "") for key in ("ground", "rule_status", "rule_ground"))
    lines = status_lines(str(value), *words)
    tag = discordance(str(row.get("rule") or "")) if row.get("discordant") else ""
    return SafeString(f'{lines} <span class="second">{tag}</span>') if tag else lines


def _rule_status(value: object, row: Row) -> SafeString:
    return status_lines(str(value), str(row.get("rule_ground") or ""))


def _rule(value: object, row: Row) -> SafeString:
    """Give a line of the rule by its name, unless the ground beside it says the same."""
    if row.get("rule_ground"):
        return escape(value)
    label = escape(label_of(value, vocabulary="Rule"))
    return SafeString(f'{escape(value)}<span class="second">{label}</span>')


def _lines(value: object, row: Row) -> SafeString:
    """Give each of several values a line of its own, the findings at its end as links."""
    return SafeString("".join(f'<span class="each">{_line(part)}</span>' for part in _parts(value)))


def _line(text: str) -> str:
    """Link the codes of "CD4 count, 2009 (F12, F34) [V2]"; brackets elsewhere are words."""
    found = CODES_LAST.search(text)
    if found is None:
        return unbroken(text)
    codes = (f'<a href="/findings/{code}/">{code}</a>' for code in found[1].split(", "))
    mark = f' <span class="nw">{escape(found[2])}</span>' if found[2] else ""
    return f"{unbroken(text[: found.start(1)])}{', '.join(codes)}){mark}"


def _direction(value: object, row: Row) -> SafeString:
    return direction_mark(str(value))


def _certainty(value: object, row: Row) -> SafeString:
    return certainty_pips(str(value or ""))


def _many(value: object, row: Row) -> SafeString:
    parts = value if isinstance(value, (list, tuple, frozenset, set)) else (value,)
    return SafeString("; ".join(unbroken(str(part)) for part in parts))


def _yesno(value: object, row: Row) -> SafeString:
    return SafeString("yes" if value and value != "no" else "no")


def _identifier(value: object, row: Row) -> SafeString:
    return SafeString(f'<span class="nw">{escape(value)}</span>')


def _address(value: object, row: Row) -> SafeString:
    return SafeString(f'<span class="long">{escape(value)}</span>')


RENDERERS: Mapping[str, Callable[[Any, Row], SafeString]] = {
    "name": _name,
    "text": _text,
    "number": _number,
    "enrolment": _enrolment,
    "year": _year,
    "date": _date,
    "status": _status,
    "rule_status": _rule_status,
    "rule": _rule,
    "lines": _lines,
    "direction": _direction,
    "certainty": _certainty,
    "many": _many,
    "yesno": _yesno,
    "identifier": _identifier,
    "address": _address,
}
# An empty value of these still says something: "not assessed", "no".
SPEAK_WHEN_EMPTY = frozenset({"certainty", "yesno"})


# What else a kind may say where there is nothing: "many:none held", "identifier:none held".
EMPTY_IN_WORDS = frozenset({"many", "identifier", "name", "date"})
PHASE_NUMBERS = {
    Phase.NA.value: "not applicable",
    Phase.EARLY_PHASE1.value: "early 1",
    Phase.PHASE1.value: "1",
    Phase.PHASE2.value: "2",
    Phase.PHASE3.value: "3",
    Phase.PHASE4.value: "4",
}


def phases_in_short(phases: Iterable[str]) -> SafeString:
    """Write phases under a heading that says so: "2", "1/2", "early 1"."""
    return SafeString("/".join(PHASE_NUMBERS.get(phase, escape(phase)) for phase in phases))


def _parts(value: object) -> list[str]:
    """Take a cell of several values apart, whether it comes as a list or joined."""
    if isinstance(value, (list, tuple)):
        return [str(part) for part in value]
    return str(value).split(JOINT)


def render_cell(show: str, value: object, row: Row) -> SafeString:
    """Give one cell as HTML.

    "word:Population" and "words:DoseClass" name the vocabulary that a word, or each of several,
    belongs to; "many:none held" gives the words for nothing where "not reported" is not true.
    """
    kind, _, detail = show.partition(":")
    if kind not in SPEAK_WHEN_EMPTY and (value is None or value == "" or value == []):
        if kind in EMPTY_IN_WORDS and detail:
            return SafeString(f'<span class="none">{escape(detail)}</span>')
        return NOT_REPORTED
    if kind == "word":
        return labelled(str(value), vocabulary=detail, short=True)
    if kind == "words":
        words = (labelled(part, vocabulary=detail, short=True) for part in _parts(value))
        return SafeString(", ".join(words))
    if kind == "phases":
        return phases_in_short(_parts(value))
    return RENDERERS.get(kind, _text)(value, row)


@lru_cache(maxsize=1024)
def _opening(label: str, show: str, numeric: bool, named: bool) -> str:
    """Open a data cell of one column; the label is what a card prints beside the value."""
    if show in FULL_WIDTH and not named:
        return f'<td class="{FULL_WIDTH[show]}"><span>'
    right = ' class="num"' if numeric else ""
    return f'<td{right} data-l="{escape(label)}"><span>'


def render_row(cells: Iterable[Any], *, named: bool = False) -> SafeString:
    """Give a table row from cells that hold a column and finished HTML; the first heads the row.

    `named` gives each a label on a card, those too that say by themselves what they are among the
    usual columns.
    """
    parts = ["<tr>"]
    for position, cell in enumerate(cells):
        if position == 0:
            parts.append(f'<th scope="row">{cell.html}</th>')
        else:
            column = cell.column
            opening = _opening(column.label, column.show, column.numeric, named)
            parts.append(f"{opening}{cell.html}</span></td>")
    parts.append("</tr>")
    return SafeString("".join(parts))


def render_choice(choice: Any, facet: str) -> SafeString:
    """Give one value of a facet as a link, its count last; a count of nothing is no link.

    A panel has hundreds of them: their looks hang on where they stand, not on classes, and their
    addresses on the page's own.
    """
    word = unbroken(str(choice.label))
    if facet in STATUSES:
        mark = use(status_symbol(choice.value))
        word = SafeString(f'<i class="{escape(choice.value)}">{mark}</i> {word}')
    inside = f"{word} <b>{choice.count:,}</b>"
    if not choice.count and not choice.chosen:
        return SafeString(f'<li class="none">{inside}</li>')
    current = ' aria-current="true"' if choice.chosen else ""
    path, asks, asked = choice.url.partition("?")
    url = escape(f"?{asked}" if asks else path)
    return SafeString(f'<li><a href="{url}"{current}>{inside}</a></li>')
