"""The search's entries: of what readers see alone, and the same however they came about."""

from __future__ import annotations

import random
import threading
from collections.abc import Mapping
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, migrations, transaction
from django.db.migrations.loader import MigrationLoader

from evidence.ledger import engines, entries, index, version
from evidence.ledger.index import KINDS, matching
from evidence.listing.tokens import Query, parse
from evidence.models import (
    AdverseEffect,
    Condition,
    Finding,
    HarmReport,
    Intervention,
    Publication,
    Topic,
    Trial,
    TrialIdentifier,
)
from tests.models.together import PATIENCE, at_once
from tests.web import examples

MODELS = {
    "topic": (Topic, "pk"),
    "condition": (Condition, "pk"),
    "intervention": (Intervention, "pk"),
    "adverse-effect": (AdverseEffect, "pk"),
    "trial": (Trial, "pk"),
    "publication": (Publication, "pk"),
    "finding": (Finding, "record_id"),
    "harm": (HarmReport, "record_id"),
}
PIECES = [
    *("il-2", "IL", "2", "HIV", "β-cell", "CD4+", "p<0.05", "NEAR", "AND", "OR", "NOT", "title:"),
    *('"', "'", "*", "^", "(", ")", "-", "--", "|", "&", "!", "<->", ":", ":*", ":A", "\\", ";"),
    *("{", "}", "_c1", "_kindtopic", "_", "\0", "\ud800", "é", "结核", "\n", "10.1000/ABC", "%s"),
]


def found(kind: str, text: str | Query, **given: Any) -> set[int]:
    """The keys of what a query finds of a kind."""
    query = parse(text) if isinstance(text, str) else text
    model, key = MODELS[kind]
    rows: Any = model
    shown = rows.objects.public().filter(**{f"{key}__in": matching(query, kind, **given)})
    return set(shown.values_list(key, flat=True))


@pytest.mark.django_db
def test_a_thing_is_found_by_its_own_words_and_by_its_terms() -> None:
    topic = examples.world()
    Condition.objects.filter(pk=topic.condition_id).update(synonyms="Contagion\nAIDS")
    index.rebuild()
    findings = set(Finding.objects.public().values_list("record_id", flat=True))
    first = min(findings)
    for text in ("contagion", "AIDS", topic.code, "IL-2"):
        assert found("finding", text) == findings, text
        assert found("topic", text) == {topic.pk}, text
    assert found("finding", f"F{first}") == {first}
    assert found("topic", "NCT00004978") == {topic.pk}
    assert found("finding", "contagion -IL-2") == set()
    assert found("topic", "zzz") == found("finding", "") == set()
    assert found("condition", "contagion") == {topic.condition_id}


@pytest.mark.django_db
def test_a_word_of_a_wide_term_finds_what_hangs_on_the_narrower() -> None:
    wide = examples.condition("Contagion", "contagion")
    topic = examples.topic(condition=examples.condition(parent=wide))
    examples.assessment(topic)
    index.rebuild()
    assert found("topic", "contagion") == {topic.pk}
    wide.name = "Plague"
    wide.save()
    index.after_change(wide)
    assert (found("topic", "contagion"), found("topic", "plague")) == (set(), {topic.pk})


@pytest.mark.django_db
def test_what_only_a_title_holds_is_told_apart() -> None:
    examples.publication(1, title="Of melanoma", summary="In adults")
    examples.publication(2, title="Of glioma", summary="Not of melanoma")
    index.rebuild()
    both = set(Publication.objects.values_list("pk", flat=True))
    first = {Publication.objects.get(pmid=1).pk}
    assert found("publication", "melanoma") == both
    assert found("publication", "melanoma", in_title=True) == first
    assert found("publication", "melanoma adults", in_title=True) == set()
    assert found("publication", "melanoma -glioma", in_title=True) == first


