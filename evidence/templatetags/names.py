"""What studies and their sources are called in a few words: plain functions that query nothing."""

from __future__ import annotations

import re
from textwrap import shorten
from typing import Any

from evidence.templatetags.words import running

LONGEST_NAME = 72
LONGEST_HEAD = 40

# "johnson-2003-uganda" is Johnson 2003, "anrs-079" is ANRS 079.
AUTHOR_AND_YEAR = re.compile(r"([a-z-]+?)-((?:19|20)\d\d)(?![0-9])")
GROUP_AND_NUMBER = re.compile(r"[a-z]+-[a-z]?[0-9]+")
COLLECTIVE = re.compile(
    r"\b(?:group|team|committee|consortium|investigators|network|trialists)\b", re.IGNORECASE
)
INITIALS = re.compile(r"[^\W\d_]{1,3}|(?:[^\W\d_]\.-?){1,3}")
GENERATIONS = frozenset({"Jr", "Jr.", "Sr", "Sr.", "II", "III", "IV"})
PARTICLES = frozenset(
    {"van", "von", "der", "den", "de", "da", "di", "del", "la", "le", "ten", "ter"}
)


def in_few_words(title: str) -> str:
    """Cut a title between two words where it is too long for a name."""
    return shorten(title, LONGEST_NAME, placeholder="…")


def family_name(author: str) -> str:
    """Give the family name of an author, however the source orders names; a group stays whole."""
    before, comma, _ = author.partition(",")
    if comma:
        return before.strip()
    parts = author.split()
    if len(parts) < 2 or COLLECTIVE.search(author):
        return author.strip()
    if parts[-1] in GENERATIONS:
        parts.pop()
    if len(parts) > 1 and _are_initials(parts[-1]):
        return " ".join(parts[:-1])
    start = len(parts) - 1
    while start > 1 and parts[start - 1].lower() in PARTICLES:
        start -= 1
    return " ".join(parts[start:])


def _are_initials(word: str) -> bool:
    return word.isupper() and INITIALS.fullmatch(word) is not None


def publication_name(publication: Any) -> str:
    """Name a publication as text does: "Kovacs and others, 1996"; without authors its title."""
    authors = publication.author_list
    if not authors:
        return in_few_words(str(publication.title))
    more = " and others" if len(authors) > 1 else ""
    year = f", {publication.year}" if publication.year else ""
    return f"{family_name(authors[0])}{more}{year}"


def publication_label(publication: Any) -> str:
    """Name a publication as lists of studies do: "Kovacs 1996"; without authors its title."""
    authors = publication.author_list
    if not authors:
        return in_few_words(str(publication.title))
    first = family_name(authors[0])
    return f"{first} {publication.year}" if publication.year else first


def registered(slug: str) -> bool:
    """Say whether a trial's word in addresses is a registry's number; other words are ours."""
    return not slug[:1].islower()


def slug_name(slug: str, *, title: str = "") -> str:
    """Name a trial by its word in addresses, where that is no number of a registry in few words."""
    if registered(slug):
        return slug
    by_author = AUTHOR_AND_YEAR.match(slug)
    if by_author is not None:
        return f"{by_author[1].replace('-', ' ').title()} {by_author[2]}"
    if GROUP_AND_NUMBER.fullmatch(slug):
        return slug.replace("-", " ").upper()
    head, colon, _ = title.partition(":")
    if colon and len(head) <= LONGEST_HEAD:
        return head
    return in_few_words(title) if title else slug.replace("-", " ")


def trial_name(trial: Any) -> str:
    """Name a trial: its acronym, else its registry number, else a few words."""
    return str(trial.acronym) or slug_name(str(trial.slug), title=str(trial.title))


def study_name(edition: Any) -> str:
    """Name the study of a finding or harm report: acronym, author and year, number, else title."""
    trial, publication = edition.trial, edition.publication
    if trial is not None and trial.acronym:
        return str(trial.acronym)
    if publication is not None and publication.author_list:
        return publication_label(publication)
    return trial_name(trial) if trial is not None else publication_label(publication)


def trial_title(trial: Any) -> str:
    """Put a trial's acronym or registry number before its title, where it has one."""
    name = trial.acronym or (trial.slug if registered(str(trial.slug)) else "")
    return f"{name}: {trial.title}" if name else str(trial.title)


def finding_title(finding: Any) -> str:
    """Name a finding by what was measured, and where."""
    return f"{finding.outcome}: {study_name(finding)}"


def harm_title(harm: Any) -> str:
    """Name a harm report by the effect, what was given, and where."""
    return f"{harm.adverse_effect} with {running(str(harm.intervention))}: {study_name(harm)}"
