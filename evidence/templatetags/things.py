"""Trials, publications and results in words: plain functions that query nothing."""

from __future__ import annotations

from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString

from evidence.templatetags.words import NOT_REPORTED, label_of, number, unbroken
from evidence.vocab import EnrolmentType, Registry, Role

REGISTRY_PAGES = {
    Registry.NCT.value: "https://clinicaltrials.gov/study/{}",
    Registry.ISRCTN.value: "https://www.isrctn.com/{}",
    Registry.EUCTR.value: "https://www.clinicaltrialsregister.eu/ctr-search/search?query={}",
    Registry.CTIS.value: "https://euclinicaltrials.eu/search-for-clinical-trials/?lang=en&EUCT={}",
}
QUESTIONS = {
    Role.TREATMENT.value: "{} for {}",
    Role.PREVENTION.value: "{} to prevent {}",
    Role.VACCINE_ADJUVANT.value: "{} as a vaccine adjuvant: {}",
    Role.PROPOSED_TREATMENT.value: "{} as a proposed treatment: {}",
    Role.BIOMARKER.value: "{} as a biomarker: {}",
    Role.PATHOGENESIS.value: "{} in the pathogenesis: {}",
    Role.HOST_DEFENCE.value: "{} in host defence: {}",
}
ABBREVIATED_MEASURES = {
    "hazard-ratio": "HR",
    "risk-ratio": "RR",
    "odds-ratio": "OR",
    "risk-difference": "risk difference",
}
DAYS_OF_A_YEAR = 365.25
DAYS_OF_A_MONTH = 30.4375
LONGEST_NAME = 90


def external(url: str, words: str) -> SafeString:
    """Link to another site; only https is ever a link."""
    if not url.startswith("https://"):
        return escape(words)
    return SafeString(f'<a class="nw" href="{escape(url)}" rel="external">{escape(words)}</a>')


def topic_title(topic: Any) -> str:
    """Put a topic as a phrase: "Aldesleukin for HIV infection, in adults"."""
    question = QUESTIONS[topic.role].format(topic.intervention, topic.condition)
    people = label_of(topic.population, vocabulary="Population", short=True)
    return f"{question}, {'at' if people.endswith(('age', 'ages')) else 'in'} {people}"


def topic_second(topic: Any) -> str:
    """Give what stands beside the condition: intervention, role where not treatment, people."""
    parts = [str(topic.intervention)]
    if topic.role != Role.TREATMENT:
        parts.append(label_of(topic.role, vocabulary="Role"))
    parts.append(label_of(topic.population, vocabulary="Population", short=True))
    return " · ".join(parts)


def study_name(edition: Any) -> str:
    """Name the study of a finding or harm report: its acronym, its authors, else its title."""
    trial, publication = edition.trial, edition.publication
    if trial is not None and (trial.acronym or publication is None):
        return str(trial.acronym or trial.slug)
    return publication_name(publication)


def publication_name(publication: Any) -> str:
    """Name a publication in a few words: first author and year, else its title."""
    authors = publication.author_list
    if authors:
        first = authors[0].split(",")[0].strip()
        more = " and others" if len(authors) > 1 else ""
        year = f", {publication.year}" if publication.year else ""
        return f"{first}{more}{year}"
    title = str(publication.title)
    return title if len(title) <= LONGEST_NAME else f"{title[: LONGEST_NAME - 1].rstrip()}…"


def source_links(publication: Any) -> SafeString:
    """Link to where a publication can be read: PubMed, DOI, PMC, else its address."""
    links = []
    if publication.pmid:
        page = f"https://pubmed.ncbi.nlm.nih.gov/{publication.pmid}/"
        links.append(external(page, f"PubMed {publication.pmid}"))
    if publication.doi:
        links.append(external(f"https://doi.org/{publication.doi}", f"doi:{publication.doi}"))
    if publication.pmcid:
        page = f"https://pmc.ncbi.nlm.nih.gov/articles/{publication.pmcid}/"
        links.append(external(page, publication.pmcid))
    if not links and publication.url:
        links.append(external(publication.url, "its address"))
    return SafeString(", ".join(links))


def registry_link(identifier: Any) -> SafeString:
    """Link a trial's number to its registry, where the registry has an address for it."""
    page = REGISTRY_PAGES.get(identifier.registry)
    return external(page.format(identifier.value), identifier.value) if page else escape(identifier)


def plain(value: float) -> str:
    """Write a figure without a needless fraction: 159, 0.94, 4,111."""
    return number(int(value)) if float(value).is_integer() else f"{value:,.10g}"


def figures(finding: Any) -> SafeString:
    """Put a finding's figures in one line: "HR 0.94 (95 % CI 0.75 to 1.16), p = 0.55"."""
    parts = []
    estimate = _estimate(finding)
    if estimate:
        parts.append(estimate)
    if finding.value_il2 or finding.value_comparator:
        groups = [text for text in (finding.value_il2, finding.value_comparator) if text]
        parts.append(" v ".join(groups))
    if finding.p_value:
        printed = finding.p_value
        sign = "" if printed[0] in "<>=≤≥pP" else "= "
        parts.append(f"p {sign}{printed}" if printed[0] not in "pP" else printed)
    return unbroken(", ".join(parts)) if parts else NOT_REPORTED


def _estimate(finding: Any) -> str:
    """Write the estimate with its measure and interval; an interval may stand alone."""
    measure = label_of(finding.effect_measure, vocabulary="EffectMeasure")
    words = [ABBREVIATED_MEASURES.get(finding.effect_measure, measure)]
    if finding.estimate is not None:
        words.append(plain(finding.estimate))
    if finding.ci_low is not None:
        ends = f"{plain(finding.ci_low)} to {plain(finding.ci_high)}"
        words.append(f"({plain(finding.ci_level)} % CI {ends})")
    return " ".join(words) if len(words) > 1 else ""


def people(finding: Any) -> SafeString:
    """Give how many people a finding rests on: "31 and 29", or all together."""
    groups = [n for n in (finding.n_il2, finding.n_comparator) if n is not None]
    if groups:
        return SafeString(" and ".join(number(n) for n in groups))
    return SafeString(number(finding.n_total)) if finding.n_total is not None else NOT_REPORTED


def affected(count: int | None, at_risk: int | None, percent: float | None) -> SafeString:
    """Write people affected of people at risk; a printed percent is never worked back."""
    share = "" if percent is None else f"{plain(percent)} %"
    if count is not None and at_risk:
        share = share or f"{count / at_risk * 100:.1f} %"
        people_of = f"{number(count)} of {number(at_risk)}"
        return SafeString(f'{people_of} <span class="nw">({share})</span>')
    if count is not None:
        return SafeString(f"{number(count)} people" + (f" ({share})" if share else ""))
    if share:
        return SafeString(share + (f" of {number(at_risk)}" if at_risk else ""))
    return NOT_REPORTED


def enrolment(trial: Any) -> SafeString:
    """Write how many people a trial has, and whether they are counted or planned."""
    if trial.enrolment is None:
        return NOT_REPORTED
    planned = " planned" if trial.enrolment_type == EnrolmentType.ESTIMATED else ""
    return SafeString(number(trial.enrolment) + planned)


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
