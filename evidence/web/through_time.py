"""The course of one topic: what the rule would have said year by year, and what we said when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.safestring import SafeString

from evidence import vocab
from evidence.charts.course import in_words
from evidence.charts.sheet import first_year
from evidence.charts.steps import Edition, Period, Steps, steps
from evidence.ledger.as_of import this_year
from evidence.models import Approval, Assessment, Finding, RulePeriod, Topic, Trial
from evidence.models.periods import FIRST_YEAR
from evidence.templatetags.things import topic_title
from evidence.web import evidence_rows as rows
from evidence.web.addresses import TOPIC

LOOK_BACK = (1995, 2005, 2015)
"""Years as of which the page offers to be read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AsOf:
    """A year, and the path of the topic's page as of that year."""

    year: int
    path: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Years:
    """A run of years with one line of the rule; `word` is what it rests on at their end.

    `first` is None where the run reaches back to before all evidence, `last` where it goes on.
    """

    first: AsOf | None
    last: AsOf | None
    word: RulePeriod


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """An edition of an assessment, until when it stood, and its path where it has a page."""

    edition: Assessment
    path: str
    until: dt.datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawn:
    """The chart for wide and for narrow pages, and its course in words."""

    wide: SafeString
    narrow: SafeString
    in_words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Undated:
    """What the rule reads today and cannot place in time."""

    findings: tuple[Finding, ...] = ()
    trials: tuple[Trial, ...] = ()
    approvals: tuple[Approval, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.findings or self.trials or self.approvals)


@dataclass(frozen=True, kw_only=True, slots=True)
class ThroughTime:
    """What the section "Status through time" shows.

    Of a topic whose role the rule does not read, the editions alone. `today` is the topic where
    the rule's word on it is another one today, with what has no date.
    """

    editions: tuple[Said, ...]
    several_records: bool
    drawn: Drawn | None = None
    years: tuple[Years, ...] = ()
    undated: Undated = Undated()
    today: Topic | None = None
    as_of: tuple[AsOf, ...] = ()


def through_time(
    topic: Topic,
    findings: Iterable[Finding],
    *,
    trials: Iterable[Trial],
    approvals: Iterable[Approval],
) -> ThroughTime | None:
    """Give the course of a topic; None where the rule was never worked out for it.

    `findings`, `trials` and `approvals` are those of its page. Two queries, however much there is.
    """
    until = this_year()
    periods = list(topic.rule_periods.filter(from_year__lte=until).order_by("from_year"))
    if not periods:
        return None
    editions = _editions(topic)
    several_records = len({one.edition.record_id for one in editions}) > 1
    if topic.role not in vocab.TREATING_ROLES:
        return ThroughTime(editions=editions, several_records=several_records)
    readable = [one for one in findings if not _is_retracted(one)]
    chart = _chart(topic, periods, readable, editions, until=until)
    return ThroughTime(
        editions=editions,
        several_records=several_records,
        drawn=Drawn(
            wide=SafeString(steps(chart)),
            narrow=SafeString(steps(chart, narrow=True)),
            in_words=in_words(chart),
        ),
        years=tuple(_years(topic, periods, until=until)),
        undated=_undated(topic, readable, trials, approvals),
        today=topic if topic.rule != periods[-1].rule else None,
        as_of=tuple(
            _as_of(topic, year) for year in LOOK_BACK if first_year(chart) <= year <= until
        ),
    )


def _is_retracted(finding: Finding) -> bool:
    source = finding.publication
    return source is not None and source.standing == vocab.Standing.RETRACTED


def _chart(
    topic: Topic,
    periods: Iterable[RulePeriod],
    findings: Iterable[Finding],
    editions: Iterable[Said],
    *,
    until: int,
) -> Steps:
    return Steps(
        name="through-time",
        title=f"Status through time: {topic_title(topic)}",
        until=until,
        periods=tuple(
            Period(
                from_year=one.from_year,
                to_year=one.to_year,
                status=one.rule_status,
                ground=one.rule_ground,
            )
            for one in periods
        ),
        findings=tuple(one.year for one in findings if one.year is not None),
        editions=tuple(_drawn(one.edition) for one in editions),
    )


def _drawn(said: Assessment) -> Edition:
    return Edition(
        on=said.published_at.date(), number=said.number, status=said.status, ground=said.ground
    )


def _years(topic: Topic, periods: Sequence[RulePeriod], *, until: int) -> Iterator[Years]:
    """Join the periods of one line of the rule, in which only counts differ."""
    for _, same in groupby(periods, key=lambda one: one.rule):
        run = list(same)
        first, last = run[0].from_year, run[-1].to_year
        yield Years(
            first=_as_of(topic, first) if first > FIRST_YEAR else None,
            last=_as_of(topic, last) if last < until else None,
            word=run[-1],
        )


def _as_of(topic: Topic, year: int) -> AsOf:
    return AsOf(year=year, path=f"{TOPIC.page(topic.code)}?as_of={year}")


def _editions(topic: Topic) -> tuple[Said, ...]:
    """Give what we said, in the order in which it was published; one query."""
    shown = Assessment.objects.shown().filter(topic=topic)
    # Two may be published in one moment.
    in_time = list(shown.order_by("published_at", "record_id", "number"))
    current = [one.record_id for one in in_time if one.state == vocab.State.PUBLISHED]
    ended = rows.replaced(in_time)
    return tuple(
        Said(
            edition=one,
            path=TOPIC.edition(topic.code, one.number)
            if one.record_id in current and one.state != vocab.State.WITHDRAWN
            else "",
            until=one.withdrawn_at or ended.get(one.pk),
        )
        for one in in_time
    )


def _undated(
    topic: Topic,
    findings: Sequence[Finding],
    trials: Iterable[Trial],
    approvals: Iterable[Approval],
) -> Undated:
    """Give what no as-of reads for want of a date; a trial that is read in findings is read."""
    reported = {one.trial_id for one in findings if one.year is not None}
    return Undated(
        findings=tuple(one for one in findings if one.year is None),
        trials=tuple(
            one
            for one in trials
            if not one.start
            and one.recruitment_status not in vocab.NEVER_BEGUN
            and one.pk not in reported
        ),
        approvals=tuple(
            one
            for one in approvals
            if one.from_year is None
            and one.substance_is_il2
            and vocab.covers(one.population, topic.population)
        ),
    )
