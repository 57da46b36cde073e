"""A world with a thing in every state, the six who come to it, and what each form sends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from auditlog.models import LogEntry
from django.apps import apps
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from evidence import vocab
from evidence.admin.meanwhile import digest
from evidence.curation import duties, moves
from evidence.ledger import derivation, index, version
from evidence.models import (
    Assessment,
    Consideration,
    Drift,
    Edition,
    Finding,
    HarmReport,
    Publication,
    Record,
    RegistryRecord,
    SavedSearch,
    SyncRun,
    Topic,
    Trial,
    TrialPublication,
)
from evidence.sync.drifts import stands_now
from tests.admin.conftest import PASSWORD
from tests.admin.pages import form_of, url
from tests.curation.conftest import someone_who
from tests.models.rows import make
from tests.sync.came_in import paper_that_came_in, study_that_only_mentions, trial_that_came_in
from tests.web import examples

ROLES: Mapping[str, tuple[str, ...]] = {
    "anonymous": (),
    "nobody": (),  # may sign in, and has no duty
    "viewer": (duties.VIEWER,),
    "curator": (duties.CURATOR,),
    "reviewer": (duties.REVIEWER,),
    "administrator": (duties.ADMINISTRATOR,),
}
JUDGEMENTS: tuple[type[Any], ...] = (Assessment, Finding, HarmReport, Consideration)
MISSING = 987_654_321
STARTED = {"origin": vocab.Origin.STARTER}
# What the form of a new one sends, beside what every form of its kind does.
NEW: Mapping[str, Mapping[str, Any]] = {
    "adverseeffect": {"organ_system": "Vascular disorders"},
    "condition": {"area": "other"},
    "intervention": {"kind": "mutein", "selectivity": "non-selective"},
    "outcome": {"kind": "clinical"},
    "approval": {"agency": "EMA"},
    "trial": {"title": "A trial that nobody knew", "acronym": ""},
    "publication": {"title": "A paper that nobody knew", "pmid": "31415926"},
    "topic": {"role": "prevention", "population": "child"},
}
# A text of each page that its reader may change.
CHANGED: Mapping[str, str] = {
    "approval": "indication",
    "outcome": "definition",
    "publication": "title",
    "savedsearch": "condition",
    "trial": "title",
    "user": "email",
}


@dataclass(frozen=True, kw_only=True)
class World:
    """Who comes, what there is by kind and state, and what the pages' own forms send."""

    browsers: Mapping[str, Client]
    things: Mapping[tuple[str, str], Any]
    forms: Mapping[tuple[str, str, str], Mapping[str, Any]]

    def form(self, page: str, model: str, role: str) -> Mapping[str, Any]:
        """Give the filled form of a page as a role has it, or as another one does who has it."""
        ours = (self.forms.get((page, model, one)) for one in (role, "curator", "administrator"))
        return next(form for form in ours if form is not None)

    def thing(self, model: str, state: str) -> Any:
        """Give a thing of a model in a state, such as a finding in review."""
        return self.things[model, state]


def sign_in(user: Any) -> Client:
    """Give a browser in which a person is signed in; a fault of the site is an answer."""
    browser = Client(raise_request_exception=False)
    browser.force_login(user)
    return browser


def fill() -> World:
    """Make the world."""
    ann = someone_who("ann", duties.CURATOR)
    ben = someone_who("ben", duties.REVIEWER)
    people = {name: someone_who(f"the-{name}", *groups) for name, groups in ROLES.items()}
    browsers = {name: sign_in(user) for name, user in people.items()}
    browsers["anonymous"] = Client(raise_request_exception=False)
    things = _facts(examples.world())
    Finding.objects.update(locator="Table 1")  # without, it is not ready to be taken over
    HarmReport.objects.update(locator="Table 2")
    # Of a paper that reports one trial, a finding without that trial would be asked about.
    TrialPublication.objects.update(relation=vocab.PublicationRelation.MENTIONS)
    things |= _judgements(ann, ben)
    things |= _people(ann, people) | _registries()
    derivation.rederive()
    index.rebuild()
    version.bump()
    return World(browsers=browsers, things=things, forms=_forms(browsers, things))


