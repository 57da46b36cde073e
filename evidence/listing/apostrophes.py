"""The apostrophe that readers see: one, on every page."""

from __future__ import annotations


def curly(text: str) -> str:
    """Return a text of our own with curly apostrophes for straight ones."""
    return text.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}")
