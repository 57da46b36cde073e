"""Pages as a visitor gets them, over HTTP: first, cold and warm, and beside Datasette.

First: nothing is kept for this version of the data, which has just moved, neither the page nor the
sets that facets are counted from; whoever comes first after a publication waits so long. Cold:
somebody has read another page of this version, and nobody this one. Warm: the same page again.

At the starter evidence, and at 5,000 topics with so many findings, then with 100,000. Ours is
served by gunicorn with one worker of four threads, Datasette (see datasette.py) by its own server;
both are asked as a browser asks, one request at a time and in turn. A ratio to Datasette is what it
takes for the page of the same listing, six facets and 50 rows, divided by what ours takes, which
shows all the facets that it has.
"""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks import datasette, measure

PAGES = {
    "evidence": "/evidence/",
    "findings": "/findings/",
    "map": "/map/",
    "search": "/search/?q=survival",
}
# A page of another kind, and one that leaves the same things kept as the page itself.
ELSEWHERE = "/about/"
BESIDE = {
    "evidence": "/evidence/?status=variable",
    "findings": "/findings/?direction=favours",
    "map": "/evidence/?status=variable",
    "search": "/search/?q=response",
}
TOPICS = 5_000
MOST = 100_000
BARS = "Datasette to cold 10, cold to warm 20, map cold 300 ms"


def run(*, rows: int, repeats: int, as_json: bool) -> None:
    """Measure at the starter evidence, at so many findings and at 100,000."""
    found: list[dict[str, object]] = []
    with measure.scratch() as folder:
        command = datasette.program(folder)
        for findings in dict.fromkeys((0, rows, max(rows, MOST))):
            _fill(findings)
            found += _measured(folder, command, findings, repeats)
    measure.report(f"Pages over HTTP (bars: {BARS})", found, as_json=as_json)


def _fill(findings: int) -> None:
    """Fill an empty database: with the starter evidence for no findings of our own making."""
    from django.core.management import call_command

    from evidence.starter import load_starter
    from tests.benchmarks import world

    call_command("flush", interactive=False, verbosity=0)
    if not findings:
        load_starter()
        return
    world.fill(topics=TOPICS, findings=findings)


def _measured(
    folder: Path, command: str, findings: int, repeats: int
) -> Iterator[dict[str, object]]:
    from django.db import connection

    from evidence.catalogue import CATALOGUE

    live = Path(connection.settings_dict["NAME"])
    copied = datasette.copy(live, folder)
    with datasette.served(command, copied) as peer, measure.server() as server:
        for name, path in PAGES.items():
            times: dict[str, list[float]] = {
                key: [] for key in ("first", "cold", "warm", "view", "table")
            }
            theirs = {}
            if name in datasette.OF:
                theirs = {kind: datasette.address(name, kind) for kind in ("view", "table")}
            for address in theirs.values():
                datasette.refuse_fewer_facets(peer.port, address)
            for _ in range(repeats):
                _ours(server.port, name, path, times)
                for kind, address in theirs.items():
                    times[kind].append(_get(peer.port, address)[0])
            yield {
                "page": name,
                "findings": findings or "starter",
                "facets": len(CATALOGUE[name].facets) if name in CATALOGUE else "",
                "kb": _get(server.port, path)[1] / 1000,
                **_found(times),
            }


def _found(times: dict[str, list[float]]) -> dict[str, object]:
    """Return the medians in milliseconds, and the ratios between them."""
    ms = {key: measure.middle(all_of) for key, all_of in times.items() if all_of}
    found: dict[str, object] = {f"{key}_ms": ms.get(key, "") for key in times}
    found["cold_to_warm"] = ms["cold"] / ms["warm"]
    for kind in ("view", "table"):
        for ours in ("first", "cold", "warm"):
            found[f"{kind}_to_{ours}"] = ms[kind] / ms[ours] if kind in ms else ""
    return found


def _ours(port: int, name: str, path: str, times: dict[str, list[float]]) -> None:
    """Ask for a page in each of the three states."""
    from evidence.ledger import version

    version.bump()
    _get(port, ELSEWHERE)
    times["first"].append(_get(port, path)[0])
    version.bump()
    _get(port, BESIDE[name])
    times["cold"].append(_get(port, path)[0])
    times["warm"] += [_get(port, path)[0] for _ in range(5)]


def _get(port: int, path: str) -> tuple[float, int]:
    """Return the milliseconds that a page took, and its bytes as they were sent."""
    start = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    response = connection.getresponse()
    size = len(response.read())
    took = 1000 * (time.perf_counter() - start)
    connection.close()
    if response.status != 200:
        raise RuntimeError(f"{path} answered {response.status}.")
    return took, size
