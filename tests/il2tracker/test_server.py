"""The site as it really runs: gunicorn, hashed static files, a log of JSON lines."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, kw_only=True)
class Answer:
    status: int
    headers: dict[str, str]
    text: str


@dataclass(frozen=True, kw_only=True)
class Server:
    port: int
    log: Path

    def send(self, target: bytes, *, method: bytes = b"GET", host: bytes = b"127.0.0.1") -> Answer:
        """Send exactly these bytes, which no well-bred client library would."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as wire:
            wire.sendall(
                method
                + b" "
                + target
                + b" HTTP/1.1\r\nHost: "
                + host
                + b"\r\nConnection: close\r\n\r\n"
            )
            reply = http.client.HTTPResponse(wire)
            reply.begin()
            return Answer(
                status=reply.status, headers=dict(reply.getheaders()), text=reply.read().decode()
            )

    def lines(self) -> list[dict]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("site")
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "PORT": str(port),
        "IL2TRACKER_ENV_FILE": "",
        "IL2TRACKER_DATA_DIR": str(folder),
    }
    for command in (["migrate", "--verbosity=0"], ["collectstatic", "--no-input", "--verbosity=0"]):
        subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True
        )
    log = folder / "log"
    command = ["-m", "gunicorn", "-c", "python:il2tracker.gunicorn", "il2tracker.wsgi"]
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=environment, stdout=out, stderr=out
        )
    running = Server(port=port, log=log)
    try:
        for _ in range(200):
            try:
                running.send(b"/healthz")
                break
            except ConnectionError:
                assert process.poll() is None, log.read_text()
                time.sleep(0.1)
        yield running
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0, log.read_text()


def test_probes_answer_to_an_address(server: Server):
    assert server.send(b"/healthz", host=b"10.1.2.3").text == "ok\n"
    assert server.send(b"/readyz", host=b"10.1.2.3").text == "ok\n"


@pytest.mark.parametrize(
    ("target", "status"),
    [
        (b"/%00", 400),
        (b"/?q=%00", 400),
        (b"/%ff", 400),
        (b"/?q=%ff", 400),
        (b"/nowhere/?q=%ce%b2", 404),
        (b"/?q=" + b"a" * 5_000, 414),
        (b"/nowhere.csv", 404),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_bytes_that_no_browser_sends_are_answered_in_our_words(
    server: Server, target: bytes, status: int
):
    answer = server.send(target)
    assert answer.status == status
    assert "X-Request-ID" in answer.headers
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_odd_methods_and_hosts_are_refused(server: Server):
    assert server.send(b"/", method=b"TRACE").status == 405
    assert server.send(b"/nowhere/", host=b"evil.example").status == 400


def test_static_files_have_hashed_names_that_browsers_may_keep(server: Server):
    page = server.send(b"/admin/login/").text
    (address,) = re.findall(r'href="(/static/admin/css/base\.[0-9a-f]{12}\.css)"', page)
    answer = server.send(address.encode())
    assert answer.status == 200
    assert "immutable" in answer.headers["Cache-Control"]


def test_every_line_of_the_log_is_json_and_names_its_request(server: Server):
    name = server.send(b"/nowhere/").headers["X-Request-ID"]
    (line,) = [line for line in server.lines() if line.get("request_id") == name]
    assert (line["level"], line["status"], line["path"]) == ("WARNING", 404, "/nowhere/")
    assert any("Listening at" in line["message"] for line in server.lines())
