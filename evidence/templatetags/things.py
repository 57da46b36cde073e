"""Trials, publications and results in words: plain functions that query nothing."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from django.utils.html import escape
from django.utils.safestring import SafeString

from evidence.templatetags.words import NOT_REPORTED, day, label_of, number, running, unbroken
from evidence.vocab import EnrolmentType, Population, Registry, Role

REGISTRY_PAGES = {
    Registry.NCT.value: "https://clinicaltrials.gov/study/{}",
    Registry.ISRCTN.value: "https://www.isrctn.com/{}",
    Registry.EUCTR.value: "https://www.clinicaltrialsregister.eu/ctr-search/search?query={}",
    Registry.CTIS.value: "https://euclinicaltrials.eu/search-for-clinical-trials/?lang=en&EUCT={}",
}
QUESTIONS = {
    Role.TREATMENT.value: "{} for {}",
    Role.PREVENTION.value: "{} to prevent {}",
    Role.VACCINE_ADJUVANT.value: "{} as a vaccine adjuvant in {}",
    Role.PROPOSED_TREATMENT.value: "{} as a proposed treatment of {}",
    Role.BIOMARKER.value: "{} as a biomarker in {}",
    Role.PATHOGENESIS.value: "{} in the pathogenesis of {}",
    Role.HOST_DEFENCE.value: "{} in host defence against {}",
}
IN_PEOPLE = {
    Population.ANY.value: "at any age",
    Population.MIXED_AGES.value: "in people of mixed ages",
}
ABBREVIATED_MEASURES = {
    "hazard-ratio": "HR",
    "risk-ratio": "RR",
    "odds-ratio": "OR",
    "risk-difference": "risk difference",
}
RATIOS = frozenset({"hazard-ratio", "risk-ratio", "odds-ratio", "rate-ratio"})
DAYS_OF_A_YEAR = 365.25
DAYS_OF_A_MONTH = 30.4375
# "p" with the sign that it was printed with, if any: "<0.001", "= .55", "p < 0.05".
PRINTED_P = re.compile(r"(?:p\s*)?([<>=\u2264\u2265]*)\s*(.*)", re.IGNORECASE | re.DOTALL)


def external(url: str, words: str, *, look: str = "nw") -> SafeString:
    """Link to another site; only https is ever a link."""
    if not url.startswith("https://"):
        return escape(words)
    return SafeString(f'<a class="{look}" href="{escape(url)}" rel="external">{escape(words)}</a>')


def topic_title(topic: Any) -> str:
    """Put a topic as a phrase: "Aldesleukin for HIV infection, in adults"."""
    condition = running(str(topic.condition))
    question = QUESTIONS[topic.role].format(
        _without_tail(str(topic.intervention), condition), condition
    )
    people = label_of(topic.population, vocabulary="Population", short=True)
    if condition.endswith(f"in {people}"):
        return question
    return f"{question}, {IN_PEOPLE.get(topic.population, f'in {people}')}"


def _without_tail(intervention: str, condition: str) -> str:
    """Leave out a closing "in HIV" where the condition says it again."""
    name, within, tail = intervention.rpartition(" in ")
    return name if within and tail.lower() in condition.lower() else intervention


def source_links(publication: Any) -> SafeString:
    """Link to where a publication can be read: PubMed, DOI, PMC, else its address."""
    return SafeString(", ".join(_links(publication)))


def source_link(publication: Any) -> SafeString:
    """Link to the first place where a publication can be read, or to none."""
    return (_links(publication) or [SafeString("")])[0]


def _links(publication: Any) -> list[SafeString]:
    links = []
    if publication.pmid:
        page = f"https://pubmed.ncbi.nlm.nih.gov/{publication.pmid}/"
        links.append(external(page, f"PubMed {publication.pmid}"))
    if publication.doi:
        page, words = f"https://doi.org/{publication.doi}", f"doi:{publication.doi}"
        links.append(external(page, words, look="long"))
    if publication.pmcid:
        page = f"https://pmc.ncbi.nlm.nih.gov/articles/{publication.pmcid}/"
        links.append(external(page, publication.pmcid))
    if not links and publication.url:
        site = urlsplit(publication.url).netloc.removeprefix("www.")
        links.append(external(publication.url, site, look="long"))
    return links


def registry_link(identifier: Any) -> SafeString:
    """Link a trial's number to its registry, where the registry has an address for it."""
    page = REGISTRY_PAGES.get(identifier.registry)
    return external(page.format(identifier.value), identifier.value) if page else escape(identifier)


def plain(value: float) -> str:
    """Write a figure without a needless fraction: 159, 0.94, 4,111."""
    return number(int(value)) if float(value).is_integer() else f"{value:,.10g}"


def alike(measure: str, *values: float) -> list[str]:
    """Write the figures of one result: a ratio's all with two decimals where one has as many."""
    said = [plain(value) for value in values]
    has_two = [len(one.partition(".")[2]) >= 2 for one in said]
    if measure not in RATIOS or not any(has_two):
        return said
    pairs = zip(said, values, has_two, strict=True)
    return [one if is_long else f"{value:,.2f}" for one, value, is_long in pairs]


def figures(finding: Any) -> SafeString:
    """Put a finding's figures in one line: "HR 0.94 (95 % CI 0.75 to 1.16), p = 0.55"."""
    parts = [estimate(finding)]
    groups = [text for text in (finding.value_il2, finding.value_comparator) if text]
    parts.append(unbroken(" v ".join(groups)) if groups else SafeString(""))
    parts.append(p_value(finding))
    return SafeString(", ".join(part for part in parts if part)) or NOT_REPORTED


