"""What looks like the same thing entered twice: said in sentences, decided by people."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db import models
from django.db.models import Q

from evidence.curation import alike_editions
from evidence.curation.sameness import SPELT_OTHERWISE, Alike, same_name, same_title
from evidence.models import (
    AdverseEffect,
    Assessment,
    CellTarget,
    CombinationPartner,
    Condition,
    Consideration,
    Finding,
    HarmReport,
    Intervention,
    Outcome,
    Publication,
    Trial,
    TrialIdentifier,
)

MOST_CANDIDATES = 200
MOST_TERMS = 2000
MOST_SHOWN = 5
SHORTEST_PROBE = 4
SHORTEST_NUMBER = 4
BEFORE_A_DOI = re.compile(r"^\s*(https?://)?(dx\.)?(doi\.org/|doi:)\s*", re.IGNORECASE)


def alike(instance: models.Model) -> tuple[Alike, ...]:
    """Return the rows that look like the same thing as this one, saved or not: at most five.

    At most four queries over capped candidates; any text will do.
    """
    search = SEARCHES.get(type(instance))
    if search is None:
        return ()
    found: dict[object, Alike] = {}
    for one in search(instance):
        found.setdefault(getattr(one.row, "record_id", one.row.pk), one)
        if len(found) == MOST_SHOWN:
            break
    return tuple(found.values())


# --- Terms ----------------------------------------------------------------------------------------


def _terms(term: Any) -> Iterator[Alike]:
    own = [term.name, *term.synonym_list]
    rows = type(term).objects.exclude(pk=term.pk).exclude(merged_into_id=term.pk or 0)
    for pk, name, synonyms in rows.values_list("pk", "name", "synonyms")[:MOST_TERMS]:
        said = _names_in_common(own, [name, *synonyms.splitlines()])
        if said:
            yield Alike(type(term)(pk=pk, name=name), said)


def _names_in_common(own: list[str], theirs: list[str]) -> str:
    for mine in own:
        for other in theirs:
            if not same_name(mine, other):
                continue
            if other == theirs[0]:
                said = f"“{other}” is there already"
            else:
                said = f"“{theirs[0]}” has the other name “{other}”"
            return f"{said}." if mine == own[0] else f"{said}, the same as “{mine}” here."
    return ""


# --- Facts ----------------------------------------------------------------------------------------


def _publications(paper: Publication) -> Iterator[Alike]:
    others = Publication.objects.exclude(pk=paper.pk)
    doi = BEFORE_A_DOI.sub("", paper.doi).strip().rstrip("./")
    pmcid = "".join(paper.pmcid.split()).upper()
    if doi:
        same = Q(doi__iexact=doi) | Q(url__iendswith=f"/{doi}")
        yield from _few(others, same, f"the same DOI: {doi}")
    if paper.pmid:
        same = Q(pmid=paper.pmid) | Q(url__contains=f"pubmed.ncbi.nlm.nih.gov/{paper.pmid}")
        yield from _few(others, same, f"the same PMID: {paper.pmid}")
    if pmcid:
        same = Q(pmcid__iexact=pmcid) | Q(url__icontains=f"/{pmcid}")
        yield from _few(others, same, f"the same PMCID: {pmcid}")
    place = bool(paper.container and paper.year and paper.first_page)
    for row in _titled(others, paper.title, Q(year=paper.year, first_page=paper.first_page), place):
        if same_title(row.title, paper.title):
            yield Alike(row, f"{row.code} has the same title: “{row.title}”.")
        elif place and _same_place(row, paper):
            yield Alike(
                row,
                f"{row.code} begins on the same page: {row.container} {row.year}, "
                f"{row.first_page}.",
            )


def _same_place(one: Publication, other: Publication) -> bool:
    return (one.year, one.first_page) == (other.year, other.first_page) and same_title(
        one.container, other.container
    )


def _trials(trial: Trial) -> Iterator[Alike]:
    others = Trial.objects.exclude(pk=trial.pk)
    own = [row.value for row in trial.identifiers.all()] if trial.pk else []
    yield from _same_identifiers([*own, trial.slug], trial)
    named = Q() if not trial.acronym else ~Q(acronym="")
    for row in _titled(others, trial.title, named, bool(trial.acronym)):
        if same_title(row.title, trial.title):
            yield Alike(row, f"{row.slug} has the same title: “{row.title}”.")
        elif same_title(row.acronym, trial.acronym):
            yield Alike(row, f"{row.slug} has the same acronym: {row.acronym}.")


def _same_identifiers(own: list[str], trial: Trial) -> Iterator[Alike]:
    numbers = {_letters_and_digits(value): value for value in own}
    probes = {max(re.findall("[0-9]+", value) or [""], key=len) for value in own}
    probes = {probe for probe in probes if len(probe) >= SHORTEST_NUMBER}
    if not probes:
        return
    holding = Q()
    for probe in sorted(probes)[:MOST_SHOWN]:
        holding |= Q(value__contains=probe)
    rows = TrialIdentifier.objects.filter(holding).exclude(trial_id=trial.pk or 0)
    for row in rows.select_related("trial")[:MOST_CANDIDATES]:
        mine = numbers.get(_letters_and_digits(row.value))
        if mine is not None:
            yield Alike(row.trial, f"{row.trial.slug} has the same number: {row.value}.")


def _letters_and_digits(text: str) -> str:
    return re.sub(r"[\W_]", "", text).upper()


def _few(rows: models.QuerySet[Publication], same: Q, what: str) -> Iterator[Alike]:
    for row in rows.filter(same)[:MOST_SHOWN]:
        yield Alike(row, f"{row.code} has {what}.")


def _titled(rows: models.QuerySet[Any], title: str, also: Q, asked: bool) -> Iterable[Any]:
    """Return rows that may have a title, or that meet another condition where it is asked for."""
    # Letters that every database folds alike, of a word that is spelt in one way only.
    spelt = [word for word in re.findall("[A-Za-z]+", title) if word.lower() not in SPELT_OTHERWISE]
    probe = max(spelt, key=len, default="")
    held = Q(title__icontains=probe) if len(probe) >= SHORTEST_PROBE else Q(title__iexact=title)
    return rows.filter(held | also if asked else held).order_by("pk")[:MOST_CANDIDATES]


SEARCHES: dict[type[models.Model], Callable[[Any], Iterator[Alike]]] = {
    **dict.fromkeys(
        (Condition, Intervention, AdverseEffect, Outcome, CellTarget, CombinationPartner), _terms
    ),
    Publication: _publications,
    Trial: _trials,
    Finding: alike_editions.findings,
    HarmReport: alike_editions.harm_reports,
    Assessment: alike_editions.assessments,
    Consideration: alike_editions.considerations,
}
