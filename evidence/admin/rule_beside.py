"""What the rule says now of the topic that an assessment is on, beside its form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.text import capfirst

from evidence.admin.panels import address
from evidence.admin.relations import is_key
from evidence.assess import Line, Pivot, StudyResult, Trace
from evidence.assess.words import listed, robustness, status_and_ground
from evidence.curation import ready
from evidence.ledger.what_if import as_things_stand
from evidence.models import Assessment, Topic
from evidence.vocab import Ground, Rule, Status

FRAGMENT = "admin/evidence/parts/rule.html"
TAKES = "That takes a reason for readers and a date to look again."
NO_GROUND = "Choose its ground too: investigated always has one."
NEEDLESS_GROUND = " Take the ground away: only investigated has one."


@dataclass(frozen=True, kw_only=True)
class Side:
    """The studies that point one way, each with the outcomes on which it does."""

    title: str
    studies: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What is chosen and typed so far: words as a form holds them, each empty where there is none.

    `explained` says that a reason to differ is given; `review_by` is as it was typed.
    """

    status: str = ""
    ground: str = ""
    explained: bool = False
    review_by: str = ""

    @property
    def word(self) -> tuple[str, str]:
        """The status with its ground, which only investigated has."""
        return self.status, self.ground if self.status == Status.INVESTIGATED else ""


NOTHING = Chosen()


@dataclass(frozen=True, kw_only=True)
class RuleBeside:
    """The rule's word on a topic with its reasons, and how a chosen status stands to it."""

    topic: Topic
    url: str
    rule: str
    rule_label: str
    rule_status: str
    ground: str
    lines: tuple[Line, ...]
    sides: tuple[Side, ...]
    left_out: int
    reasons: tuple[tuple[str, int], ...]
    robustness: str
    borrowed: bool
    status: str
    differs: bool
    stands: str


def rule_beside(topic: Topic, chosen: Chosen = NOTHING) -> RuleBeside:
    """Work out what the rule says of a topic, and how what is chosen stands to it."""
    derivation, pivots = as_things_stand(topic)
    trace = derivation.trace
    reasons = Counter(one.sentence for one in trace.left_out)
    return RuleBeside(
        topic=topic,
        url=address(Topic, "change", args=[topic.pk]),
        rule=derivation.rule,
        rule_label=Rule(derivation.rule).label,
        rule_status=derivation.status,
        ground=derivation.ground,
        lines=trace.lines,
        sides=_sides(trace),
        left_out=len(trace.left_out),
        reasons=tuple(reasons.most_common()),
        robustness=_robustness(trace, derivation.status, derivation.ground, pivots),
        borrowed=trace.borrowed,
        status=chosen.status,
        differs=bool(chosen.status) and chosen.word != (derivation.status, derivation.ground),
        stands=_stands(chosen, derivation.status, derivation.ground),
    )


def page(request: HttpRequest, admin_site: Any) -> HttpResponse:
    """Answer what the rule says of a topic, with what is chosen beside it, as a piece of a page.

    `?topic=` is its key, `?status=` a status and `?ground=` a ground; `?explained=` is anything
    where a reason to differ is typed, `?review_by=` its day as typed. Each may be empty.
    """
    if not admin_site._registry[Topic].has_view_permission(request):
        raise PermissionDenied
    names = ("topic", "status", "ground", "explained", "review_by")
    topic, status, ground, explained, review_by = (request.GET.get(n, "") for n in names)
    if status not in ("", *Status.values):
        raise BadRequest(f"There is no status “{status[:40]}”.")
    if ground not in ("", *Ground.values):
        raise BadRequest(f"There is no ground “{ground[:40]}”.")
    if topic and not is_key(topic):
        raise BadRequest(f"“{topic[:40]}” is no topic.")
    found = topic_of(topic)
    if topic and found is None:
        raise Http404(f"There is no topic T{topic}.")
    told = None
    if found is not None:
        chosen = Chosen(
            status=status, ground=ground, explained=bool(explained), review_by=review_by
        )
        told = rule_beside(found, chosen)
    return HttpResponse(render_to_string(FRAGMENT, {"rule": told}))


