"""ClinicalTrials.gov's API, version 2: what it holds, search by pages, and single studies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from evidence.registries import ids
from evidence.registries.course import Course, number_of, numbers_of
from evidence.registries.course import Page as Page
from evidence.registries.http import (
    Answer,
    Malformed,
    Moved,
    NotFound,
    Polite,
    Refused,
    TooBig,
    Unreachable,
)

# A record has 17,000 characters on average, one with results a hundred thousand and more: more of
# them in a page would not fit into what is read of one answer.
WHOLE_RECORDS = 100
NUMBERS_ALONE = 1_000
MOST_IDS = 100
MOST_CHARACTERS = 2_000
BAD_REQUEST = 400


class Expired(Refused):
    """The page that a token stood for is not known any more: begin at the first page."""


class Another(Refused):
    """The answer is another study than the one that was asked for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """Which version of the API answers, and the day of its data (`2026-03-25`)."""

    api: str
    data_date: str | None


class ClinicalTrialsGov:
    """The API at `base`, such as https://clinicaltrials.gov/api/v2, asked by way of `wire`."""

    def __init__(self, wire: Polite, *, base: str) -> None:
        self.wire = wire
        self.base = base.rstrip("/")
        self.most = NUMBERS_ALONE  # studies a page
        self.most_whole = NUMBERS_ALONE  # whole ones; fewer once a page was too big to be read

    def version(self) -> Version:
        """Return the version of the API and of its data."""
        return self.wire.read(f"{self.base}/version", parse=_version)

    def search(
        self,
        *,
        intervention: str = "",
        condition: str = "",
        term: str = "",
        token: str | None = None,
        size: int | None = None,
        only_ids: bool = False,
    ) -> Page:
        """Return a page of what is found, the first or that of `token`, of at most `size` studies.

        Raise Expired where the registry does not know the token any more.
        """
        asked = {"query.intr": intervention, "query.cond": condition, "query.term": term}
        words = {name: text for name, text in asked.items() if text}
        if not words:
            raise Refused("A search asks for an intervention, a condition or a term.")
        refuse_words(*words.values())
        try:
            return self._page(words, token=token, size=size, only_ids=only_ids)
        except Refused as refusal:
            if token is None or refusal.status != BAD_REQUEST:
                raise
            raise Expired(refusal.sentence, status=BAD_REQUEST) from None

    def walk(
        self,
        *,
        intervention: str = "",
        condition: str = "",
        term: str = "",
        token: str | None = None,
        size: int | None = None,
        only_ids: bool = False,
    ) -> Iterator[Page]:
        """Yield page after page of what is found, from the first or from that of `token`.

        Each study comes once. Where the registry sends us in circles, or ends long before what it
        counted, raise Unreachable; where a token has expired, begin again at the first page.
        """
        words = {"intervention": intervention, "condition": condition, "term": term}
        course = Course(whole=token is None)
        while True:
            try:
                page = self.search(**words, token=token, size=size, only_ids=only_ids)
            except Expired:
                course.begin_again()
                token = None
                continue
            yield course.new(page, asked_with=token)
            token = page.next_token
            if token is None:
                course.end()
                return

    def by_ids(self, numbers: Sequence[str], *, only_ids: bool = False) -> Page:
        """Return the studies of at most 100 NCT numbers that the registry has, in one page.

        One whose whole record cannot be read is left out: `study` says what is wrong with it.
        """
        if len(numbers) > MOST_IDS:
            raise ValueError(f"At most {MOST_IDS} numbers are asked for at once.")
        if not numbers:
            return Page(studies=(), total=0)
        asked = [_number(text) for text in numbers]
        studies = self._several(asked, only_ids=True) if only_ids else self._by_halves(asked)
        return Page(studies=tuple(studies), total=len(studies))

    def study(self, nct: str) -> dict[str, Any]:
        """Return one study, also by a number that it had before; raise NotFound or Another."""
        asked = number = _number(nct)
        try:
            study = self.wire.read(f"{self.base}/studies/{number}", parse=_study)
        except Moved as moved:
            number = self._alias(moved.target) or ""
            if not number:
                raise
            study = self.wire.read(f"{self.base}/studies/{number}", parse=_study)
        if (there := number_of(study)) and not {asked, number} & numbers_of(study):
            raise Another(
                f"ClinicalTrials.gov answers with {there} instead, which does not say that it is "
                "the same study."
            )
        return study

    def _by_halves(self, numbers: list[str]) -> list[dict[str, Any]]:
        """Return whole studies; those that come together are too big, or spoilt, come by halves."""
        try:
            return self._several(numbers, only_ids=False)
        except (TooBig, Unreachable) as fault:
            if isinstance(fault, Unreachable):
                self._several(numbers, only_ids=True)  # raises where it is not one of them
        if len(numbers) == 1:
            return []
        half = len(numbers) // 2
        return [*self._by_halves(numbers[:half]), *self._by_halves(numbers[half:])]

    def _several(self, numbers: list[str], *, only_ids: bool) -> list[dict[str, Any]]:
        course = Course(whole=True)
        studies: list[dict[str, Any]] = []
        token = None
        asked = {"filter.ids": ",".join(numbers)}
        while True:
            page = self._page(asked, token=token, size=MOST_IDS, only_ids=only_ids)
            studies += course.new(page, asked_with=token).studies
            token = page.next_token
            if token is None:
                return studies

    def _alias(self, target: str) -> str | None:
        """Return the number of a study that we are sent to, where it is one of this API."""
        here, there = urlsplit(self.base), urlsplit(target)
        if (here.scheme, here.netloc.lower()) != (there.scheme, there.netloc.lower()):
            return None
        match = re.fullmatch(re.escape(here.path) + r"/studies/([A-Za-z0-9]+)", there.path)
        return ids.nct(match[1]) if match else None

    def _page(
        self, asked: Mapping[str, str], *, token: str | None, size: int | None, only_ids: bool
    ) -> Page:
        """Return a page; one that is too big is asked for again with half as many studies."""
        size = size or (NUMBERS_ALONE if only_ids else WHOLE_RECORDS)
        params = {**asked, "format": "json"}
        if only_ids:
            params["fields"] = "NCTId|NCTIdAlias"
        # Only these may differ from page to page.
        params |= {"countTotal": "true"} if token is None else {"pageToken": token}
        while True:
            most = self.most if only_ids else min(self.most, self.most_whole)
            params["pageSize"] = str(min(size, most))
            try:
                return self.wire.read(f"{self.base}/studies", params, parse=_page)
            except NotFound as fault:  # a study may be gone, the list of all may not
                raise Unreachable(f"{fault.sentence} Has the API moved?") from None
            except TooBig:
                if only_ids or params["pageSize"] == "1":
                    raise
                self.most_whole = int(params["pageSize"]) // 2


