"""Asking a registry politely: slowly, with patience, and only where it may be asked.

Every failure is a `WireFault` whose sentence is for the person who runs the site; none holds more
of an address than its host and path, since a query may hold a key.
"""

from __future__ import annotations

import json
import random as chance
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import NoReturn, TypeVar
from urllib.parse import urljoin, urlsplit

import requests

from evidence.registries import trouble
from evidence.registries.addresses import LOOPBACK, may_be_asked
from evidence.registries.addresses import place as place_of
from evidence.registries.hanging_up import Call, Lines, at_most

PIECE = 65_536
MOST_OF_A_REFUSAL = 2_000
LONGEST_WAIT = 60.0
PATIENCE = 300.0  # seconds that a registry may ask us to wait

T = TypeVar("T")


class WireFault(Exception):
    """An answer that did not come; `sentence` says why to the person who runs the site."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotFound(WireFault):
    """There is nothing of that number."""


class Unreachable(WireFault):
    """No good answer came in all the tries: another time it may."""


class Refused(WireFault):
    """The question is not answered, however often it is asked; `status` is that of the answer."""

    def __init__(self, sentence: str, *, status: int | None = None) -> None:
        super().__init__(sentence)
        self.status = status


class TooBig(Refused):
    """The answer is larger than is read."""


class Moved(Refused):
    """The answer stands elsewhere, at `target`, which nobody has asked."""

    def __init__(self, sentence: str, *, target: str) -> None:
        super().__init__(sentence)
        self.target = target


class Malformed(Exception):
    """An answer that is not what was asked for; its words go on "…: the answer "."""


class _Later(Exception):
    """Trouble that may pass: what it is, and for how many seconds we were told to wait."""

    def __init__(self, what: str, *, wait: float = 0.0) -> None:
        super().__init__(what)
        self.wait = wait


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A good answer: `url` without its query, `headers` by their names in small letters."""

    status: int
    body: bytes
    url: str
    headers: Mapping[str, str]

    def json(self) -> object:
        """Return the body as JSON; raise Malformed where it is none."""
        if self.body.lstrip()[:1] == b"<":
            raise Malformed("was a web page and not JSON")
        try:
            value: object = json.loads(
                self.body.decode("utf-8-sig"), parse_constant=_refuse_constant
            )
        except (ValueError, RecursionError) as error:
            raise Malformed("was cut short or is not JSON") from error
        return value


def _refuse_constant(name: str) -> NoReturn:
    """Refuse NaN and Infinity, which are no JSON and which PostgreSQL does not keep."""
    raise ValueError(name)


