"""Words, numbers and dates as readers see them: plain functions from a value to safe HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType

from django.db.models import TextChoices
from django.utils.html import escape
from django.utils.safestring import SafeString

from evidence import vocab

NOT_REPORTED = SafeString('<span class="none">not reported</span>')
NOT_ASSESSED = SafeString('<span class="none">not assessed</span>')

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

# IL-2, sIL-2R, rhIL-2, PEG-IL-2, anti-IL-2: a line that breaks at the hyphen misreads. The span
# keeps them whole where a non-breaking hyphen would spoil searching and copying.
INTERLEUKIN = re.compile(r"(?:\b[A-Za-z]+-)?\b[a-z]{0,3}IL-\d+[A-Za-z\u03b1-\u03c9]*")


def _vocabularies() -> dict[str, Mapping[str, str]]:
    """Every closed vocabulary by its name, as value to label."""
    found: dict[str, Mapping[str, str]] = {}
    for name, member in vars(vocab).items():
        if (
            isinstance(member, type)
            and issubclass(member, TextChoices)
            and member is not TextChoices
        ):
            found[name] = MappingProxyType({value: str(label) for value, label in member.choices})
    return found


VOCABULARIES: Mapping[str, Mapping[str, str]] = MappingProxyType(_vocabularies())


def _shared_labels() -> dict[str, str]:
    """Labels of the values that read the same in every vocabulary which holds them."""
    seen: dict[str, set[str]] = {}
    for labels in VOCABULARIES.values():
        for value, label in labels.items():
            seen.setdefault(value, set()).add(_without_bracket(label))
    return {value: labels.pop() for value, labels in seen.items() if len(labels) == 1}


def _without_bracket(label: str) -> str:
    """Leave out a closing explanation: "adults (18 to 64 years)" is "adults" in a cell."""
    return label.partition(" (")[0]


_SHARED: Mapping[str, str] = MappingProxyType(_shared_labels())


def label_of(value: object, *, vocabulary: str = "", short: bool = False) -> str:
    """Give the readable word of a vocabulary's value; without a vocabulary, the word they share."""
    text = str(value)
    if not vocabulary:
        return _SHARED.get(text, text.replace("-", " "))
    label = VOCABULARIES[vocabulary].get(text, text)
    return _without_bracket(label) if short else label


@lru_cache(maxsize=8192)
def unbroken(text: str) -> SafeString:
    """Escape a text and keep the names of interleukins on one line."""
    safe = escape(text)
    if "IL-" not in safe:
        return safe
    return SafeString(INTERLEUKIN.sub(r'<span class="nw">\g<0></span>', safe))


def number(value: object) -> str:
    """Group the thousands of a number: 2,071."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return str(value)
    return f"{value:,}"


def day_words(value: object, *, full: bool = False) -> str:
    """Write a date as far as it is known: "21 Nov 2026", "Sep 2015", "2015"."""
    if not value:
        return ""
    if isinstance(value, datetime):
        value = value.date()
    parts = str(value).split("-")
    if not all(part.isdigit() for part in parts) or len(parts) > 3:
        return str(value)
    words = [parts[0]]
    if len(parts) > 1 and 1 <= int(parts[1]) <= 12:
        month = MONTHS[int(parts[1]) - 1]
        words.insert(0, month if full else month[:3])
    if len(parts) > 2:
        words.insert(0, str(int(parts[2])))
    return " ".join(words)


@lru_cache(maxsize=4096)
def day(value: date | str | None, full: bool = False) -> SafeString:
    """Give a date, whole or partial, as a time element; none is "not reported"."""
    if not value:
        return NOT_REPORTED
    stamp = value.date() if isinstance(value, datetime) else value
    words = day_words(stamp, full=full)
    return SafeString(f'<time class="nw" datetime="{escape(stamp)}">{escape(words)}</time>')
