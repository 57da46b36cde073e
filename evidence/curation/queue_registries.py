"""What waits of what came in: the inbox, changes at the registries, and what is gone from there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q

from evidence.curation.queue_desk import Desk, Entry
from evidence.curation.queue_rows import Row, Way, Why
from evidence.models import Drift, HarmReport, Publication, RegistryRecord, Snapshot, Trial
from evidence.templatetags import names
from evidence.vocab import Origin, Source, Verdict

CARDS = "cards"
INBOX = "inbox"
GREY = {"verdict": Verdict.GREY.value}
# Of a publication that somebody decided about a moment ago.
DECIDED = "It was decided on a moment ago"


def inbox(desk: Desk) -> list[Entry]:
    """Return one entry for the trials that came in, and one for the publications."""
    return [
        Entry(model=model, pk=0, since=None, stands_for=count)
        for model in (Trial, Publication)
        if desk.may("change", model) and (count := _waiting(model).count())
    ]


def tell_inbox(desk: Desk, shown: Sequence[Any]) -> Iterator[Row]:
    """Say how many came in, and of how many trials it is not certain that they give IL-2."""
    # Each entry is of a list, so nothing of it tells of which: both are counted again.
    models = [one for one in (Trial, Publication) if desk.may("change", one)]
    rows = [(model, _waiting(model).count()) for model in models]
    for (model, count), _ in zip([one for one in rows if one[1]], shown, strict=False):
        kind = model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural
        yield Row(
            what=f"{count:,} {kind} came in",
            model=model,
            why=_why(model),
            since=_since(model),
            verb="Decide",
            page=INBOX,
        )


def _why(model: type[Any]) -> Why:
    if model is Publication:
        return ("Nobody has accepted them",)
    grey = RegistryRecord.objects.filter(verdict=Verdict.GREY, trial__in=_waiting(Trial)).count()
    said = "Nobody has accepted and mapped them"
    if not grey:
        return (said,)
    words = f"{grey:,} may not give IL-2 after all"
    return (f"{said}; ", Way(words=words, model=Trial, page=INBOX, query=GREY))


def _since(model: type[Any]) -> Any:
    """Return when the first of them came in; None where nothing is kept of any."""
    records = RegistryRecord.objects.filter(**{f"{model._meta.model_name}__in": _waiting(model)})
    rows = Snapshot.objects.filter(value__in=records.values("value"))
    return rows.aggregate(since=Min("received_at"))["since"]


def _waiting(model: type[Any]) -> Any:
    return model._default_manager.filter(origin=Origin.IMPORT, accepted_at=None)


def changes(desk: Desk) -> list[Entry]:
    """Return the trials and publications whose source says something else now."""
    found = []
    for model in (Trial, Publication):
        if not desk.may("change", model):
            continue
        name = model._meta.model_name or ""
        rows = Drift.objects.filter(decided_at=None).exclude(**{name: None}).order_by()
        found += [
            Entry(model=model, pk=row[name], since=row["since"])
            for row in rows.values(name).annotate(since=Min("opened_at"))
        ]
    return sorted(found, key=lambda entry: (entry.since, entry.pk))


def tell_changes(desk: Desk, shown: Sequence[Any]) -> Iterator[Row]:
    """Say of each how many fields changed, and whether the new ones stand already."""
    told = _changed(shown)
    for thing in shown:
        since, applied, ours = told.get((type(thing), thing.pk), (None, 0, 0))
        yield Row(
            what=_name(thing),
            model=Drift,
            why=(_words(applied, ours),),
            since=since,
            verb="Decide",
            page=CARDS,
            query={str(thing._meta.model_name): str(thing.pk)},
        )


def _changed(shown: Sequence[Any]) -> Mapping[tuple[type[Any], int], tuple[Any, int, int]]:
    """Give by thing since when, how many fields stand as there already, and how many do not."""
    keys: dict[type[Any], list[int]] = defaultdict(list)
    for thing in shown:
        keys[type(thing)].append(thing.pk)
    found: dict[tuple[type[Any], int], tuple[Any, int, int]] = {}
    rows = Drift.objects.filter(
        Q(trial__in=keys[Trial]) | Q(publication__in=keys[Publication]), decided_at=None
    )
    for trial, publication, at, applied in rows.order_by("opened_at").values_list(
        "trial", "publication", "opened_at", "applied"
    ):
        key = (Trial, trial) if trial else (Publication, publication)
        since, stands, waits = found.get(key, (at, 0, 0))
        found[key] = (since, stands + applied, waits + (not applied))
    return found


def _words(applied: int, ours: int) -> str:
    parts = []
    if ours:
        parts.append(f"{_read(ours)} otherwise there, where ours was corrected here")
    if applied:
        parts.append(f"{_read(applied)} here now as there")
    return "; ".join(parts) or DECIDED


def _read(count: int) -> str:
    return f"{count} {'field reads' if count == 1 else 'fields read'}"


def gone(desk: Desk) -> list[Entry]:
    """Return the accepted trials of which a record is not known at its registry any more."""
    if not desk.may("change", Trial):
        return []
    rows = RegistryRecord.objects.filter(
        vanished_on__isnull=False, trial__accepted_at__isnull=False
    ).order_by()
    since = rows.values("trial").annotate(since=Min("vanished_on")).order_by("since", "trial")
    return [Entry(model=Trial, pk=row["trial"], since=row["since"]) for row in since]


def tell_gone(desk: Desk, shown: Sequence[Any]) -> Iterator[Row]:
    """Say which number is not known any more, and where."""
    rows = RegistryRecord.objects.filter(vanished_on__isnull=False, trial__in=shown)
    held = {row.trial_id: row for row in rows.order_by("-vanished_on", "-pk")}
    for trial in shown:
        record = held.get(trial.pk)
        why = DECIDED
        if record is not None:
            where = record.get_source_display()
            why = f"{where} does not know {record.value} any more. What is held here stays"
        yield Row(
            what=_name(trial),
            model=Trial,
            about=trial,
            why=(why,),
            since=record.vanished_on if record is not None else None,
            verb="Look",
        )


def posted(desk: Desk) -> list[Entry]:
    """Return the accepted trials of whose posted results no harm report was read."""
    if not desk.may("add", HarmReport):
        return []
    keys = _posted().order_by("results_posted", "pk").values_list("pk", flat=True)
    return [Entry(model=Trial, pk=pk, since=None) for pk in keys]


def tell_posted(desk: Desk, shown: Sequence[Any]) -> Iterator[Row]:
    """Say of each when its results were posted."""
    for trial in shown:
        yield Row(
            what=_name(trial),
            model=Trial,
            about=trial,
            why=(f"Its results were posted ({trial.results_posted}); no harm was read from them",),
            since=None,
            verb="Read",
            page="adverse_events",
        )


def _posted() -> Any:
    held = RegistryRecord.objects.filter(trial=OuterRef("pk"), source=Source.CTGOV)
    read = HarmReport.objects.filter(trial=OuterRef("pk")).exclude(results_posted="")
    rows = Trial.objects.public().exclude(results_posted="")
    return rows.filter(Exists(held)).exclude(Exists(read))


def _name(thing: Any) -> str:
    if isinstance(thing, Publication):
        return f"{thing.code} {names.publication_label(thing)}"
    acronym = "" if thing.acronym in ("", thing.slug) else f" {thing.acronym}"
    return f"{thing.slug}{acronym or ' ' + names.in_few_words(thing.title)}"