class Polite:
    """Asks the hosts that it may ask, one question after the other.

    At most `per_second` requests a second; `timeouts` are seconds to connect and between two
    reads, `whole` those of a whole answer, `first_wait` those before the second try; `most_bytes`
    counts what is unpacked.
    """

    def __init__(
        self,
        *,
        hosts: Collection[str],
        per_second: float,
        user_agent: str,
        tries: int = 5,
        timeouts: tuple[float, float] = (5, 30),
        whole: float = 120.0,
        first_wait: float = 1.0,
        most_bytes: int = 10_000_000,
        sleep: Callable[[float], object] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        random: Callable[[], float] = chance.random,
    ) -> None:
        self.hosts = frozenset(host.lower() for host in hosts)
        self.gap = 1 / per_second
        self.tries, self.timeouts, self.whole = tries, timeouts, whole
        self.first_wait, self.most_bytes = first_wait, most_bytes
        self.sleep, self.clock, self.random = sleep, clock, random
        self.free_at: float | None = None
        self.session = _session(user_agent)

    def get(self, url: str, params: Mapping[str, str] | None = None) -> Answer:
        """Return the answer of an address; raise a WireFault where none comes."""
        return self.read(url, params, parse=lambda answer: answer)

    def read(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        *,
        parse: Callable[[Answer], T],
    ) -> T:
        """Return what `parse` makes of the answer; where it says Malformed, ask again."""
        request = self._request(url, params)
        place = place_of(request.url or "")
        what = ""
        for attempt in range(self.tries):
            self._take_turn()
            try:
                return parse(self._ask(request, place))
            except Malformed as error:
                what, wait = f"the answer {error}", 0.0
            except _Later as error:
                what, wait = str(error), error.wait
            if wait > PATIENCE:
                raise Refused(trouble.told_to_wait(place, wait)) from None
            if attempt + 1 < self.tries:
                self.sleep(max(wait, self._backoff(attempt)))
        raise Unreachable(f"{place} gave no good answer in {self.tries} tries: {what}.") from None

    def _request(self, url: str, params: Mapping[str, str] | None) -> requests.PreparedRequest:
        """Return the request to an address that may be asked, else raise Refused."""
        try:
            request = self.session.prepare_request(requests.Request("GET", url, params=params))
        except (requests.RequestException, ValueError):
            request = requests.PreparedRequest()
        if not may_be_asked(request.url or "", self.hosts):
            raise Refused(
                "An address that is not asked from here: only https addresses of "
                f"{', '.join(sorted(self.hosts)) or 'no host'} are."
            )
        return request

    def _take_turn(self) -> None:
        """Wait until the next request is due."""
        if self.free_at is not None and (left := self.free_at - self.clock()) > 0:
            self.sleep(left)
        self.free_at = self.clock() + self.gap

    def _backoff(self, attempt: int) -> float:
        """Return the seconds to wait after a try: twice as long each time, and never in step."""
        return min(LONGEST_WAIT, self.first_wait * 2.0**attempt) * (0.5 + self.random() / 2)

    def _ask(self, request: requests.PreparedRequest, place: str) -> Answer:
        """Return a good answer; raise _Later for trouble that may pass, else a WireFault."""
        with at_most(self.whole) as call:
            try:
                with self._send(request) as response:
                    if response.status_code == requests.codes.ok:
                        return self._good(response, place, call)
                    _refuse(response, place)
            except requests.RequestException as error:
                if call.cut:
                    raise _Later(trouble.too_slow(self.whole)) from None
                raise _Later(trouble.in_words(error, self.timeouts)) from None

    def _send(self, request: requests.PreparedRequest) -> requests.Response:
        """Send a request as the environment says: by its proxy, and never to this machine."""
        url = str(request.url)
        proxies = {"http": "", "https": ""} if urlsplit(url).hostname in LOOPBACK else {}
        settings = self.session.merge_environment_settings(url, proxies, True, None, None)
        return self.session.send(request, timeout=self.timeouts, allow_redirects=False, **settings)

    def _good(self, response: requests.Response, place: str, call: Call) -> Answer:
        """Read the body of a good answer, piece by piece."""
        body = bytearray()
        for piece in response.iter_content(PIECE):
            body += piece
            if len(body) > self.most_bytes:
                megabytes = self.most_bytes / 1_000_000
                raise TooBig(f"{place} answered with more than {megabytes:g} MB: it is not read.")
        if call.cut:  # hung up on, a body without a length just ends
            raise _Later(trouble.too_slow(self.whole))
        return Answer(
            status=response.status_code,
            body=bytes(body),
            url=response.url.partition("?")[0],
            headers={name.lower(): value for name, value in response.headers.items()},
        )


def _session(user_agent: str) -> requests.Session:
    """Return a session that says who asks, keeps no cookies and sends no password of a .netrc."""
    session = requests.Session()
    session.headers.update({"User-Agent": user_agent, "Accept-Encoding": "gzip"})
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.auth = lambda request: request
    for scheme in ("https://", "http://"):
        session.mount(scheme, Lines())
    return session


def _refuse(response: requests.Response, place: str) -> NoReturn:
    """Say what became of a request that was not answered with a 200."""
    status = response.status_code
    if status in (404, 410):
        raise NotFound(f"{place} is not there ({status}).")
    if response.is_redirect:
        target = urljoin(response.url, response.headers["Location"])
        sentence = f"{place} says that it has moved ({status}), which is not followed."
        raise Moved(sentence, target=target)
    if status >= 500 or status in (408, 425, 429) or status < 400:
        raise _Later(f"it answered {status}", wait=trouble.seconds_to_wait(response))
    reason = trouble.reason(next(response.iter_content(MOST_OF_A_REFUSAL), b""))
    raise Refused(f"{place} refused the question ({status}{reason}).", status=status)
