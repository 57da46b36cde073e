"""The second reader sees on one screen what bears on her decision, and decides there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from evidence import vocab
from evidence.curation import duties, moves
from evidence.ledger import derivation
from evidence.models import (
    Approval,
    Assessment,
    Condition,
    Consideration,
    Finding,
    HarmReport,
    Outcome,
    Publication,
    Step,
    Topic,
    Trial,
)
from tests.admin.pages import send, url
from tests.admin.rows import (
    fill,
    make_assessment,
    make_finding,
    make_publication,
    make_topic,
    shown,
)
from tests.admin.working import hers, move, published, said, submitted, user

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(signed_in: Callable[..., Client]) -> dict[str, Client]:
    """One of everything, and the browsers of a team."""
    fill()
    return {
        "anna": signed_in("anna", duties.CURATOR),
        "rita": signed_in("rita", duties.REVIEWER),
        "victor": signed_in("victor", duties.VIEWER),
    }


def page_of(edition: Any) -> str:
    """Give the review screen of an edition."""
    return url(type(edition), "review", edition.pk)


def decide(client: Client, edition: Any, **sent: Any) -> Any:
    """Decide on an edition from its review screen: publish it, unless told otherwise."""
    given = {"seen": edition.lock_version, "conflict": "none", "note": ""} | sent
    return client.post(url(type(edition), "review", edition.pk), given)


def test_the_screen_shows_source_locator_and_figures(people: dict[str, Client]) -> None:
    Publication.objects.update(
        authors="Kovacs JA", container="N Engl J Med", doi="10.1056/NEJM199610313351801"
    )
    edition = submitted(
        locator="Table 2, row 3",
        effect_measure="hazard-ratio",
        estimate=0.94,
        ci_low=0.75,
        ci_high=1.16,
        ci_level=95,
        n_il2=2071,
    )
    page = people["rita"].get(url(Finding, "review", edition.pk)).text
    for words in ("Kovacs, 2009", "N Engl J Med", "Table 2, row 3", "0.94", "1.16", "2,071"):
        assert words in page, words
    assert "https://pubmed.ncbi.nlm.nih.gov/1001/" in page
    assert "https://doi.org/10.1056/NEJM199610313351801" in page
    assert page.count(">not reported<") >= 3


def test_a_source_that_was_retracted_is_said_to_be(people: dict[str, Client]) -> None:
    edition = submitted()
    Publication.objects.update(standing=vocab.Standing.RETRACTED, standing_note="Made up.")
    page = people["rita"].get(url(Finding, "review", edition.pk)).text
    assert "This source is retracted" in page
    assert "Made up." in page


def test_the_screen_shows_what_changed_since_the_published_edition(
    people: dict[str, Client],
) -> None:
    draft = moves.revise(Finding.objects.public().get(), by=user("anna"))
    draft.direction, draft.time_point = vocab.Direction.HARM, "week 24"
    draft.save()
    moves.submit(draft, by=user("anna"))
    page = people["rita"].get(url(Finding, "review", draft.pk))
    changed = {one.field: (one.before, one.after) for one in page.context["differences"]}
    assert changed["direction"] == ("favours IL-2", "harm")
    assert changed["time_point"] == ("not reported", "week 24")
    assert set(changed) == {"direction", "time_point"}


def test_the_screen_shows_what_is_published_and_points_another_way(
    people: dict[str, Client],
) -> None:
    group = Outcome.objects.get()
    topic, other = Topic.objects.get(), make_publication(7)
    against = make_finding(topic, other, outcome_group=group, direction="no-difference", **shown())
    make_finding(topic, other, outcome="Agrees", outcome_group=group, **shown())
    make_finding(topic, other, outcome="A draft", outcome_group=group, direction="harm")
    make_finding(
        topic,
        other,
        outcome="Of another kind",
        outcome_kind="level",
        direction="no-difference",
        **shown(),
    )
    edition = submitted(outcome_group=group)
    panels = people["rita"].get(url(Finding, "review", edition.pk)).context["review_panels"]
    assert [row.url for row in panels[0].rows] == [url(Finding, "change", against.pk)]
    same = {row.url for row in panels[1].rows}
    assert url(Finding, "change", Finding.objects.public().first().pk) in same
    assert url(Finding, "change", against.pk) not in same


def one_study_against(topic: Topic) -> None:
    """Leave a topic with one study that speaks against, and nothing that speaks for."""
    Approval.objects.all().delete()
    Finding.objects.public().update(comparison="none")
    against = {"direction": "no-difference", "outcome_kind": "clinical"}
    make_finding(topic, make_publication(7), **against, **shown())
    derivation.rederive()


def test_the_screen_and_the_form_say_what_the_rule_would_say(people: dict[str, Client]) -> None:
    one_study_against(Topic.objects.get())
    edition = submitted(direction="favours", outcome_kind="clinical")
    for name, page in (("rita", "review"), ("anna", "change")):
        answer = people[name].get(url(Finding, page, edition.pk))
        assert answer.context["word"].changes
        assert "Publishing this changes what the rule says of " in answer.text
        assert 'to <span class="variable">variable</span> (V1).' in answer.text


def test_where_nothing_changes_the_screen_says_so_in_one_quiet_sentence(
    people: dict[str, Client],
) -> None:
    one_study_against(Topic.objects.get())
    edition = submitted(outcome="Another outcome", comparison="none")
    answer = people["rita"].get(page_of(edition))
    (sentence,) = answer.context["word"].sentences
    assert not answer.context["word"].changes
    line = '<span class="experimental">experimental</span> (E1: treatment not settled) for '
    assert sentence.startswith(f"Publishing this leaves the rule at {line}")


def wider(narrow: Topic) -> Topic:
    """Give the same question in a condition above a topic's own."""
    condition = Condition.objects.create(name="Infection", slug="infection", area="infectious")
    Condition.objects.filter(pk=narrow.condition_id).update(parent=condition)
    return Topic.objects.create(
        condition=condition,
        intervention=narrow.intervention,
        role=narrow.role,
        population=narrow.population,
    )


