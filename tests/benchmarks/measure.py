"""What benchmarks share: a scratch database, the real server, and their report."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {"DJANGO_SETTINGS_MODULE": "il2tracker.settings", "IL2TRACKER_ENV_FILE": ""}


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """Yield a folder with an empty, migrated SQLite database, and set Django up on it.

    `DATABASE_URL` is honoured where `IL2TRACKER_BENCHMARK_DATABASE` names one to use instead.
    """
    with tempfile.TemporaryDirectory(prefix="il2tracker-benchmark-") as name:
        folder = Path(name)
        given = os.environ.get("IL2TRACKER_BENCHMARK_DATABASE", "")
        os.environ.update(
            ENVIRONMENT,
            DATABASE_URL=given or f"sqlite:///{folder / 'benchmark.sqlite3'}",
            IL2TRACKER_DATA_DIR=name,
            SECRET_KEY="benchmark-" + "x" * 50,
        )
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        yield folder


def free_port() -> int:
    """Return a port on loopback that nobody uses."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@dataclass(frozen=True, kw_only=True)
class Server:
    """The real server: its port and its one worker's process."""

    port: int
    worker: int

    def peak_mb(self) -> float:
        """Return the most memory that the worker has held, in MB."""
        status = Path(f"/proc/{self.worker}/status").read_text()
        kilobytes = next(line.split()[1] for line in status.splitlines() if "VmHWM" in line)
        return int(kilobytes) / 1024


@contextlib.contextmanager
def server() -> Iterator[Server]:
    """Run gunicorn with one worker of four threads on loopback, and end it afterwards."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "il2tracker.wsgi:application"]
    options = ["--worker-class", "gthread", "--threads", "4", "--workers", "1"]
    process = subprocess.Popen(
        [*command, *options, "--bind", f"127.0.0.1:{port}", "--log-level", "error"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    try:
        wait(port, "/healthz")
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        yield Server(port=port, worker=int(children[0]))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def wait(port: int, path: str) -> None:
    """Wait until a server answers."""
    for _ in range(200):
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5).close()
            return
        time.sleep(0.1)
    raise RuntimeError("The server did not start.")


def timed(action: object, *arguments: object) -> float:
    """Return how many seconds a call took."""
    start = time.perf_counter()
    action(*arguments)  # type: ignore[operator]
    return time.perf_counter() - start


def middle(values: Sequence[float]) -> float:
    """Return the median."""
    return statistics.median(values)


def report(title: str, rows: Sequence[Mapping[str, object]], *, as_json: bool) -> None:
    """Print a table for people or, last, one JSON object on one line."""
    table = Table(title=title)
    for key in rows[0]:
        table.add_column(key, justify="right")
    for row in rows:
        table.add_row(*(f"{v:.2f}" if isinstance(v, float) else str(v) for v in row.values()))
    Console(stderr=as_json).print(table)
    if as_json:
        sys.stdout.write(json.dumps(dict(rows[0]) | {"rows": list(rows)}) + "\n")
