"""A topic's forest plot: on its page as tables that are the plot, and as a drawing of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from evidence import vocab
from evidence.charts.forest import Group, Plot, Row, plots
from evidence.charts.forest_sheet import Sheet, drawn
from evidence.charts.sides import FAMILIES, Result
from evidence.charts.strips import Reading, Shape
from evidence.curation import figures
from evidence.ledger import version
from evidence.models import Finding, Publication, Topic
from evidence.templatetags.names import publication_name, study_name
from evidence.templatetags.things import ABBREVIATED_MEASURES, alike, people, plain, topic_title
from evidence.templatetags.words import NOT_REPORTED, day_words, label_of, running
from evidence.web import errors
from evidence.web import evidence_rows as rows
from evidence.web.addresses import TOPIC, number_in, withdrawn_or_missing
from evidence.web.material import gather
from evidence.web.render import absolute

NOT_ADVICE = (
    "il2tracker records what published studies and trial registries report. It does not say what "
    "anyone should be given."
)
USUAL_LEVEL = 95
PEOPLE = frozenset({vocab.Subjects.PATIENTS, vocab.Subjects.HEALTHY})
REVIEWS = frozenset({vocab.Design.REVIEW, vocab.Design.REVIEW_RANDOMISED})
# Said beside a result, because they are not what a reader takes for granted.
SAID_ANALYSES = frozenset({vocab.Analysis.SUBGROUP, vocab.Analysis.POST_HOC})
VALUES = ("effect_measure", "estimate", "ci_low", "ci_high", "ci_level", "p_value")


@dataclass(frozen=True, kw_only=True, slots=True)
class DrawnRow:
    """A row with its strip, or with why it has none."""

    row: Row
    strip: SafeString
    instead: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DrawnGroup:
    """One outcome's rows."""

    group: Group
    rows: tuple[DrawnRow, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class DrawnPlot:
    """One table: an axis with the outcomes on it."""

    plot: Plot
    groups: tuple[DrawnGroup, ...]
    axis: SafeString


@dataclass(frozen=True, kw_only=True, slots=True)
class Forest:
    """What the page of a topic plots, and how many of its findings stand in the table alone.

    Either because they cannot stand on an axis, or because their source was retracted.
    """

    plots: tuple[DrawnPlot, ...]
    shown: int
    left_out: int
    retracted: int


def forest(topic: Topic, findings: Sequence[Finding]) -> Forest:
    """Plot the findings that compare people with and without IL-2 and say how exactly."""
    on_axes = plots(rows_of(topic, findings))
    shown = sum(len(plot.rows) for plot in on_axes)
    retracted = sum(map(_is_retracted, findings))
    return Forest(
        plots=tuple(map(_drawn, on_axes)),
        shown=shown,
        left_out=len(findings) - shown - retracted,
        retracted=retracted,
    )


def rows_of(topic: Topic, findings: Iterable[Finding]) -> list[Row]:
    """Give the findings that may be plotted: of people, not retracted, a ratio or a difference."""
    return [_row(topic, one) for one in findings if _is_plotted(one)]


def _is_retracted(finding: Finding) -> bool:
    source = finding.publication
    return source is not None and source.standing == vocab.Standing.RETRACTED


def _is_plotted(finding: Finding) -> bool:
    if _is_retracted(finding):
        return False
    has_figure = finding.estimate is not None or finding.ci_low is not None
    # What is compared among people who all had IL-2 tells nothing of what IL-2 does.
    compares = finding.comparison != vocab.Comparison.NONE and finding.effect_measure in FAMILIES
    return has_figure and compares and finding.subjects in PEOPLE


def _row(topic: Topic, finding: Finding) -> Row:
    group = finding.outcome_group
    doubt = figures.contradiction({name: getattr(finding, name) for name in VALUES})
    said = people(finding)
    label = label_of(finding.effect_measure, vocabulary="EffectMeasure")
    return Row(
        result=Result(
            measure=finding.effect_measure,
            comparison=finding.comparison,
            direction=finding.direction,
            outcome=finding.outcome,
            group=group.slug if group is not None else "",
            estimate=finding.estimate,
            low=finding.ci_low,
            high=finding.ci_high,
        ),
        reading=_reading(finding, in_doubt=bool(doubt)),
        kind=finding.outcome_kind,
        group=group.name if group is not None else finding.outcome,
        study=study_name(finding),
        code=finding.code,
        second=tuple(_second(topic, finding)),
        year=finding.year,
        people="" if said == NOT_REPORTED else str(said),
        measure=ABBREVIATED_MEASURES.get(finding.effect_measure, label),
        estimate=_estimate(finding),
        values=f"{finding.value_il2} {finding.value_comparator}",
        level=finding.ci_level if finding.ci_low is not None else None,
        doubt=doubt,
        p=finding.p_value.strip(),
    )


def _reading(finding: Finding, *, in_doubt: bool) -> Reading | None:
    """Give what is drawn: without an interval nothing."""
    if finding.ci_low is None or finding.ci_high is None:
        return None
    is_review = finding.design in REVIEWS
    shape = Shape.REVIEW if is_review else Shape.STUDY
    return Reading(
        value=finding.estimate,
        low=finding.ci_low,
        high=finding.ci_high,
        shape=Shape.DOUBTFUL if in_doubt else shape,
    )


def _second(topic: Topic, finding: Finding) -> Iterable[str]:
    """Say what was measured, and what sets the result apart from a plain comparison."""
    # An outcome that heads its rows is not said again.
    group = finding.outcome_group
    said = [finding.outcome] if group is not None and group.name != finding.outcome else []
    if finding.time_point and finding.time_point not in finding.outcome:
        said.append(finding.time_point)
    if said:
        yield ", ".join(said)
    apart = []
    if finding.design in REVIEWS:
        apart.append(label_of(finding.design, vocabulary="Design"))
    if finding.comparison != vocab.Comparison.ADDS_IL2:
        apart.append(label_of(finding.comparison, vocabulary="Comparison"))
    if finding.analysis in SAID_ANALYSES:
        apart.append(label_of(finding.analysis, vocabulary="Analysis"))
    if finding.subjects != vocab.Subjects.PATIENTS:
        apart.append(label_of(finding.subjects, vocabulary="Subjects"))
    if finding.topic_id != topic.pk:
        apart.append(running(finding.topic.condition.name))
    if apart:
        yield ", ".join(apart)


def _estimate(finding: Finding) -> str:
    """Write estimate and interval; another level than 95 % is said."""
    values = (finding.estimate, finding.ci_low, finding.ci_high)
    said = alike(finding.effect_measure, *(one for one in values if one is not None))
    value = "not reported" if finding.estimate is None else said.pop(0)
    if finding.ci_low is None or finding.ci_high is None or finding.ci_level is None:
        return value
    level = "" if finding.ci_level == USUAL_LEVEL else f"{plain(finding.ci_level)} % CI "
    return f"{value} ({level}{' to '.join(said)})"


def _drawn(plot: Plot) -> DrawnPlot:
    groups = (
        DrawnGroup(group=group, rows=tuple(_drawn_row(plot, row) for row in group.rows))
        for group in plot.groups
    )
    return DrawnPlot(plot=plot, groups=tuple(groups), axis=SafeString(plot.axis))


def _drawn_row(plot: Plot, row: Row) -> DrawnRow:
    # Written from numbers and fixed words alone.
    return DrawnRow(row=row, strip=SafeString(plot.strip(row)), instead=plot.instead(row))


@require_safe
def svg(request: HttpRequest, code: str) -> HttpResponse:
    """Give a topic's forest plot as one drawing that says where it comes from."""
    number = number_in(code, letter="T")
    assessment = rows.assessments().filter(topic_id=number).first()
    if assessment is None:
        return withdrawn_or_missing(request, TOPIC.withdrawn(code), kind=TOPIC.word, code=code)
    topic = assessment.topic
    material = gather(topic, topic.rule_trace)
    shown = plots(rows_of(topic, material.findings))
    if not shown:
        return errors.not_found(request, f"No finding of {code} has an interval to be drawn.")
    text = drawn(
        Sheet(
            title=f"Forest plot: {topic_title(topic)}",
            plots=shown,
            sources=_sources(_on(shown, material.findings)),
            foot=_foot(code),
        )
    )
    response = HttpResponse(text, content_type="image/svg+xml")
    response["Content-Disposition"] = f'attachment; filename="il2tracker-{code}-forest.svg"'
    return response


def _on(shown: Iterable[Plot], findings: Iterable[Finding]) -> list[Finding]:
    """Keep the findings that have a row on one of the axes."""
    codes = {row.code for plot in shown for row in plot.rows}
    return [one for one in findings if one.code in codes]


def _sources(findings: list[Finding]) -> tuple[str, ...]:
    """Name the sources of what is drawn, and where each can be read."""
    named = [_source(one) for one in rows.sources(findings)]
    posted = sorted({one.trial.slug for one in findings if one.publication is None and one.trial})
    return (*named, *(f"Posted results of {slug}" for slug in posted))


def _source(publication: Publication) -> str:
    name = publication_name(publication)
    if publication.pmid:
        return f"{name} (PubMed {publication.pmid})"
    return f"{name} (doi:{publication.doi})" if publication.doi else name


def _foot(code: str) -> tuple[str, ...]:
    data = version.current()
    when = f", as of {day_words(data.as_of, full=True)}" if data.as_of else ""
    return (
        f"{absolute(TOPIC.page(code))} · data version {data.number}{when}",
        NOT_ADVICE,
    )
