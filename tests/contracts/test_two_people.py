"""Twelve ways round the two-person rule, each tried as each role: none puts a word in public.

Whoever tries has written what she tries to publish: her own draft, her own submission, or the next
edition of something that readers see. What she tries it with is everything the site answers to, a
call of the moves, and at the end the database itself.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from evidence.curation import NotAllowed, duties, moves
from evidence.models import Assessment, Finding, Topic
from evidence.vocab import State
from tests.admin.pages import form_of, url
from tests.contracts import asking
from tests.curation.conftest import accepted, someone_who
from tests.models.rows import make

pytestmark = pytest.mark.django_db

ROLES: dict[str, tuple[str, ...]] = {
    "anonymous": (),
    "viewer": (duties.VIEWER,),
    "curator": (duties.CURATOR,),
    "reviewer": (duties.REVIEWER,),
    "curator and reviewer": (duties.CURATOR, duties.REVIEWER),
    "administrator": (duties.ADMINISTRATOR,),
    "superuser": (),
}
SECRET = "zzyzx"


@dataclass(kw_only=True)
class Scene:
    """A person, her browser, and what she would like readers to see."""

    me: Any
    browser: Client
    draft: Finding
    submitted: Finding
    shown: Finding
    next: Finding
    topic: Topic
    colleague: Any
    reader: Any

    @property
    def mine(self) -> tuple[Finding, ...]:
        """All that she has written and nobody else has read."""
        return (self.draft, self.submitted, self.next)

    def writes(self, **fields: Any) -> Finding:
        """Write a draft of her own, whatever her duties are by now."""
        return make(
            Finding,
            topic=self.topic,
            publication=accepted(),
            author=self.me,
            last_editor=self.me,
            statement=SECRET,
            **fields,
        )


@pytest.fixture(params=ROLES)
def scene(request: Any) -> Scene:
    """Put a person of each role where she has everything ready but the second person."""
    me = someone_who("mallory", duties.CURATOR)
    colleague = someone_who("ann", duties.CURATOR)
    reader = someone_who("ben", duties.REVIEWER)
    topic = make(Topic)
    assessment = make(
        Assessment,
        topic=topic,
        author=colleague,
        status="investigated",
        ground="no-treatment-found",
        direction="no-data",
    )
    moves.publish(moves.submit(assessment, by=colleague), by=reader)
    shown = make(Finding, topic=topic, publication=accepted(), author=colleague)
    moves.publish(moves.submit(shown, by=colleague), by=reader)
    scene = Scene(
        me=me,
        browser=Client(),
        draft=None,  # type: ignore[arg-type]
        submitted=None,  # type: ignore[arg-type]
        shown=shown,
        next=moves.revise(shown, by=me),
        topic=topic,
        colleague=colleague,
        reader=reader,
    )
    scene.draft = scene.writes()
    scene.submitted = moves.submit(scene.writes(), by=me)
    scene.next.statement = SECRET
    scene.next.save()
    moves.submit(scene.next, by=me)
    me.groups.set(Group.objects.filter(name__in=ROLES[request.param]))
    me.is_superuser = request.param == "superuser"
    me.is_staff = request.param != "anonymous"
    me.save()
    scene.me = get_user_model().objects.get(pk=me.pk)
    if scene.me.is_staff:
        scene.browser.force_login(scene.me)
    return scene


def forged(scene: Scene) -> dict[str, Any]:
    """Give every column that would make an edition look published by two people."""
    return {
        "state": State.PUBLISHED,
        "number": 1,
        "author": scene.colleague.pk,
        "last_editor": scene.colleague.pk,
        "submitted_by": scene.colleague.pk,
        "reviewer": scene.reader.pk,
        "reviewed_at_0": "2026-11-21",
        "reviewed_at_1": "12:00:00",
        "published_at_0": "2026-11-21",
        "published_at_1": "12:00:00",
        "published_at": "2026-11-21 12:00:00",
        "reviewed_at": "2026-11-21 12:00:00",
        "conflict_of_interest": "none",
    }


def content(scene: Scene) -> dict[str, Any]:
    """Give what a finding's form sends."""
    return {
        "topic": scene.topic.pk,
        "publication": scene.shown.publication_id,
        "outcome": "Death",
        "outcome_kind": "clinical",
        "analysis": "primary",
        "comparison": "adds-il2",
        "subjects": "patients",
        "population": "adult",
        "direction": "favours",
        "design": "not-stated",
        "risk_of_bias": "not-assessed",
        "certainty": "not-assessed",
        "locator": "Table 1",
        "statement": SECRET,
    }


def by_form(scene: Scene) -> None:
    """Send the state with the form of a draft."""
    for edition in scene.mine:
        page = url(Finding, "change", edition.pk)
        for button in ("_save", "_continue", "_publish", "_submit"):
            scene.browser.post(page, {**content(scene), **forged(scene), button: "x"})


