"""SVG text from names and values: everything escaped, no inline style."""

from __future__ import annotations

import re
from html import escape

# What XML 1.0 has no place for, not even escaped.
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Value = str | float


def number(value: float) -> str:
    """Write a length with at most one decimal: 112, 182.7."""
    return f"{value:.1f}".removesuffix(".0")


def escaped(said: str) -> str:
    """Escape a text for the inside of an element."""
    return escape(NOT_IN_XML.sub("", said))


def element(name: str, inside: str = "", /, **attributes: Value) -> str:
    """Write an element around markup that is finished.

    `class_` is the attribute class, and `stroke_width` stroke-width; numbers are lengths.
    """
    given = "".join(_attribute(key, value) for key, value in attributes.items())
    return f"<{name}{given}>{inside}</{name}>" if inside else f"<{name}{given}/>"


def text(said: str, x: float, y: float, **attributes: Value) -> str:
    """Write a line of text."""
    return element("text", escaped(said), x=x, y=y, **attributes)


def _attribute(key: str, value: Value) -> str:
    name = key.removesuffix("_").replace("_", "-")
    return f' {name}="{escaped(value) if isinstance(value, str) else number(value)}"'
