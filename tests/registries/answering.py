"""The fake registry's side of the line: right answers, and what a fault makes of them."""

from __future__ import annotations

import gzip
import json
import socket
import struct
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from tests.registries.faults import Fault
from tests.registries.finding import Asked, said

if TYPE_CHECKING:
    from tests.registries.fake import FakeRegistry

API = "/api/v2"
EUTILS = "/entrez/eutils"


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, registry: FakeRegistry) -> None:
        self.registry = registry
        super().__init__(("127.0.0.1", 0), _Handler)

    def get_request(self) -> tuple[socket.socket, Any]:
        """Count the connection."""
        self.registry.connections += 1
        return super().get_request()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that rang off."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else every answer waits 40 ms for its own headers
    server: Server
    timeout = 30

    def log_message(self, *args: Any) -> None:
        """Keep the tests' output clean."""

    def do_GET(self) -> None:
        """Answer, as the plan says."""
        registry = self.server.registry
        asked = registry.note(self.path, dict(self.headers.items()))
        spoil = SPOILS.get(asked.fault) if asked.fault else None
        if spoil:
            spoil(self)
            return
        status, kind, body = self.answer(asked)
        if status == 200 and asked.fault in REWRITES:
            kind, body = REWRITES[asked.fault](kind, body)
        if status == 301:
            self.give(301, kind, b"", Location=body.decode())
        elif status == 200 and asked.fault is Fault.CUT_BODY:
            self.cut(kind, body)
        elif status == 200 and asked.fault is Fault.DRIP:
            self.drip(kind, body)
        else:
            self.give(status, kind, body)

    def answer(self, asked: Asked) -> tuple[int, str, bytes]:
        """The status, kind and body of the right answer."""
        registry, path = self.server.registry, asked.path
        if path == f"{API}/version":
            told = {"apiVersion": "2.0.5", "dataTimestamp": registry.data_timestamp}
            return 200, "application/json", json.dumps(told).encode()
        if path == f"{API}/studies":
            try:
                return 200, "application/json", json.dumps(registry.page(asked)).encode()
            except ValueError:
                return 400, "text/plain", b"Invalid value of pageToken parameter"
        if path.startswith(f"{API}/studies/"):
            return self.study(path.rpartition("/")[2])
        if path == f"{EUTILS}/esearch.fcgi":
            return self.esearch(asked.query)
        if path == f"{EUTILS}/efetch.fcgi":
            return self.efetch(asked.query)
        if path.startswith("/works/"):
            return self.work(unquote(path.removeprefix("/works/")))
        return 404, "text/plain", b"Not found"

    def study(self, number: str) -> tuple[int, str, bytes]:
        registry = self.server.registry
        if alias := registry.aliases.get(number):
            return 301, "text/plain", f"{API}/studies/{alias}".encode()
        if study := registry.studies.get(number):
            return 200, "application/json", json.dumps(study).encode()
        return 404, "text/plain", f"NCT number {number} not found".encode()

    def esearch(self, query: Mapping[str, str]) -> tuple[int, str, bytes]:
        papers = self.server.registry.papers
        found = [number for number, xml in sorted(papers.items()) if said(query["term"], xml)]
        start, most = int(query.get("retstart", "0")), int(query.get("retmax", "20"))
        shown = [str(number) for number in found[start : start + most]]
        if query.get("retmode") == "json":
            told = {
                "header": {"type": "esearch", "version": "0.3"},
                "esearchresult": {
                    "count": str(len(found)),
                    "retmax": str(len(shown)),
                    "retstart": str(start),
                    "idlist": shown,
                },
            }
            return 200, "application/json", json.dumps(told).encode()
        listed = "".join(f"<Id>{number}</Id>" for number in shown)
        return (
            200,
            "text/xml",
            (
                f'<?xml version="1.0"?><eSearchResult><Count>{len(found)}</Count>'
                f"<RetMax>{len(shown)}</RetMax><RetStart>{start}</RetStart>"
                f"<IdList>{listed}</IdList></eSearchResult>"
            ).encode(),
        )

    def efetch(self, query: Mapping[str, str]) -> tuple[int, str, bytes]:
        papers = self.server.registry.papers
        numbers = [int(text) for text in query.get("id", "").split(",") if text.isdigit()]
        given = "".join(papers[number] for number in numbers if number in papers)
        xml = f'<?xml version="1.0"?><PubmedArticleSet>{given}</PubmedArticleSet>'
        return 200, "text/xml", xml.encode()

    def work(self, doi: str) -> tuple[int, str, bytes]:
        work = self.server.registry.works.get(doi.lower())
        if work is None:
            return 404, "text/plain", b"Resource not found."
        told = {"status": "ok", "message-type": "work", "message": work}
        return 200, "application/json", json.dumps(told).encode()

    # --- How it is said ------------------------------------------------------------------------

    def give(self, status: int, kind: str, body: bytes, **headers: str) -> None:
        """Send an answer, packed where that was asked for and it is worth it."""
        if "gzip" in self.headers.get("Accept-Encoding", "") and len(body) > 1000:
            body = gzip.compress(body, 1)
            headers["Content-Encoding"] = "gzip"
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Set-Cookie", "who=you; Path=/")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def cut(self, kind: str, body: bytes) -> None:
        """Promise the whole body and send half of it."""
        self.begin(kind, len(body))
        self.wfile.write(body[: len(body) // 2])
        self.wfile.flush()
        self.close_connection = True

    def drip(self, kind: str, body: bytes) -> None:
        """Send a byte at a time for as long as somebody listens."""
        self.begin(kind, 1_000_000)
        self.close_connection = True
        while not self.server.registry.closing.wait(0.01):
            self.wfile.write(b" ")
            self.wfile.flush()

    def drip_head(self) -> None:
        """Begin an answer, and never come to its body."""
        self.close_connection = True
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Patience: ")
        while not self.server.registry.closing.wait(0.01):
            self.wfile.write(b"x")
            self.wfile.flush()

    def begin(self, kind: str, length: int | None) -> None:
        """Send the head of an answer."""
        self.send_response(200)
        self.send_header("Content-Type", kind)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def reset(self) -> None:
        """Reset the connection."""
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.close_connection = True
        self.connection.close()

    def hang(self) -> None:
        """Say nothing until the registry closes."""
        self.server.registry.closing.wait(30)
        self.close_connection = True

    def busy_date(self) -> None:
        """Answer that it is asked too often, and when to come again."""
        due = datetime.now(UTC) + timedelta(seconds=self.server.registry.plan.wait)
        self.give(429, "text/plain", b"", Retry_After=format_datetime(due, usegmt=True))

    def bomb(self) -> None:
        """Send a little that unpacks to far more than anybody wants."""
        self.give(200, "application/json", b" " * self.server.registry.huge)

    def huge(self) -> None:
        """Send far more than anybody wants."""
        self.begin("application/json", self.server.registry.huge)
        for _ in range(self.server.registry.huge // 100_000):
            self.wfile.write(b" " * 100_000)


def _html(kind: str, body: bytes) -> tuple[str, bytes]:
    return "text/html", b"<!DOCTYPE html><title>Sign in</title><p>Accept the terms of this network"


def _half(kind: str, body: bytes) -> tuple[str, bytes]:
    return kind, body[: len(body) // 2]


def _malformed(kind: str, body: bytes) -> tuple[str, bytes]:
    return kind, body.replace(b'":', b'"').replace(b"</", b"<")


def _wrong_types(kind: str, body: bytes) -> tuple[str, bytes]:
    """Every member of the answer is a number."""
    if "json" not in kind:
        return kind, b"<?xml version='1.0'?><Answer>1</Answer>"
    return kind, json.dumps(dict.fromkeys(json.loads(body), 1)).encode()


def _changed_schema(kind: str, body: bytes) -> tuple[str, bytes]:
    """Every member of the answer has another name."""
    if "json" not in kind:
        return kind, b"<?xml version='1.0'?><NewAnswer/>"
    return kind, json.dumps(
        {f"new-{key}": value for key, value in json.loads(body).items()}
    ).encode()


REWRITES = {
    Fault.HTML: _html,
    Fault.CUT_JSON: _half,
    Fault.MALFORMED: _malformed,
    Fault.WRONG_TYPES: _wrong_types,
    Fault.CHANGED_SCHEMA: _changed_schema,
}
SPOILS = {
    Fault.RESET: _Handler.reset,
    Fault.HANG: _Handler.hang,
    Fault.DRIP_HEAD: _Handler.drip_head,
    Fault.ERROR: lambda self: self.give(500, "text/plain", b"Internal error"),
    Fault.BUSY: lambda self: self.give(429, "text/plain", b"Too many requests"),
    Fault.BUSY_SECONDS: lambda self: self.give(
        429, "text/plain", b"", Retry_After=str(self.server.registry.plan.wait)
    ),
    Fault.BUSY_DATE: _Handler.busy_date,
    Fault.NOT_FOUND: lambda self: self.give(404, "text/plain", b"Not found"),
    Fault.BAD_REQUEST: lambda self: self.give(400, "text/plain", b"Query is not understood"),
    Fault.ELSEWHERE: lambda self: self.give(
        301, "text/plain", b"", Location="https://evil.example/api/v2/studies/NCT00000101"
    ),
    Fault.BOMB: _Handler.bomb,
    Fault.HUGE: _Handler.huge,
}