def test_the_screen_the_form_and_the_withdrawal_name_every_topic_that_would_change(
    people: dict[str, Client],
) -> None:
    narrow = Topic.objects.get()
    make_assessment(wider(narrow), **shown())
    one_study_against(narrow)
    edition = submitted(direction="favours", outcome_kind="clinical")

    def told(name: str, page: str) -> tuple[str, ...]:
        found: tuple[str, ...] = (
            people[name].get(url(Finding, page, edition.pk)).context["word"].sentences
        )
        return found

    for name, page in (("rita", "review"), ("anna", "change"), ("rita", "publish")):
        sentences = told(name, page)
        assert len(sentences) == 2, page
        assert ">Condition 1 / treatment / adults (T" in sentences[0]
        assert ">Infection / treatment / adults (T" in sentences[1]
        assert "there. After that our word there needs a new edition" in sentences[1]
    decide(people["rita"], edition)
    assert len(told("anna", "propose_withdrawal")) == 2
    edition.refresh_from_db()
    moves.propose_withdrawal(edition, by=user("anna"), note="Wrong table.")
    for page in ("review", "withdraw"):
        sentences = told("rita", page)
        assert sentences[1].startswith("Withdrawing this changes what the rule says of ")
        assert sentences[1].endswith("</span> there too.")


def test_whoever_publishes_or_withdraws_is_told_what_the_rule_says_now(
    people: dict[str, Client],
) -> None:
    narrow = Topic.objects.get()
    wide = wider(narrow)
    make_assessment(wide, **shown())
    one_study_against(narrow)
    edition = submitted(direction="favours", outcome_kind="clinical")
    told = said(people["rita"], decide(people["rita"], edition))
    for topic in (narrow, wide):
        assert (
            f"The rule now says variable (V1: studies disagree) of {topic.condition} / treatment "
            f"/ adults ({topic.code}, {topic.intervention}), in place of experimental."
        ) in told
    assert "We say experimental there: the queue holds its assessment" in told
    edition.refresh_from_db()
    moves.propose_withdrawal(edition, by=user("anna"), note="Wrong table.")
    told = said(people["rita"], move(people["rita"], edition, "withdraw"))
    where = f"Infection / treatment / adults ({wide.code}, {wide.intervention})"
    assert f"of {where}, in place of variable." in told
    assert "We say experimental there too." in told


