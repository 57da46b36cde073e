"""A small made-up registry, what is known of it here, and looking at it; for tests of runs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from evidence.ledger import engines
from evidence.models import SavedSearch, Trial
from evidence.registries.ctgov_client import ClinicalTrialsGov
from evidence.sync import searches, wire
from evidence.sync.runs import Run, running
from evidence.vocab import RunKind
from tests.registries.fake import FakeRegistry, FaultPlan, ctgov_of
from tests.web.examples import accepted

KNOWN = tuple(f"NCT000001{n:02}" for n in range(1, 8))
NEW = tuple(f"NCT000002{n:02}" for n in range(1, 8))
MENTIONING = tuple(f"NCT000003{n:02}" for n in range(1, 4))
CHANGED = KNOWN[1::3]
GIVEN = "Interleukin-2 (aldesleukin)"
PAGE = 3
"""Few to a page and to a batch, so that a small registry has many of them."""
# Written by the clock or by chance, or about runs: no two runs are alike in these.
OF_THE_MOMENT = frozenset(
    "received_at opened_at created_at modified_at accepted_at started_at as_of token".split()
)
OF_RUNS = frozenset({"syncrun", "syncfault"})


def study(number: str, *, given: str = GIVEN, **changes: Any) -> dict[str, Any]:
    """A study as the API gives it; changes: title, status, enrolment, aliases."""
    title = changes.get("title", f"Interleukin-2 in made-up disease {int(number[3:])}")
    return {
        "protocolSection": {
            "identificationModule": {
                "nctId": number,
                "nctIdAliases": [*changes.get("aliases", ())],
                "briefTitle": title,
            },
            "statusModule": {
                "overallStatus": changes.get("status", "RECRUITING"),
                "startDateStruct": {"date": "2020-01"},
            },
            "conditionsModule": {"conditions": ["Lupus"]},
            "designModule": {
                "studyType": "INTERVENTIONAL",
                "phases": ["PHASE2"],
                "enrollmentInfo": {"count": changes.get("enrolment", 60), "type": "ESTIMATED"},
            },
            "armsInterventionsModule": {
                "armGroups": [
                    {
                        "label": "One",
                        "type": "EXPERIMENTAL",
                        "interventionNames": [f"Drug: {given}"],
                    }
                ],
                "interventions": [{"type": "DRUG", "name": given, "armGroupLabels": ["One"]}],
            },
        },
        "hasResults": False,
    }


def before() -> list[dict[str, Any]]:
    """What the registry holds when the known studies are first met."""
    return [study(number) for number in KNOWN]


def now() -> list[dict[str, Any]]:
    """What it holds when it is looked at again: some changed, some new, some that only mention."""
    changed = [
        study(number, status="COMPLETED", enrolment=41) if number in CHANGED else study(number)
        for number in KNOWN
    ]
    mentioning = [study(number, given="Soluble interleukin-2 receptor") for number in MENTIONING]
    return [*changed, *(study(number) for number in NEW), *mentioning]


def few_at_a_time(client: ClinicalTrialsGov) -> ClinicalTrialsGov:
    """Let a client ask for few studies a page."""
    client.most = PAGE
    return client


def serving(
    studies: Iterable[dict[str, Any]] | None = None, *, plan: FaultPlan | None = None, **more: Any
) -> FakeRegistry:
    """A registry that holds what there is now, or other studies."""
    return FakeRegistry(now() if studies is None else studies, plan=plan, **more)


def begin() -> None:
    """Bring the known studies in, of which readers see one in two; and save a search."""
    with FakeRegistry(before(), data_timestamp="2026-11-19T09:00:05") as registry:
        client = few_at_a_time(ctgov_of(registry))
        with running(RunKind.IMPORT_TRIALS, arguments="begin") as run:
            wire.by_ids(run, client, KNOWN)
    for trial in Trial.objects.order_by("slug")[::2]:
        Trial.objects.filter(pk=trial.pk).update(**accepted())
    SavedSearch.objects.create(name="IL-2", intervention="interleukin-2")


def look(client: ClinicalTrialsGov, *, dry_run: bool = False, **how: Any) -> Run:
    """Look at the registry as `sync_trials` does."""
    few_at_a_time(client)
    with running(RunKind.SYNC_TRIALS, dry_run=dry_run) as run:
        looked = wire.sync_known(run, client, **how)
        asked = searches.active(dry_run=dry_run)
        wire.search(run, client, asked, leave=looked, **how)
    return run


def held() -> dict[str, list[dict[str, Any]]]:
    """All that is held, but for the moment at which it was written and for runs.

    Keys are as they are on SQLite; PostgreSQL gives none twice, even of what was never committed,
    so there they are places in order.
    """
    rows = {model: [*model._base_manager.order_by("pk").values()] for model in ours()}
    places = {model: _places(model, found) for model, found in rows.items()}
    told = {
        model._meta.model_name or "": [_told(model, row, places) for row in found]
        for model, found in rows.items()
    }
    told["search"] = [{"rows": [row[1:] for row in engines.contents()]}]
    return told


def wipe() -> None:
    """Take everything away, and number from 1 again where numbers are compared."""
    of_runs = [apps.get_model("evidence", name) for name in OF_RUNS]
    with transaction.atomic(), connection.cursor() as cursor:
        for model in (*ours(), *of_runs):
            cursor.execute(f"DELETE FROM {model._meta.db_table}")  # noqa: S608
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_sequence")
        engines.empty(engines.TABLE)


def ours() -> list[type[models.Model]]:
    """Every table of ours, but for those of runs."""
    config = apps.get_app_config("evidence")
    return [
        model
        for model in config.get_models(include_auto_created=True)
        if model._meta.model_name not in OF_RUNS
    ]


def _places(model: type[models.Model], rows: list[dict[str, Any]]) -> dict[Any, Any]:
    key = model._meta.pk.attname
    is_exact = connection.vendor == "sqlite"
    return {row[key]: row[key] if is_exact else place for place, row in enumerate(rows)}


def _told(
    model: type[models.Model], row: dict[str, Any], places: dict[Any, dict[Any, Any]]
) -> dict[str, Any]:
    told = {}
    for field in model._meta.concrete_fields:
        if field.name in OF_THE_MOMENT:
            continue
        value = row[field.attname]
        of = model if field.primary_key else field.related_model
        told[field.name] = places[of].get(value, value) if of in places else value
    return told
