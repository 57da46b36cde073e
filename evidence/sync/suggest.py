"""Which of our conditions and interventions a registered study is about, by name and synonym."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from evidence.models import Condition, Intervention, InterventionPartner
from evidence.registries.records import TrialRecord
from evidence.sync.forms import Forms
from evidence.sync.naming import Names, matches, name_of
from evidence.sync.terms import Hit, Suggestion, Terms, texts_of

LEAST_KEYWORDS = 0.4
"""A narrower condition is taken from keywords where this share of those that fit name it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggestions:
    """The terms suggested for one study, the most specific first."""

    conditions: tuple[Suggestion, ...] = ()
    interventions: tuple[Suggestion, ...] = ()


class Suggester:
    """All terms, read once: three queries for any number of records."""

    def __init__(self) -> None:
        self._conditions = Terms(Condition.objects.public().order_by("name"))
        self._forms = Forms(
            Intervention.objects.public().order_by("name"),
            InterventionPartner.objects.select_related("partner").order_by("pk"),
        )

    def of(self, record: TrialRecord) -> Suggestions:
        """Suggest terms for one record; none where the database holds none."""
        terms = self._conditions
        hits = terms.found(record.conditions, "{} is what the registry calls it")
        hits = [self._narrowed(hit, record.keywords) for hit in hits]
        below = {above for hit in hits for above in terms.above(hit.term)}
        kept = [hit for hit in hits if hit.exact or hit.term.pk not in below]
        return Suggestions(conditions=terms.sorted(kept), interventions=self._forms.of(record))

    def _narrowed(self, hit: Hit, keywords: Sequence[str]) -> Hit:
        """Return the one narrower condition that the keywords speak of, in the same words."""
        terms = self._conditions
        narrower: dict[int, tuple[Any, str]] = {}
        speaking = naming = 0
        for keyword in keywords:
            near = [term for _, term in terms.matches(keyword) if self._is_under(term, hit.term)]
            deepest = max(near, key=lambda term: len(terms.above(term)), default=None)
            if deepest is None:
                continue
            speaking += 1
            if deepest.pk != hit.term.pk and _in_same_words(hit.term, deepest):
                naming += 1
                narrower.setdefault(deepest.pk, (deepest, keyword))
        if len(narrower) != 1 or naming < speaking * LEAST_KEYWORDS:
            return hit
        term, keyword = next(iter(narrower.values()))
        because = f"The registry calls it {hit.term}, and its keyword “{keyword}” is {term}."
        return Hit(term, because, length=len(keyword))

    def _is_under(self, term: Any, wider: Any) -> bool:
        return term.pk == wider.pk or wider.pk in self._conditions.above(term)


def _in_same_words(wider: Any, narrower: Any) -> bool:
    """Say whether a name of the narrower condition holds one of the wider."""
    names = Names(name_of(text) for text in texts_of(wider))
    return any(matches(text, names) for text in texts_of(narrower))