def p_value(finding: Any) -> SafeString:
    """Write p as printed: "p = .55", "p < 0.001 for both"; nothing where none was."""
    found = PRINTED_P.fullmatch(finding.p_value.strip())
    if found is None or not found[2]:
        return SafeString("")
    if not found[2][0].isdigit() and found[2][0] != ".":
        return SafeString(f"p {escape(found[2])}")
    figure, _, rest = found[2].partition(" ")
    whole = f'<span class="nw">p {escape(found[1] or "=")} {escape(figure)}</span>'
    return SafeString(f"{whole} {escape(rest)}".rstrip())


def estimate(finding: Any) -> SafeString:
    """Write the estimate with its measure and interval; nothing where there is neither."""
    measure = label_of(finding.effect_measure, vocabulary="EffectMeasure")
    words = [ABBREVIATED_MEASURES.get(finding.effect_measure, measure)]
    values = (finding.estimate, finding.ci_low, finding.ci_high)
    said = alike(finding.effect_measure, *(one for one in values if one is not None))
    if finding.estimate is not None:
        words.append(said.pop(0))
    if finding.ci_low is not None:
        words.append(f"({plain(finding.ci_level)} % CI {' to '.join(said)})")
    return unbroken(" ".join(words)) if len(words) > 1 else SafeString("")


def people(finding: Any) -> SafeString:
    """Give how many people a finding rests on: "31 v 29", those with IL-2 first, or all."""
    groups = [n for n in (finding.n_il2, finding.n_comparator) if n is not None]
    if groups:
        return SafeString(" v ".join(number(n) for n in groups))
    return SafeString(number(finding.n_total)) if finding.n_total is not None else NOT_REPORTED


def affected(count: int | None, at_risk: int | None, percent: float | None) -> SafeString:
    """Write people affected of people at risk; a printed percent is never worked back."""
    share = "" if percent is None else f"{plain(percent)} %"
    if count is not None and at_risk:
        worked_out = _share(count, at_risk)
        people_of = f"{number(count)} of {number(at_risk)}"
        return SafeString(f'{people_of} <span class="nw">({share or worked_out})</span>')
    if count is not None:
        who = "person" if count == 1 else "people"
        return SafeString(f"{number(count)} {who}" + (f" ({share})" if share else ""))
    if share:
        of = f" of {number(at_risk)}" if at_risk else ""
        return SafeString(f'<span class="nw">{share}</span>{of}')
    return NOT_REPORTED


def _share(count: int, at_risk: int) -> str:
    """Work a percent out: with two decimals below 1, so that one in two thousand is not 0."""
    if not count:
        return "0 %"
    percent = count / at_risk * 100
    if percent < 0.01:
        return "under 0.01 %"
    return f"{percent:.1f} %" if percent >= 1 else f"{percent:.2f} %"


def printed_term(harm: Any) -> SafeString:
    """Give the source's own word for an effect, where it is another than ours."""
    printed = str(harm.term_as_printed)
    same = printed.casefold() == str(harm.adverse_effect.name).casefold()
    return SafeString("") if same else unbroken(f"“{printed}”")


def grades(harm: Any) -> SafeString:
    """Write the grades as printed, with the word where the source gives numbers alone."""
    printed = harm.grades_as_printed
    if printed == "any":
        return SafeString("any grade")
    return escape(f"grade {printed}" if printed[:1].isdigit() else printed)


def enrolment(trial: Any) -> SafeString:
    """Write how many people a trial has, and whether they are counted or planned."""
    if trial.enrolment is None:
        return NOT_REPORTED
    return enrolled(trial.enrolment, str(trial.enrolment_type))


def enrolled(people: object, kind: str) -> SafeString:
    """Write a number of people with "planned" after it where that is the kind of it."""
    planned = " planned" if kind == EnrolmentType.ESTIMATED else ""
    return SafeString(escape(number(people)) + planned)


def run_time(trial: Any) -> SafeString:
    """Write from when to when a trial ran, as far as it is known."""
    start, end = trial.start, trial.completion or trial.primary_completion
    if start and end:
        return SafeString(f"{day(start)} to {day(end)}")
    if start:
        return SafeString(f"from {day(start)}")
    return SafeString(f"until {day(end)}") if end else NOT_REPORTED


def age(days: int | None) -> str:
    """Write an age in the unit in which people say it."""
    if days is None:
        return "no limit"
    if days < DAYS_OF_A_MONTH:
        return f"{days} {'day' if days == 1 else 'days'}"
    months = round(days / DAYS_OF_A_MONTH)
    if months < 24:
        return f"{months} {'month' if months == 1 else 'months'}"
    return f"{int(days / DAYS_OF_A_YEAR + 0.02)} years"


def ages(trial: Any) -> SafeString:
    """Write the ages that a trial takes."""
    low, high = trial.min_age_days, trial.max_age_days
    if low is None and high is None:
        return NOT_REPORTED
    if high is None:
        return SafeString(f"{age(low)} and over")
    return SafeString(f"{age(low)} to {age(high)}" if low is not None else f"up to {age(high)}")


def dose(arm: Any) -> SafeString:
    """Write an arm's dose as printed, else from its figures and unit; U is never made IU."""
    if arm.dose_text:
        return unbroken(arm.dose_text)
    if arm.dose_low is None:
        return NOT_REPORTED
    high = f" to {plain(arm.dose_high)}" if arm.dose_high is not None else ""
    return SafeString(escape(f"{plain(arm.dose_low)}{high} {arm.dose_unit}"))
