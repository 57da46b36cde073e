"""What waits of trials without a place, and of starter evidence that nobody here has read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Exists, OuterRef

from evidence.curation.queue_desk import Desk, Entry
from evidence.curation.queue_rows import Row, Way, Why
from evidence.models import Finding, Topic, Trial
from evidence.templatetags import names
from evidence.vocab import Origin, State

NO_TOPIC = {"topics__isnull": "True"}
NOT_READ = {"state__exact": State.PUBLISHED.value, "origin__exact": Origin.STARTER.value}
MISSING = {
    (True, True): "Neither a condition nor an intervention is mapped",
    (True, False): "No condition is mapped",
    (False, True): "No intervention is mapped",
}
# By somebody, between the reading of the keys and that of the rows.
MAPPED = "It was mapped a moment ago"


def trials(desk: Desk) -> list[Entry]:
    """Return accepted trials without conditions or interventions; one entry for those apart."""
    if not desk.may("change", Trial):
        return []
    rows = _placed().order_by("accepted_at", "pk")
    found = [
        Entry(model=Trial, pk=pk, since=since)
        for pk, since, has_condition, has_intervention in rows.values_list(
            "pk", "accepted_at", "has_condition", "has_intervention"
        )
        if not (has_condition and has_intervention)
    ]
    listed = {entry.pk for entry in found}
    without = set(_without_topic().values_list("pk", flat=True))
    # One row for all of them; those that are listed anyway are not counted twice.
    others = [Entry(model=Trial, pk=0, since=None, stands_for=len(without - listed))]
    return [*found, *(others if without else ())]


def tell_trials(desk: Desk, shown: Sequence[Trial | None]) -> Iterator[Row]:
    """Say what each lacks, and how many address no topic."""
    keys = [trial.pk for trial in shown if trial is not None]
    lacks = {
        pk: MISSING.get((not has_condition, not has_intervention), MAPPED)
        for pk, has_condition, has_intervention in _placed()
        .filter(pk__in=keys)
        .values_list("pk", "has_condition", "has_intervention")
    }
    for trial in shown:
        if trial is None:
            yield _apart(_without_topic().count())
            continue
        acronym = "" if trial.acronym in ("", trial.slug) else f" {trial.acronym}"
        yield Row(
            what=f"{trial.slug}{acronym or ' ' + names.in_few_words(trial.title)}",
            model=Trial,
            about=trial,
            why=(lacks.get(trial.pk, MAPPED),),
            since=trial.accepted_at,
            verb="Map",
        )


def starter(desk: Desk) -> list[Entry]:
    """Return one entry for all starter evidence that nobody has taken over yet."""
    since = min((when for _, when in desk.starter.values()), default=None)
    return [Entry(model=next(iter(desk.starter)), pk=0, since=since)] if since is not None else []


def tell_starter(desk: Desk, shown: Sequence[Any]) -> Iterator[Row]:
    """Say how much there is of each kind, each count a way to its list."""
    counts = desk.starter
    why: list[str | Way] = []
    for model, (count, _) in counts.items():
        kind = model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural
        why += [", " if why else "", Way(words=f"{count:,} {kind}", model=model, query=NOT_READ)]
    first = Finding if Finding in counts else next(iter(counts))
    for _ in shown:
        yield Row(
            what="Starter evidence",
            model=first,
            why=(*why, ": not yet read by a second person here"),
            since=min(when for _, when in counts.values()),
            verb="Take over",
            page="changelist",
            query=NOT_READ,
        )


def _placed() -> Any:
    conditions = Trial.conditions.through.objects.filter(trial=OuterRef("pk"))
    interventions = Trial.interventions.through.objects.filter(trial=OuterRef("pk"))
    return Trial.objects.public().annotate(
        has_condition=Exists(conditions), has_intervention=Exists(interventions)
    )


def _without_topic() -> Any:
    links = Topic.trials.through.objects.filter(trial=OuterRef("pk"))
    return Trial.objects.public().filter(~Exists(links))


def _apart(count: int) -> Row:
    why: Why = ("They address no topic, so that no reader finds them there",)
    return Row(
        what=f"{count:,} {'trial' if count == 1 else 'trials'} without a topic",
        model=Trial,
        why=why,
        since=None,
        verb="See them",
        page="changelist",
        query=NO_TOPIC,
    )
