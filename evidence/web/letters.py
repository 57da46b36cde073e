"""Letters that a reader may send: where to, about which page, and what they say already."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings

# Programs for mail cut an address that is longer.
LONGEST_ADDRESS = 1_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Letters:
    """Addresses that open a letter of each kind; a web page for corrections is both."""

    correction: str
    missing: str


def contact() -> str:
    """Give the address for corrections as a link, or nothing where none is set."""
    address = settings.IL2TRACKER_CONTACT
    if "@" in address and ":" not in address:
        return f"mailto:{address}"
    return address if address.startswith(("mailto:", "https://")) else ""


def letters(*, title: str, address: str, data_version: int) -> Letters | None:
    """Give the letters about the page at a whole address; None where nobody is named to write to.

    A letter names the page, its address and the data version, for a page may have changed since.
    """
    to = contact()
    if not to.startswith("mailto:") or "?" in to:
        return Letters(correction=to, missing=to) if to else None
    about = f"{title}\n{address[:LONGEST_ADDRESS]}\nData version {data_version}"
    return Letters(
        correction=_letter(
            to,
            subject=f"Correction: {title}",
            body=f"{about}\n\nWhat is wrong:\n\n\nWhere the right reading stands (a paper with its "
            "page or table, or a registry record):\n\n",
        ),
        missing=_letter(
            to,
            subject=f"Missing study: {title}",
            body=f"{about}\n\nThe study (PMID, DOI or registry number):\n\n\n"
            "What it adds, if you know:\n\n",
        ),
    )


def _letter(to: str, *, subject: str, body: str) -> str:
    # Lines of a letter end in CR and LF (RFC 6068), and a plus would stand there as a plus.
    lines = body.replace("\n", "\r\n")
    return f"{to}?subject={quote(subject, safe='')}&body={quote(lines, safe='')}"
