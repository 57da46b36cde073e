"""What every table of editions refuses: half a pair, one person alone, two at once."""

from __future__ import annotations

from evidence import vocab
from tests.models.violations.kit import (
    NOW,
    Check,
    Columns,
    Pair,
    Twice,
    Violation,
    a_trial,
    ann,
    ben,
    cai,
    known,
    partial_date,
)

SUBMITTED: Columns = {"submitted_by": ann, "submitted_at": NOW}
REVIEWED: Columns = {"reviewer": ben, "reviewed_at": NOW}
UNREVIEWED: Columns = {"reviewer": None, "reviewed_at": None}
PUBLISHED: Columns = {
    "state": "published",
    "published_at": NOW,
    "author": ann,
    **SUBMITTED,
    **REVIEWED,
}
SUPERSEDED: Columns = {**PUBLISHED, "state": "superseded"}
PROPOSED: Columns = {
    **PUBLISHED,
    "withdrawal_proposed_by": ann,
    "withdrawal_proposed_at": NOW,
    "withdrawal_reason": "The paper was retracted.",
}
WITHDRAWN: Columns = {**PROPOSED, "state": "withdrawn", "withdrawn_by": cai, "withdrawn_at": NOW}
STARTER: Columns = {"state": "published", "published_at": NOW, "origin": "starter"}


def own_record(pair: Pair) -> object:
    """The record of the edition that is written."""
    return pair.first.record


def other_record(pair: Pair) -> object:
    """The record of another judgement."""
    return pair.second.record


ONE_OF_MANY: dict[str, Violation] = {
    "edition_number": Twice(
        same=["record", "number"],
        first=PUBLISHED,
        unless=[{"number": 2}, {"record": other_record}],
    ),
    "one_published": Twice(
        same=["record"],
        first=PUBLISHED,
        second={**PUBLISHED, "number": 2},
        unless=[
            {"state": "superseded"},
            {"state": "draft", "published_at": None},
            {"record": other_record},
        ],
    ),
    "one_open": Twice(
        same=["record"],
        first={"state": "in-review", **SUBMITTED},
        second={"number": 2},
        unless=[PUBLISHED, WITHDRAWN, {"record": other_record}],
    ),
}

PAIRS: dict[str, Violation] = {
    "submitted_by_pair": Check(
        refused=[{"submitted_by": ann}, {"submitted_at": NOW}], allowed=[{}, SUBMITTED]
    ),
    "reviewer_pair": Check(
        refused=[{"reviewer": ben}, {"reviewed_at": NOW}], allowed=[{}, REVIEWED]
    ),
    "withdrawn_by_pair": Check(
        refused=[
            {**PUBLISHED, "withdrawn_at": NOW},
            {**WITHDRAWN, "withdrawn_at": None},
            {**WITHDRAWN, "withdrawn_by": None},
        ],
        allowed=[PUBLISHED, WITHDRAWN],
        also=["withdrawn_when_confirmed"],
    ),
    "withdrawal_proposal": Check(
        refused=[
            {**PROPOSED, "withdrawal_proposed_by": None},
            {**PROPOSED, "withdrawal_proposed_at": None},
            {**PROPOSED, "withdrawal_reason": ""},
            {**PUBLISHED, "withdrawal_proposed_by": ann},
            {**PUBLISHED, "withdrawal_proposed_at": NOW},
            {**PUBLISHED, "withdrawal_reason": "The paper was retracted."},
        ],
        allowed=[PUBLISHED, PROPOSED],
    ),
}

STATES: dict[str, Violation] = {
    "state_known": Check(
        refused=[{**PUBLISHED, "state": "?"}, {**PUBLISHED, "state": "PUBLISHED"}],
        allowed=[{}, {"state": "in-review", **SUBMITTED}, PUBLISHED, SUPERSEDED, WITHDRAWN],
        also=["published_when_shown"],
    ),
    "origin_known": known("origin", vocab.Origin),
    "number_from_one": Check(refused=[{"number": 0}], allowed=[{"number": 1}, {"number": 2}]),
    "published_when_shown": Check(
        refused=[
            {"published_at": NOW},
            {"state": "in-review", **SUBMITTED, "published_at": NOW},
            {**PUBLISHED, "published_at": None},
            {**SUPERSEDED, "published_at": None},
            {**WITHDRAWN, "published_at": None},
        ],
        allowed=[{}, PUBLISHED, SUPERSEDED, WITHDRAWN],
    ),
    "assigned_while_open": Check(
        refused=[
            {**PUBLISHED, "assignee": cai},
            {**SUPERSEDED, "assignee": cai},
            {**WITHDRAWN, "assignee": cai},
        ],
        allowed=[
            {"assignee": cai},
            {"state": "in-review", **SUBMITTED, "assignee": cai},
            PUBLISHED,
        ],
    ),
    "submitted_when_in_review": Check(
        refused=[{"state": "in-review"}, {"state": "in-review", "author": ann}],
        allowed=[{"state": "in-review", **SUBMITTED}, {"state": "draft"}],
    ),
}

