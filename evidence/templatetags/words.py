"""Words, numbers and dates as readers see them: plain functions from a value to safe HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType

from django.db.models import TextChoices
from django.utils.html import escape
from django.utils.safestring import SafeString

from evidence import vocab

NOT_REPORTED = SafeString('<span class="none">not reported</span>')
NOT_ASSESSED = SafeString('<span class="none">not assessed</span>')

# Words of vocabularies that say that there is nothing: muted, as every empty value is.
NOTHING = frozenset({"not-reported", "not-stated", "not-assessed"})

# Names that keep their capital within a sentence: of people, of makers' brands, of places.
PROPER_NAMES = frozenset(
    {
        "Addison",
        "Alzheimer",
        "Barrett",
        "Bechterew",
        "Behçet",
        "Bioleukin",
        "Bowen",
        "Burkitt",
        "Castleman",
        "Chagas",
        "Churg",
        "Chédiak",
        "Crohn",
        "Cushing",
        "Daromun",
        "Down",
        "Ebola",
        "Epstein",
        "Erdheim",
        "Evans",
        "Ewing",
        "Fanconi",
        "Felty",
        "Gaucher",
        "Goodpasture",
        "Graves",
        "Guillain",
        "Hansen",
        "Hashimoto",
        "Hodgkin",
        "Huntington",
        "Kaposi",
        "Kawasaki",
        "Lambert",
        "Langerhans",
        "Lassa",
        "Leuvectin",
        "Lyme",
        "Marburg",
        "Marfan",
        "Merkel",
        "Ménière",
        "Nipah",
        "Omenn",
        "Paget",
        "Parkinson",
        "Peyronie",
        "Proleukin",
        "Raynaud",
        "Reiter",
        "Reye",
        "Richter",
        "Sjögren",
        "Still",
        "Sézary",
        "Takayasu",
        "Turner",
        "Vogt",
        "Waldenström",
        "Wegener",
        "Whipple",
        "Wilms",
        "Wiskott",
        "Zika",
    }
)
FIRST_WORD = re.compile(r"[^\W\d_]+")

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

# IL-2, sIL-2R, rhIL-2, PEG-IL-2, anti-IL-2: a line that breaks at the hyphen misreads. The span
# keeps them whole where a non-breaking hyphen would spoil searching and copying.
INTERLEUKIN = re.compile(
    r"(?:\b[A-Za-z]+-)?\b[a-z]{0,3}IL-\d+[A-Za-z\u03b1-\u03c9]*|\b[Ii]nterleukin-\d+"
)
# Without a place to break, a longer one may be wider than its column.
LONGEST_WORD = 40


def _vocabularies() -> dict[str, Mapping[str, str]]:
    """Every closed vocabulary by its name, as value to label."""
    found: dict[str, Mapping[str, str]] = {}
    for name, member in vars(vocab).items():
        if (
            isinstance(member, type)
            and issubclass(member, TextChoices)
            and member is not TextChoices
        ):
            found[name] = MappingProxyType(
                {value: vocab.shown(label) for value, label in member.choices}
            )
    return found


VOCABULARIES: Mapping[str, Mapping[str, str]] = MappingProxyType(_vocabularies())


def _shared_labels() -> dict[str, str]:
    """Labels of the values that read the same in every vocabulary which holds them."""
    seen: dict[str, set[str]] = {}
    for labels in VOCABULARIES.values():
        for value, label in labels.items():
            seen.setdefault(value, set()).add(_without_bracket(label))
    return {value: labels.pop() for value, labels in seen.items() if len(labels) == 1}


def _without_bracket(label: str) -> str:
    """Leave out a closing explanation: "adults (18 to 64 years)" is "adults" in a cell."""
    return label.partition(" (")[0]


_SHARED: Mapping[str, str] = MappingProxyType(_shared_labels())


def label_of(value: object, *, vocabulary: str = "", short: bool = False) -> str:
    """Give the readable word of a vocabulary's value; without a vocabulary, the word they share."""
    text = str(value)
    if not vocabulary:
        label = _SHARED.get(text, text)
        return _without_bracket(label) if short else label
    label = VOCABULARIES[vocabulary].get(text, text)
    return _without_bracket(label) if short else label


@lru_cache(maxsize=1024)
def running(name: str) -> str:
    """Write a term's name as within a sentence: "HIV infection", "melanoma", "Crohn disease"."""
    first = FIRST_WORD.match(name)
    if first is None:
        return name
    word = first[0]
    # "IgA", "HIV" and the B of "B-cell" are no words that a sentence would write small.
    if len(word) < 2 or not word[1:].islower() or word in PROPER_NAMES:
        return name
    return word.lower() + name[len(word) :]


def definition_alone(status: str) -> str:
    """Give a status's definition as it reads where those of the others do not stand before it."""
    said = vocab.STATUS_DEFINITIONS[status]
    return said.replace("Neither of these.", "Neither experimental nor variable.")


@lru_cache(maxsize=8192)
def unbroken(text: str) -> SafeString:
    """Escape a text and keep the names of interleukins on one line; a word too long may break."""
    safe = escape(text)
    if "IL-" in safe or "nterleukin-" in safe:
        safe = SafeString(INTERLEUKIN.sub(r'<span class="nw">\g<0></span>', safe))
    if len(text) > LONGEST_WORD and any(len(word) > LONGEST_WORD for word in text.split()):
        return SafeString(f'<span class="long">{safe}</span>')
    return safe


@lru_cache(maxsize=2048)
def labelled(value: str, vocabulary: str = "", short: bool = False) -> SafeString:
    """Give the word of a vocabulary's value for a page, muted where it says that there is none."""
    words = unbroken(label_of(value, vocabulary=vocabulary, short=short))
    # A column without a vocabulary of its own gives its labels.
    nothing = value.replace(" ", "-") in NOTHING
    return SafeString(f'<span class="none">{words}</span>') if nothing else words


def number(value: object) -> str:
    """Group the thousands of a number, without a needless fraction: 2,071."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return str(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return f"{value:,}"


def day_words(value: object, *, full: bool = False) -> str:
    """Write a date as far as it is known: "21 Nov 2026", "Sep 2015", "2015"."""
    if not value:
        return ""
    if isinstance(value, datetime):
        value = value.date()
    parts = str(value).split("-")
    if not all(part.isdigit() for part in parts) or len(parts) > 3:
        return str(value)
    words = [parts[0]]
    if len(parts) > 1 and 1 <= int(parts[1]) <= 12:
        month = MONTHS[int(parts[1]) - 1]
        words.insert(0, month if full else month[:3])
    if len(parts) > 2:
        words.insert(0, str(int(parts[2])))
    return " ".join(words)


@lru_cache(maxsize=4096)
def day(value: date | str | None, full: bool = False) -> SafeString:
    """Give a date, whole or partial, as a time element; none is "not reported"."""
    if not value:
        return NOT_REPORTED
    stamp = value.date() if isinstance(value, datetime) else value
    words = day_words(stamp, full=full)
    return SafeString(f'<time class="nw" datetime="{escape(stamp)}">{escape(words)}</time>')
