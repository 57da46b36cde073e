"""Whether the live database is as it should be: a sentence for each fault."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from django.apps import apps
from django.db import connection, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Exists, F, Max, OuterRef
from django.utils import timezone

from evidence import vocab
from evidence.ledger import index, version
from evidence.ledger.evidence_of import batches, common, gather_topics
from evidence.ledger.readings import read
from evidence.ledger.storing import kept
from evidence.management import keeping_sqlite
from evidence.management.keeping_manifest import in_a_sentence
from evidence.models import Edition, Snapshot, Step
from evidence.models.base import SHOWN_STATES

# Faults of one sort are named up to here; the first few say what has happened.
MOST = 20


def faults_of_the_live() -> list[str]:
    """Check the live database from pages to meaning; KeepingFault where it cannot be read."""
    with in_a_sentence("The database could not be checked"):
        if connection.vendor == "sqlite":
            keeping_sqlite.refuse_missing()
        # Without its own tables nothing else can be asked.
        if behind := [*_migrations()]:
            return behind
        tables = (_storage, _references, _constraints, _sequences)
        meaning = (_editions, _people, _payloads, _rules, _search)
        return [fault for check in (*tables, *meaning) for fault in check()]


def public_counts() -> dict[str, int]:
    """Return how many rows readers see of each kind that has a gate, by its plural name."""
    gated = [m for m in _models() if hasattr(m._meta.default_manager, "public")]
    return {
        str(model._meta.verbose_name_plural): model._meta.default_manager.public().count()  # type: ignore[union-attr]
        for model in gated
    }


def _migrations() -> Iterator[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        names = ", ".join(f"{m.app_label}.{m.name}" for m, _ in plan[:5])
        yield f"Migrations are not applied: {names}. Run manage.py migrate."
    known = {*executor.loader.disk_migrations}
    known |= {key for m in executor.loader.disk_migrations.values() for key in m.replaces}
    if unknown := sorted({*executor.loader.applied_migrations} - known):
        names = ", ".join(f"{app}.{name}" for app, name in unknown[:5])
        yield f"Migrations of a newer program are applied: {names}. Run that program."


def _storage() -> Iterator[str]:
    """Check pages, indexes and constraints of SQLite; invalid constraints of PostgreSQL."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA integrity_check(20)")
            yield from (f"SQLite: {said}." for (said,) in cursor.fetchall() if said != "ok")
        else:
            cursor.execute(
                "SELECT conname, conrelid::regclass::text FROM pg_constraint WHERE NOT convalidated"
            )
            for name, table in cursor.fetchall():
                yield f"The constraint {name} of {table} was never checked."
            cursor.execute(
                "SELECT indexrelid::regclass::text FROM pg_index"
                " WHERE NOT (indisvalid AND indisready)"
            )
            yield from (f"The index {name} is not valid." for (name,) in cursor.fetchall())


def _references() -> Iterator[str]:
    """Check that whatever a row names is there."""
    for model in _models(ours_alone=False):
        for field in model._meta.concrete_fields:
            if not isinstance(field, models.ForeignKey):
                continue
            target = field.remote_field.model
            there = target._base_manager.filter(
                **{field.target_field.name: models.OuterRef(field.attname)}
            )
            lost = model._base_manager.filter(
                ~models.Exists(there), **{f"{field.attname}__isnull": False}
            )
            for key in lost.order_by("pk").values_list("pk", flat=True)[:5]:
                yield (
                    f"Row {key} of {model._meta.db_table} names a row of {target._meta.db_table} "
                    f"that is not there ({field.name})."
                )


