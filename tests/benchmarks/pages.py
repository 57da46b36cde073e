"""Server time and queries of the listing pages, with six facets and more."""

from __future__ import annotations

from collections.abc import Iterator

from tests.benchmarks import measure

ADDRESSES = (
    "/evidence/",
    "/evidence/?status=variable&area=oncology",
    "/evidence/?as_of=2005",
    "/evidence/?as_of=2005&rule_status=variable&area=oncology",
    "/discordances/",
    "/findings/",
    "/findings/?direction=favours&area=oncology",
)


def run(*, rows: int, repeats: int, as_json: bool) -> None:
    """Measure at 5,000 topics and so many findings, then the cost at 100,000 findings."""
    found = [*_at(rows, repeats), *(_at(100_000, repeats) if rows < 100_000 else ())]
    worst = max((row for row in found if row["findings"] == rows), key=lambda r: r["server_ms"])
    found.sort(key=lambda row: row is not worst)
    measure.report("Listing pages", found, as_json=as_json)


def _at(findings: int, repeats: int) -> list[dict[str, object]]:
    with measure.scratch():
        from django.core.management import call_command

        from tests.benchmarks import world

        call_command("flush", interactive=False, verbosity=0)
        world.fill(topics=5_000, findings=findings)
        return list(_measured(findings, repeats))


def _measured(findings: int, repeats: int) -> Iterator[dict[str, object]]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from evidence.catalogue import CATALOGUE

    client = Client(headers={"host": "127.0.0.1"})
    for address in ADDRESSES:
        first = 1000 * measure.timed(client.get, address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        asked = len(queries)
        times = [1000 * measure.timed(client.get, address) for _ in range(repeats)]
        yield {
            "address": address,
            "findings": findings,
            "facets": len(CATALOGUE[address.split("/")[1]].facets),
            "queries": asked,
            "server_ms": measure.middle(times),
            "least_ms": min(times),
            "first_ms": first,
        }
