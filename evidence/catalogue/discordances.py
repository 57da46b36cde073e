"""The listing of discordances: topics on which studies, or markers and patients, disagree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from django.db.models import QuerySet

from evidence import vocab
from evidence.assess import Line, StudyResult
from evidence.catalogue import common, topics
from evidence.catalogue.evidence import EVIDENCE
from evidence.catalogue.evidence_filters import status_filter, words
from evidence.catalogue.rule import NOW, agreeing, agrees_filter, rule_filter
from evidence.listing.core import JOINT, Column, Facet, Listing
from evidence.listing.filterset import StrictFilterSet
from evidence.models import Assessment, Finding, Topic

_INTERVENTION = topics.intervention_filters("topic__intervention__")
FOR, AGAINST = "studies_for", "studies_against"
"""The two sides of a trace."""
MARKS = (
    " In brackets stands the line that a result belongs to: V1, studies disagree; V2, markers and "
    "patients disagree."
)

Trace = Mapping[str, Any]


class DiscordanceFilters(StrictFilterSet):
    """What discordances can be filtered by."""

    condition = topics.condition_filter("topic__condition")
    area = topics.area_filter("topic__condition__area")
    intervention = _INTERVENTION["intervention"]
    kind = _INTERVENTION["kind"]
    role = topics.role_filter("topic__role")
    population = topics.population_filter("topic__population")
    status = status_filter(about="Our word on the topic.")
    rule = rule_filter("topic__rule", about="The first line of the rule that holds.")
    agrees = agrees_filter(about="Whether the rule says our status, on the same ground.")
    q = words()


def _of_traces(tell: Callable[[Trace], Iterable[str]]) -> Callable[[Sequence[int]], dict[int, str]]:
    """Return what tells something, for a chunk of topics, of the stored trace of each."""

    def look_up(keys: Sequence[int]) -> dict[int, str]:
        rows = Topic.objects.public().filter(pk__in=set(keys)).order_by()
        traces = rows.values_list("pk", "rule_trace")
        # A text that held the joint would look like two.
        return {
            pk: JOINT.join(one.replace(JOINT, ", ") for one in tell(trace)) for pk, trace in traces
        }

    return look_up


def _lines(trace: Trace) -> list[Line]:
    lines = map(Line.from_json, trace.get("lines", ()))
    return [line for line in lines if line.rule in vocab.DISCORDANT]


def _what(trace: Trace) -> Iterable[str]:
    return (f"{vocab.Rule(line.rule).label} [{line.rule}]" for line in _lines(trace))


def _favours(trace: Trace) -> Iterable[str]:
    for result, lines in _side(trace, FOR):
        yield _told(result, result.outcome, lines)


def _against(trace: Trace) -> Iterable[str]:
    for result, lines in _side(trace, AGAINST):
        direction = vocab.Direction(result.direction).label
        yield _told(result, f"{result.outcome}, {direction}", lines)


def _findings(trace: Trace) -> list[str]:
    sides = chain(_side(trace, FOR), _side(trace, AGAINST))
    return list(dict.fromkeys(code for result, _ in sides for code in result.findings))


def _side(trace: Trace, side: str) -> Iterable[tuple[StudyResult, list[str]]]:
    """Return the results of one side that lines of disagreement rest on, each with its lines."""
    for result in map(StudyResult.from_json, trace.get(side, ())):
        lines = [line.rule for line in _lines(trace) if set(line.findings) & set(result.findings)]
        if lines:
            yield result, lines


def _told(result: StudyResult, shown: str, lines: Sequence[str]) -> str:
    """Tell a result: “ESPRIT: CD4 count, 2009 (F34) [V2]”."""
    year = str(result.year) if result.year is not None else "year not known"
    return f"{result.label}: {shown}, {year} ({', '.join(result.findings)}) [{', '.join(lines)}]"


def _pmids(keys: Sequence[int]) -> dict[int, str]:
    codes = {topic: found.split(JOINT) for topic, found in _of_traces(_findings)(keys).items()}
    records = {int(code[1:]) for of_topic in codes.values() for code in of_topic if code}
    findings = Finding.objects.public().filter(record__in=records)
    known = findings.values_list("record", "publication__pmid")
    pmids = {f"F{pk}": pmid for pk, pmid in known if pmid is not None}
    return common.joined(
        (topic, pmid)
        for topic, of_topic in codes.items()
        for pmid in sorted(pmids[code] for code in of_topic if code in pmids)
    )


def _rows() -> QuerySet[Any]:
    return agreeing(Assessment.objects.public().filter(topic__discordant=True), NOW)


COLUMNS = (
    common.code_column("id", "Id", "The topic's number.", "topic_id", "T"),
    *topics.topic_columns("topic__", heading=True),
    Column.of(Topic, "population", path="topic__population"),
    Column.of(Assessment, "status", show="status"),
    Column.of(Assessment, "ground"),
    Column.of(Topic, "rule", label="Rule", path="topic__rule"),
    Column.of(Topic, "rule_status", label="Rule's status", path="topic__rule_status"),
    common.list_column(
        "what",
        "What disagrees",
        "The lines of the rule that hold, in words: studies, or markers and patients, or both. In "
        "brackets stands the name of the line.",
        _of_traces(_what),
        source="topic_id",
        show="lines",
    ),
    common.list_column(
        "favours",
        "In favour of IL-2",
        "The studies in favour that these lines rest on: outcome, year and findings." + MARKS,
        _of_traces(_favours),
        source="topic_id",
        show="lines",
    ),
    common.list_column(
        "against",
        "No difference or harm",
        "The studies on the other side, each with its direction." + MARKS,
        _of_traces(_against),
        source="topic_id",
        show="lines",
    ),
    common.list_column(
        "findings",
        "Findings",
        "The findings of both sides, by number.",
        _of_traces(_findings),
        source="topic_id",
    ),
    common.list_column(
        "pmids",
        "PMIDs",
        "PubMed's numbers of the papers behind these findings.",
        _pmids,
        source="topic_id",
    ),
    Column.of(Assessment, "reason", sortable=False),
    common.address_column("topic", "topic_id", "/evidence/T"),
)

DISCORDANCES = Listing(
    name="discordances",
    title="Discordances",
    noun=("discordance", "discordances"),
    about="A row is a topic on which studies that can be compared, or markers and patients, point "
    "different ways; both sides are named.",
    rows=_rows,
    filterset=DiscordanceFilters,
    columns=COLUMNS,
    shown=("condition", "status", "what", "favours", "against"),
    facets=(
        Facet(filter="status", open=True),
        Facet(filter="area", open=True),
        Facet(filter="rule", open=True),
        Facet(filter="condition"),
        Facet(filter="intervention"),
        Facet(filter="kind"),
        Facet(filter="role"),
        Facet(filter="population"),
        Facet(filter="agrees"),
    ),
    link=EVIDENCE.link,
    second=EVIDENCE.second,
    order="condition",
    of="evidence",
    also=(("/evidence/", "All topics"),),
)
