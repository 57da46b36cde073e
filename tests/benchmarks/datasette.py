"""Datasette as a peer: the same tables on the same machine, with six facets on each page.

It reads a copy of the benchmark's database, so that nobody waits for the other. It is asked in two
ways: of a view that joins our own tables, as somebody would write it who has no more than SQL; and
of a table that holds the view's rows ready, with an index on each column of a facet, which nobody
has for nothing. Its suggestions of further facets are off, and its limits of time so high that it
leaves no facet out.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks import measure

FACETS = {
    "topics": ("area", "condition", "intervention", "status", "population", "role"),
    "results": ("area", "condition", "intervention", "direction", "population", "design"),
}
OF = {"evidence": "topics", "findings": "results"}
VIEWS = {
    "topics": """
        SELECT t.id, c.name AS condition, c.area, i.name AS intervention, a.status, t.population,
               t.role, a.direction, a.certainty, a.summary, t.findings_count AS findings,
               t.studies_count AS studies, t.trials_count AS trials
        FROM evidence_topic t
        JOIN evidence_assessment a ON a.topic_id = t.id AND a.state = 'published'
        JOIN evidence_condition c ON c.id = t.condition_id
        JOIN evidence_intervention i ON i.id = t.intervention_id""",
    "results": """
        SELECT f.id, c.name AS condition, c.area, i.name AS intervention, f.direction,
               f.population, f.design, f.outcome, f.estimate, f.ci_low, f.ci_high, f.n_total,
               f.statement, p.title AS publication
        FROM evidence_finding f
        JOIN evidence_topic t ON t.id = f.topic_id
        JOIN evidence_condition c ON c.id = t.condition_id
        JOIN evidence_intervention i ON i.id = t.intervention_id
        LEFT JOIN evidence_publication p ON p.id = f.publication_id
        WHERE f.state = 'published'""",
}
SETTINGS = {
    "facet_time_limit_ms": "60000",
    "sql_time_limit_ms": "60000",
    "suggest_facets": "off",
}


def program(folder: Path) -> str:
    """Find Datasette: as IL2TRACKER_DATASETTE names it, on the path, or installed in a folder."""
    found = os.environ.get("IL2TRACKER_DATASETTE") or shutil.which("datasette")
    if found:
        return found
    room = folder / "datasette"
    subprocess.run([sys.executable, "-m", "venv", room], check=True)
    subprocess.run([room / "bin" / "pip", "install", "--quiet", "datasette"], check=True)
    return str(room / "bin" / "datasette")


def copy(live: Path, folder: Path) -> Path:
    """Copy the database, and give the copy the view and the table of each listing."""
    path = folder / "peer.sqlite3"
    path.unlink(missing_ok=True)
    with (
        contextlib.closing(sqlite3.connect(live)) as source,
        contextlib.closing(sqlite3.connect(path)) as target,
    ):
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
        for name, rows in VIEWS.items():
            target.execute(f"CREATE VIEW {name}_view AS {rows}")
            target.execute(f"CREATE TABLE {name}_table AS {rows}")
            for column in FACETS[name]:
                target.execute(f"CREATE INDEX {name}_{column} ON {name}_table ({column})")
        target.execute("ANALYZE")
        target.commit()
    return path


def address(listing: str, kind: str) -> str:
    """Return the page of a listing's view or table with 50 rows and six facets."""
    name = OF[listing]
    asked = "".join(f"&_facet={column}" for column in FACETS[name])
    return f"/peer/{name}_{kind}?_size=50{asked}"


@dataclass(frozen=True, kw_only=True)
class Peer:
    """Where Datasette answers, and which it is."""

    port: int
    version: str


@contextlib.contextmanager
def served(command: str, database: Path) -> Iterator[Peer]:
    """Run Datasette on loopback, and end it afterwards."""
    port = measure.free_port()
    options = [part for name, value in SETTINGS.items() for part in ("--setting", name, value)]
    said = subprocess.run([command, "--version"], check=True, capture_output=True, text=True)
    process = subprocess.Popen(
        [command, "serve", "--immutable", str(database), "--port", str(port), *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        measure.wait(port, "/-/versions.json")
        yield Peer(port=port, version=said.stdout.split()[-1])
    finally:
        process.terminate()
        process.wait(20)


def refuse_fewer_facets(port: int, path: str) -> None:
    """Ask for a page, and stop where it lacks a facet: it would have been made too cheaply."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=600) as answer:
        shown = answer.read().decode().count('<div class="facet-info')
    if shown != 6:
        raise RuntimeError(f"Datasette shows {shown} facets of {path}, not 6.")
