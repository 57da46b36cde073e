"""Which trials differ from their papers, and in what, in words that a cell of a table can hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When

from evidence.catalogue.registry_and_paper import OF_THE_TRIAL, Pair, Thing, pairs
from evidence.ledger import version
from evidence.listing.core import JOINT
from evidence.models import Publication, RegistryRecord, TrialPublication

FIGURES = ("people", "start", "completion", "primary_outcome")
OF_TRIALS = ("enrolment", "enrolment_type", "start", "completion", "primary_outcome")
# Whose figure stands here: ours, until the registry's record was read.
READ = Exists(RegistryRecord.objects.filter(trial=OuterRef("trial"), snapshot__isnull=False))
WHOSE = Case(
    When(Q(trial__checked_on__isnull=False) | Q(READ), then=Value("registry")),
    default=Value("here"),
)

_kept: tuple[str, Mapping[int, str]] | None = None


def differing() -> Mapping[int, str]:
    """Return by its key what each trial differs in; worked out once for each data version.

    Texts are compared by their words, which no database does alike.
    """
    global _kept
    token, kept = version.current().token, _kept
    if kept is not None and token and kept[0] == token:
        return kept[1]
    # Two threads may both work it out: they read the same, and the last one is kept.
    found = MappingProxyType(_read())
    if token:
        _kept = (token, found)
    return found


def of_trials(keys: Sequence[int]) -> Mapping[int, str]:
    """Return what the trials with these keys differ in, for those that do."""
    found = differing()
    return {key: found[key] for key in keys if key in found}


def _read() -> dict[int, str]:
    apart: dict[int, list[Pair]] = defaultdict(list)
    for row in _rows():
        apart[row.trial_id] += [pair for pair in pairs(row.trial, [row]) if pair.differs]
    return {key: _in_words(several) for key, several in apart.items() if several}


def _rows() -> QuerySet[TrialPublication]:
    """Give the public rows with figures, in the order of a trial's page; two queries."""
    nothing = Q(people__isnull=True, start="", completion="", primary_outcome="")
    return (
        TrialPublication.objects.filter(
            ~nothing, relation__in=OF_THE_TRIAL, publication__in=Publication.objects.public()
        )
        .annotate(whose=WHOSE)
        .select_related("trial")
        .prefetch_related("trial__registry_records")
        .only("relation", "publication_id", *FIGURES, *(f"trial__{name}" for name in OF_TRIALS))
        .order_by("trial_id", F("publication__year").asc(nulls_last=True), "pk")
    )


def _in_words(apart: Iterable[Pair]) -> str:
    """Say what differs: "people: registry 4150, P12 4111; primary outcome: worded otherwise …"."""
    by_thing: dict[Thing, list[Pair]] = defaultdict(list)
    for pair in apart:
        by_thing[pair.thing].append(pair)
    return JOINT.join(f"{thing.name}: {_each(several)}" for thing, several in by_thing.items())


def _each(several: Sequence[Pair]) -> str:
    first = several[0]
    if first.thing.wording:
        return f"worded otherwise in {', '.join(_code(pair) for pair in several)}"
    ours = f"{first.row.whose} {first.registered}{first.planned}"  # type: ignore[attr-defined]
    return ", ".join((ours, *(f"{_code(pair)} {pair.published}" for pair in several)))


def _code(pair: Pair) -> str:
    return f"P{pair.row.publication_id}"