def _facts(topic: Topic) -> dict[tuple[str, str], Any]:
    """Give one of everything that has no editions: one that is used, one that is not."""
    found: dict[tuple[str, str], Any] = {}
    for label in (*duties.TERMS, *duties.FACTS, *duties.TOPICS):
        model = apps.get_model(label)
        name = model._meta.model_name or ""
        found[name, "unused"] = make(model)
        found[name, "used"] = model.objects.order_by("pk")[0]
    return found | {("topic", "used"): topic, ("topic", "shown"): topic}


def _judgements(ann: Any, ben: Any) -> dict[tuple[str, str], Any]:
    """Give an edition of each kind in each state, all of them by others than who comes."""
    found: dict[tuple[str, str], Any] = {}
    for model in JUDGEMENTS:
        name = model._meta.model_name
        found[name, "draft"] = written(model, ann)
        found[name, "nobody's"] = written(model, None)
        found[name, "in review"] = moves.submit(written(model, ann), by=ann)
        found[name, "published"] = published(model, ann, ben)
        found[name, "revised"] = published(model, ann, ben)
        found[name, "pending"] = moves.revise(found[name, "revised"], by=ann)
        found[name, "starter"] = model.objects.public().filter(**STARTED)[0]
        proposed = published(model, ann, ben)
        found[name, "proposed"] = moves.propose_withdrawal(proposed, by=ann, note="It is wrong.")
        gone = published(model, ann, ben)
        moves.propose_withdrawal(gone, by=ann, note="It was wrong.")
        found[name, "withdrawn"] = moves.withdraw(gone, by=ben)
    return found


def written(model: type[Any], author: Any, **fields: Any) -> Any:
    """Make a draft that lacks nothing, on something that readers see."""
    question = Topic.objects.order_by("pk")[0]
    given: dict[str, Any] = {"author": author, "last_editor": author}
    if model is Assessment:
        # One question has one assessment at work at a time.
        fresh = {"topic": make(Topic), "status": "investigated", "direction": "no-data"}
        given |= fresh | {"ground": "no-treatment-found"}
    else:
        given["publication"] = Publication.objects.public().order_by("pk")[0]
    if model is Finding:
        given["topic"] = question
    return make(model, **given | fields)


def _registries() -> dict[tuple[str, str], Any]:
    """Give what came in and waits, what was left out, and what the registry changed."""
    trial, paper = trial_that_came_in(), paper_that_came_in()
    changed = make(Trial, **STARTED, accepted_at=timezone.now())
    record = make(RegistryRecord, trial=changed, publication=None, verdict=vocab.Verdict.GIVES)
    drift = make(Drift, trial=changed, publication=None, record=record, field="sponsor", after="X")
    return {
        ("trial", "waiting"): trial,
        ("publication", "waiting"): paper,
        ("registryrecord", "entry"): study_that_only_mentions(),
        ("drift", "entry"): drift,
        ("syncrun", "entry"): make(SyncRun),
        ("savedsearch", "used"): make(SavedSearch),
        ("savedsearch", "unused"): make(SavedSearch),
    }


def again(draft: Any, there: World, words: str) -> Any:
    """Write a draft like another one, with other words, on things that are used by many."""
    row = type(draft).objects.get(pk=draft.pk)
    row.pk, row._state.adding = None, True
    row.record = Record.objects.create(kind=row.KIND)
    for field in row._meta.fields:
        used = getattr(field.related_model, "_meta", row._meta).model_name, "used"
        if used in there.things:
            setattr(row, field.name, there.things[used])
    setattr(row, "summary" if isinstance(row, Assessment) else "statement", words)
    row.save()
    return row


def published(model: type[Any], author: Any, reader: Any, **fields: Any) -> Any:
    """Make an edition that two people have published."""
    return moves.publish(moves.submit(written(model, author, **fields), by=author), by=reader)


