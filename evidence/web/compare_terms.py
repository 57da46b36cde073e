"""What terms are, side by side: kinds, doses and routes of IL-2, areas and codes of conditions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.urls import reverse

from evidence.catalogue.compare import Axis, Cell, Compared, Entry, Group, Row, Table
from evidence.models import Approval, Term
from evidence.models.fields import lines
from evidence.templatetags.words import label_of, running

Words = Callable[[Any], Iterable[str]]


def rows(axis: Axis, slugs: Iterable[str]) -> Any:
    """Read the public terms with what is said of them."""
    found = axis.model.objects.public().filter(slug__in=slugs).select_related("parent")
    return found.prefetch_related("cell_targets") if axis.key == "intervention" else found


def about(side: Compared) -> Table:
    """Say what each of the terms is, and the approved uses of it and of all under it."""
    said = INTERVENTION if side.axis.key == "intervention" else CONDITION
    silent: list[Row] = []
    if side.axis.key == "condition":
        silent = [Row(label="What is not known", cells=tuple(map(_unknowns, side.terms)))]
    table = [
        Row(label=label, cells=tuple(_cell(words(term)) for term in side.terms))
        for label, words in said.items()
    ]
    wider = Row(label="Stands under", cells=tuple(_parent(side, term) for term in side.terms))
    uses = Row(label="Approved uses", cells=_approvals(side))
    return Table(first="What it is", groups=(Group(rows=(wider, *table, *silent, uses)),))


def _cell(words: Iterable[str]) -> Cell:
    return tuple(Entry(words=word) for word in words if word) or (Entry(words=""),)


def _unknowns(condition: Any) -> Cell:
    """Give what curators wrote of it, else lead to where the page works it out."""
    if condition.unknowns:
        return (Entry(words=condition.unknowns),)
    path = reverse("evidence:condition", args=[condition.slug])
    return (Entry(words="as its page works it out", path=f"{path}#unknown"),)


def _parent(side: Compared, term: Any) -> Cell:
    parent: Term | None = term.parent
    if parent is None or parent.merged_into_id is not None:
        return (Entry(words="nothing wider"),)
    path = reverse(f"evidence:{side.axis.key}", args=[parent.slug])
    return (Entry(words=parent.name, path=path),)


def _approvals(side: Compared) -> tuple[Cell, ...]:
    """Give each approval once in every column whose terms it is of."""
    key = side.axis.key
    held = Approval.objects.public().filter(**{f"{key}__in": side.every})
    columns: list[list[Entry]] = [[] for _ in side.terms]
    for one in held.select_related(side.axis.other):
        for nth in side.place(getattr(one, f"{key}_id")):
            columns[nth].append(Entry(words=_approval(one, getattr(one, side.axis.other))))
    none = (Entry(words="we hold none"),)
    return tuple(tuple(entries) or none for entries in columns)


def _approval(approval: Any, other: Any) -> str:
    years = f", {approval.from_year}" if approval.from_year else ""
    if approval.withdrawn_year:
        years += f" to {approval.withdrawn_year}"
    agency = label_of(approval.agency, vocabulary="Agency", short=True)
    people = label_of(approval.population, vocabulary="Population", short=True)
    of_package = "" if approval.substance_is_il2 else " (not of IL-2 itself)"
    return f"{running(other.name)}, {people}: {agency}{years}{of_package}"


def _labelled(field: str, vocabulary: str) -> Words:
    return lambda term: [label_of(getattr(term, field), vocabulary=vocabulary)]


def _of_lines(field: str) -> Words:
    return lambda term: ["; ".join(lines(getattr(term, field)))]


INTERVENTION: dict[str, Words] = {
    "Kind": _labelled("kind", "InterventionKind"),
    "Selectivity": _labelled("selectivity", "Selectivity"),
    "Dose class": _labelled("dose_class", "DoseClass"),
    "Usual dose": lambda term: [term.usual_dose],
    "Usual routes": _of_lines("usual_routes"),
    "Developer": lambda term: [term.developer],
    "Development": _labelled("stage", "DevelopmentStage"),
    "Cell targets": lambda term: [one.name for one in term.cell_targets.all()],
}
CONDITION: dict[str, Words] = {
    "Area": _labelled("area", "Area"),
    "Definition": lambda term: [term.definition],
    "Other names": _of_lines("synonyms"),
}
