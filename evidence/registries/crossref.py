"""Crossref: works to payloads, and payloads to records."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping

from evidence.registries import as_printed, texts
from evidence.registries.ids import doi
from evidence.registries.json_values import why_not
from evidence.registries.parts import part, parts, several
from evidence.registries.records import (
    Fault,
    Payload,
    PublicationRecord,
    StandingNotice,
    Unreadable,
)
from evidence.vocab import PublicationKind, Source, Standing

TAG = re.compile(r"</?(?:[a-z]+:)?[a-z]{1,12}(?: [^<>]*)?/?>", re.IGNORECASE)
RETRACTED = re.compile(r"\W*RETRACTED\b", re.IGNORECASE)

# Counts, links and dates of indexing move daily, and affiliations and abstracts are not ours.
KEPT = (
    "DOI type title subtitle container-title short-container-title published-print issued volume "
    "page article-number update-to updated-by relation"
).split()
DATES = ("published-print", "issued")
KINDS: Mapping[str, str] = {"proceedings-article": PublicationKind.CONFERENCE_ABSTRACT}

STANDINGS: Mapping[str, str] = {
    "retraction": Standing.RETRACTED,
    "removal": Standing.RETRACTED,
    "withdrawal": Standing.RETRACTED,
    "expression_of_concern": Standing.CONCERN,
    "partial_retraction": Standing.CORRECTED,
    "correction": Standing.CORRECTED,
    "corrigendum": Standing.CORRECTED,
    "erratum": Standing.CORRECTED,
}
"""What a kind of update makes of the work; addenda and new versions change nothing."""

RELATIONS: Mapping[str, str] = {
    "is-retracted-by": Standing.RETRACTED,
    "has-retraction": Standing.RETRACTED,
    "has-expression-of-concern": Standing.CONCERN,
    "is-corrected-by": Standing.CORRECTED,
    "has-correction": Standing.CORRECTED,
    "has-erratum": Standing.CORRECTED,
}


def payloads(data: bytes) -> Iterator[Payload | Fault]:
    """Yield a payload for every work of a file or an answer, or a fault in its place."""
    try:
        document = json.loads(as_printed.decoded(data))
    except Unreadable as error:
        yield Fault(about="", sentence=str(error))
        return
    except (ValueError, RecursionError) as error:
        yield Fault(about="", sentence=why_not(error))
        return
    for number, work in enumerate(_works(document), start=1):
        try:
            yield payload(work)
        except Unreadable as error:
            named = part({"work": work}, "work").get("DOI")
            about = texts.line(named) or f"work {number}"
            yield Fault(about=about, sentence=str(error))


def _works(document: object) -> Iterator[object]:
    """Yield the works of an answer about one, a page of many, a list, or one that stands alone."""
    if isinstance(document, list):
        yield from document
        return
    message = document.get("message", document) if isinstance(document, Mapping) else document
    if isinstance(message, Mapping) and isinstance(items := message.get("items"), list):
        yield from items
    else:
        yield message


def payload(work: object) -> Payload:
    """Return what is kept of a work, with or without its wrapper; Unreadable where it is none."""
    if not isinstance(work, Mapping):
        raise Unreadable("It is not a work of Crossref.")
    message = work.get("message")
    held = message if isinstance(message, Mapping) else work
    data: dict[str, object] = {name: held[name] for name in KEPT if held.get(name)}
    for name in DATES:
        if dates := several(part(held, name), "date-parts"):
            data[name] = {"date-parts": dates}
    if authors := _authors(held):
        data["authors"] = authors
    record = read(data)
    return Payload(source=Source.CROSSREF, value=record.value, data=data)


def _authors(work: Mapping[str, object]) -> list[str]:
    """Return the authors without affiliations, numbers and addresses."""
    found = []
    for person in parts(work, "author"):
        name = as_printed.printed(person.get("name")) or as_printed.author(
            person.get("family"), person.get("given"), person.get("suffix")
        )
        if name or (name := as_printed.printed(person.get("given"))):
            found.append(name)
    return found


def read(data: Mapping[str, object]) -> PublicationRecord:
    """Return the publication that a payload holds; Unreadable where it holds none."""
    number = doi(data.get("DOI"))
    if number is None:
        raise Unreadable("It has no DOI.")
    title = as_printed.title(_plain(_first(data, "title")))
    if title is None:
        raise Unreadable("It has no title.")
    subtitle = as_printed.title(_plain(_first(data, "subtitle")))
    if subtitle and subtitle.lower() not in title.lower():
        title = f"{title}: {subtitle}"
    retracting = {Standing.RETRACTED}
    return PublicationRecord(
        source=Source.CROSSREF,
        title=title,
        doi=number,
        kind=KINDS.get(str(data.get("type")), PublicationKind.OTHER),
        authors=tuple(name for item in several(data, "authors") if (name := texts.line(item))),
        container=_plain(_first(data, "short-container-title", "container-title")),
        year=_year(data),
        volume=texts.line(data.get("volume")),
        first_page=as_printed.first_page(data.get("page") or data.get("article-number")),
        notices=_notices(data, title),
        retracts=any(_standing(item) in retracting for item in parts(data, "update-to")),
    )


def _first(data: Mapping[str, object], *names: str) -> str | None:
    """Return the first text under some names: Crossref has lists, its citations have texts."""
    for name in names:
        value = data.get(name)
        for item in value if isinstance(value, list | tuple) else [value]:
            if found := texts.line(item):
                return found
    return None


def _plain(text: str | None) -> str | None:
    """Return a text without the tags and entities that publishers leave in titles."""
    return as_printed.printed(html.unescape(TAG.sub("", text))) if text else None


def _year(data: Mapping[str, object]) -> int | None:
    for name in DATES:
        if day := _day(part(data, name)):
            return int(day[:4])
    return None


def _day(date: Mapping[str, object]) -> str | None:
    """Return `{"date-parts": [[2014, 5, 1]]}` as 2014-05-01, as precise as it is."""
    groups = several(date, "date-parts")
    first = groups[0] if groups else None
    numbers = first[:3] if isinstance(first, list | tuple) else ()
    return as_printed.day(*(texts.number(number) for number in numbers))


def _standing(update: Mapping[str, object]) -> str | None:
    return STANDINGS.get(re.sub(r"[ -]", "_", str(update.get("type")).lower()))


def _notices(data: Mapping[str, object], title: str) -> tuple[StandingNotice, ...]:
    found = [
        StandingNotice(
            standing=standing, date=_day(part(update, "updated")), doi=doi(update.get("DOI"))
        )
        for update in parts(data, "updated-by")
        if (standing := _standing(update))
    ]
    relations = part(data, "relation")
    for name, standing in RELATIONS.items():
        found += [
            StandingNotice(standing=standing, doi=doi(item.get("id")))
            for item in parts(relations, name)
        ]
    if RETRACTED.match(title) and not any(one.standing == Standing.RETRACTED for one in found):
        found.append(StandingNotice(standing=Standing.RETRACTED))
    # A publisher tells of the same notice in both places.
    return tuple({(one.standing, one.doi): one for one in reversed(found)}.values())[::-1]
