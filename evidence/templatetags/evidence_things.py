"""Filters that put trials, publications and results in words, and query nothing."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

from evidence.templatetags import cells, names, things, words

register = template.Library()

for function in (
    names.study_name,
    names.publication_name,
    names.trial_name,
    things.source_link,
    things.source_links,
    things.registry_link,
    things.estimate,
    things.figures,
    things.grades,
    things.p_value,
    things.printed_term,
    things.people,
    things.enrolment,
    things.run_time,
    things.ages,
    things.dose,
):
    register.filter(function.__name__, function)


@register.filter
def topic_title(topic: Any) -> SafeString:
    """Put a topic as a phrase, its interleukins unbroken."""
    return words.unbroken(things.topic_title(topic))


@register.filter
def topic_second(topic: Any) -> SafeString:
    """Give what stands beside the condition of a topic."""
    return words.unbroken(things.topic_second(topic))


@register.filter
def affected(harm: Any) -> SafeString:
    """Write the people affected in the group with IL-2."""
    return things.affected(harm.affected, harm.at_risk, harm.percent)


@register.filter
def comparator_affected(harm: Any) -> SafeString:
    """Write the people affected in the other group."""
    return things.affected(
        harm.comparator_affected, harm.comparator_at_risk, harm.comparator_percent
    )


@register.filter
def phases(trial: Any) -> SafeString:
    """Write a trial's phases, as registered."""
    labels = [words.label_of(phase, vocabulary="Phase") for phase in trial.phases]
    return SafeString(", ".join(labels)) if labels else words.NOT_REPORTED


@register.filter
def phases_in_short(trial: Any) -> SafeString:
    """Write a trial's phases under a heading that says so: "1/2"."""
    return cells.phases_in_short(trial.phases) or words.NOT_REPORTED
