"""What the site is, and how it decides: statuses, the rule line by line, process and licences."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from evidence import vocab
from evidence.assess import CONFIRMATORY_PEOPLE, RULE_VERSION
from evidence.assess.examples import EXAMPLES, Example
from evidence.models import Publication, Topic
from evidence.models.periods import FIRST_YEAR
from evidence.web.render import page


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleLine:
    """One line of the rule as readers see it: an example, and how many published topics it has."""

    rule: str
    name: str
    when: str
    status: str
    ground: str
    topics: int
    example: Example


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Say what the three statuses are, who decides them, and on what terms the data may be used."""
    narrative = Publication.objects.public().filter(kind=vocab.PublicationKind.NARRATIVE_PAGE)
    return page(
        "evidence/about.html",
        path=reverse("evidence:about"),
        title="About il2tracker",
        description="The three evidence statuses, the rule that stands beside the curators, the "
        "two people behind a judgement, what no second person has read yet, and the licences.",
        section="about",
        statuses=_statuses(),
        rule_lines=_lines({}),
        narrative_pages=list(narrative.order_by("pk")),
    )


@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """Say how a status is decided: each line of the rule with an example, and all that it reads."""
    return page(
        "evidence/about_status.html",
        path=reverse("evidence:about-status"),
        title="How statuses are decided",
        description="The rule behind the evidence statuses, line by line: when each holds, an "
        "example worked out, and how many topics stand on it.",
        section="about",
        statuses=_statuses(),
        rule_lines=_lines(_topics_on_each_line()),
        people=CONFIRMATORY_PEOPLE,
        version=RULE_VERSION,
        first_year=FIRST_YEAR,
    )


def _statuses() -> list[tuple[str, str]]:
    return [(word.value, vocab.STATUS_DEFINITIONS[word]) for word in vocab.Status]


def _lines(topics: dict[str, int]) -> list[RuleLine]:
    """Give the lines in the order in which they are read."""
    return [
        RuleLine(
            rule=rule.value,
            name=str(rule.label),
            when=vocab.RULE_WHEN[rule],
            status=vocab.RULE_STATUS[rule].value,
            ground=vocab.RULE_GROUND[rule].value if rule in vocab.RULE_GROUND else "",
            topics=topics.get(rule.value, 0),
            example=EXAMPLES[rule],
        )
        for rule in vocab.Rule
    ]


def _topics_on_each_line() -> dict[str, int]:
    """Count the published topics by the line that names their status; one query."""
    counted = Topic.objects.public().order_by().values_list("rule")
    return dict(counted.annotate(Count("pk")))
