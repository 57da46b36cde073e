"""Filters that put trials, publications and results in words, and query nothing."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString

from evidence.templatetags import cells, harm_cells, marks, names, things, words

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


@register.simple_tag
def topic_mark(assessment: Any) -> SafeString:
    """Link a topic by its mark alone; its name, and its status in words, are those of the link."""
    topic, status, ground = assessment.topic, assessment.status, assessment.ground
    why = f" ({words.label_of(ground, vocabulary='Ground')})" if ground else ""
    said = escape(f"{things.topic_title(topic)}: {status}{why}")
    return SafeString(
        f'<a class="{status}" href="/evidence/{topic.code}/" aria-label="{said}" title="{said}">'
        f"{marks.use(marks.status_symbol(status, ground))}</a>"
    )


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


@register.simple_tag
def harms_in_common(collection: Any) -> SafeString:
    """Say what all harm reports of a collection have in common."""
    return harm_cells.render_above(bar.report for bar in collection.bars)


@register.simple_tag
def harm_rows(collection: Any, by_source: object = None) -> SafeString:
    """Give the rows of a collection of harm reports, named by effect or else by source."""
    return harm_cells.render_bars(collection.bars, by_source=bool(by_source))
