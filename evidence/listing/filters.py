"""Filters that never ignore what they are asked: a word they do not know is a fault."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.enums import ChoicesType

from evidence.listing.apostrophes import curly
from evidence.vocab import shown

MOST_KNOWN = 200
"""So many known words are listed in a message at the most."""


@dataclass(frozen=True, kw_only=True)
class Option:
    """One value that a filter can be set to."""

    value: str
    label: str


class TermTree(Protocol):
    """The terms of a kind and what stands under each: see `evidence.ledger.trees`."""

    @property
    def nodes(self) -> Sequence[Any]:
        """All terms, in order of name."""

    @property
    def by_slug(self) -> Mapping[str, Any]:
        """The terms by slug."""

    def at_or_below(self, pks: Iterable[int]) -> frozenset[int]:
        """Return these terms and all that stand under any of them."""


@dataclass(frozen=True, kw_only=True)
class Through:
    """Rows that hang on a listing's rows: filters through the same ones must hold of one of them.

    `link` is the column of `rows` that leads back to the listing's column `outer`.
    """

    name: str
    rows: Callable[[], QuerySet[Any]]
    link: str
    outer: str

    def holding(self, condition: Q) -> Exists:
        """Return the condition that one of the hanging rows meets another condition."""
        return Exists(self.rows().filter(condition, **{self.link: OuterRef(self.outer)}))


def closest(wrong: str, words: Sequence[str]) -> str:
    """Return the word that was probably meant, in whatever case it was written; "" where none."""
    folded = {word.casefold(): word for word in words}
    close = difflib.get_close_matches(wrong.casefold(), folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else ""


def known_words(words: Sequence[str], wrong: str) -> str:
    """Say which words are known, and which was probably meant."""
    close = closest(wrong, words)
    meant = f"Did you mean {close}? " if close else ""
    more = f" and {len(words) - MOST_KNOWN} more" if len(words) > MOST_KNOWN else ""
    return f"{meant}Known: {', '.join(words[:MOST_KNOWN])}{more}."


class ValuesField(forms.Field):
    """Several values from one key that is repeated, each of them known."""

    widget = forms.SelectMultiple

    def __init__(self, *, options: Callable[[], Sequence[Option]], noun: str, **kw: Any) -> None:
        super().__init__(**kw)
        self.options = options
        self.noun = noun

    def clean(self, value: Any) -> list[str]:
        """Return the values, each once; ValidationError names the first that is not known."""
        wanted = list(dict.fromkeys(word for word in value or [] if word != ""))
        if not wanted:
            return []
        known = [option.value for option in self.options()]
        for word in wanted:
            if word not in known:
                raise ValidationError(
                    f"“{word}” is not a known {self.noun}. {known_words(known, word)}"
                )
        return wanted


class PanelFilter(django_filters.Filter):  # type: ignore[misc]
    """A filter that can stand in the side panel: it knows its options and counts rows by them."""

    field_class: type[ValuesField] = ValuesField
    by_count = False

    def __init__(
        self, *, field: str, label: str, about: str, through: Through | None = None
    ) -> None:
        super().__init__(field_name=field, label=curly(label))
        self.about = curly(about)
        self.through = through
        self.extra.update(options=self.options, noun=curly(label.lower()))

    def options(self) -> Sequence[Option]:
        """Return every value that the filter knows, in the order in which they are shown."""
        raise NotImplementedError

    def offered(self, values: Collection[str]) -> Sequence[Option]:
        """Return the options with these values, in the order in which they are shown."""
        return [option for option in self.options() if option.value in values]

    def condition(self, values: Sequence[str]) -> Q:
        """Return what a row, or a row that hangs on it, must meet."""
        raise NotImplementedError

    def filter(self, qs: QuerySet[Any], value: Sequence[str]) -> QuerySet[Any]:
        """Narrow the rows to those that meet one of the values."""
        if not value:
            return qs
        condition = self.condition(value)
        return qs.filter(self.through.holding(condition) if self.through else condition)

    def held(self, also: Q) -> Iterable[tuple[Any, Any]]:
        """Return each value of the hanging rows that meet a condition, with whose it is."""
        through = self.through
        if through is None:
            raise TypeError("Only a filter through other rows has hanging rows.")
        rows = through.rows().filter(also).order_by()
        return rows.values_list(self.field_name, through.link)

    def by_option(self, own: Mapping[Any, int]) -> dict[str, int]:
        """Turn sets of rows by stored value into sets of rows by option."""
        return {str(value): rows for value, rows in own.items() if value}


class Words(PanelFilter):
    """A filter by the words of a vocabulary."""

    def __init__(self, *, vocabulary: ChoicesType, **kw: Any) -> None:
        self.vocabulary = vocabulary
        super().__init__(**kw)

    def options(self) -> Sequence[Option]:
        """Return the vocabulary."""
        return [Option(value=v, label=shown(word)) for v, word in self.vocabulary.choices]

    def condition(self, values: Sequence[str]) -> Q:
        """Return that the column holds one of the words."""
        return Q(**{f"{self.field_name}__in": values})


class Terms(PanelFilter):
    """A filter by terms, each with all that stands under it; named by slug, never by number."""

    by_count = True

    def __init__(self, *, tree: Callable[[], TermTree], **kw: Any) -> None:
        self.grow = tree
        self._tree: TermTree | None = None
        super().__init__(**kw)

    @property
    def tree(self) -> TermTree:
        """The terms, read once per search (filters are copied for each)."""
        if self._tree is None:
            self._tree = self.grow()
        return self._tree

    def options(self) -> Sequence[Option]:
        """Return all public terms."""
        return [Option(value=node.slug, label=node.name) for node in self.tree.nodes]

    def condition(self, values: Sequence[str]) -> Q:
        """Return that the column holds one of the terms or one under it."""
        pks = self.tree.at_or_below(self.tree.by_slug[slug].pk for slug in values)
        return Q(**{f"{self.field_name}__in": pks})

    def by_option(self, own: Mapping[Any, int]) -> dict[str, int]:
        """Turn sets of rows by term into sets of rows at or under each term."""
        found = {}
        for node in self.tree.nodes:
            rows = 0
            for pk in self.tree.at_or_below([node.pk]):
                rows |= own.get(pk, 0)
            if rows:
                found[node.slug] = rows
        return found


class TermsAlone(Terms):
    """A filter by terms themselves, without what stands under them."""

    def condition(self, values: Sequence[str]) -> Q:
        """Return that the column holds one of the terms."""
        return Q(**{f"{self.field_name}__in": [self.tree.by_slug[slug].pk for slug in values]})

    def by_option(self, own: Mapping[Any, int]) -> dict[str, int]:
        """Turn sets of rows by term into sets of rows by the term's word."""
        return {node.slug: own[node.pk] for node in self.tree.nodes if own.get(node.pk)}