def _people(ann: Any, people: Mapping[str, Any]) -> dict[tuple[str, str], Any]:
    TOTPDevice.objects.create(user=ann, name="app", confirmed=True)
    device = StaticDevice.objects.create(user=ann, name="recovery")
    device.token_set.create(token="abcdefgh")
    return {
        ("user", "somebody"): ann,
        ("user", "administrator"): people["administrator"],
        ("group", "duty"): Group.objects.get(name=duties.CURATOR),
        ("logentry", "entry"): LogEntry.objects.order_by("pk")[0],
    }


# --- What is sent ---------------------------------------------------------------------------------


def _forms(
    browsers: Mapping[str, Client], things: Mapping[tuple[str, str], Any]
) -> dict[tuple[str, str, str], Mapping[str, Any]]:
    """Read every form that changes something from its page, filled in so that it does."""
    found: dict[tuple[str, str, str], Mapping[str, Any]] = {}
    for (name, state), thing in things.items():
        if state not in {"draft", "used", "somebody"}:
            continue
        text = CHANGED.get(name, "note" if isinstance(thing, Edition) else "synonyms")
        changed: dict[str, Any] = {text: "somebody@example.org"}
        if name == "topic":
            changed = {"trials": []}
        # An administrator's form has fields that a curator's has not.
        for role in ("administrator", "curator") if name != "user" else ("administrator",):
            form = form_of(browsers[role], url(type(thing), "change", thing.pk))
            found["change", name, role] = form | changed
        empty = form_of(browsers[role], url(type(thing), "add"))
        found["add", name, role] = empty | _new(name, thing, form)
    return found


def _new(name: str, thing: Any, form: Mapping[str, Any]) -> dict[str, Any]:
    if name == "user":
        word = f"{PASSWORD}-2"
        names = {"username": "newcomer", "usable_password": "true"}
        return names | {"password1": word, "password2": word}
    own = {key: value for key, value in form.items() if "-" not in key and key[0] != "_"}
    own.pop("opened", None)
    fresh = {"name": "Quite another", "slug": "quite-another"} if "name" in form else {}
    if name == "assessment":
        fresh = {"topic": make(Topic).pk}
    if name == "topic":
        fresh = {"condition": thing.condition_id, "intervention": thing.intervention_id}
    return own | fresh | dict(NEW.get(name, {}))


def note(world: World, thing: Any) -> dict[str, Any]:
    """Give what the form of any move sends, of one edition or of many."""
    rows = f"{thing.pk}:{thing.lock_version}" if isinstance(thing, Edition) else ""
    return {
        "seen": getattr(thing, "lock_version", ""),
        "rows": rows,
        "note": "For a reason.",
        "said": "A word.",
        "conflict": "none",
        "to": world.thing("user", "administrator").pk,
        "on": "2027-05-21",
    }


def decision(thing: Any) -> dict[str, Any]:
    """Give what the card of something that came in, or that changed, sends."""
    if isinstance(thing, Drift):
        changed = f"{thing.pk}:{digest(thing.after)}:{digest(stands_now(thing))}"
        return {"of": f"trial-{thing.trial_id}", "drift": changed, "_accept": "1"}
    return {"card": thing.pk, "reason": "For a reason.", "_turn_down": "1"}


# --- What there is --------------------------------------------------------------------------------

WATCHED = ("evidence", "auth", "auditlog", "otp_totp", "otp_static")


def standing() -> tuple[Any, ...]:
    """Give in one query what no write leaves as it is: rows, log, saves, and the data version."""
    quote = connection.ops.quote_name
    tables = [
        model._meta.db_table
        for app in WATCHED
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
    ]
    asked = [f"(SELECT COUNT(*) FROM {quote(table)})" for table in tables]  # noqa: S608
    for model in JUDGEMENTS:
        table = quote(model._meta.db_table)
        asked.append(f"(SELECT SUM(lock_version) FROM {table})")  # noqa: S608
        asked.append(f"(SELECT MAX(modified_at) FROM {table})")  # noqa: S608
    asked.append("(SELECT MAX(number) FROM evidence_dataversion)")
    asked.append("(SELECT MAX(password) FROM auth_user WHERE username = 'ann')")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(asked)}")
        return tuple(cursor.fetchone())