def test_who_publishes_what_leaves_the_rule_as_it_is_is_told_nothing_of_it(
    people: dict[str, Client],
) -> None:
    derivation.rederive()
    told = said(people["rita"], decide(people["rita"], submitted()))
    assert "The rule" not in told


def test_figures_that_contradict_each_other_are_pointed_out(people: dict[str, Client]) -> None:
    edition = submitted(
        effect_measure="hazard-ratio",
        estimate=5.84,
        ci_low=0.59,
        ci_high=43.57,
        ci_level=95,
        p_value="0.009",
    )
    assert "Look twice" in people["rita"].get(url(Finding, "review", edition.pk)).text


def test_only_who_may_decide_has_the_buttons_to(people: dict[str, Client]) -> None:
    edition = submitted()
    offered = {
        name: [one.move for one in client.get(page_of(edition)).context["decisions"]]
        for name, client in people.items()
    }
    assert offered == {
        "anna": ["return", "comment"],  # she may take it back
        "rita": ["publish", "return", "comment"],
        "victor": [],
    }
    for name in ("anna", "victor"):
        assert decide(people[name], edition).status_code == 403
    edition.refresh_from_db()
    assert edition.state == "in-review"


def test_a_second_reader_publishes_from_the_screen(people: dict[str, Client]) -> None:
    edition = submitted()
    assert decide(people["rita"], edition, note="Read in full.").status_code == 302
    edition.refresh_from_db()
    assert (edition.state, edition.reviewer) == ("published", user("rita"))
    assert Step.objects.get(record=edition.record, verb="published").note == "Read in full."
    assert decide(people["rita"], edition).status_code == 302  # done already


def test_one_note_serves_every_button_and_none_loses_what_was_typed(
    people: dict[str, Client],
) -> None:
    edition = submitted()
    page = people["rita"].get(page_of(edition)).text
    assert page.count("<textarea") == 2  # one note, and which conflict it is
    assert page.count('name="note"') == 1
    for button in ("_publish", "_return", "_comment"):
        answer = decide(
            people["rita"],
            edition,
            seen="",
            conflict="what",
            conflict_words="A grant of its maker.",
            note="Long thought about.",
            **{button: "1"},
        )
        assert "did not say at which save" in answer.text, button
        for words in ("A grant of its maker.", "Long thought about."):
            assert words in answer.text, (button, words)
    edition.refresh_from_db()
    assert edition.state == "in-review"


def test_a_second_reader_returns_from_the_screen_without_a_statement(
    people: dict[str, Client],
) -> None:
    edition = submitted()
    sent = {"conflict": "", "_return": "1"}
    answer = decide(people["rita"], edition, **sent)
    assert "Say what is to be mended" in answer.text
    answer = decide(people["rita"], edition, note="Which table?", **sent)
    assert "is back with its author" in said(people["rita"], answer)
    edition.refresh_from_db()
    assert edition.state == "draft"
    assert Step.objects.get(record=edition.record, verb="returned").note == "Which table?"
    again = decide(people["rita"], edition, note="Which table?", **sent)
    assert "You have done that already" in said(people["rita"], again)


def test_only_to_comment_decides_nothing_and_leads_back_to_the_screen(
    people: dict[str, Client],
) -> None:
    edition = submitted()
    for name in ("rita", "anna"):
        sent = {"conflict": "what", "note": f"A word of {name}.", "_comment": "1"}
        answer = decide(people[name], edition, **sent)
        assert answer.url.startswith(page_of(edition))
        assert decide(people[name], edition, **sent).status_code == 302
    assert decide(people["victor"], edition, note="I too.", _comment="1").status_code == 403
    edition.refresh_from_db()
    assert edition.state == "in-review"
    assert [step.note for step in Step.objects.filter(verb="commented")] == [
        "A word of rita.",
        "A word of anna.",
    ]


def test_what_changed_after_it_was_read_is_not_published(people: dict[str, Client]) -> None:
    edition = submitted()
    seen = edition.lock_version
    moves.return_to_author(edition, by=user("anna"), note="One more table.")
    moves.submit(edition, by=user("anna"))
    answer = decide(people["rita"], edition, seen=seen, note="Read in full.")
    assert answer.status_code == 409
    assert "was changed meanwhile" in answer.text
    assert "Read in full." in answer.text
    edition.refresh_from_db()
    assert edition.state == "in-review"
    assert decide(people["rita"], edition).status_code == 302


