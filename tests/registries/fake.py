"""A registry on this machine that answers as ClinicalTrials.gov, PubMed and Crossref do.

What goes wrong is written in a `FaultPlan`: which request meets which fault.
"""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from evidence.registries.ctgov_client import ClinicalTrialsGov
from evidence.registries.http import Polite
from tests.registries.answering import API, EUTILS, Server
from tests.registries.faults import PASSING as PASSING
from tests.registries.faults import Fault as Fault
from tests.registries.faults import FaultPlan as FaultPlan
from tests.registries.finding import Asked as Asked
from tests.registries.finding import after as after_of
from tests.registries.finding import areas, cut_to, said, token
from tests.registries.made_up import number_of

NOBODY = "https://registry.invalid/api/v2"  # a name that the DNS knows to be nobody's


class FakeRegistry:
    """Serves what it is given, on 127.0.0.1; `asked` holds every request, in order.

    `studies` are as the API gives them; `aliases` leads from old NCT numbers to those of studies;
    `papers` are `<PubmedArticle>` elements by PMID; `works` Crossref's messages by DOI. All may
    change while it serves; `on_request` hears of every request before its answer is made.
    """

    def __init__(
        self,
        studies: Iterable[Mapping[str, Any]] = (),
        *,
        aliases: Mapping[str, str] | None = None,
        papers: Mapping[int, str] | None = None,
        works: Mapping[str, Mapping[str, Any]] | None = None,
        plan: FaultPlan | None = None,
        data_timestamp: str = "2026-11-20T09:00:05",
        huge: int = 20_000_000,
        on_request: Callable[[Asked], object] = lambda asked: None,
    ) -> None:
        self.studies: dict[str, dict[str, Any]] = {
            number_of(study): dict(study) for study in studies
        }
        self.aliases = dict(aliases or {})
        self.papers = dict(papers or {})
        self.works = {doi.lower(): work for doi, work in (works or {}).items()}
        self.plan = plan or FaultPlan()
        self.data_timestamp = data_timestamp
        self.huge = huge
        self.on_request = on_request
        self.asked: list[Asked] = []
        self.connections = 0
        self.closing = threading.Event()
        self.lock = threading.Lock()

    @property
    def base(self) -> str:
        """The address of ClinicalTrials.gov's API."""
        return f"{self.root}{API}"

    @property
    def pubmed(self) -> str:
        """The address of PubMed's E-utilities."""
        return f"{self.root}{EUTILS}"

    @property
    def crossref(self) -> str:
        """The address of Crossref's API."""
        return self.root

    @property
    def root(self) -> str:
        """The address of this server."""
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self) -> Self:
        """Begin to serve."""
        self.server = Server(self)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of every line, and stop."""
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def note(self, target: str, headers: Mapping[str, str]) -> Asked:
        """Write a request down, and what the plan says of it."""
        parts = urlsplit(target)
        with self.lock:
            nth = 1 + sum(asked.path == parts.path for asked in self.asked)
            number = len(self.asked) + 1
            asked = Asked(
                number=number,
                path=parts.path,
                query=dict(parse_qsl(parts.query, keep_blank_values=True)),
                headers={name.lower(): value for name, value in headers.items()},
                fault=self.plan.of(number, parts.path, nth),
            )
            self.asked.append(asked)
            self.on_request(asked)
        return asked

    # --- What it knows ------------------------------------------------------------------------

    def found(self, query: Mapping[str, str]) -> list[str]:
        """The numbers of the studies that a query finds, in order."""
        wanted = {name for name in re.split(r"[|,\s]+", query.get("filter.ids", "")) if name}
        return [
            number
            for number, study in sorted(self.studies.items())
            if (not wanted or number in wanted)
            and all(said(query.get(name, ""), text) for name, text in areas(study).items())
        ]

    def page(self, asked: Asked) -> dict[str, Any]:
        """The page of studies that is asked for."""
        query, fault = asked.query, asked.fault
        after = after_of(query.get("pageToken", ""))
        size = min(int(query.get("pageSize") or 0) or 10, 1000)
        found = self.found(query)
        left = [number for number in found if number > after]
        if fault is Fault.DELETED and left:
            del self.studies[left.pop(0)]
        shown = left[:size]
        answer: dict[str, Any] = {}
        if query.get("countTotal") == "true":
            answer["totalCount"] = len(found)
        answer["studies"] = [cut_to(self.studies[number], query) for number in shown]
        if len(left) > size:
            answer["nextPageToken"] = token(shown[-1])
        return self.spoilt(answer, found, after, size, asked)

    def spoilt(
        self, answer: dict[str, Any], found: list[str], after: str, size: int, asked: Asked
    ) -> dict[str, Any]:
        """The page as the fault has it."""
        before = [number for number in found if number <= after]
        if asked.fault is Fault.EMPTY_PAGE:
            return {**answer, "studies": [], "nextPageToken": token(after)}
        if asked.fault is Fault.DUPLICATE_PAGE and before:
            again = [cut_to(self.studies[number], asked.query) for number in before[-size:]]
            return {**answer, "studies": again, "nextPageToken": token(after)}
        if asked.fault is Fault.TOKEN_LOOP and "nextPageToken" in answer:
            return {**answer, "nextPageToken": token("")}
        return answer


def nobody() -> str:
    """An address on this machine at which nobody answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/api/v2"


def wire_here(slept: list[float] | None = None, **changes: Any) -> Polite:
    """A wire that writes down for how long it would sleep, and waits for nothing."""
    slept = [] if slept is None else slept
    how: dict[str, Any] = {
        "hosts": ["127.0.0.1"],
        "per_second": 1.0,
        "user_agent": "il2tracker (tests)",
        "timeouts": (0.5, 0.5),
        "sleep": slept.append,
    }
    return Polite(**how | changes)


def ctgov_of(
    registry: FakeRegistry, slept: list[float] | None = None, **changes: Any
) -> ClinicalTrialsGov:
    """A client of a registry on this machine that waits for nothing."""
    return ClinicalTrialsGov(wire_here(slept, **changes), base=registry.base)
