"""Which forms of IL-2, and which combinations, a registered study gives by their names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from evidence.registries.il2_senses import Sense
from evidence.registries.il2_words import plain, words_in
from evidence.registries.records import TrialRecord
from evidence.sync.combined import IL2, combinations, given_together
from evidence.sync.naming import tokens_of
from evidence.sync.terms import Hit, Suggestion, Terms, quoted, texts_of
from evidence.vocab import DoseClass, InterventionKind

_IN_BRACKETS = re.compile(r"\(([^()]*)\)")
_APART = re.compile(r"[/+,;&:]|\s(?:and|plus|with|or)\s")
_RECOMBINANT = tokens_of("recombinant IL-2")
# Words that say of IL-2 no more than that it is a drug, and how it is given.
_SAYS_NOTHING = frozenset(
    tokens_of(
        "IL-2 recombinant human low high ultra dose dosing injection subcutaneous intravenous"
        " therapy treatment infusion aldesleukin proleukin cytokine systemic group 1 2 3 4 5"
    )
)
# Words of a process, which every register words in its own way.
_PROCESS = frozenset(tokens_of("grown cultured kept expanded activated adoptive transfer therapy"))
ENOUGH_WORDS = 4
"""A name of so many words may be spread over several interventions."""

# "Low" is what a study calls low; our low-dose IL-2 is a regimen of its own.
_RELATIVE = {DoseClass.LOW, DoseClass.ULTRA_LOW}
_READ = {Sense.GIVEN, Sense.GROWN, Sense.CARRIER, Sense.COMPANION}


class Forms:
    """Our interventions, and what is combined in those that are combinations."""

    def __init__(self, rows: Iterable[Any], partner_rows: Iterable[Any]) -> None:
        self._terms = Terms(rows)
        self._combinations = combinations(self._terms, partner_rows)

    def of(self, record: TrialRecord) -> tuple[Suggestion, ...]:
        """Suggest what a record's interventions are called by us."""
        terms = self._terms
        given = list(dict.fromkeys(_names(record)))
        hits = {
            hit.term.pk: hit
            for hit in (
                *terms.found(given, "{} is its intervention"),
                *self._of_cells(given),
                *self._plain(given),
            )
            if self._by_name(hit.term)
        }
        below = {above for hit in hits.values() for above in terms.above(hit.term)}
        hits = {key: hit for key, hit in hits.items() if key not in below}
        hits |= {hit.term.pk: hit for hit in self._in_title(record, hits)}
        main = [thing.name for thing in record.interventions]
        together = list(given_together(self._combinations, terms, given, main, hits))
        stood_for = {
            above for one, hit in together if not one.background for above in terms.above(hit.term)
        }
        return terms.sorted(
            [
                *(hit for _, hit in together),
                *(hit for key, hit in hits.items() if key not in stood_for),
            ]
        )

    def _plain(self, given: Sequence[str]) -> Iterator[Hit]:
        """Find IL-2 that is named as nothing but IL-2: as a drug it is the recombinant one."""
        drug = self._terms.called(_RECOMBINANT)
        for text in given if drug is not None else ():
            if not _has(text, Sense.GIVEN):
                continue
            bare = _IN_BRACKETS.sub(" ", plain(text))
            for part in _APART.split(bare if IL2 in tokens_of(bare) else plain(text)):
                words = set(tokens_of(part))
                if IL2 in words and words <= _SAYS_NOTHING:
                    because = f"Its intervention {quoted(text)} is IL-2 given as a drug: {drug}."
                    yield Hit(drug, because)
                    return

    def _of_cells(self, given: Sequence[str]) -> Iterator[Hit]:
        """Find cells and genes, whose long names every register words in its own way."""
        everything = {word for text in given for word in tokens_of(plain(text))}
        for term in self._terms.all:
            if term.kind != InterventionKind.GENE_OR_CELL:
                continue
            for text in texts_of(term):
                words = set(tokens_of(text))
                core = words - _PROCESS
                if IL2 not in core or len(core) < 2:
                    continue
                if len(words) >= ENOUGH_WORDS and words <= everything:
                    yield Hit(term, f"Its interventions together are “{text}”.")
                for one in given:
                    if _has(one, Sense.GROWN) and core <= set(tokens_of(plain(one))):
                        yield Hit(term, f"Its intervention {quoted(one)} is “{text}”.")

    def _in_title(self, record: TrialRecord, hits: dict[int, Hit]) -> list[Hit]:
        """Find regimens of what is given that the title names in so many words."""
        titles = [title for title in (record.title, record.official_title) if title]
        return [
            hit
            for hit in self._terms.found(titles, "{} is its title")
            if hit.term.kind == InterventionKind.REGIMEN
            and hit.term.dose_class not in _RELATIVE
            and any(above in hits for above in self._terms.above(hit.term))
        ]

    def _by_name(self, term: Any) -> bool:
        """Say whether a name alone tells a term: not the body's own IL-2, nor a dose."""
        if term.kind == InterventionKind.COMBINATION and term.parent_id is not None:
            return bool(self._terms.get(term.parent_id).kind != InterventionKind.REGIMEN)
        return bool(term.kind != InterventionKind.ENDOGENOUS)


def _names(record: TrialRecord) -> Iterator[str]:
    """Give what the study gives by each of its names, but what only mentions IL-2."""
    names: list[str] = []
    for thing in record.interventions:
        if thing.kind != "DIAGNOSTIC_TEST":
            names += [thing.name, *thing.other_names]
    for arm in record.arms:
        names += arm.given
    for text in names:
        senses = {found.sense for found in words_in(plain(text))}
        if not senses or senses & _READ:
            yield text


def _has(text: str, sense: Sense) -> bool:
    return any(found.sense is sense for found in words_in(plain(text)))
