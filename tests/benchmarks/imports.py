"""Studies brought in: unchanged and changed, against the JSON's parsing and the plainest writing.

The plainest thing that does the same for the same columns parses the page, makes canonical texts
and hashes, and upserts into the same tables by one `executemany` each (SQLite), or by COPY and one
merge each (PostgreSQL). Page by page the two take turns on the same records, so whatever else the
machine does falls on both.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks import measure
from tests.benchmarks.studies import PAGE, page

UNCHANGED_LIMIT = 3.0
CHANGED_LIMIT = 2.0


def run(*, rows: int, repeats: int, as_json: bool) -> None:
    """Measure so many studies, and the memory that a fifth of them and all of them take."""
    with measure.scratch():
        found = _measured(rows)
    small, large = (_peak_mb(number) for number in (rows // 5, rows))
    found |= {"peak_mb_of_a_fifth": small, "peak_mb": large}
    shown = [{"measure": name, "value": value} for name, value in found.items()]
    measure.report("Studies brought in", [found] if as_json else shown, as_json=as_json)


# --- Measuring ------------------------------------------------------------------------------------


def _measured(rows: int) -> dict[str, float | str]:
    from django.db import connection

    from evidence.sync import trials

    sizes = _sizes(rows)
    took: dict[str, float] = defaultdict(float)
    held = 0
    for number, size in enumerate(sizes):
        text = page(number, size=size, change=0)
        held += len(text)
        took["new"] += measure.timed(bring_in, text)
    for number, size in enumerate(sizes):
        text = page(number, size=size, change=0)
        took["parse"] += measure.timed(json.loads, text)
        took["unchanged"] += measure.timed(bring_in, text)
    plain = _COPIED if connection.vendor == "postgresql" else _MANY
    longest = _watch_transactions(trials)
    for number, size in enumerate(sizes):
        changed, again = (page(number, size=size, change=one) for one in (1, 2))
        took["changed"] += measure.timed(bring_in, changed)
        took["plain"] += measure.timed(_plainly, again, plain, took)
    return {
        "database": connection.vendor,
        "studies": rows,
        "kb_a_study": held / rows / 1_000,
        "new_s": took["new"],
        "parse_s": took["parse"],
        "unchanged_s": took["unchanged"],
        "unchanged_ratio": took["unchanged"] / took["parse"],
        "unchanged_limit": UNCHANGED_LIMIT,
        "changed_s": took["changed"],
        "plain_s": took["plain"],
        "changed_ratio": took["changed"] / took["plain"],
        "changed_limit": CHANGED_LIMIT,
        "writing_alone_s": took["writing"],
        "changed_to_writing_alone": took["changed"] / took["writing"],
        "longest_write_s": max(longest),
    }


def _sizes(rows: int) -> list[int]:
    return [min(PAGE, rows - at) for at in range(0, rows, PAGE)]


def bring_in(text: str) -> None:
    """Bring one page in, as the commands do."""
    from evidence.registries import ctgov
    from evidence.sync import trials
    from evidence.sync.batches import uncollected

    with uncollected():
        trials.bring_in([ctgov.payload(study) for study in json.loads(text)["studies"]])


def _watch_transactions(trials: Any) -> list[float]:
    """Note how long each write takes, from when it holds the data version."""
    seen = [0.0]
    write = trials._write

    def watched(*arguments: Any) -> None:
        seen.append(measure.timed(write, *arguments))

    trials._write = watched
    return seen


# --- The plainest thing ---------------------------------------------------------------------------

SNAPSHOT = ("source", "value", "sha256", "payload", "data_date", "received_at")
RECORD = (
    *("source", "value", "title", "verdict", "reason", "values", "reader", "checked_on"),
    "snapshot_id",
)
Writer = Callable[[Any, str, tuple[str, ...], list[tuple[Any, ...]], str], None]


def _plainly(text: str, write: Writer, took: dict[str, float]) -> None:
    """Write the same columns of the same page, by nothing but the parser and the database."""
    from django.db import connection, transaction
    from django.utils import timezone

    encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), check_circular=False).encode
    snapshots, records, studies = [], [], []
    columns: tuple[str, ...] = ()
    now = timezone.now()
    for study in json.loads(text)["studies"]:
        day = study["derivedSection"]["miscInfoModule"].pop("versionHolder")
        canonical = encode(study)
        sha256 = hashlib.sha256(canonical.encode()).hexdigest()
        told = _columns(study["protocolSection"])
        value = told["slug"]
        snapshots.append(("ctgov", value, sha256, canonical, day, now))
        values = json.dumps(told)
        records.append(
            ("ctgov", value, told["title"], "gives", "It is given.", values, 1, day, sha256)
        )
        columns = (*told, "checked_on")
        studies.append((*told.values(), day))
    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        write(cursor, "evidence_snapshot", SNAPSHOT, snapshots, "sha256")
        write(cursor, "evidence_registryrecord", RECORD, records, "source, value")
        write(cursor, "evidence_trial", columns, studies, "slug")
    took["writing"] += time.perf_counter() - began


def _columns(protocol: dict[str, Any]) -> dict[str, Any]:
    named, status = protocol["identificationModule"], protocol["statusModule"]
    enrolment = protocol["designModule"]["enrollmentInfo"]
    outcomes = protocol["outcomesModule"]["primaryOutcomes"]
    places = protocol["contactsLocationsModule"]["locations"]
    return {
        "slug": named["nctId"],
        "title": named["briefTitle"],
        "acronym": named.get("acronym", ""),
        "design": "randomised",
        "recruitment_status": status["overallStatus"],
        "why_stopped": status.get("whyStopped", ""),
        "enrolment": enrolment["count"],
        "enrolment_type": enrolment["type"].lower(),
        "start": status["startDateStruct"]["date"],
        "primary_completion": status["primaryCompletionDateStruct"]["date"],
        "completion": status["completionDateStruct"]["date"],
        "min_age_days": 6574,
        "max_age_days": None,
        "sponsor": protocol["sponsorCollaboratorsModule"]["leadSponsor"]["name"],
        "countries": "\n".join(sorted({place["country"] for place in places})),
        "primary_outcome": "; ".join(outcome["measure"] for outcome in outcomes),
        "results_posted": "",
        "registry_updated": status["lastUpdatePostDateStruct"]["date"],
        "population_text": "",
        "results_summary": "",
        "origin": "import",
    }


def _upsert(table: str, columns: tuple[str, ...], key: str, given: str) -> str:
    quoted = ", ".join(f'"{one}"' for one in columns)
    sets = ", ".join(f'"{one}" = excluded."{one}"' for one in columns if one not in key)
    return f"INSERT INTO {table} ({quoted}) {given} ON CONFLICT ({key}) DO UPDATE SET {sets}"


def _of_snapshot(column: str, mark: str) -> str:
    if column != "snapshot_id":
        return mark
    return f"(SELECT id FROM evidence_snapshot WHERE sha256 = {mark})"  # noqa: S608


def _many(
    cursor: Any, table: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]], key: str
) -> None:
    marks = ", ".join(_of_snapshot(one, "%s") for one in columns)
    told = [[str(one) if hasattr(one, "isoformat") else one for one in row] for row in rows]
    cursor.executemany(_upsert(table, columns, key, f"VALUES ({marks})"), told)


def _copied(
    cursor: Any, table: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]], key: str
) -> None:
    quoted = ", ".join(f'"{one}"' for one in columns)
    heap = f"{table}_plain"
    cursor.execute(
        f"CREATE TEMPORARY TABLE {heap} ON COMMIT DROP AS SELECT "  # noqa: S608
        + ", ".join("''::text AS snapshot_id" if c == "snapshot_id" else f'"{c}"' for c in columns)
        + f" FROM {table} LIMIT 0"
    )
    with cursor.copy(f"COPY {heap} ({quoted}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    told = ", ".join(_of_snapshot(c, f'{heap}."{c}"') for c in columns)
    cursor.execute(_upsert(table, columns, key, f"SELECT {told} FROM {heap} WHERE true"))  # noqa: S608


_MANY: Writer = _many
_COPIED: Writer = _copied


# --- Memory ---------------------------------------------------------------------------------------

COMMAND = """
import pathlib, sys
from tests.benchmarks import imports, measure
rows = int(sys.argv[1])
with measure.scratch():
    for change in (0, 0, 1):
        for number, size in enumerate(imports._sizes(rows)):
            imports.bring_in(imports.page(number, size=size, change=change))
status = pathlib.Path("/proc/self/status").read_text()
print(next(line.split()[1] for line in status.splitlines() if "VmHWM" in line))
"""


def _peak_mb(rows: int) -> float:
    """Return the most memory that a process of its own held meanwhile, in MB."""
    command = [sys.executable, "-c", COMMAND, str(rows)]
    done = subprocess.run(
        command, cwd=Path(measure.ROOT), check=True, capture_output=True, text=True
    )
    return int(done.stdout.split()[-1]) / 1024
