"""Telling whoever has changed something of which topics the rule now says something else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest

from evidence.assess.words import label, status_and_ground
from evidence.curation.forecasts import asked, rule_word
from evidence.ledger.derivation import Change
from evidence.models import Assessment, Edition, Finding, Topic
from evidence.vocab import Rule, Status

# More than a person reads; the list of topics is for the rest.
MOST_TOLD = 6


def tell(request: HttpRequest, changes: Iterable[Change]) -> None:
    """Say of each topic what the rule says now, in place of what, and what we say there.

    A topic of which it says something for the first time is left out.
    """
    found = {change.topic: change for change in changes if change.before_rule}
    topics = Topic.objects.filter(pk__in=list(found)[:MOST_TOLD])
    topics = topics.select_related("condition", "intervention")
    ours = _ours(topics) if found else {}
    for topic in topics if found else ():
        change, published = found[topic.pk], ours.get(topic.pk)
        parted = published is not None and _word(published) != _after(change)
        said = f"{_now(topic, change)}{_and_we(change, published)}"
        messages.add_message(request, messages.WARNING if parted else messages.INFO, said)
    if len(found) > MOST_TOLD:
        more = len(found) - MOST_TOLD
        kinds = "topic" if more == 1 else "topics"
        messages.info(request, f"The rule says something else of {more:,} more {kinds}.")


@contextmanager
def told_of(request: HttpRequest, *editions: Edition) -> Iterator[None]:
    """Tell, after a move of some editions, of which topics the rule says something else."""
    before = _words(editions)
    yield
    after = _words(editions) if before else {}
    tell(
        request,
        [
            Change(
                topic=pk,
                before=before[pk][0],
                before_rule=before[pk][1],
                after=status,
                after_rule=rule,
            )
            for pk, (status, rule) in after.items()
            if pk in before and before[pk][1] != rule
        ],
    )


def _ours(topics: Iterable[Topic]) -> dict[int, Assessment]:
    """Give the assessments that readers see of some topics."""
    return {one.topic_id: one for one in Assessment.objects.public().filter(topic__in=topics)}


def _words(editions: Iterable[Edition]) -> dict[int, tuple[str, str]]:
    """Give the stored word of every topic that may be read with those of some editions."""
    records = {one.record_id for one in editions if isinstance(one, (Assessment, Finding))}
    if not records:
        return {}
    own = Topic.objects.filter(Q(findings__record__in=records) | Q(assessments__record__in=records))
    questions = set(own.values_list("intervention", "role"))
    rows = Topic.objects.filter(intervention__in={drug for drug, _ in questions}).order_by("pk")
    return {
        pk: (status, rule)
        for pk, drug, role, status, rule in rows.values_list(
            "pk", "intervention", "role", "rule_status", "rule"
        )
        if (drug, role) in questions
    }


def _before(change: Change) -> tuple[str, str]:
    return rule_word(change.before, change.before_rule)


def _after(change: Change) -> tuple[str, str]:
    return rule_word(change.after, change.after_rule)


def _word(published: Assessment) -> tuple[str, str]:
    return published.status, published.ground


def _now(topic: Topic, change: Change) -> str:
    before = status_and_ground(*_before(change))
    # The line that is named with it says its ground as well.
    after = label(Status, change.after)
    line, what = change.after_rule, Rule(change.after_rule).label
    where = asked(topic)
    if _before(change) == _after(change):
        was = change.before_rule
        return f"The rule still says {after} of {where}, now by {line} ({what}) in place of {was}."
    return f"The rule now says {after} ({line}: {what}) of {where}, in place of {before}."


def _and_we(change: Change, published: Assessment | None) -> str:
    """Say what we say there, and what is to be done about it."""
    if published is None or _before(change) == _after(change):
        return ""
    says = f" We say {status_and_ground(*_word(published))} there"
    if _word(published) == _after(change):
        return f"{says} too{', with a reason that is not needed now' if published.reason else ''}."
    if published.reason:
        return f"{says}, with a reason to differ from the rule: see whether it still fits."
    return f"{says}: the queue holds its assessment until that has a reason, or another status."