def beside_form(form: Any, edition: Assessment | None) -> RuleBeside | None:
    """Return what stands beside a form as it is filled in; of a closed one, beside its edition."""
    if "topic" in form.fields:
        topic = topic_of(form["topic"].value() or "")
        return rule_beside(topic, _chosen_in(form)) if topic is not None else None
    return beside_edition(edition) if edition is not None else None


def beside_edition(edition: Assessment) -> RuleBeside:
    """Return what stands beside an edition as it is stored."""
    chosen = Chosen(
        status=edition.status,
        ground=edition.ground,
        explained=bool(edition.reason),
        review_by=str(edition.review_by or ""),
    )
    return rule_beside(edition.topic, chosen)


def _chosen_in(form: Any) -> Chosen:
    names = ("status", "ground", "reason", "review_by")
    typed = {name: str(form[name].value() or "") for name in names}
    return Chosen(
        status=typed["status"] if typed["status"] in Status.values else "",
        ground=typed["ground"] if typed["ground"] in Ground.values else "",
        explained=bool(typed["reason"].strip()),
        review_by=typed["review_by"],
    )


def topic_of(key: object) -> Topic | None:
    """Return the topic of a key as a form holds it; none where it is no key of one."""
    rows = Topic.objects.select_related("condition", "intervention")
    return rows.filter(pk=str(key)).first() if is_key(key) else None


def _stands(chosen: Chosen, status: str, ground: str) -> str:
    """Say how what is chosen stands to the rule's word, and what that takes."""
    if not chosen.status:
        return ""
    says = status_and_ground(*chosen.word)
    if chosen.word == (status, ground):
        needless = chosen.explained or bool(chosen.review_by.strip())
        what = ": take the reason and its date away." if needless else "."
        said = f"{capfirst(says)} agrees with the rule{what}"
    else:
        rule = status_and_ground(status, ground)
        said = f"The rule says {rule}, this assessment {says}. {_takes(chosen)}"
    return said + (NEEDLESS_GROUND if chosen.ground and not chosen.word[1] else "")


def _takes(chosen: Chosen) -> str:
    """Say what a difference still lacks; a ground first, for with it there may be none."""
    if chosen.status == Status.INVESTIGATED and not chosen.ground:
        return NO_GROUND
    if not chosen.explained:
        return TAKES
    typed = chosen.review_by.strip()
    if not typed:
        return f"It gives a reason. {ready.NO_DATE}"
    try:
        day = forms.DateField().clean(typed)
    except ValidationError:
        return f"It gives a reason, but “{typed[:40]}” is no day: write it like 2027-05-21."
    why = ready.why_not_on(day)
    return f"It gives a reason, but {why}" if why else "It gives a reason and a day to look again."


def _sides(trace: Trace) -> tuple[Side, ...]:
    """Give both sides, the empty one too; nothing where no study argues."""
    sides = (
        Side(title="for", studies=_studies(trace.studies_for)),
        Side(title="against", studies=_studies(trace.studies_against)),
    )
    return sides if any(side.studies for side in sides) else ()


def _studies(results: Sequence[StudyResult]) -> tuple[tuple[str, str], ...]:
    """Name each study once, with its outcomes."""
    found: dict[str, tuple[str, list[str]]] = {}
    for result in results:
        found.setdefault(result.study, (result.label, []))[1].append(result.outcome)
    return tuple((label, listed(outcomes)) for label, outcomes in found.values())


def _robustness(trace: Trace, status: str, ground: str, pivots: Sequence[Pivot]) -> str:
    """Say what the word rests on; nothing where there is no study to leave out."""
    studies = trace.counted or any(line.trials for line in trace.lines)
    if not studies and not pivots:
        return ""
    return f"{capfirst(robustness(status=status, ground=ground, pivots=pivots))}."