@pytest.mark.django_db
@pytest.mark.parametrize(
    "given",
    [{"state": "draft", "published_at": None}, {"state": "superseded"}],
    ids=lambda given: given["state"],
)
def test_only_what_is_published_has_an_entry(given: dict[str, Any]) -> None:
    topic = examples.world()
    paper = examples.publication(77)
    examples.finding(topic, paper, statement="Xylophones", **given)
    examples.harm(paper, topic=topic, statement="Xylophones", **given)
    index.rebuild()
    assert not any("xylophon" in str(row) for row in engines.contents())
    assert [*index.faults()] == []


@pytest.mark.django_db
def test_no_entry_holds_a_fact_that_nobody_has_accepted() -> None:
    examples.trial("NCT00000009", title="Xylophones", accepted_at=None, accepted_by=None)
    examples.publication(9, title="Xylophones", accepted_at=None, accepted_by=None)
    index.rebuild()
    assert not any("xylophon" in str(row) for row in engines.contents())


@pytest.mark.django_db
def test_a_merged_term_has_no_entry() -> None:
    one, two = examples.condition("One", "one"), examples.condition("Two", "two")
    one.merged_into = two
    one.save()
    index.after_change(one)
    index.after_change(two)
    assert engines.held() == {entries.row_id("condition", two.pk)}


@pytest.mark.django_db
def test_an_entry_is_rolled_back_with_its_transaction() -> None:
    with transaction.atomic():
        condition = examples.condition("Xylophones", "xylophones")
        index.after_change(condition)
        assert found("condition", "xylophones") == {condition.pk}
        transaction.set_rollback(True)
    assert entries.row_id("condition", condition.pk) not in engines.held()


@pytest.mark.django_db
def test_a_rebuild_says_what_it_made_and_takes_out_what_is_nothing() -> None:
    examples.world()
    engines.replace(engines.TABLE, [], [engines.row(999_999_999 * 16 + 1, [["zzz"]], [])])
    told: list[tuple[str, int, int]] = []
    counts = index.rebuild(told=lambda *said: told.append(said))
    assert sum(counts.values()) == len(engines.held())
    assert ("topic", 1, 1) in told
    assert [*index.faults()] == []


@pytest.mark.django_db
def test_faults_are_what_the_index_lacks_and_what_it_holds_too_much() -> None:
    topic = examples.world()
    engines.replace(engines.TABLE, [entries.row_id("topic", topic.pk)], [])
    engines.replace(engines.TABLE, [], [engines.row(999_999_999 * 16 + 3, [["zzz"]], [])])
    assert [*index.faults()] == [
        "The search lacks entries of this kind: topic (1).",
        "The search holds too many entries of this kind: intervention (1).",
    ]


@pytest.mark.django_db
def test_a_rebuild_gives_the_data_version_another_token_and_no_other_number() -> None:
    version.bump()
    before = version.current()
    index.rebuild()
    after = version.current()
    assert (before.number, before.as_of) == (after.number, after.as_of)
    assert before.token != after.token


@pytest.mark.django_db(transaction=True)
def test_a_rebuild_outside_a_transaction_is_seen_when_all_is_there() -> None:
    examples.condition("Melanoma", "melanoma")
    index.rebuild()
    seen: list[set[int]] = []
    late: list[Condition] = []

    def told(kind: str, done: int, of: int) -> None:
        seen.append(found("condition", "melanoma") | found("condition", "glioma"))
        if kind == "condition" and not late:
            # Whoever publishes meanwhile is found in the old one and in the new.
            late.append(examples.condition("Late glioma", "late-glioma"))
            with transaction.atomic():
                version.hold()
                index.after_change(late[0])

    examples.condition("Glioma", "glioma")
    index.rebuild(told=told)
    both = set(Condition.objects.values_list("pk", flat=True))
    assert all(len(keys) < len(both) for keys in seen)
    assert found("condition", "melanoma") | found("condition", "glioma") == both
    assert not engines.is_there(engines.NEXT)
    assert index.is_built()
    assert engines.held() == {entries.row_id("condition", key) for key in both}


