"""A forecast reads as a sentence: what changes, from what to what, and what that takes of us."""

from __future__ import annotations

import pytest

from evidence.curation import forecasts
from evidence.curation.queue_rows import Way, Why
from evidence.ledger.what_if import Forecast
from evidence.models import Condition, Intervention, Topic
from evidence.vocab import RULE_STATUS, Rule, Status

DRUG = Intervention(name="IL-2 with antiretroviral therapy")
HIV = Topic(
    pk=43,
    condition=Condition(name="HIV infection"),
    intervention=DRUG,
    role="treatment",
    population="adult",
)
TB = Topic(
    pk=107,
    condition=Condition(name="Tuberculosis"),
    intervention=DRUG,
    role="treatment",
    population="any",
)


def forecast(
    before: str,
    after: str,
    ours: str = "",
    *,
    ground: str = "",
    explained: bool = False,
    topic: Topic = HIV,
) -> Forecast:
    """Give a forecast from one line of the rule to another."""
    return Forecast(
        topic=topic,
        before_status=str(RULE_STATUS[Rule(before)]),
        before_rule=before,
        after_status=str(RULE_STATUS[Rule(after)]),
        after_rule=after,
        published=ours,
        published_ground=ground,
        explained=explained,
    )


def plain(why: Why) -> str:
    """Give a sentence in parts as plain text."""
    return "".join(str(part) for part in why)


ASKED = "HIV infection / treatment / adults (T43, IL-2 with antiretroviral therapy)"
CHANGES = f"Publishing this changes what the rule says of {ASKED} from "


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (forecast("E1", "V2"), f"{CHANGES}experimental to variable (V2)."),
        (
            forecast("E1", "V2", "experimental"),
            (
                f"{CHANGES}experimental to variable (V2). We say experimental there. "
                "After that our word there needs a new edition: with a reason, or another status."
            ),
        ),
        (
            forecast("V1", "I2", "experimental", explained=True),
            (
                f"{CHANGES}variable to investigated (an approved use, I2). We say experimental "
                "there, with a reason to differ from the rule: see whether it still fits."
            ),
        ),
        (
            forecast("V1", "E1", "experimental", explained=True),
            (
                f"{CHANGES}variable to experimental (E1). We say experimental there too, with a "
                "reason that is then no longer needed."
            ),
        ),
        (
            forecast("V1", "E1", "experimental"),
            f"{CHANGES}variable to experimental (E1). We say experimental there too.",
        ),
        (
            forecast("V1", "V2", "experimental"),
            (f"Publishing this leaves the rule at variable for {ASKED}, by V2 in place of V1."),
        ),
        (
            forecast("V1", "V2", "variable", explained=True),
            (f"Publishing this leaves the rule at variable for {ASKED}, by V2 in place of V1."),
        ),
        (
            forecast("E1", "E1", "variable"),
            (
                "Publishing this leaves the rule at experimental (E1: treatment not settled) for "
                f"{ASKED}."
            ),
        ),
    ],
)
def test_a_forecast_says_what_changes_and_what_that_takes(found: Forecast, says: str) -> None:
    (why,) = forecasts.told([found])
    assert plain(why) == says
    assert Way(words=ASKED, model=Topic, about=43) in why
    assert any(isinstance(part, Status) for part in why)


def test_topics_that_change_are_all_named_and_the_others_only_where_none_does() -> None:
    same, other = forecast("E1", "E1"), forecast("E1", "V1", topic=TB)
    (why,) = forecasts.told([same, other], deed=forecasts.WITHDRAWING)
    assert plain(why).startswith("Withdrawing this changes what the rule says of Tuberculosis / ")
    assert len(forecasts.told([same, forecast("I2", "I2", topic=TB)])) == 1
    assert forecasts.told([]) == ()


def test_a_row_of_the_queue_is_short_and_empty_where_nothing_changes() -> None:
    both = (forecast("E1", "V1", "experimental"), forecast("E1", "V2", topic=TB))
    rows = forecasts.in_rows({"none": (forecast("E1", "E1", "variable"),), "both": both})
    assert rows["none"] == ()
    assert plain(rows["both"]) == (
        f"{CHANGES}experimental to variable (V1); we say experimental. Publishing this changes "
        "what the rule says of Tuberculosis / treatment / any age (T107, IL-2 with antiretroviral "
        "therapy) from experimental to variable (V2)"
    )


def test_another_ground_is_another_word_of_the_rules_and_of_ours() -> None:
    found = forecast("I1", "I2", "investigated", ground="no-treatment-found")
    (why,) = forecasts.told([found])
    both = "from investigated (no treatment of people found) to investigated (an approved use, I2)"
    assert f"{both}. We say investigated (no treatment of people found) there. After " in plain(why)
    assert plain(forecasts.in_rows({1: (found,)})[1]).endswith(
        f"{both}; we say investigated (no treatment of people found)"
    )
    back = forecast("I2", "I1", "investigated", ground="no-treatment-found")
    (why,) = forecasts.told([back])
    assert "We say investigated (no treatment of people found) there too." in plain(why)
