"""The plain text filter: every word of `q` is found somewhere in the row or its terms."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from evidence.listing.apostrophes import curly
from evidence.listing.filters import TermTree, Through

MOST_CHARACTERS = 200
MOST_WORDS = 16
SHORT = 3
"""A word of so few letters is looked for at the start of words only: TB is not in outbreak."""

WORD_STARTS = (" ", "(", "-", "/")
"""What stands before a word inside a text."""

SAME: tuple[frozenset[str], ...] = (
    frozenset({"il-2", "il2", "il 2", "interleukin-2", "interleukin 2", "interleukin2"}),
    frozenset({"aldesleukin", "proleukin"}),
)
"""Words that mean the same, so that whichever is asked for finds all of them."""

_PHRASE = re.compile(r"\b(?:interleukin|il)[ -]?2\b", re.IGNORECASE)


_BEFORE_AN_IDENTIFIER = re.compile(
    r"https?://(?:dx\.)?doi\.org/|https?://pubmed\.ncbi\.nlm\.nih\.gov/"
    r"|\bdoi:\s*(?=10\.)|\bpmid:?\s*(?=\d)",
    re.IGNORECASE,
)
"""What people copy along with an identifier."""


def words_of(text: str) -> list[frozenset[str]]:
    """Take a query apart: a set of equivalent spellings for each of its words, lower case."""
    bare = _BEFORE_AN_IDENTIFIER.sub("", text)
    spelt = [word.rstrip("/") or word for word in _PHRASE.sub("il-2", bare).lower().split()]
    found = []
    for word in dict.fromkeys(spelt):
        group = next((same for same in SAME if word in same), frozenset({word}))
        found.append(group)
    return found


def _starts_a_word(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_]){re.escape(word)}", re.IGNORECASE)


class QueryField(forms.CharField):
    """A query of at most 200 characters and 16 words."""

    def clean(self, value: Any) -> str:
        """Return the query, trimmed; ValidationError says that it is too long."""
        text = str(value or "").strip()
        if len(text) > MOST_CHARACTERS:
            raise ValidationError(f"The text is too long: at most {MOST_CHARACTERS} characters.")
        if len(text.split()) > MOST_WORDS:
            raise ValidationError(f"The text has too many words: at most {MOST_WORDS}.")
        return text


class Text(django_filters.Filter):  # type: ignore[misc]
    """Rows in which every word of the query is found: in a field, a term or an identifier.

    `fields` are text columns of the rows; `terms` lead from a key of the rows to the terms whose
    names and synonyms are looked through; `tied` are columns of hanging rows that lead to terms;
    `elsewhere` makes a condition of one spelling.
    """

    field_class = QueryField
    through = None

    def __init__(
        self,
        *,
        fields: Sequence[str],
        terms: Mapping[str, Callable[[], TermTree]],
        tied: Sequence[tuple[Through, str, Callable[[], TermTree]]] = (),
        elsewhere: Callable[[str], Q] | None = None,
        about: str,
    ) -> None:
        super().__init__(field_name="", label="Text")
        self.fields = tuple(fields)
        self.terms = dict(terms)
        self.tied = tuple(tied)
        self.elsewhere = elsewhere
        self.about = curly(about)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Narrow the rows to those that hold every word."""
        if not value:
            return qs
        trees = {path: tree() for path, tree in self.terms.items()}
        tied = [(through, column, tree()) for through, column, tree in self.tied]
        for spellings in words_of(value):
            found = Q()
            for spelling in sorted(spellings):
                found |= self._holding(spelling, trees)
                for through, column, tree in tied:
                    if named := _terms_named(tree, spelling):
                        found |= Q(through.holding(Q(**{f"{column}__in": named})))
            qs = qs.filter(found)
        return qs

    def _holding(self, spelling: str, trees: Mapping[str, TermTree]) -> Q:
        found = Q()
        for name in self.fields:
            found |= in_field(name, spelling)
        for path, tree in trees.items():
            named = _terms_named(tree, spelling)
            if named:
                found |= Q(**{f"{path}__in": named})
        if self.elsewhere is not None:
            found |= self.elsewhere(spelling)
        return found


def in_field(name: str, spelling: str) -> Q:
    """Return the condition that a text column holds a spelling, a short one at a word's start."""
    if len(spelling) > SHORT:
        return Q(**{f"{name}__icontains": spelling})
    found = Q(**{f"{name}__istartswith": spelling})
    for before in WORD_STARTS:
        found |= Q(**{f"{name}__icontains": f"{before}{spelling}"})
    return found


def _terms_named(tree: TermTree, spelling: str) -> frozenset[int]:
    """Return the terms one of whose words starts so, with all that stand under them."""
    starts = _starts_a_word(spelling)
    named: Iterable[int] = (
        node.pk for node in tree.nodes if starts.search(f"{node.name}\n{node.synonyms}")
    )
    return tree.at_or_below(named)
