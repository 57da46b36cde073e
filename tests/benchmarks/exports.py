"""The CSV export through the real server, against `sqlite3 -csv` of the same SQL."""

from __future__ import annotations

import http.client
import subprocess
import time
from pathlib import Path

from tests.benchmarks import measure


def run(*, rows: int, repeats: int, as_json: bool) -> None:
    """Export `/findings.csv` of so many findings, in turn with sqlite3's own."""
    with measure.scratch() as folder:
        from tests.benchmarks import world

        world.fill(topics=max(50, rows // 20), findings=rows)
        database, query = folder / "benchmark.sqlite3", _same_sql()
        ours, theirs, first = [], [], []
        with measure.server() as server:
            _export(server.port)
            for _ in range(repeats):
                whole, first_byte, size = _export(server.port)
                ours.append(whole)
                first.append(first_byte)
                theirs.append(measure.timed(_sqlite, database, query))
            found = {
                "listing": "findings",
                "findings": rows,
                "export_s": measure.middle(ours),
                "sqlite3_s": measure.middle(theirs),
                "ratio": measure.middle(ours) / measure.middle(theirs),
                "peak_mb": server.peak_mb(),
                "first_byte_ms": 1000 * measure.middle(first),
                "mb": size / 1e6,
            }
    measure.report("CSV export against sqlite3 -csv of the same SQL", [found], as_json=as_json)


def _same_sql() -> str:
    from django.db import connection
    from django.http import QueryDict

    from evidence.catalogue import CATALOGUE
    from evidence.listing.search import ask

    listing = CATALOGUE["findings"]
    search = ask(listing, QueryDict(""), paged=False)
    query = search.rows().values_list(*(column.expression for column in listing.columns)).query
    sql, params = query.sql_with_params()
    with connection.cursor() as cursor:
        return str(connection.ops.last_executed_query(cursor.cursor, sql, params))


def _export(port: int) -> tuple[float, float, int]:
    """Return the seconds to the end, the seconds to the first byte, and the bytes."""
    start = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    connection.request("GET", "/findings.csv")
    response = connection.getresponse()
    size = len(response.read(1))
    first = time.perf_counter() - start
    while piece := response.read(1 << 16):
        size += len(piece)
    connection.close()
    return time.perf_counter() - start, first, size


def _sqlite(database: Path, query: str) -> None:
    with (database.parent / "peer.csv").open("wb") as out:
        subprocess.run(
            ["sqlite3", "-csv", "-header", database], input=query.encode(), stdout=out, check=True
        )