def test_nothing_is_published_from_the_screen_without_a_statement(
    people: dict[str, Client],
) -> None:
    edition = submitted()
    answer = decide(people["rita"], edition, conflict="")
    assert answer.status_code == 200
    assert "Say whether you have a conflict of interest." in answer.text
    edition.refresh_from_db()
    assert edition.state == "in-review"


# --- Since she returned it ------------------------------------------------------------------------


def test_a_reader_sees_what_changed_since_she_returned_it(
    people: dict[str, Client],
) -> None:
    edition = submitted()
    assert people["rita"].get(page_of(edition)).context["since_return"] is None
    moves.return_to_author(edition, by=user("rita"), note="Which row of the table?")
    form = url(Finding, "change", edition.pk)
    send(people["anna"], form, locator="Table 2, row 4", p_value="0.08")
    send(people["anna"], form, locator="Table 2, row 3", p_value="", _submit="1")
    answer = people["rita"].get(page_of(edition))
    (change,) = answer.context["since_return"].changes
    assert (change.label, change.before.core, change.after.core) == (
        "Locator",
        "Table 2",
        "Table 2, row 3",
    )
    assert "Changed since you returned it" in answer.text
    assert "Which row of the table?" in answer.text
    assert "Changed since rita returned it" in people["anna"].get(page_of(edition)).text


def test_what_came_back_as_it_was_is_said_to_be_so(people: dict[str, Client]) -> None:
    edition = submitted()
    moves.return_to_author(edition, by=user("rita"), note="Which row of the table?")
    moves.submit(edition, by=user("anna"))
    assert "Nothing: it came back as it was." in people["rita"].get(page_of(edition)).text


def test_relations_that_changed_since_the_return_are_named(people: dict[str, Client]) -> None:
    one = Consideration.objects.get()
    one.author = one.last_editor = user("anna")
    one.save()
    moves.submit(one, by=user("anna"))
    moves.return_to_author(one, by=user("rita"), note="Of which drug?")
    drug = Topic.objects.get().intervention
    send(people["anna"], url(Consideration, "change", one.pk), interventions=[drug.pk])
    one.refresh_from_db()
    moves.submit(one, by=user("anna"))
    (change,) = people["rita"].get(page_of(one)).context["since_return"].changes
    assert (change.label, change.said.core) == ("Interventions", f"added {drug}")


# --- Withdrawals ----------------------------------------------------------------------------------


def to_withdraw() -> Finding:
    """Give a published finding that Anna proposes to withdraw."""
    return moves.propose_withdrawal(published(), by=user("anna"), note="Wrong table.")


def test_the_screen_shows_what_bears_on_a_withdrawal(people: dict[str, Client]) -> None:
    edition = published()
    other = moves.publish(submitted(outcome="Another"), by=user("rita"))
    moves.propose_withdrawal(edition, by=user("anna"), note="Wrong table.", successor=other)
    answer = people["rita"].get(page_of(edition))
    for words in ("Wrong table.", "Proposed by anna", edition.statement, "Table 2", "rule"):
        assert words in answer.text, words
    assert url(Finding, "change", other.pk) in answer.text
    assert "If this is withdrawn" in answer.text
    (sentence,) = answer.context["word"].sentences
    assert sentence.startswith("Withdrawing this leaves the rule at ")
    assert [one.move for one in answer.context["decisions"]] == ["withdraw", "keep", "comment"]
    assert "conflict" not in answer.context["decision_form"].fields
    proposer = people["anna"].get(page_of(edition)).context["decisions"]
    assert [one.move for one in proposer] == ["keep", "comment"]


def test_the_rule_without_what_is_to_be_withdrawn_is_forecast(people: dict[str, Client]) -> None:
    topic = Topic.objects.get()
    against = make_finding(
        topic, make_publication(7), direction="no-difference", outcome_kind="clinical", **shown()
    )
    make_finding(
        topic, make_publication(8), direction="favours", outcome_kind="clinical", **shown()
    )
    moves.propose_withdrawal(against, by=user("anna"), note="Wrong table.")
    word = people["rita"].get(page_of(against)).context["word"]
    assert word.changes
    assert 'from <span class="variable">variable</span> to ' in word.sentences[0]