def _constraints() -> Iterator[str]:
    """Check that every constraint that a model declares stands in the database."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # Django's own introspection stumbles over a check that spans lines.
            cursor.execute("SELECT coalesce(sql, '') FROM sqlite_master")
        else:
            cursor.execute("SELECT conname FROM pg_constraint UNION SELECT relname FROM pg_class")
        text = "\n".join(f'"{said}"' for (said,) in cursor.fetchall())
    for model in _models():
        for declared in model._meta.constraints:
            if f'"{declared.name}"' not in text:
                yield f"The constraint {declared.name} of {model._meta.db_table} is missing."


def _sequences() -> Iterator[str]:
    """Check that the next number of a table is one that it has not."""
    if connection.vendor != "postgresql":
        return  # SQLite keeps the highest number itself
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for model in _models(ours_alone=False):
            highest = model._base_manager.aggregate(n=Max("pk"))["n"]
            for sequence in connection.introspection.get_sequences(cursor, model._meta.db_table):
                cursor.execute(f"SELECT last_value FROM {quote(sequence['name'])}")  # noqa: S608
                if highest is not None and cursor.fetchone()[0] < highest:
                    yield f"{model._meta.db_table} would give a number that it has given before."


def _editions() -> Iterator[str]:
    """Check that a record has one published edition at most, and editions of its own kind."""
    for model in _models():
        if not issubclass(model, Edition):
            continue
        published = model._base_manager.filter(state=vocab.State.PUBLISHED)
        twice = published.values("record").annotate(editions=Count("pk")).filter(editions__gt=1)
        for row in twice.order_by("record"):
            yield f"{model.KIND}{row['record']} has {row['editions']} published editions."
        strange = model._base_manager.exclude(record__kind=model.KIND).annotate(of=F("record_id"))
        for key in strange.order_by("of").values_list("of", flat=True).distinct():
            yield f"Record {key} is not of the kind of its editions ({model._meta.verbose_name})."


def _people() -> Iterator[str]:
    """Check that whoever an edition names as its second reader is known to have published it.

    Whoever can write to the tables can write two names there, or call an edition starter evidence.
    """
    for model in _models():
        if not issubclass(model, Edition):
            continue
        shown = model._base_manager.filter(state__in=SHOWN_STATES)
        steps = Step.objects.filter(
            record=OuterRef("record"),
            number=OuterRef("number"),
            by=OuterRef("reviewer"),
            verb=vocab.Verb.PUBLISHED,
        )
        unread = shown.exclude(origin=vocab.Origin.STARTER).exclude(Exists(steps))
        false = shown.filter(origin=vocab.Origin.STARTER, record__starter_key=None)
        for record, number in unread.order_by("pk").values_list("record", "number")[:MOST]:
            yield f"{model.KIND}{record}, edition {number}: nobody is known to have published it."
        for record in false.order_by("pk").values_list("record", flat=True)[:MOST]:
            yield f"{model.KIND}{record} is called starter evidence and is none."


def _payloads() -> Iterator[str]:
    """Check that what registries said is kept as it was said: its hash tells."""
    held = Snapshot.objects.order_by("pk").values_list("value", "sha256", "payload")
    for value, known, payload in held.iterator(chunk_size=100):
        if hashlib.sha256(payload.encode()).hexdigest() != known:
            yield f"The payload {known[:12]} of {value} is not what came in."


def _rules() -> Iterator[str]:
    """Work out every topic's rule and counts again, keep nothing, and compare."""
    today = timezone.now().date()
    shared = common()
    for keys in batches(shared):
        with transaction.atomic():
            version.hold()  # else a change between two of the queries would look like a fault
            gathered = gather_topics(keys, common=shared)
            now = kept(gathered.asked)
        for topic in gathered.asked:
            if differing := now[topic.pk].differing(read(topic, gathered, today=today)):
                yield (
                    f"T{topic.pk} keeps what its evidence no longer gives: {', '.join(differing)}."
                )


def _search() -> Iterator[str]:
    """Compare the search's entries with what readers see."""
    with transaction.atomic():
        version.hold()
        faults = [*index.faults()]
    if faults:
        yield from (f"{fault} Run manage.py rebuild_search." for fault in faults)


def _models(*, ours_alone: bool = True) -> list[type[models.Model]]:
    every = (
        apps.get_app_config("evidence").get_models()
        if ours_alone
        else apps.get_models(include_auto_created=True)
    )
    return [m for m in every if m._meta.managed and not m._meta.proxy]
