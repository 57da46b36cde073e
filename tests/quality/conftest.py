"""The site with the starter evidence as it runs in production, and the programs that judge it."""

from __future__ import annotations

import csv
import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.conftest import require

ROOT = Path(__file__).parents[2]
# What was published and is so no more has a page of its own kind.
WITHDRAW = """
import django; django.setup()
from django.contrib.auth import get_user_model
from evidence.curation import moves
from evidence.models import Finding
ann, ben = (get_user_model().objects.get(username=f"demo-{n}") for n in ("curator", "reviewer"))
finding = Finding.objects.public().earliest("pk")
proposed = moves.propose_withdrawal(finding, by=ann, note="Counted twice.")
moves.withdraw(proposed, by=ben)
print(finding.code)
"""


@dataclass(frozen=True, kw_only=True)
class Site:
    """Where the site is served, the finding that was withdrawn, and what each listing holds."""

    url: str
    withdrawn: str
    _ids: dict[str, list[str]] = field(default_factory=dict)

    def get(self, path: str) -> tuple[int, str, bytes]:
        """The status, the type and the body of an address."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=60) as answer:  # noqa: S310 - ours
                return answer.status, answer.headers["Content-Type"], answer.read()
        except urllib.error.HTTPError as fault:
            with fault:
                return fault.code, fault.headers["Content-Type"], fault.read()

    def ids(self, listing: str) -> list[str]:
        """The last words of the addresses of all things in a listing."""
        if listing not in self._ids:
            text = self.get(f"/{listing}.csv")[2].decode()
            rows = csv.DictReader(io.StringIO(text, newline=""))
            self._ids[listing] = [row["url"].rstrip("/").rpartition("/")[2] for row in rows]
        return self._ids[listing]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        "PATH": os.environ["PATH"],
        "PORT": str(port),
        "IL2TRACKER_ENV_FILE": "",
        "IL2TRACKER_DATA_DIR": str(folder),
        "IL2TRACKER_CONTACT": "curators@example.org",
        "DJANGO_SETTINGS_MODULE": "il2tracker.settings",
    }

    def run(*command: str) -> str:
        done = subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=environment, check=True, stdout=-1, text=True
        )
        return done.stdout

    run("manage.py", "quickstart", "--no-serve")
    withdrawn = run("-c", WITHDRAW).strip()
    log = folder / "log"
    served = ["-m", "gunicorn", "-c", "python:il2tracker.gunicorn", "il2tracker.wsgi"]
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, *served], cwd=ROOT, env=environment, stdout=out, stderr=out
        )
    running = Site(url=f"http://127.0.0.1:{port}", withdrawn=withdrawn)
    try:
        for _ in range(200):
            try:
                running.get("/healthz")
                break
            except urllib.error.URLError:
                assert process.poll() is None, log.read_text()
                time.sleep(0.1)
        yield running
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0, log.read_text()


def program(part: str, name: str, *, setting: str) -> str:
    """The path of a program: the one that a setting names, else the one on the path."""
    found = os.environ.get(setting) or shutil.which(name)
    require(part, available=bool(found), reason=f"{name} is not installed, nor {setting} set")
    return str(found)


@pytest.fixture(scope="session")
def lighthouse() -> str:
    """Lighthouse, which drives Debian's Chromium."""
    found = program("lighthouse", "lighthouse", setting="IL2TRACKER_LIGHTHOUSE")
    chromium = shutil.which("chromium")
    require("lighthouse", available=bool(chromium), reason="Chromium is not installed")
    return found


@pytest.fixture(scope="session")
def validator() -> list[str]:
    """W3C's validator, as the command that begins it."""
    found = program("vnu", "vnu", setting="IL2TRACKER_VNU")
    require("vnu", available=bool(shutil.which("java")), reason="Java is not installed")
    return ["java", "-jar", found] if found.endswith(".jar") else [found]