@pytest.mark.parametrize(
    ("button", "state", "verb"),
    [
        ("_withdraw", vocab.State.WITHDRAWN, vocab.Verb.WITHDRAWN),
        ("_keep", vocab.State.PUBLISHED, vocab.Verb.KEPT),
    ],
)
def test_a_withdrawal_is_decided_from_the_screen(
    button: str, state: str, verb: str, people: dict[str, Client]
) -> None:
    edition = to_withdraw()
    sent = {button: "1", "note": "The table is the wrong one.", "next": "/admin/"}
    answer = decide(people["rita"], edition, **sent)
    assert answer.url == "/admin/"
    edition.refresh_from_db()
    assert edition.state == state
    assert Step.objects.get(record=edition.record, verb=verb).by == user("rita")


def test_a_withdrawal_is_not_turned_down_without_a_word_nor_confirmed_by_its_proposer(
    people: dict[str, Client],
) -> None:
    edition = to_withdraw()
    assert "Say why it stays" in decide(people["rita"], edition, _keep="1").text
    assert decide(people["anna"], edition, _withdraw="1").status_code == 403
    edition.refresh_from_db()
    assert (edition.state, edition.withdrawal_reason) == ("published", "Wrong table.")


def test_the_queue_leads_a_withdrawal_to_the_screen_and_back(people: dict[str, Client]) -> None:
    edition = to_withdraw()
    page = people["rita"].get("/admin/").text
    assert f"{page_of(edition)}?next=%2Fadmin%2F" in page


@pytest.mark.parametrize("model", [Assessment, HarmReport, Consideration])
def test_a_withdrawal_of_any_judgement_has_its_screen(
    model: Any, people: dict[str, Client]
) -> None:
    edition = model.objects.first()
    if model is Assessment:  # of a topic on which nothing else is published
        edition = make_assessment(make_topic(7), **shown())
    elif edition.state == "draft":
        edition.author = edition.last_editor = user("anna")
        edition.save()
        edition = moves.submit(edition, by=user("anna"))
        edition = moves.publish(edition, by=user("rita"))
    moves.propose_withdrawal(edition, by=user("anna"), note="Wrong table.")
    answer = people["rita"].get(page_of(edition))
    assert "Wrong table." in answer.text
    assert "Confirm the withdrawal" in answer.text
    assert "Wrong table." in people["anna"].get(url(model, "change", edition.pk)).text


# --- The same trial -------------------------------------------------------------------------------


def test_the_screen_shows_what_other_sources_say_of_the_same_trial(
    people: dict[str, Client],
) -> None:
    topic, trial = Topic.objects.get(), Trial.objects.get()
    other = make_finding(topic, make_publication(7), trial=trial, value_il2="12 of 176", **shown())
    make_finding(topic, make_publication(8), trial=trial)
    make_finding(topic, make_publication(9), **shown())
    edition = submitted(trial=trial)
    panels = people["rita"].get(page_of(edition)).context["review_panels"]
    assert panels[2].title.startswith("Published findings of the same trial")
    assert [row.url for row in panels[2].rows] == [url(Finding, "change", other.pk)]
    assert "12 of 176" in panels[2].rows[0].cells
    bare = people["rita"].get(page_of(submitted(outcome="Of no trial"))).context["review_panels"]
    assert len(bare) == 2


# --- Together -------------------------------------------------------------------------------------


def in_review_together() -> tuple[Assessment, Finding, HarmReport]:
    """Give an assessment, a finding and a harm report of a topic that readers do not see yet."""
    old, by = Topic.objects.get(), user("anna")
    topic = Topic.objects.create(
        condition=old.condition,
        intervention=old.intervention,
        role=vocab.Role.PREVENTION,
        population=old.population,
    )
    mine = {"author": by, "last_editor": by}
    soon = timezone.now().date() + dt.timedelta(days=180)
    assessment = make_assessment(topic, reason="Early.", review_by=soon, **mine)
    finding = make_finding(topic, Publication.objects.get(), **mine)
    report = HarmReport.objects.get()
    harm = HarmReport.objects.create(
        topic=topic,
        adverse_effect=report.adverse_effect,
        intervention=report.intervention,
        term_as_printed="Fever",
        dose_class="low",
        collected="all-grades",
        publication=report.publication,
        locator="p. 3",
        **mine,
    )
    for one in (assessment, finding, harm):
        moves.submit(one, by=by)
    return assessment, finding, harm


