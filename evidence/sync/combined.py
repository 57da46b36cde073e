"""Combinations among our interventions, taken apart: what has to be given for each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from evidence.registries.il2_words import plain
from evidence.sync.naming import Name, Names, matches, name_of, tokens_of
from evidence.sync.terms import Hit, Terms, quoted, texts_of
from evidence.vocab import InterventionKind, PartnerTiming

IL2 = tokens_of("IL-2")[0]

_PARTS = re.compile(r"\s+\+\s+|,? then | with (?:an? )?| and ")
_IN_BRACKETS = re.compile(r"\(([^()]*)\)")
_CODE = re.compile(r"\b(?!IL|CD)[A-Za-z]{2,8}-?[0-9]{2,6}\b")


@dataclass(frozen=True, slots=True)
class _Part:
    """One part of a combination's name: IL-2, a form of ours, or else what partners are called.

    `loose` is the part as it is worded, to be found in the first name of what is given alone.
    """

    il2: bool
    form: Any
    partners: Names
    loose: Names

    def found(self, given: Sequence[str], main: Sequence[str], hits: dict[int, Hit]) -> str | None:
        """Return what is given of it, or None."""
        if self.il2:
            return next((hit.term.name for hit in hits.values()), None)
        if self.form is not None:
            return str(self.form) if self.form.pk in hits else None
        partner = next((text for text in given if matches(text, self.partners)), None)
        return partner or next((text for text in main if matches(text, self.loose)), None)


@dataclass(frozen=True, slots=True)
class Combination:
    """A combination with each of its names that has parts; `background`: people take it anyway."""

    term: Any
    ways: tuple[tuple[str, tuple[_Part, ...]], ...]
    background: bool

    def found(self, given: Sequence[str], main: Sequence[str], hits: dict[int, Hit]) -> Hit | None:
        """Return it where all parts of one of its names are given."""
        for text, parts in self.ways:
            found = [part.found(given, main, hits) for part in parts]
            if all(found):
                here = " and ".join(dict.fromkeys(quoted(one) for one in found if one))
                because = f"It gives {here}, together “{text}”."
                return Hit(self.term, because, exact=True, length=len(text))
        return None


def combinations(terms: Terms, partner_rows: Iterable[Any]) -> list[Combination]:
    """Return our combinations, taken apart once for any number of records."""
    partners: dict[int, list[Any]] = {}
    for row in partner_rows:
        partners.setdefault(row.intervention_id, []).append(row)
    return [
        _taken_apart(term, terms, partners.get(term.pk, []))
        for term in terms.all
        if term.kind == InterventionKind.COMBINATION
    ]


def _taken_apart(term: Any, terms: Terms, rows: Sequence[Any]) -> Combination:
    names = [_names_of(row.partner) for row in rows]
    ways = [
        (text, tuple(_part(part, terms, names) for part in parts))
        for text in texts_of(term)
        if len(parts := _parts(text)) > 1
    ]
    background = {row.timing for row in rows} == {PartnerTiming.BACKGROUND}
    return Combination(term, tuple(ways), background)


def _part(part: str, terms: Terms, partners: Sequence[list[Name]]) -> _Part:
    words = set(tokens_of(part))
    meant = [
        name
        for names in partners
        if any(words <= set(way) or set(way) <= words for one in names for way in one.ways)
        for name in names
    ]
    # One word alone, such as interferon, is any of several things: only its partners count.
    loose = [] if IL2 in words or (len(words) == 1 and meant) else [name_of(part)]
    return _Part(words == {IL2}, terms.called(tokens_of(part)), Names(meant), Names(loose))


def _names_of(partner: Any) -> list[Name]:
    """Return a partner's names, and words such as gp100 in them, which tell it by themselves."""
    texts = texts_of(partner)
    codes = [code for text in texts for code in _CODE.findall(text)]
    return [name_of(text) for text in dict.fromkeys((*texts, *codes))]


def _parts(text: str) -> list[str]:
    """Return the parts of a combination's name, in brackets where it has another before."""
    inner = next((part for part in _IN_BRACKETS.findall(text) if "+" in part), text)
    return [part.strip() for part in _PARTS.split(inner) if part.strip()]


def is_given(term: Any, terms: Terms, hits: dict[int, Hit]) -> bool:
    """Say whether the IL-2 of a combination is given, or a regimen of it."""
    if term.parent_id is None or term.parent_id in hits:
        return True
    return any(
        hit.term.kind == InterventionKind.REGIMEN and term.parent_id in terms.above(hit.term)
        for hit in hits.values()
    )


def given_together(
    several: Sequence[Combination],
    terms: Terms,
    given: Sequence[str],
    main: Sequence[str],
    hits: dict[int, Hit],
) -> Iterator[tuple[Combination, Hit]]:
    """Find the combinations of which every part is given."""
    given, main = [plain(text) for text in given], [plain(text) for text in main]
    for one in several:
        if is_given(one.term, terms, hits) and (hit := one.found(given, main, hits)):
            yield one, hit
