"""What a request to the fake registry asks for, and which studies and pages that means."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.registries.faults import Fault


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request that reached the registry."""

    number: int
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    fault: Fault | None


def token(last: str) -> str:
    """The token of the page that begins after a study."""
    return base64.urlsafe_b64encode(f"after:{last}".encode()).decode()


def after(text: str) -> str:
    """The study after which a token's page begins; ValueError for what is no token of ours."""
    if not text:
        return ""
    said_within = base64.urlsafe_b64decode(text.encode()).decode()
    if not said_within.startswith("after:"):
        raise ValueError(text)
    return said_within.removeprefix("after:")


def areas(study: Mapping[str, Any]) -> dict[str, str]:
    """What each kind of query looks through."""
    protocol = study["protocolSection"]
    titles = json.dumps(protocol.get("identificationModule"))
    return {
        "query.intr": titles + json.dumps(protocol.get("armsInterventionsModule")),
        "query.cond": titles + json.dumps(protocol.get("conditionsModule")),
        "query.term": json.dumps(study),
    }


def said(query: str, text: str) -> bool:
    """Whether a text holds all words of one of the parts that OR joins."""
    text = text.lower()
    parts = re.split(r"\s+OR\s+", query)
    words = [re.findall(r'"[^"]+"|[^\s"()]+', part) for part in parts]
    return any(all(word.strip('"').lower() in text for word in part) for part in words)


def cut_to(study: Mapping[str, Any], query: Mapping[str, str]) -> dict[str, Any]:
    """A study, of the fields that are asked for: all, or its numbers alone."""
    fields = {name for name in re.split(r"[|,]", query.get("fields", "")) if name}
    if not fields or not fields <= {"NCTId", "NCTIdAlias"}:
        return dict(study)
    identification = study["protocolSection"]["identificationModule"]
    kept = {"nctId": identification["nctId"]}
    if "NCTIdAlias" in fields and "nctIdAliases" in identification:
        kept["nctIdAliases"] = identification["nctIdAliases"]
    return {"protocolSection": {"identificationModule": kept}}
