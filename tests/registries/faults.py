"""What may go wrong with a request to a registry, and plans of it."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    """What may become of a request."""

    RESET = "the connection is reset"
    HANG = "no answer comes, and the line stays open"
    DRIP = "the answer comes a byte at a time"
    DRIP_HEAD = "the head of the answer comes a byte at a time"
    ERROR = "500"
    BUSY = "429, and no word of when to come again"
    BUSY_SECONDS = "429, with seconds to wait"
    BUSY_DATE = "429, with a date to wait for"
    NOT_FOUND = "404"
    BAD_REQUEST = "400"
    ELSEWHERE = "a redirect to another host"
    HTML = "a web page at 200"
    CUT_BODY = "a body shorter than its Content-Length"
    CUT_JSON = "half of the JSON"
    MALFORMED = "no JSON"
    WRONG_TYPES = "JSON of other types"
    CHANGED_SCHEMA = "JSON with other names"
    BOMB = "a small body that unpacks to a huge one"
    HUGE = "a huge body"
    DUPLICATE_PAGE = "the page before once more"
    EMPTY_PAGE = "an empty page, with a token"
    TOKEN_LOOP = "a good page, with the token of an earlier one"
    DELETED = "a study of the page is taken out of the registry first"


# After these the same question, or the walk that it is part of, gets all of the right answer.
PASSING = (
    Fault.RESET,
    Fault.ERROR,
    Fault.BUSY_SECONDS,
    Fault.BUSY_DATE,
    Fault.HTML,
    Fault.CUT_BODY,
    Fault.CUT_JSON,
    Fault.MALFORMED,
    Fault.WRONG_TYPES,
    Fault.CHANGED_SCHEMA,
    Fault.DUPLICATE_PAGE,
    Fault.EMPTY_PAGE,
    Fault.TOKEN_LOOP,
)


@dataclass(frozen=True, kw_only=True)
class FaultPlan:
    """Which request meets which fault: by its number from 1, or by its path and number there."""

    faults: Mapping[int | tuple[str, int], Fault] = field(default_factory=dict)
    always: Fault | None = None
    wait: int = 7  # seconds that Retry-After asks for

    def of(self, number: int, path: str, nth: int) -> Fault | None:
        """The fault that a request meets."""
        return self.always or self.faults.get(number) or self.faults.get((path, nth))

    @classmethod
    def random(cls, seed: int, requests: int = 200, *, hang: bool = False) -> FaultPlan:
        """A plan for so many requests in which every fault passes; `hang` lets some of them hang.

        Never more than three in a row, so that five tries always do, and never sent back to an
        earlier page more than twice.
        """
        chance = random.Random(seed)  # noqa: S311
        kinds = (*PASSING, Fault.HANG) if hang else PASSING
        faults: dict[int | tuple[str, int], Fault] = {}
        share = chance.choice((0.1, 0.3, 0.6))
        for number in range(1, requests + 1):
            in_a_row = all(before in faults for before in range(number - 3, number))
            if not in_a_row and chance.random() < share:
                sent_back = [*faults.values()].count(Fault.TOKEN_LOOP)
                left = [kind for kind in kinds if kind is not Fault.TOKEN_LOOP or sent_back < 2]
                faults[number] = chance.choice(left)
        return cls(faults=faults, wait=chance.choice((0, 1, 120)))