def test_an_assessment_is_published_together_with_what_it_rests_on(
    people: dict[str, Client],
) -> None:
    assessment, finding, harm = in_review_together()
    page = people["rita"].get(url(Assessment, "review", assessment.pk))
    values = [one.value for one in page.context["together"]]
    assert len(values) == 2
    assert decide(people["rita"], assessment, **{"with": values}).status_code == 302
    for one in (assessment, finding, harm):
        one.refresh_from_db()
        assert one.state == "published"


@pytest.mark.parametrize("place", [0, 1, 2])
def test_of_what_is_published_together_all_is_or_nothing(
    place: int, people: dict[str, Client]
) -> None:
    assessment, finding, harm = in_review_together()
    page = people["rita"].get(url(Assessment, "review", assessment.pk))
    values = [one.value for one in page.context["together"]]
    seen = assessment.lock_version
    changed = (assessment, finding, harm)[place]
    moves.return_to_author(changed, by=user("anna"), note="Wrong page.")
    moves.submit(changed, by=user("anna"))
    answer = decide(people["rita"], assessment, seen=seen, **{"with": values})
    assert answer.status_code == 409
    assert f"{changed.code} was changed meanwhile" in answer.text
    for one in (assessment, finding, harm):
        one.refresh_from_db()
        assert one.state == "in-review"


@pytest.mark.parametrize("value", ["x", "F1-1-1", "F1", "", "-", "F999999-1-1", "x" * 500])
def test_what_is_not_offered_is_not_published_with_it(
    value: str, people: dict[str, Client]
) -> None:
    assessment, *_ = in_review_together()
    answer = decide(people["rita"], assessment, **{"with": [value]})
    assert answer.status_code == 409
    assessment.refresh_from_db()
    assert assessment.state == "in-review"


# --- The preview ----------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [Assessment, Finding, HarmReport, Consideration])
def test_a_preview_shows_what_readers_would_see_and_says_that_they_do_not(
    model: Any, people: dict[str, Client]
) -> None:
    edition = model.objects.order_by("-pk")[0]
    if edition.state == "published":
        edition = moves.revise(edition, by=user("anna"))
    answer = people["victor"].get(url(model, "preview", edition.pk))
    assert answer.status_code == 200
    assert "Preview: not public." in answer.text
    assert getattr(edition, "summary", "") in answer.text
    assert edition.code in answer.text
    assert "not yet read by a second person" not in answer.text
    assert "<dt>Last reviewed by a person</dt><dd><time" not in answer.text
    assert "Copy citation" not in answer.text, "a preview is not cited"
    assert "no-store" in answer["Cache-Control"]


def test_a_preview_of_a_finding_is_the_page_that_readers_get(
    people: dict[str, Client], stranger: Client
) -> None:
    edition = submitted(outcome="A new outcome", p_value="0.009")
    preview = people["rita"].get(url(Finding, "preview", edition.pk)).text
    moves.publish(edition, by=user("rita"))
    public = stranger.get(f"/findings/{edition.code}/").text
    start, end = '<dl class="pairs">', "</dl>"
    assert (
        preview.partition(start)[2].partition(end)[0]
        == public.partition(start)[2].partition(end)[0]
    )


def test_a_preview_writes_nothing(people: dict[str, Client]) -> None:
    edition = hers()
    before = Finding.objects.filter(pk=edition.pk).values().get()
    people["rita"].get(url(Finding, "preview", edition.pk))
    assert Finding.objects.filter(pk=edition.pk).values().get() == before


def test_a_draft_in_review_stays_unknown_to_readers(
    people: dict[str, Client], stranger: Client
) -> None:
    edition = submitted()
    people["rita"].get(url(Finding, "preview", edition.pk))
    assert stranger.get(f"/findings/{edition.code}/").status_code == 404
