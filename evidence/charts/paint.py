"""Drawings that stand alone: their looks as attributes, where a page has a stylesheet for them."""

from __future__ import annotations

import re
from collections.abc import Mapping

# The light colours of the stylesheet.
INK, MUTED, PAPER, SUNK, LINE, CONTROL = (
    *("#1c1e21", "#565a60", "#ffffff", "#f3f1ec", "#dedad2", "#85817a"),
)
COLOURS = {"experimental": "#875a00", "variable": "#b3246e", "investigated": "#0a3f8f"}
FACES = "Arial, 'Helvetica Neue', 'Liberation Sans', sans-serif"

LOOKS: Mapping[str, str] = {
    "open": f'fill="{PAPER}" stroke="currentColor" stroke-width="2.5"',
    "open outlined": f'fill="{PAPER}" stroke="currentColor" stroke-width="2"',
    "open thin": f'fill="{PAPER}" stroke="currentColor" stroke-width="1"',
    "full": 'fill="currentColor"',
    "ring": f'fill="none" stroke="{INK}" stroke-width="1.25"',
    "dagger": "",
    "band": f'fill="{SUNK}"',
    "hair": f'fill="none" stroke="{LINE}"',
    "rule": f'fill="none" stroke="{CONTROL}"',
    "quiet": f'fill="{MUTED}"',
    "area": 'font-weight="bold"',
    "hit": 'fill="none" pointer-events="all"',
    "term": "",
}
CLASS = re.compile(r' class="([^"]*)"')
STATUS = re.compile(r'<g class="(experimental|variable|investigated)">(.*?)</g>')


def painted(svg: str, *, base_url: str) -> str:
    """Give each part of a drawing its own look in place of its class, and whole addresses.

    Names are escaped before, so that nothing in them is taken for an attribute.
    """
    # Not every program that shows a drawing knows the colour of a group.
    coloured = STATUS.sub(
        lambda found: f"<g>{_looked(found[2]).replace('currentColor', COLOURS[found[1]])}</g>", svg
    )
    whole = _looked(coloured).replace("currentColor", INK)
    return whole.replace(' href="/', f' href="{base_url}/')


def _looked(svg: str) -> str:
    return CLASS.sub(_look, svg)


def _look(found: re.Match[str]) -> str:
    look = LOOKS.get(found[1], "")
    return f" {look}" if look else ""
