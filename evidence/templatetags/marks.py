"""The marks of status, direction and certainty, each beside its word."""

from __future__ import annotations

from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString

from evidence.templatetags.words import NOT_ASSESSED, NOT_REPORTED, label_of
from evidence.vocab import DISCORDANT, Certainty, Ground, Status, TopicDirection

# The outline of the square says on which ground a topic is called investigated.
GROUND_MARKS = {
    Ground.NO_TREATMENT.value: "m-investigated-open",
    Ground.APPROVED.value: "m-investigated-approved",
}
PIPS = {
    Certainty.HIGH.value: 4,
    Certainty.MODERATE.value: 3,
    Certainty.LOW.value: 2,
    Certainty.VERY_LOW.value: 1,
}
WORDLESS_DIRECTIONS = frozenset({TopicDirection.NO_DATA.value})


def use(symbol: str, *, kind: str = "mark") -> str:
    """Refer to one symbol of the sprite; the word beside it carries the meaning."""
    return f'<svg class="{kind}" aria-hidden="true"><use href="#{symbol}"/></svg>'


def status_symbol(status: str, ground: str = "") -> str:
    """Name the symbol of a status, by its ground where it is investigated."""
    if status == Status.INVESTIGATED:
        return GROUND_MARKS.get(ground, "m-investigated")
    return f"m-{status}"


@lru_cache(maxsize=256)
def status_badge(status: str, ground: str = "", boxed: bool = False) -> SafeString:
    """Give the mark and the word of a status."""
    if status not in Status.values:
        return NOT_REPORTED
    look = f"badge boxed {status}" if boxed else f"badge {status}"
    return SafeString(f'<span class="{look}">{use(status_symbol(status, ground))}{status}</span>')


@lru_cache(maxsize=256)
def discordance(rule: str) -> SafeString:
    """Say what disagrees by the rule's line: studies, or markers and patients; else nothing."""
    if rule not in DISCORDANT:
        return SafeString("")
    return SafeString(f'<span class="tag">{escape(label_of(rule, vocabulary="Rule"))}</span>')


@lru_cache(maxsize=256)
def status_lines(
    status: str, ground: str = "", rule_status: str = "", rule_ground: str = ""
) -> SafeString:
    """Give a status with its ground and, where the rule reads otherwise, the rule's word."""
    badge = status_badge(status, ground)
    notes = ""
    if ground and status == Status.INVESTIGATED:
        notes += f'<span class="second">{escape(label_of(ground, vocabulary="Ground"))}</span>'
    if rule_status and rule_status != status:
        notes += f'<span class="second">rule says {escape(rule_status)}</span>'
    elif rule_ground and rule_ground != ground:
        said = escape(label_of(rule_ground, vocabulary="Ground"))
        notes += f'<span class="second">rule says {said}</span>'
    return SafeString(badge + notes)


@lru_cache(maxsize=64)
def direction_mark(direction: str) -> SafeString:
    """Give the mark and the words of a direction; a direction is never coloured."""
    if not direction:
        return NOT_REPORTED
    label = escape(label_of(direction, vocabulary="TopicDirection"))
    if direction in WORDLESS_DIRECTIONS or direction not in TopicDirection.values:
        return SafeString(f'<span class="none">{label}</span>')
    return SafeString(f'<span class="nw">{use(f"d-{direction}")} {label}</span>')


@lru_cache(maxsize=64)
def certainty_pips(certainty: str) -> SafeString:
    """Give the four pips and the word of a certainty; not assessed is words alone."""
    if certainty not in PIPS:
        return NOT_ASSESSED
    pips = use(f"c-{PIPS[certainty]}", kind="pips")
    label = escape(label_of(certainty, vocabulary="Certainty"))
    return SafeString(f'<span class="nw">{pips} {label}</span>')
