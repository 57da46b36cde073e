"""Builders for what the database refuses, each with its sentence for a person.

No regular expressions: a CHECK with one cannot be read by any tool but Django on SQLite. No
`__startswith` either: it is a LIKE, and SQLite's LIKE takes `nct` for `NCT`. A CHECK passes on
NULL, so the builders for nullable columns spell the null cases out.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from django.db.models import CharField, CheckConstraint, Expression, F, Func, Q, Value
from django.db.models.functions import Left, Length, Substr
from django.db.models.lookups import Exact, GreaterThanOrEqual, In, LessThanOrEqual

PREFIX = "%(app_label)s_%(class)s_"


def check(name: str, condition: Q, message: str) -> CheckConstraint:
    """Return a named CHECK that says in a sentence what it refuses."""
    return CheckConstraint(condition=condition, name=PREFIX + name, violation_error_message=message)


def one_of(field: str, values: Iterable[str], *, blank: bool = False) -> CheckConstraint:
    """Refuse a value that is not in the vocabulary: `choices` do not reach the database."""
    allowed = [*values, *([""] if blank else [])]
    label = field.replace("_", " ")
    return check(f"{field}_known", Q(**{f"{field}__in": allowed}), f"That is not a known {label}.")


def both_or_neither(first: str, second: str, message: str) -> CheckConstraint:
    """Refuse half a pair of nullable columns."""
    neither = Q(**{f"{first}__isnull": True, f"{second}__isnull": True})
    both = Q(**{f"{first}__isnull": False, f"{second}__isnull": False})
    return check(f"{first}_pair", neither | both, message)


def differ(first: str, second: str) -> Q:
    """Return the condition that two nullable columns, where both are set, are not the same."""
    return (
        Q(**{f"{first}__isnull": True})
        | Q(**{f"{second}__isnull": True})
        | Q(**{f"{first}__lt": F(second)})
        | Q(**{f"{first}__gt": F(second)})
    )


def only_digits(text: Expression) -> Q:
    """Return the condition that nothing is left of a text when its digits are trimmed away."""
    trimmed = Func(text, Value("0123456789"), function="LTRIM", output_field=CharField())
    return Q(Exact(trimmed, ""))


def written_as(field: str, template: str) -> Q:
    """Return the condition that a text has a shape such as `NCT########`, each # being a digit."""
    shape = Q(Exact(Length(field), len(template)))
    start = 1
    for is_digit, run in groupby(template, "#".__eq__):
        part = "".join(run)
        piece = Substr(field, start, len(part))
        shape &= only_digits(piece) if is_digit else Q(Exact(piece, part))
        start += len(part)
    return shape


def begins(field: str, prefix: str) -> Q:
    """Return the condition that a text begins with a prefix, in that case."""
    return Q(Exact(Left(field, len(prefix)), prefix))


def partial_date(field: str) -> CheckConstraint:
    """Refuse a date that is not a year, a year and month, or a day, written as ISO 8601 text."""
    year = _from_to(Left(field, 4), "1800", "2199")
    month = _from_to(Substr(field, 6, 2), "01", "12")
    day = _from_to(Substr(field, 9, 2), "01", "31")
    return check(
        f"{field}_date",
        Q(**{field: ""})
        | (written_as(field, "####") & year)
        | (written_as(field, "####-##") & year & month)
        | (written_as(field, "####-##-##") & year & month & day),
        "Write the date as far as it is known: 2015, 2015-09 or 2015-09-03.",
    )


def _from_to(text: Expression, low: str, high: str) -> Q:
    return Q(GreaterThanOrEqual(text, low)) & Q(LessThanOrEqual(text, high))


def at_most(field: str, length: int) -> CheckConstraint:
    """Refuse a text over its length: SQLite does not look at `max_length`."""
    return check(
        f"{field}_length",
        Q(LessThanOrEqual(Length(field), length)),
        f"At most {length:,} characters.",
    )


def https_or_blank(field: str = "url") -> CheckConstraint:
    """Refuse an address that is not https."""
    return check(
        f"{field}_https",
        Q(**{field: ""}) | begins(field, "https://"),
        "An address starts with https://.",
    )


def between(field: str, low: int, high: int, message: str) -> CheckConstraint:
    """Refuse a number outside a closed range; null is allowed."""
    inside = Q(**{f"{field}__gte": low, f"{field}__lte": high})
    return check(f"{field}_range", Q(**{f"{field}__isnull": True}) | inside, message)


def prefixed(field: str, prefix: str, shortest: int, message: str) -> CheckConstraint:
    """Refuse an identifier without its prefix or shorter than it can be; blank is allowed."""
    shape = begins(field, prefix) & Q(GreaterThanOrEqual(Length(field), shortest))
    return check(f"{field}_shape", Q(**{field: ""}) | shape, message)


def numbered(field: str, prefix: str, shortest: int, message: str) -> CheckConstraint:
    """Refuse an identifier that is not a prefix and digits; blank is allowed."""
    long_enough = Q(GreaterThanOrEqual(Length(field), shortest))
    number = only_digits(Substr(field, len(prefix) + 1))
    shape = begins(field, prefix) & long_enough & number
    return check(f"{field}_shape", Q(**{field: ""}) | shape, message)


def shaped(field: str, templates: Iterable[str], message: str) -> CheckConstraint:
    """Refuse an identifier that is written in none of some shapes; blank is allowed."""
    shape = Q(**{field: ""})
    for template in templates:
        shape |= written_as(field, template)
    return check(f"{field}_shape", shape, message)


def as_long_as(field: str, lengths: Iterable[int], message: str) -> CheckConstraint:
    """Refuse a code of another length than its system gives; blank is allowed."""
    return check(f"{field}_shape", Q(**{field: ""}) | Q(In(Length(field), [*lengths])), message)


def part_of_whole(part: str, whole: str) -> CheckConstraint:
    """Refuse more people affected than there were; null is "not reported"."""
    return check(
        f"{part}_of_{whole}",
        Q(**{f"{part}__isnull": True})
        | Q(**{f"{whole}__isnull": True})
        | Q(**{f"{part}__lte": F(whole)}),
        "No more people can be affected than were at risk.",
    )
