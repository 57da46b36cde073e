"""`manage.py rederive` as an operator runs it: its seconds, its memory, and how both grow."""

from __future__ import annotations

import subprocess
import sys
import time

from tests.benchmarks import measure

FINDINGS_PER_TOPIC = 4
LIMIT_S = 10.0
"""What 5,000 topics may take."""


def run(*, rows: int, repeats: int, as_json: bool) -> None:
    """Measure so many findings on a quarter as many topics, then ten times as many."""
    found = [_at(rows, min(repeats, 3)), _at(10 * rows, 1)]
    for row in found:
        row["growth"] = float(row["all_stored_s"]) / float(found[0]["all_stored_s"])
    measure.report("The rule worked out again for every topic", found, as_json=as_json)


def _at(findings: int, repeats: int) -> dict[str, float]:
    topics = findings // FINDINGS_PER_TOPIC
    with measure.scratch():
        from django.core.management import call_command

        from evidence.models import Topic
        from tests.benchmarks import world

        call_command("flush", interactive=False, verbosity=0)
        world.fill(topics=topics, findings=findings)
        stored, nothing, peaks = [], [], []
        for _ in range(repeats):
            Topic.objects.update(rule_version=0)  # so that every topic differs
            for times in (stored, nothing):
                seconds, peak = _rederive()
                times.append(seconds)
                peaks.append(peak)
    return {
        "topics": topics,
        "findings": findings,
        "all_stored_s": measure.middle(stored),
        "nothing_stored_s": measure.middle(nothing),
        "ratio": measure.middle(stored) / (LIMIT_S * topics / 5_000),
        "peak_mb": max(peaks),
    }


# The most memory that a process reports of its child counts what it held itself before the child
# began, so the child reads its own.
COMMAND = """
import pathlib, django
django.setup()
from django.core.management import call_command
call_command("rederive")
status = pathlib.Path("/proc/self/status").read_text()
print(next(line.split()[1] for line in status.splitlines() if "VmHWM" in line))
"""


def _rederive() -> tuple[float, float]:
    """Run the command; return its seconds and the most memory that it held, in MB."""
    start = time.perf_counter()
    run = [sys.executable, "-c", COMMAND]
    done = subprocess.run(run, cwd=measure.ROOT, check=True, capture_output=True, text=True)
    return time.perf_counter() - start, int(done.stdout.split()[-1]) / 1024