def refuse_words(*several: str) -> None:
    """Raise Refused for words of a search that are blank, too long, or not of one line."""
    for text in several:
        if not text.strip():
            raise Refused("The words of a search are blank.")
        if len(text) > MOST_CHARACTERS or not text.isprintable():
            raise Refused(
                f"The words of a search are one line of at most {MOST_CHARACTERS:,} characters."
            )


def _number(text: str) -> str:
    """Return an NCT number as it may stand in an address, else raise Refused."""
    number = ids.nct(text)
    if number is None:
        shown = "".join(letter for letter in str(text)[:40] if letter.isprintable())
        raise Refused(f"“{shown}” is no NCT number: that is NCT and eight digits.")
    return number


def _mapping(answer: Answer) -> dict[str, Any]:
    """Return an answer as a JSON object."""
    value = answer.json()
    if not isinstance(value, dict):
        raise Malformed("was JSON of another shape than that of this API")
    return value


def _version(answer: Answer) -> Version:
    """Read what /version answers."""
    told = _mapping(answer)
    api, stamp = told.get("apiVersion"), told.get("dataTimestamp")
    if not isinstance(api, str):
        raise Malformed("named no version of the API")
    try:
        day = date.fromisoformat(stamp[:10] if isinstance(stamp, str) else "").isoformat()
    except ValueError:
        return Version(api=api[:40], data_date=None)
    return Version(api=api[:40], data_date=day)


def _study(answer: Answer) -> dict[str, Any]:
    """Read what /studies/NCT… answers."""
    study = _mapping(answer)
    if not isinstance(study.get("protocolSection"), dict):
        raise Malformed("held no study as this API gives them")
    return study


def _page(answer: Answer) -> Page:
    """Read what /studies answers."""
    told = _mapping(answer)
    studies, token, total = (told.get(key) for key in ("studies", "nextPageToken", "totalCount"))
    if not isinstance(studies, list) or not all(isinstance(study, dict) for study in studies):
        raise Malformed("held no list of studies: the API may have changed")
    if token is not None and not (isinstance(token, str) and 0 < len(token) <= MOST_CHARACTERS):
        raise Malformed("named its next page in another way than this API does")
    if total is not None and (not isinstance(total, int) or isinstance(total, bool) or total < 0):
        raise Malformed("counted its studies in another way than this API does")
    return Page(studies=tuple(studies), next_token=token, total=total)
