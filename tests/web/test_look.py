"""The stylesheet keeps its promises: text is readable and the three statuses stay apart."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest

STYLESHEET = Path(__file__).parents[2] / "evidence" / "static" / "evidence" / "site.css"
THEMES = ("light", "dark", "print")
STATUSES = ("experimental", "variable", "investigated")
TEXT = ("ink", "muted", "link", "visited", "bad", *STATUSES)

# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB.
SIGHT = {
    "normal": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
Colour = tuple[float, float, float]


def tokens(theme: str) -> dict[str, str]:
    """Read the colours of one theme from the stylesheet; a theme changes the light one."""
    css = STYLESHEET.read_text(encoding="utf-8")
    openings = {
        "light": r"^:root \{(.*?)^\}",
        "dark": r"prefers-color-scheme: dark\) \{\s*:root \{(.*?)\}",
        "print": r"@media print \{\s*:root \{(.*?)\}",
    }
    found: dict[str, str] = {}
    for name in ("light", theme):
        block = re.search(openings[name], css, re.DOTALL | re.MULTILINE)
        if block is None:
            pytest.fail(f"The stylesheet has no {name} tokens.")
        found.update(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6});", block.group(1)))
    return found


def linear(colour: str) -> Colour:
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return _linear(red), _linear(green), _linear(blue)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def contrast(one: str, other: str) -> float:
    """Give the WCAG contrast ratio of two colours."""
    light, dark = sorted((_luminance(linear(one)), _luminance(linear(other))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = colour
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def lab(colour: Colour) -> Colour:
    """Give CIE Lab (D65) of a linear RGB colour."""
    red, green, blue = (min(1.0, max(0.0, part)) for part in colour)
    x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047
    y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
    z = (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883
    fx, fy, fz = (
        part ** (1 / 3) if part > 216 / 24389 else (24389 / 27 * part + 16) / 116
        for part in (x, y, z)
    )
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def distance(one: str, other: str, *, sight: str) -> float:
    """Give the Lab distance of two colours as somebody with this sight sees them."""
    matrix = SIGHT[sight]

    def seen(colour: str) -> Colour:
        parts = linear(colour)
        red, green, blue = (
            sum(weight * part for weight, part in zip(row, parts, strict=True)) for row in matrix
        )
        return lab((red, green, blue))

    pairs = zip(seen(one), seen(other), strict=True)
    return sum((a - b) ** 2 for a, b in pairs) ** 0.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("token", TEXT)
def test_text_is_readable_on_every_ground(theme: str, token: str) -> None:
    colours = tokens(theme)
    for ground in ("bg", "surface", "sunk", "pick"):
        if theme == "print" and ground == "pick":
            continue  # Nobody hovers over paper.
        assert contrast(colours[token], colours[ground]) >= 4.5, (token, ground)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("status", STATUSES)
def test_a_status_is_readable_on_its_tint(theme: str, status: str) -> None:
    colours = tokens(theme)
    assert contrast(colours[status], colours[f"{status}-tint"]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("token", ["control", "focus"])
def test_edges_and_focus_are_seen(theme: str, token: str) -> None:
    colours = tokens(theme)
    for ground in ("bg", "surface"):
        assert contrast(colours[token], colours[ground]) >= 3, ground


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("sight", list(SIGHT))
def test_two_statuses_never_look_alike(theme: str, sight: str) -> None:
    colours = tokens(theme)
    for one, other in itertools.combinations(STATUSES, 2):
        assert distance(colours[one], colours[other], sight=sight) >= 24, (one, other)


def test_a_colour_is_written_only_as_a_token() -> None:
    css = STYLESHEET.read_text(encoding="utf-8")
    outside = [
        line.strip()
        for line in css.splitlines()
        if re.search(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", line) and "--" not in line
    ]
    assert outside == []


def test_no_template_needs_an_inline_style_or_script() -> None:
    templates = STYLESHEET.parents[3] / "templates"
    for template in templates.rglob("*.html"):
        text = template.read_text(encoding="utf-8")
        assert not re.search(
            r"\sstyle=|<style|\son[a-z]+=['\"]|<script(?![^>]*\ssrc=| type=.application/ld)", text
        ), template
