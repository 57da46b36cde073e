"""How tests read an SVG: its parts, and where on the sheet each of them stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

Box = tuple[float, float, float, float]
SVG = "{http://www.w3.org/2000/svg}"
# How wide a letter is at most, on average, in sizes of its face.
LETTER = 0.56
PIECE = re.compile(r"([MHVlvZ])([^MHVlvZ]*)")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314 - our own text


def parts(svg: str, look: str) -> list[ElementTree.Element]:
    """The parts of a class."""
    return [part for part in parsed(svg).iter() if look in part.get("class", "").split()]


def texts(svg: str) -> list[str]:
    return [part.text or "" for part in parsed(svg).iter(f"{SVG}text")]


def boxes(svg: str) -> Iterator[tuple[ElementTree.Element, Box]]:
    """Each part that is drawn, with its left, upper, right and lower edge."""
    for part in parsed(svg).iter():
        kind = part.tag.removeprefix(SVG)
        if kind in BOXES:
            yield part, BOXES[kind](part)


def _number(part: ElementTree.Element, name: str) -> float:
    return float(part.get(name, "0"))


def _rect(part: ElementTree.Element) -> Box:
    x, y = _number(part, "x"), _number(part, "y")
    return x, y, x + _number(part, "width"), y + _number(part, "height")


def _circle(part: ElementTree.Element) -> Box:
    x, y, r = (_number(part, name) for name in ("cx", "cy", "r"))
    return x - r, y - r, x + r, y + r


def _text(part: ElementTree.Element) -> Box:
    x, y = _number(part, "x"), _number(part, "y")
    size = float(part.get("font-size", "12"))
    width = len(part.text or "") * size * LETTER
    left = x - width * {"start": 0, "middle": 0.5, "end": 1}[part.get("text-anchor", "start")]
    return left, y - size * 0.8, left + width, y + size / 4


def _path(part: ElementTree.Element) -> Box:
    points = list(walked(part.get("d", "")))
    return (
        min(x for x, _ in points),
        min(y for _, y in points),
        max(x for x, _ in points),
        max(y for _, y in points),
    )


def walked(d: str) -> Iterator[tuple[float, float]]:
    """The corners of a path."""
    x = y = 0.0
    for command, rest in PIECE.findall(d):
        given = [float(number) for number in NUMBER.findall(rest)]
        if command == "M":
            x, y = given
        elif command == "H":
            (x,) = given
        elif command == "V":
            (y,) = given
        elif command == "v":
            y += given[0]
        for dx, dy in zip(given[::2], given[1::2], strict=True) if command == "l" else ():
            x, y = x + dx, y + dy
            yield x, y
        yield x, y


BOXES = {"rect": _rect, "circle": _circle, "text": _text, "path": _path}
