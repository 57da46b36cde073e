"""A topic as of a year: what the rule would have said at its end, of what was known by then."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.http import HttpResponse, QueryDict
from django.utils import timezone

from evidence.assess.words import counted, listed, status_and_ground
from evidence.ledger import as_of
from evidence.ledger.as_of import Said
from evidence.ledger.readings import end_of
from evidence.listing.search import TRACKING
from evidence.listing.years import AS_OF
from evidence.models import Approval, Assessment, Finding, RulePeriod, Topic, Trial
from evidence.models.periods import FIRST_YEAR
from evidence.templatetags.things import topic_title
from evidence.vocab import NEVER_BEGUN
from evidence.web.addresses import TOPIC
from evidence.web.material import Material, gather
from evidence.web.render import dates_of, page
from evidence.web.why import why


class NoYearError(ValueError):
    """The address asks for a year in a way that cannot be answered; it says how, for a person."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Word:
    """A run of years at whose ends the rule says one status on one ground."""

    from_year: int
    to_year: int
    status: str
    ground: str


def year_asked(params: QueryDict) -> int | None:
    """Return the year that an address asks for, None where it asks for none.

    Other keys ask nothing here, but one that was meant to be this one is a NoYearError, and so is
    a year that there is not.
    """
    for key in params:
        # What is ignored would show today's word to somebody who asked for another year's.
        if _is_meant_for_it(key):
            raise NoYearError(f"There is no filter called “{key[:80]}” here. Did you mean {AS_OF}?")
    # An empty field asks nothing, and the same twice asks it once, as in the listings.
    given = list(dict.fromkeys(year for year in params.getlist(AS_OF) if year))
    if len(given) > 1:
        raise NoYearError(f"{AS_OF} can be given once only; it stands here {len(given)} times.")
    if not given:
        return None
    try:
        return as_of.year_in(given[0])
    except ValueError as error:
        raise NoYearError(f"{AS_OF}: {error}") from error


def _is_meant_for_it(key: str) -> bool:
    word = key.lower()
    if key == AS_OF or word.startswith(TRACKING):
        return False
    return bool(difflib.get_close_matches(word, [AS_OF], cutoff=0.6))


def years() -> tuple[int, int]:
    """Give the first and the last year that can be asked about."""
    return FIRST_YEAR, as_of.this_year()


def topic_page(topic: Topic, assessment: Assessment, *, year: int) -> HttpResponse:
    """Show a topic as of a year, plainly as the rule's word and not the curators'."""
    said = as_of.said(topic, year=year)
    trace = said.derivation.trace.to_json()
    material = gather(topic, trace)
    known = [one for one in material.findings if one.year is not None and one.year <= year]
    trials = _begun_or_reported(material, known, year=year)
    name, address = topic_title(topic), TOPIC.page(topic.code)
    before, after = neighbours(topic.rule_periods.order_by("from_year"), year=year)
    return page(
        "evidence/detail/topic_as_of.html",
        path=f"{address}?{AS_OF}={year}",
        title=f"{name}, as of {year}",
        description=f"What the rule would have said at the end of {year}, from dated evidence "
        f"alone: {status_and_ground(said.derivation.status, said.derivation.ground)}.",
        section=TOPIC.section,
        cited_as=f"topic {topic.code} as of {year}, by the rule: {name}",
        dates=dates_of(reviewed=[assessment.reviewed_at], trials=trials),
        topic=topic,
        assessment=assessment,
        address=address,
        year=year,
        years=years(),
        # The year that has not ended ends today.
        now=year == as_of.this_year(),
        before=before,
        after=after,
        why=why(
            topic,
            trace,
            rule=said.derivation.rule,
            status=said.derivation.status,
            ground=said.derivation.ground,
            pivots=said.pivots,
            material=material,
        ),
        findings=known,
        trials=trials,
        approvals=[one for one in material.approvals if _in_force(one, year=year)],
        yearless=[one for one in material.approvals if _may_have_been_in_force(one, year=year)],
        undated=_undated(said),
        # Nothing dated has changed the word since, so what has no date did.
        otherwise_today=after is None and _today_is_another(topic, said),
    )


def neighbours(periods: Iterable[RulePeriod], *, year: int) -> tuple[Word | None, Word | None]:
    """Give the words that the rule had said before a year's, and says after it."""
    words = _words(periods)
    place = next((i for i, word in enumerate(words) if word.to_year >= year), None)
    if place is None:
        return None, None
    before = words[place - 1] if place else None
    after = words[place + 1] if place + 1 < len(words) else None
    return before, after


def _words(periods: Iterable[RulePeriod]) -> list[Word]:
    """Join periods that say the same; a period ends where anything else of it changes too."""
    words: list[Word] = []
    for one in periods:
        word = Word(
            from_year=one.from_year,
            to_year=one.to_year,
            status=one.rule_status,
            ground=one.rule_ground,
        )
        if words and (words[-1].status, words[-1].ground) == (word.status, word.ground):
            words[-1] = replace(words[-1], to_year=word.to_year)
        else:
            words.append(word)
    return words


def _undated(said: Said) -> str:
    """Count what has no date and so stays out, whatever the year: "1 trial and 1 approval"."""
    counts = (
        (len(said.undated_findings), "finding", "findings"),
        (len(said.undated_trials), "trial", "trials"),
        (said.undated_approvals, "approval", "approvals"),
    )
    return listed(counted(*count) for count in counts if count[0])


def _today_is_another(topic: Topic, said: Said) -> bool:
    """Say whether the rule's word today, of undated evidence too, is not the one as of a year."""
    then = (said.derivation.status, said.derivation.ground)
    return bool(topic.rule) and (topic.rule_status, topic.rule_ground) != then


def _begun_or_reported(
    material: Material, findings: Iterable[Finding], *, year: int
) -> list[Trial]:
    """Give the trials that the listing counts as of a year: begun by its end, or with a finding."""
    reported = {finding.trial_id for finding in findings}
    end = end_of(year, today=timezone.now().date()).isoformat()
    return [
        trial
        for trial in material.trials
        if trial.pk in reported or (trial.pk in material.linked and _has_begun(trial, by=end))
    ]


def _has_begun(trial: Trial, *, by: str) -> bool:
    return bool(trial.start) and trial.start <= by and trial.recruitment_status not in NEVER_BEGUN


def _in_force(approval: Approval, *, year: int) -> bool:
    begun, ended = approval.from_year, approval.withdrawn_year
    return begun is not None and begun <= year and (ended is None or ended > year)


def _may_have_been_in_force(approval: Approval, *, year: int) -> bool:
    ended = approval.withdrawn_year
    return approval.from_year is None and (ended is None or ended > year)
