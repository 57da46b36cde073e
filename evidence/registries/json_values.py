"""The values that a JSON text holds, one by one, as far as it is whole."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from json import JSONDecodeError

MOST_OF_ONE = 10_000_000
"""So many characters of one record."""

_BLANK = re.compile(r"[ \t\r\n]*")


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no number in JSON")


_DECODER = json.JSONDecoder(parse_constant=_no_number)


@dataclass(frozen=True, slots=True)
class Value:
    """One record of a text: `number` counts from 1, 0 where it stands alone.

    `trouble` says in one line why it, or what follows, cannot be read; "" where it can.
    """

    number: int
    found: object = None
    trouble: str = ""


def values(text: str) -> Iterator[Value]:
    """Give a value that stands alone, or those of a list, or of a page's `studies`."""
    place = _after_blanks(text, 0)
    try:
        if text[place] == "[":
            yield from _listed(text, place)
        else:
            yield from _object(text, place)
    except (ValueError, RecursionError, IndexError) as error:
        yield Value(0, trouble=why_not(error))


def one(text: str) -> object:
    """Return the value of a text that holds just one; ValueError or RecursionError for others."""
    found, end = _DECODER.raw_decode(text, _after_blanks(text, 0))
    if _after_blanks(text, end) != len(text):
        raise JSONDecodeError("More follows", text, end)
    return found


def why_not(error: Exception) -> str:
    """Say in one line why a text is not JSON, or no longer."""
    if isinstance(error, JSONDecodeError):
        if error.pos >= len(error.doc.rstrip()) or "Unterminated" in error.msg:
            return "The JSON is cut off here."
        return f"The JSON is malformed on line {error.lineno}, column {error.colno}."
    if isinstance(error, RecursionError):
        return "The JSON is nested too deeply."
    if isinstance(error, IndexError):
        return "The JSON is cut off here."
    return "The JSON holds a number or a character that JSON does not know."


def _after_blanks(text: str, place: int) -> int:
    found = _BLANK.match(text, place)
    return found.end() if found else place


def _listed(text: str, place: int, number: int = 0) -> Iterator[Value]:
    """Give the values of the list that begins at a place; what breaks off is told in one."""
    place = _after_blanks(text, place + 1)
    while text[place] != "]":
        number += 1
        try:
            found, end = _DECODER.raw_decode(text, place)
        except (ValueError, RecursionError) as error:
            yield Value(number, trouble=f"{why_not(error)} What stands before is read.")
            return
        yield _sized(number, found, end - place)
        place = _after_blanks(text, end)
        if text[place : place + 1] not in {",", "]"}:
            broken = JSONDecodeError("Expecting ',' delimiter", text, place)
            yield Value(number + 1, trouble=f"{why_not(broken)} What stands before is read.")
            return
        place = _after_blanks(text, place + 1) if text[place] == "," else place
        if place >= len(text):
            yield Value(number + 1, trouble="The JSON is cut off here. What stands before is read.")
            return


def _object(text: str, place: int) -> Iterator[Value]:
    """Give an object, or the studies of one that is a page of them."""
    start = place
    held: dict[str, object] = {}
    place = _after_blanks(text, place + 1)
    while text[place] != "}":
        name, end = _DECODER.raw_decode(text, place)
        place = _after_blanks(text, end)
        if text[place] != ":" or not isinstance(name, str):
            raise JSONDecodeError("Expecting ':' delimiter", text, place)
        place = _after_blanks(text, place + 1)
        if name == "studies" and text[place] == "[":
            yield from _listed(text, place)
            return
        held[name], end = _DECODER.raw_decode(text, place)
        place = _after_blanks(text, end)
        if text[place] not in ",}":
            raise JSONDecodeError("Expecting ',' delimiter", text, place)
        place = _after_blanks(text, place + 1) if text[place] == "," else place
    yield _sized(0, held, place - start)
    if _after_blanks(text, place + 1) != len(text):
        raise JSONDecodeError("Extra data", text, place + 1)


def _sized(number: int, found: object, size: int) -> Value:
    if size > MOST_OF_ONE:
        return Value(number, trouble=f"It is more than {MOST_OF_ONE // 1_000_000} MB.")
    return Value(number, found)