@pytest.mark.django_db(transaction=True)
def test_a_broken_rebuild_leaves_the_old_index() -> None:
    made = examples.condition("Melanoma", "melanoma")
    index.rebuild()

    def told(kind: str, done: int, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index.rebuild(told=told)
    assert found("condition", "melanoma") == {made.pk}
    index.rebuild()
    assert not engines.is_there(engines.NEXT)


@pytest.mark.django_db(transaction=True)
def test_entries_survive_a_migration_that_remakes_tables() -> None:
    """SQLite's tables are made anew for most changes, and what hangs on them is dropped."""
    made = examples.condition("Melanoma", "melanoma")
    index.rebuild()
    before = engines.contents()
    state = MigrationLoader(connection).project_state()
    old, new = state.apps, state.clone().apps
    field = apps.get_model("evidence.Condition")._meta.get_field("definition").clone()
    field.db_default = "remade"
    for change in ("there", "and back"):
        model = (old if change == "there" else new).get_model("evidence.Condition")
        was = model._meta.get_field("definition")
        field.set_attributes_from_name("definition")
        field.model = model
        with connection.schema_editor() as editor:
            if change == "there":
                editor.alter_field(model, was, field, strict=True)
            else:
                editor.alter_field(model, field, was, strict=True)
    assert engines.contents() == before
    assert found("condition", "melanoma") == {made.pk}


@pytest.mark.django_db(transaction=True)
def test_the_migration_can_be_taken_back_and_made_again() -> None:
    loader = MigrationLoader(connection)
    migration = loader.get_migration("evidence", "0006_the_search")
    (run,) = [one for one in migration.operations if isinstance(one, migrations.RunPython)]
    with connection.schema_editor() as editor:
        run.database_backwards("evidence", editor, loader.project_state(), loader.project_state())
    assert not engines.is_there(engines.TABLE)
    with connection.schema_editor() as editor:
        run.database_forwards("evidence", editor, loader.project_state(), loader.project_state())
    made = examples.condition("Melanoma", "melanoma")
    index.rebuild()
    assert found("condition", "melanoma") == {made.pk}


@pytest.mark.django_db
def test_no_text_raises(request: pytest.FixtureRequest) -> None:
    """2,000 texts of what breaks queries; 200,000 with --long."""
    examples.world()
    chance = random.Random(5)  # noqa: S311 - repeatable, not a secret
    for _ in range(200_000 if request.config.getoption("--long") else 2_000):
        parts = chance.choices(PIECES, k=chance.randint(1, 12))
        text = chance.choice(["", " "]).join(parts)
        if chance.random() < 0.3:
            text = "".join(chr(chance.randrange(0x3000)) for _ in range(30))
        kind = chance.choice(KINDS)
        keys = found(kind, text, in_title=chance.random() < 0.3)
        assert not keys or parse(text)


@pytest.mark.django_db
def test_texts_too_long_for_one_entry_are_found_by_word() -> None:
    said = " ".join(f"word{i}x" for i in range(20_000))
    made = examples.publication(1, title="Long", summary=f"{said} last {'again ' * 400}melanoma")
    index.write("publication", [made.pk])
    for text in ("word3x", "word19999x", "melanoma", "again", '"word3x word4x"', "last melanoma"):
        assert found("publication", text) == {made.pk}, text
    assert found("publication", '"word19998x word19999x"') == set()


@pytest.mark.django_db
def test_an_identifier_is_found_as_a_word() -> None:
    trial = examples.trial("NCT00000001")
    TrialIdentifier.objects.create(trial=trial, registry="EUCTR", value="2004-000563-29")
    index.after_change(trial)
    for text in ("NCT00000001", "nct00000001", "2004-000563-29", "nct0000"):
        assert found("trial", text) == {trial.pk}, text
    assert found("trial", "2004-000563-28") == set()


# --- Several at once ------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_rebuilds_the_last_to_begin_goes_on_and_the_other_says_so() -> None:
    for number in range(3):
        examples.condition(f"Melanoma {number}", f"melanoma-{number}")
    index.rebuild()
    is_begun, is_let_go = threading.Event(), threading.Event()
    counts: list[Mapping[str, int]] = []

    def first(kind: str, done: int, of: int) -> None:
        is_begun.set()
        assert is_let_go.wait(PATIENCE)

    def second(kind: str, done: int, of: int) -> None:
        """Let the other go on, and wait for nothing: each looks for itself at every step."""
        is_let_go.set()

    def begin_second() -> None:
        assert is_begun.wait(PATIENCE)
        counts.append(index.rebuild(told=second))

    became = at_once(lambda: index.rebuild(told=first), begin_second)
    assert [type(one) for one in became] == [index.Overtaken, type(None)]
    assert counts[0]["condition"] == 3
    assert [*index.faults()] == []
    assert not engines.is_there(engines.NEXT)


@pytest.mark.django_db(transaction=True)
def test_a_rebuild_never_puts_another_ones_half_filled_table_in_place() -> None:
    """The second stands still between its entries while the first comes to its end."""
    for number in range(3):
        examples.condition(f"Melanoma {number}", f"melanoma-{number}")
    index.rebuild()
    before = engines.contents()
    is_begun, is_made, is_over = threading.Event(), threading.Event(), threading.Event()
    held: list[Any] = []

    def first(kind: str, done: int, of: int) -> None:
        if kind == "condition":
            is_begun.set()
            assert is_made.wait(PATIENCE)

    def second(kind: str, done: int, of: int) -> None:
        is_made.set()
        assert is_over.wait(PATIENCE)
        held.append(engines.contents())

    def begin_first() -> None:
        try:
            index.rebuild(told=first)
        finally:
            is_over.set()

    def begin_second() -> None:
        assert is_begun.wait(PATIENCE)
        index.rebuild(told=second)

    became = at_once(begin_first, begin_second)
    assert [type(one) for one in became] == [index.Overtaken, type(None)]
    assert held[0] == before
    assert engines.contents() == before


@pytest.mark.django_db(transaction=True)
def test_a_rebuild_that_was_killed_keeps_no_other_one_waiting() -> None:
    made = examples.condition("Melanoma", "melanoma")
    engines.make(engines.NEXT)
    engines.replace(engines.NEXT, [], [engines.Row(-5, (), ())])
    index.rebuild()
    assert engines.held() == {entries.row_id("condition", made.pk)}


@pytest.mark.django_db(transaction=True)
def test_what_is_published_while_a_rebuild_begins_is_found() -> None:
    """Its entry was written before there was a table to fill, and it is seen only afterwards."""
    index.rebuild()
    is_written, is_begun = threading.Event(), threading.Event()

    def publish() -> None:
        with transaction.atomic():
            version.hold()
            index.after_change(examples.condition("Melanoma", "melanoma"))
            is_written.set()
            # Had the rebuild not to wait for this one, it would be over by then.
            is_begun.wait(1)

    def rebuild() -> None:
        assert is_written.wait(PATIENCE)
        index.rebuild()
        is_begun.set()

    assert at_once(publish, rebuild) == [None, None]
    assert len(found("condition", "melanoma")) == 1
    assert [*index.faults()] == []


@pytest.mark.django_db(transaction=True)
def test_a_rebuild_writes_what_its_table_lacks_before_it_is_put_in_place() -> None:
    made = examples.condition("Melanoma", "melanoma")
    kept = entries.row_id("condition", made.pk)

    def told(kind: str, done: int, of: int) -> None:
        nothing = engines.row(999_999_999 * 16 + 3, [["zzz"]], [])
        engines.replace(engines.NEXT, [kept], [nothing])

    counts = index.rebuild(told=told)
    assert engines.held() == {kept}
    assert sum(counts.values()) == 1