def by_list_editable(scene: Scene) -> None:
    """Send the state with the list of findings, as if it could be edited there."""
    rows = {"form-TOTAL_FORMS": 3, "form-INITIAL_FORMS": 3, "_save": "Save"}
    for number, edition in enumerate(scene.mine):
        rows |= {f"form-{number}-id": edition.pk}
        rows |= {f"form-{number}-{name}": value for name, value in forged(scene).items()}
    scene.browser.post(url(Finding, "changelist"), rows)


def by_bulk_action(scene: Scene) -> None:
    """Choose her own submissions and publish them in bulk."""
    keys = [edition.pk for edition in scene.mine]
    chosen = {"_selected_action": keys, "select_across": "0", "index": "0"}
    for action in ("bulk_publish", "bulk_submit", "publish", "bulk_take_over", "make_published"):
        scene.browser.post(url(Finding, "changelist"), {**chosen, "action": action})
    said = {"conflict_of_interest": "none", "conflict": "none", "note": "x", **forged(scene)}
    for job in ("submit", "take-over", "publish"):
        rows = " ".join(f"{row.pk}:{row.lock_version}" for row in _now(scene))
        scene.browser.post(url(Finding, "bulk", job), {"rows": rows, **said})


def by_inline(scene: Scene) -> None:
    """Send findings as rows inside the page of their topic."""
    rows: dict[str, Any] = {}
    for prefix in ("findings", "finding_set", "finding_editions"):
        rows |= {f"{prefix}-TOTAL_FORMS": 1, f"{prefix}-INITIAL_FORMS": 1}
        rows |= {f"{prefix}-0-id": scene.draft.pk, f"{prefix}-0-topic": scene.topic.pk}
        rows |= {f"{prefix}-0-{name}": value for name, value in forged(scene).items()}
    page = url(Topic, "change", scene.topic.pk)
    answer = scene.browser.get(page)
    values = form_of(scene.browser, page) if answer.status_code == 200 else {}
    scene.browser.post(page, {**values, **rows, "_save": "Save"})


def by_saving_as_new(scene: Scene) -> None:
    """Save what readers see as a new row, with other words."""
    for edition in (scene.shown, *scene.mine):
        page = url(Finding, "change", edition.pk)
        sent = {**content(scene), **forged(scene), "_saveasnew": "Save as new"}
        scene.browser.post(page, sent)


def by_popup(scene: Scene) -> None:
    """Add a finding in the window that opens beside a relation."""
    sent = {**content(scene), **forged(scene), "_popup": "1", "_save": "Save"}
    scene.browser.post(f"{url(Finding, 'add')}?_popup=1&_to_field=id", sent)


def by_history(scene: Scene) -> None:
    """Send a form to the history of a draft, and of what readers see."""
    for edition in (scene.shown, *scene.mine):
        page = url(Finding, "history", edition.pk)
        for method in (scene.browser.post, scene.browser.put):
            method(page, {**content(scene), **forged(scene), "revert": "1", "_save": "Save"})


def by_starting_an_edition(scene: Scene) -> None:
    """Start the next edition of what readers see, submit it and publish it."""
    said = {"note": "x", "conflict": "none", "conflict_of_interest": "none"}
    for edition in (scene.shown, *scene.mine):
        for move in ("revise", "submit", "publish"):
            for row in Finding.objects.filter(record=edition.record_id):
                sent = {**said, **forged(scene), "seen": row.lock_version}
                scene.browser.post(url(Finding, move, row.pk), sent)


def by_starter_origin(scene: Scene) -> None:
    """Pass her own words off as starter evidence, which nobody has to read twice."""
    origin = {"origin": "starter", "author": "", "reviewer": "", "number": 1}
    for edition in scene.mine:
        sent = {**content(scene), **forged(scene), **origin, "_save": "Save"}
        scene.browser.post(url(Finding, "change", edition.pk), sent)
        edition.refresh_from_db()
        edition.origin = "starter"
        for act in (moves.submit, moves.publish):
            _try(lambda act=act, edition=edition: act(edition, by=scene.me))
    nobodys = make(
        Finding, topic=scene.topic, publication=accepted(), origin="starter", statement=SECRET
    )
    _try(lambda: moves.submit(nobodys, by=scene.me))
    _try(lambda: moves.publish(nobodys, by=scene.me))


