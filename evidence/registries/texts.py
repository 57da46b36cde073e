"""Texts, dates, ages and numbers as registries write them, made plain; None is "not given"."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

MOST = 2_147_483_647
YEAR_DAYS = 365.25
OLDEST_YEARS = 200
LONGEST_DATE = 40
MONTHS = (
    "january february march april may june july august september october november december"
).split()

# Control characters, lone surrogates, what is no character, and what turns the line of writing.
_NO_TEXT = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)
_BREAK = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Only from the beginning of a run of blanks, so that a long one is read once.
_BLANKS_AT_ENDS = re.compile("(?<![ \t\xa0])[ \t\xa0]++(?=\n)")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")

_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:T[0-9:.Z+-]*)?)?)?")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_MONTH_FIRST = re.compile(r"([A-Za-z]+)\.? (?:([0-9]{1,2}), ?)?([0-9]{4})")
_DAY_FIRST = re.compile(r"([0-9]{1,2}) ([A-Za-z]+)\.? ([0-9]{4})")
_AGE = re.compile(r"([0-9]{1,6}) ?(year|month|week|day|hour|minute)s?", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]{1,10}|[0-9]{1,3}(?:,[0-9]{3}){1,3}")
_DAYS_OF = {
    "year": YEAR_DAYS,
    "month": YEAR_DAYS / 12,
    "week": 7.0,
    "day": 1.0,
    "hour": 1 / 24,
    "minute": 1 / 1440,
}


def text(value: object) -> str | None:
    """Give one text without control characters and stray blanks; its lines end in a line feed."""
    if not isinstance(value, str):
        return None
    if not value.isprintable():
        value = _BREAK.sub("\n", _NO_TEXT.sub("", value))
        value = _BLANKS_AT_ENDS.sub("", value)
    return value.strip() or None


def line(value: object) -> str | None:
    """Give the same on one line, with single blanks."""
    if not isinstance(value, str):
        return None
    if value.isprintable():
        if "  " not in value:
            return value.strip() or None
    else:
        value = _NO_TEXT.sub("", value)
    return " ".join(value.split()) or None


def unescaped(value: object) -> str | None:
    r"""Give a text of CommonMark as people read it: `\>` and `\*` without their backslash."""
    plain = text(value)
    if plain is None or "\\" not in plain:
        return plain
    return _ESCAPE.sub(r"\1", plain)


def partial_date(value: object) -> str | None:
    """Give `2015`, `2015-09` or `2015-09-03`, as precise as it was written and no more.

    Anything that could be read in two ways, such as 03/04/2020, is None, as is no day at all.
    """
    plain = line(value)
    return _day(plain) if plain and len(plain) <= LONGEST_DATE else None


# The same few thousand days stand in all records.
@lru_cache(maxsize=8192)
def _day(plain: str) -> str | None:
    """Read a date in one of the ways that registries write it."""
    if found := _ISO.fullmatch(plain) or _COMPACT.fullmatch(plain):
        return _date(*found.groups())
    if found := _MONTH_FIRST.fullmatch(plain):
        month, day, year = found.groups()
        return _date(year, _month(month), day)
    if found := _DAY_FIRST.fullmatch(plain):
        day, month, year = found.groups()
        return _date(year, _month(month), day)
    return None


def _month(name: str) -> str:
    """Give a month's number; "0" for what is none."""
    matching = [
        number
        for number, month in enumerate(MONTHS, start=1)
        if len(name) >= len("jan") and month.startswith(name.lower())
    ]
    return str(matching[0]) if matching else "0"


def _date(year: str, month: str | None, day: str | None) -> str | None:
    """Put a date's parts together, if there is such a day."""
    try:
        found = dt.date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    if not 1800 <= found.year < 2200:
        return None
    return found.isoformat()[: 10 if day else 7 if month else 4]


def age_days(value: object) -> int | None:
    """Give an age such as "18 Years" in days, a year counted as 365.25 days and rounded."""
    found = _AGE.fullmatch(line(value) or "")
    if not found:
        return None
    days = int(found[1]) * _DAYS_OF[found[2].lower()]
    return round(days) if days <= OLDEST_YEARS * YEAR_DAYS else None


def ages(youngest: object, oldest: object) -> tuple[int | None, int | None]:
    """Give both limits in days; two that contradict each other say nothing."""
    low, high = age_days(youngest), age_days(oldest)
    if low is not None and high is not None and low > high:
        return None, None
    return low, high


def number(value: object) -> int | None:
    """Give a whole number of people or events, from 0 to what a database column holds."""
    if isinstance(value, str):
        plain = value.strip()
        value = int(plain.replace(",", "")) if _NUMBER.fullmatch(plain) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not 0 <= value <= MOST or value != int(value):
        return None
    return int(value)