TWO_PEOPLE: dict[str, Violation] = {
    "two_people": Check(
        refused=[
            # one person, or nobody
            {**PUBLISHED, **UNREVIEWED},
            {**PUBLISHED, "author": None},
            {**PUBLISHED, **UNREVIEWED, "author": None},
            {**SUPERSEDED, **UNREVIEWED},
            {**WITHDRAWN, **UNREVIEWED},
            {**PUBLISHED, "origin": "import", "author": None},
            {**PUBLISHED, "origin": "import", **UNREVIEWED},
            # starter evidence is nobody's, and only its first edition is
            {**STARTER, "author": ann},
            {**STARTER, **REVIEWED},
            {**STARTER, "author": ann, **REVIEWED},
            {**STARTER, "number": 2},
            {**STARTER, "number": 2, "author": ann, **REVIEWED},
        ],
        allowed=[
            {},
            {"origin": "starter", "number": 2},
            PUBLISHED,
            {**PUBLISHED, "origin": "import"},
            STARTER,
            {**STARTER, "state": "superseded"},
        ],
    ),
    "reviewer_is_another": Check(
        refused=[
            {**PUBLISHED, "author": ben},
            {**PUBLISHED, "last_editor": ben},
            {**PUBLISHED, "submitted_by": ben},
            {**REVIEWED, "author": ben},
            {**REVIEWED, "last_editor": ben},
            {**REVIEWED, "submitted_by": ben, "submitted_at": NOW},
        ],
        allowed=[
            {**PUBLISHED, "last_editor": ann},
            {**PUBLISHED, "last_editor": cai, "submitted_by": cai},
            {**PUBLISHED, "submitted_by": None, "submitted_at": None},
            REVIEWED,
            {"author": ann, "last_editor": ann, **SUBMITTED},
        ],
    ),
}

WITHDRAWALS: dict[str, Violation] = {
    "withdrawal_of_the_shown": Check(
        refused=[
            {**PROPOSED, "state": "draft", "published_at": None},
            {**PROPOSED, "state": "in-review", "published_at": None},
        ],
        allowed=[PROPOSED, WITHDRAWN, {**PROPOSED, "state": "superseded"}],
    ),
    "successor_of_the_withdrawn": Check(
        refused=[{"successor": other_record}, {**PUBLISHED, "successor": other_record}],
        allowed=[
            {**PROPOSED, "successor": other_record},
            {**WITHDRAWN, "successor": other_record},
            WITHDRAWN,
        ],
    ),
    "successor_is_another": Check(
        refused=[{**WITHDRAWN, "successor": own_record}],
        allowed=[{**WITHDRAWN, "successor": other_record}, {**WITHDRAWN, "successor": None}],
    ),
    "withdrawn_when_confirmed": Check(
        refused=[
            {**PUBLISHED, "state": "withdrawn"},
            {**PROPOSED, "state": "withdrawn"},
            {**PUBLISHED, "state": "withdrawn", "withdrawn_by": cai, "withdrawn_at": NOW},
            {**WITHDRAWN, "state": "published"},
            {**WITHDRAWN, "state": "superseded"},
        ],
        allowed=[WITHDRAWN, PROPOSED, PUBLISHED],
    ),
    "withdrawer_is_another": Check(
        refused=[{**WITHDRAWN, "withdrawn_by": ann}],
        allowed=[WITHDRAWN, {**WITHDRAWN, "withdrawn_by": ben}],
    ),
}

EDITION: dict[str, Violation] = {**ONE_OF_MANY, **PAIRS, **STATES, **TWO_PEOPLE, **WITHDRAWALS}

LOCATED = Check(
    refused=[
        {**PUBLISHED, "locator": ""},
        {**PUBLISHED, "origin": "import", "locator": ""},
        {**SUPERSEDED, "locator": ""},
        {**WITHDRAWN, "locator": ""},
    ],
    allowed=[{"locator": ""}, {**STARTER, "locator": ""}, {**PUBLISHED, "locator": "p. 3"}],
)

SOURCED: dict[str, Violation] = {
    **EDITION,
    "results_posted_date": partial_date("results_posted"),
    "has_a_source": Check(
        refused=[
            {"publication": None},
            {"publication": None, "trial": a_trial},
            {"publication": None, "results_posted": "2012-05"},
        ],
        allowed=[
            {},
            {"trial": a_trial},
            {"publication": None, "trial": a_trial, "results_posted": "2012-05"},
        ],
    ),
    "locator_given": LOCATED,
    "figures_seen": Check(
        refused=[
            {"state": "in-review", **SUBMITTED, "figures_unchecked": True},
            {**PUBLISHED, "figures_unchecked": True},
        ],
        allowed=[{"figures_unchecked": True}, PUBLISHED],
    ),
}
