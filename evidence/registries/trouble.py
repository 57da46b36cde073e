"""What went wrong on the wire, in words that hold nothing of an address's query."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import requests
from urllib3.exceptions import NameResolutionError, NewConnectionError, ReadTimeoutError

MOST_OF_A_REASON = 200
A_WHILE = 30.0
YEAR = 366 * 86_400.0


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and what it came of."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def in_words(error: requests.RequestException, timeouts: tuple[float, float]) -> str:
    """Return what a failed request failed of."""
    connect, read = timeouts
    table: tuple[tuple[type[BaseException], str], ...] = (
        (requests.exceptions.ProxyError, "the proxy of this machine does not let it through"),
        (requests.exceptions.SSLError, "no safe connection: its certificate is not to be trusted"),
        (requests.exceptions.ConnectTimeout, f"nobody took the call within {connect:g} seconds"),
        (ReadTimeoutError, f"no answer within {read:g} seconds"),
        (requests.exceptions.ReadTimeout, f"no answer within {read:g} seconds"),
        (NameResolutionError, "its name could not be looked up"),
        (NewConnectionError, "nobody answers there"),
        (requests.exceptions.ContentDecodingError, "the answer could not be unpacked"),
        (requests.exceptions.ChunkedEncodingError, "the answer was cut short"),
    )
    causes = [*_causes(error)]
    for kind, words in table:
        if any(isinstance(cause, kind) for cause in causes):
            return words
    return "the connection broke off"


def too_slow(seconds: float) -> str:
    """Return the words for an answer that dripped."""
    return f"the answer took more than {seconds:g} seconds"


def seconds_to_wait(response: requests.Response) -> float:
    """Return for how many seconds Retry-After asks us to wait; 0 where it does not say.

    Who is asked too often and does not say for how long is left alone for half a minute: limits
    are often counted by the minute, and our own waits would be too short.
    """
    if "Retry-After" not in response.headers:
        return A_WHILE if response.status_code == requests.codes.too_many_requests else 0.0
    told = response.headers.get("Retry-After", "").strip()[:MOST_OF_A_REASON]
    if told.isascii() and told.isdigit():
        return float(told)
    try:
        due = parsedate_to_datetime(told)
    except ValueError:
        return 0.0
    return max(0.0, (due.replace(tzinfo=due.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def told_to_wait(place: str, seconds: float) -> str:
    """Return the sentence for a registry that wants to be left alone for long."""
    if seconds > YEAR:
        return f"{place} does not want to be asked again for more than a year."
    due = datetime.now(UTC) + timedelta(seconds=seconds)
    return f"{place} wants to be asked again after {due.day} {due:%B %Y, %H:%M} UTC, not earlier."


def reason(body: bytes) -> str:
    """Return the first words of a refusal in plain text, after a comma, or nothing."""
    text = " ".join(body.decode("utf-8", "replace").split())
    if not text or text.startswith(("<", "{", "[")):
        return ""
    shown = "".join(letter for letter in text if letter.isprintable())
    return f", “{shown[:MOST_OF_A_REASON].rstrip('.')}”"