def by_stale_form(scene: Scene) -> None:
    """Open the decision about a colleague's words, change them, and decide with the old form."""
    draft = make(Finding, topic=scene.topic, publication=accepted(), author=scene.colleague)
    moves.submit(draft, by=scene.colleague)
    page = url(Finding, "publish", draft.pk)
    opened = scene.browser.get(page)
    form = form_of(scene.browser, page) if opened.status_code == 200 else {"seen": "1"}
    moves.return_to_author(draft, by=scene.colleague, note="A better word.")
    draft.refresh_from_db()
    draft.statement, draft.last_editor = SECRET, scene.me
    draft.lock_version += 1
    draft.save()
    moves.submit(draft, by=scene.colleague)
    sent = {**form, "conflict": "none", "conflict_of_interest": "none", "note": "x"}
    scene.browser.post(page, sent)
    scene.browser.post(page, {**sent, "seen": str(draft.lock_version)})
    stale = Finding.objects.get(pk=draft.pk)
    stale.last_editor = scene.colleague
    _try(lambda: moves.publish(stale, by=scene.me))


def by_calling_the_service(scene: Scene) -> None:
    """Call every move in her own name, alone and in one go."""
    for edition in scene.mine:
        for act in (moves.submit, moves.publish):
            _try(lambda act=act, edition=edition: act(edition, by=scene.me))
        _try(lambda edition=edition: moves.publish_together([edition], by=scene.me))
        _try(lambda edition=edition: moves.assign(edition, to=scene.me, by=scene.me))
        _try(lambda edition=edition: moves.publish(edition, by=scene.me))
        edition.refresh_from_db()
        edition.author = edition.last_editor = edition.submitted_by = scene.colleague
        _try(lambda edition=edition: moves.publish(edition, by=scene.me))


def by_direct_sql(scene: Scene) -> None:
    """Write into the table: alone, with nobody, as starter evidence, as an import."""
    table, now = Finding._meta.db_table, timezone.now()
    me = scene.me.pk
    attempts: list[dict[str, Any]] = [
        {"reviewer_id": me, "reviewed_at": now},
        {"reviewer_id": None, "reviewed_at": None},
        {"reviewer_id": me, "reviewed_at": now, "author_id": None},
        {"reviewer_id": None, "reviewed_at": None, "author_id": None},
        {"origin": "starter"},
        {"origin": "starter", "reviewer_id": me, "reviewed_at": now},
        {"origin": "starter", "number": 7, "author_id": None},
        {"origin": "import", "reviewer_id": me, "reviewed_at": now},
        {"origin": "import", "author_id": None},
        {"origin": "anything", "author_id": None},
    ]
    for edition in scene.mine:
        for attempt in attempts:
            for state in ("published", "superseded", "withdrawn"):
                columns = {"state": state, "published_at": now, **attempt}
                settings = ", ".join(f"{column} = %s" for column in columns)
                sql = f"UPDATE {table} SET {settings} WHERE id = %s"  # noqa: S608
                with (
                    pytest.raises(DatabaseError),
                    transaction.atomic(),
                    connection.cursor() as cursor,
                ):
                    cursor.execute(sql, [*columns.values(), edition.pk])


WAYS: dict[str, Callable[[Scene], None]] = {
    "form": by_form,
    "list_editable": by_list_editable,
    "bulk action": by_bulk_action,
    "inline": by_inline,
    "save as new": by_saving_as_new,
    "popup": by_popup,
    "admin history": by_history,
    "edition start": by_starting_an_edition,
    "starter origin": by_starter_origin,
    "stale form": by_stale_form,
    "service call": by_calling_the_service,
    "direct SQL": by_direct_sql,
}


@pytest.mark.parametrize("way", WAYS)
def test_no_way_leads_round_the_second_person(way: str, scene: Scene) -> None:
    before = public_words()
    WAYS[way](scene)
    assert public_words() == before
    shown = Finding.objects.exclude(state__in=[State.DRAFT, State.IN_REVIEW])
    assert not shown.filter(statement=SECRET).exists()
    assert SECRET not in asking.get(Client(), f"/findings/{scene.shown.code}/")
    for edition in Finding.objects.filter(statement=SECRET).exclude(record=scene.shown.record):
        asking.get(Client(), f"/findings/{edition.code}/", status=404)


def test_the_same_moves_by_two_people_do_lead_there(scene: Scene) -> None:
    # Else all of the above would pass on a site where nothing can be published at all.
    moves.publish(scene.submitted, by=scene.reader)
    assert SECRET in asking.get(Client(), f"/findings/{scene.submitted.code}/")


def public_words() -> list[tuple[int, int, str]]:
    """Give what readers see of findings."""
    rows = Finding.objects.public().order_by("record_id")
    return list(rows.values_list("record_id", "number", "statement"))


def _now(scene: Scene) -> list[Finding]:
    return list(Finding.objects.filter(pk__in=[edition.pk for edition in scene.mine]))


def _try(act: Callable[[], object]) -> None:
    """Do what is to be refused in words, whatever becomes of it."""
    with suppress(NotAllowed), transaction.atomic():
        act()