YES_NO = (Option(value="yes", label="yes"), Option(value="no", label="no"))


class YesOrNo(PanelFilter):
    """A plain question: yes or no."""

    def __init__(self, *, when: Callable[[], Any], label: str, about: str) -> None:
        super().__init__(field="", label=label, about=about)
        self.when = when

    def options(self) -> Sequence[Option]:
        """Return yes and no."""
        return YES_NO

    def condition(self, values: Sequence[str]) -> Q:
        """Return the question, its contrary, or nothing where both are asked."""
        if len(set(values)) > 1:
            return Q()
        yes = Q(self.when())
        return yes if "yes" in values else ~yes


class Flag(PanelFilter):
    """A plain question that a column of the rows answers."""

    def options(self) -> Sequence[Option]:
        """Return yes and no."""
        return YES_NO

    def condition(self, values: Sequence[str]) -> Q:
        """Return that the column holds one of the answers."""
        return Q(**{f"{self.field_name}__in": [value == "yes" for value in values]})

    def by_option(self, own: Mapping[Any, int]) -> dict[str, int]:
        """Turn sets of rows by flag into sets of rows by answer."""
        return {"yes": own.get(True, 0), "no": own.get(False, 0)}


class BoundField(forms.IntegerField):
    """A whole number within limits that every database takes."""

    def clean(self, value: Any) -> int | None:
        """Return the number; ValidationError says what is wrong with it."""
        try:
            number: int | None = super().clean(value)
        except ValidationError:
            raise ValidationError(
                f"“{value}” is not a whole number from {self.min_value} to {self.max_value}."
            ) from None
        return number


class Bound(django_filters.Filter):  # type: ignore[misc]
    """One end of a range of whole numbers; the filter set pairs it with the other end."""

    field_class = BoundField

    def __init__(
        self, *, field: str, lookup: str, label: str, about: str, through: Through | None = None
    ) -> None:
        super().__init__(field_name=field, lookup_expr=lookup, label=curly(label))
        self.about = curly(about)
        self.through = through
        self.extra.update(min_value=1900, max_value=2100)

    def condition(self, value: int) -> Q:
        """Return what a row, or a row that hangs on it, must meet."""
        return Q(**{f"{self.field_name}__{self.lookup_expr}": value})
