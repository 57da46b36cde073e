"""The two probes that a supervisor or load balancer asks: is it alive, is it ready?"""

from __future__ import annotations

import logging

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from evidence.ledger import index
from evidence.models import Topic

logger = logging.getLogger(__name__)


def _plain(text: str, *, status: int = 200) -> HttpResponse:
    response = HttpResponse(text + "\n", content_type="text/plain; charset=utf-8", status=status)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """Answer "ok" without asking anything else: the process serves."""
    return _plain("ok")


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Answer "ok" when the database answers and is up to date, else 503 with the reason."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
        # A page would show the columns that a migration has added as they came: empty.
        waits = not missing and Topic.objects.public().filter(rule_periods=None).exists()
        unbuilt = not missing and not index.is_built() and Topic.objects.public().exists()
    except DatabaseError:
        logger.warning("The readiness probe could not reach the database.", exc_info=True)
        return _plain("The database cannot be reached.", status=503)
    if missing:
        names = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _ in missing[:5])
        count = "1 migration is" if len(missing) == 1 else f"{len(missing)} migrations are"
        return _plain(f"{count} not applied: {names}.", status=503)
    if waits:
        return _plain("The rule has not been worked out: run manage.py rederive.", status=503)
    if unbuilt:
        return _plain("The search has not been built: run manage.py rebuild_search.", status=503)
    return _plain("ok")


PROBES = {"/healthz": alive, "/readyz": ready}
