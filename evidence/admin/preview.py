"""The readers' page of an edition as if it were published, for those who may see drafts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string
from django.utils import timezone

from evidence import vocab
from evidence.ledger import version
from evidence.models import Assessment, Consideration, Edition, Finding, HarmReport
from evidence.models.base import OPEN_STATES
from evidence.templatetags.names import study_name
from evidence.templatetags.things import topic_title
from evidence.templatetags.words import definition_alone, running

NO_ADDRESS = "A preview is not cited: it has no address and may still change."
HEADINGS = {
    vocab.ConsiderationKind.MECHANISM: "Mechanisms",
    vocab.ConsiderationKind.CHALLENGE: "Challenges",
    vocab.ConsiderationKind.FUTURE_DIRECTION: "Future directions",
}


def render(edition: Any, *, by: Any, back: str) -> str:
    """Return the page as if `by` had published it, rendered without the request as readers' are."""
    template, build = PAGES[type(edition)]
    if edition.state in OPEN_STATES:
        edition.reviewer, edition.reviewed_at = by, timezone.now()
    frame = {
        "preview_of": edition,
        "back": back,
        "dates": _dates(edition),
        "citation": NO_ADDRESS,
        "data_version": version.current().number,
        "contact": "",
    }
    return render_to_string(f"admin/evidence/preview/{template}.html", {**build(edition), **frame})


def _finding(edition: Finding) -> dict[str, Any]:
    title = f"{edition.outcome}: {study_name(edition)}"
    return {"title": title, "section": "findings", "finding": _with_topic(edition)}


def _harm(edition: HarmReport) -> dict[str, Any]:
    drug = running(str(edition.intervention))
    title = f"{edition.adverse_effect} with {drug}: {study_name(edition)}"
    return {"title": title, "section": "harms", "harm": _with_topic(edition)}


def _assessment(edition: Assessment) -> dict[str, Any]:
    topic = edition.topic
    return {
        "title": topic_title(topic),
        "section": "evidence",
        "topic": topic,
        "assessment": edition,
        "differs": bool(topic.rule_status) and not edition.agrees,
        "definition": running(definition_alone(edition.status)),
        "published": Assessment.objects.public().filter(topic=topic).exists(),
    }


def _consideration(edition: Consideration) -> dict[str, Any]:
    heading = HEADINGS[vocab.ConsiderationKind(edition.kind)]
    return {
        "title": f"{edition.code}: {edition.get_kind_display()}",
        "considerations": [{"heading": heading, "considerations": [edition]}],
        "conditions": edition.conditions.all(),
        "interventions": edition.interventions.all(),
    }


PAGES: Mapping[type[Edition], tuple[str, Callable[[Any], dict[str, Any]]]] = {
    Finding: ("finding", _finding),
    HarmReport: ("harm", _harm),
    Assessment: ("assessment", _assessment),
    Consideration: ("consideration", _consideration),
}


def _with_topic(edition: Any) -> Any:
    """Let an edition know whether its topic has a page, as published ones do."""
    shown = Exists(Assessment.objects.public().filter(topic=OuterRef("topic")))
    rows = type(edition)._default_manager.filter(pk=edition.pk)
    edition.topic_has_page = rows.annotate(shown=shown).values_list("shown", flat=True).get()
    return edition


def _dates(edition: Any) -> dict[str, Any]:
    trial = getattr(edition, "trial", None)
    return {
        "last_reviewed": None if edition.state in OPEN_STATES else edition.reviewed_at,
        "registry_checked": trial.checked_on if trial is not None else None,
        "data_as_of": version.current().as_of,
    }
