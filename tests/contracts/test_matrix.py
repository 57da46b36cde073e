"""Every address by every role and method, and every bulk action, as one table declares them."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import Client, RequestFactory, override_settings
from django.urls import URLResolver, get_resolver

from evidence.catalogue import CATALOGUE
from evidence.curation import duties, moves
from evidence.curation.queue import PARTS
from evidence.listing.things import Things
from evidence.models import Assessment
from evidence.web import health
from tests.admin.pages import url
from tests.contracts import matrix, world
from tests.contracts.matrix import Row
from tests.contracts.world import MISSING, ROLES, World
from tests.curation.conftest import someone_who

pytestmark = pytest.mark.django_db
SECRET = "zzyzx"
# Those between them are asked too with --long.
MOST_UNLIKE = ("anonymous", "administrator")
JUDGEMENTS = {model._meta.model_name for model in world.JUDGEMENTS}
STATUSES = {"ok": 200, "done": 302, "login": 302, "go": 302}
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')
NEW_EACH_TIME = ("X-Request-ID", "Location", "Content-Length", "Expires")
# What answers a person whose password was right and whose code is still to come.
BEFORE_THE_CODE = {
    "admin:login",
    "admin:logout",
    "admin:second_factor",
    "admin:second_factor_check",
}
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


@pytest.fixture(scope="module")
def there(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Hold the world for the module, in a transaction that is never committed."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield world.fill()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def unlogged(caplog: pytest.LogCaptureFixture) -> None:
    """Log no refusal: there are thousands, and each would be written with its traceback."""
    caplog.set_level(logging.ERROR, logger="django.request")


# --- Routes ---------------------------------------------------------------------------------------


def routes(
    resolver: Any = None, spaces: tuple[str, ...] = (), before: str = ""
) -> Iterator[tuple[str, str]]:
    """Walk the resolver: give each route's name, its pattern where it has none, and its pattern."""
    for one in (resolver or get_resolver()).url_patterns:
        whole = before + str(one.pattern).removeprefix("^")
        if isinstance(one, URLResolver):
            yield from routes(one, (*spaces, *filter(None, [one.namespace])), whole)
        else:
            yield (":".join((*spaces, one.name)) if one.name else whole), whole


PATTERNS = dict(routes())
ROWS = list(matrix.rows())


def model_of(row: Row) -> str:
    """Name the model that a row's thing is of."""
    if row.model:
        return row.model
    of_page = {"topic": "assessment", "harm": "harmreport", "adverse-effect": "adverseeffect"}
    if row.route.startswith("evidence:"):
        name = re.sub(
            r"-(edition|history|forest|(?:cite|sources)-(?:ris|bib))$",
            "",
            row.route.partition(":")[2],
        )
        return of_page.get(name, name)
    found = re.search(r"(?:evidence|auth|auditlog)[_/]([a-z]+)", row.route)
    return found[1] if found else ""


def thing_of(row: Row, there: World) -> Any:
    """Give the thing that a row's address is about; None where it is about none."""
    return there.thing(model_of(row), row.of) if row.of else None


def address(row: Row, there: World, *, missing: bool = False) -> str:
    """Write a row's address, about its thing or about one that there is not."""
    thing = thing_of(row, there)
    words = dict.fromkeys(("job", "app_label", "url", "number"), row.word)
    if thing is not None:
        on_topic = isinstance(thing, Assessment) and row.route.startswith("evidence:")
        words["code"] = thing.topic.code if on_topic else getattr(thing, "code", "")
        words |= {"slug": getattr(thing, "slug", ""), "edition": "1"}
        words |= dict.fromkeys(("object_id", "id"), str(MISSING if missing else thing.pk))
        words["content_type_id"] = str(ContentType.objects.get_for_model(thing).pk)
    pattern = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", PATTERNS[row.route]).rstrip("$")
    path = "/" + PARAMETER.sub(lambda found: words[found[1]], pattern)
    return f"{path}?{row.query}" if row.query else path


def form(row: Row, there: World, role: str) -> Mapping[str, Any]:
    """Give what a row's form sends."""
    word = "another-password-that-opens-nothing"
    forms: dict[str, Callable[[], Mapping[str, Any]]] = {
        "": dict,
        "note": lambda: world.note(there, thing_of(row, there)),
        "decision": lambda: world.decision(thing_of(row, there)),
        "add": lambda: there.form("add", model_of(row), role),
        "change": lambda: there.form("change", model_of(row), role),
        "yes": lambda: {"post": "yes"},
        "reason": lambda: {"reason": "The phone is lost."},
        "password": lambda: {"usable_password": "true", "password1": word, "password2": word},
    }
    return {**forms[row.form](), **row.also}


def test_every_address_is_declared_and_every_declaration_is_of_an_address() -> None:
    declared = {row.route for row in ROWS}
    assert sorted(PATTERNS.keys() - declared) == [], "These have no row in the matrix."
    assert sorted(declared - PATTERNS.keys()) == [], "These rows are of no address."


def test_no_route_outside_the_admin_completes_what_is_typed() -> None:
    outside = {name for name, pattern in PATTERNS.items() if not pattern.startswith("admin/")}
    assert outside == {row.route for row in matrix.rows(matrix.PUBLIC)}
    # A search asks for whole words, of published text alone.
    outside -= {"evidence:search"}
    assert not [name for name in outside if re.search("complete|lookup|suggest|search", name)]


# --- Answers --------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request that was carried out and undone again, with what it left meanwhile."""

    status: int
    where: str
    changed: bool
    body: bytes
    headers: Mapping[str, str]

    def fault(self, word: str) -> str:
        """Say what is wrong where the answer is not the declared one; nothing where it is."""
        status = STATUSES.get(word, 0) or int(word)
        to_sign_in = self.where.startswith("/admin/login/?next=/admin/")
        fits = self.status == status and self.changed == (word == "done")
        if status == 302:
            fits = fits and to_sign_in == (word == "login")
        if fits:
            return ""
        changed = ", changed something" if self.changed else ""
        return f"is {self.status} {self.where}{changed}, not {word}"


def ask(
    browser: Client, method: str, path: str, *, before: Any, data: Any = None, **headers: Any
) -> Asked:
    """Ask for an address, and undo whatever came of it in the database and in the browser."""
    session = browser.cookies.output()
    with transaction.atomic():
        if method == "POST":
            answer: Any = browser.post(path, data, **headers)
        else:
            answer = browser.generic(method, path, **headers)
        changed = world.standing() != before
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        transaction.set_rollback(True)
    browser.cookies.clear()
    browser.cookies.load(session.replace("Set-Cookie: ", ""))
    return Asked(
        status=answer.status_code,
        where=answer.headers.get("Location", ""),
        changed=changed,
        body=body,
        headers=dict(answer.headers),
    )


def faults(there: World, role: str, method: str, rows: list[Row]) -> list[str]:
    """Ask every address of some rows, and say which answers are not as declared."""
    found, before, sent = [], world.standing(), method == "POST"
    for row in rows:
        data = form(row, there, role) if sent else None
        answer = ask(there.browsers[role], method, address(row, there), data=data, before=before)
        said = answer.fault(row.answers(role, sent=sent))
        if said:
            found.append(f"{role} {method} {row}: {said}")
    return found


def listed(found: list[str]) -> str:
    """Write faults under one another."""
    return "\n".join(["", *found])


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("role", ROLES)
def test_every_address_answers_each_role_as_declared(
    role: str, method: str, there: World, pytestconfig: Any
) -> None:
    sent, whole = method == "POST", pytestconfig.getoption("--long")
    asked = [
        row for turn, row in enumerate(ROWS) if whole or row.is_asked(role, sent=sent, turn=turn)
    ]
    found = faults(there, role, method, asked)
    assert not found, listed(found)


@pytest.mark.parametrize("role", ROLES)
def test_asking_for_the_head_or_the_options_tells_no_more_than_reading(
    role: str, there: World, pytestconfig: Any
) -> None:
    if role not in MOST_UNLIKE and not pytestconfig.getoption("--long"):
        pytest.skip("asked with --long")
    before, found = world.standing(), []
    for turn, row in enumerate(ROWS):
        if not row.first or not row.is_asked(role, sent=False, turn=turn):
            continue
        path, word = address(row, there), row.answers(role, sent=False)
        head, options = (
            ask(there.browsers[role], method, path, before=before) for method in ("HEAD", "OPTIONS")
        )
        if row.route not in matrix.HEAD_ALONE and (head.fault(word) or head.body):
            found.append(f"{role} HEAD {row}: {head.fault(word) or 'has a body'}")
        # Refused, as the page itself is, or an empty word on which methods there are.
        empty = options.status == 200 and not options.body and word != "login"
        if options.status != 405 and not empty and options.fault(word):
            found.append(f"{role} OPTIONS {row}: {options.fault(word)}")
    assert not found, listed(found)


def test_no_address_is_asked_with_another_method(there: World) -> None:
    before, found = world.standing(), []
    for turn, path in enumerate(sorted({address(row, there) for row in ROWS})):
        browser = there.browsers[[*ROLES][turn % len(ROLES)]]
        for method in matrix.NOWHERE:
            status = browser.generic(method, path, b"state=published").status_code
            if status != 405:
                found.append(f"{method} {path} is {status}")
    assert not found, listed(found)
    assert world.standing() == before


@pytest.mark.parametrize("path", matrix.BESIDE)
def test_what_has_no_route_answers_everybody_alike(path: str, there: World) -> None:
    before, word = world.standing(), matrix.BESIDE[path]
    for browser in there.browsers.values():
        assert not ask(browser, "GET", path, before=before).fault(word)
        for method in ("POST", *matrix.NOWHERE):
            assert ask(browser, method, path, before=before).status == 405


def test_every_probe_is_declared() -> None:
    assert health.PROBES.keys() <= matrix.BESIDE.keys()


# --- Whether something is there -------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("role", ["anonymous", "nobody"])
def test_a_stranger_cannot_tell_what_is_there_from_what_is_not(
    role: str, method: str, there: World
) -> None:
    before, found = world.standing(), []
    for row in ROWS:
        path, none = address(row, there), address(row, there, missing=True)
        if path == none or not row.first or row.route.startswith("evidence:"):
            continue
        data = form(row, there, role) if method == "POST" else None
        browser = there.browsers[role]
        one, other = (
            ask(browser, method, where, data=data, before=before) for where in (path, none)
        )
        key = str(thing_of(row, there).pk)
        if told(one) != told(other, of=str(MISSING), as_of=key):
            found.append(f"{role} {method} {row}: {one.status} and {other.status} where it is not")
    assert not found, listed(found)


def told(answer: Asked, *, of: str = "", as_of: str = "") -> tuple[Any, ...]:
    """Give all that an answer tells but what is new in every one, with one name put for another."""
    headers = {name: said for name, said in answer.headers.items() if name not in NEW_EACH_TIME}
    body = TOKEN.sub(b"", answer.body).decode()
    if of:
        body, where = body.replace(of, as_of), answer.where.replace(of, as_of)
        return answer.status, where, headers, body
    return answer.status, answer.where, headers, body


@override_settings(IL2TRACKER_SECOND_FACTOR=True)
@pytest.mark.parametrize("role", ["reviewer", "administrator"])
def test_without_the_second_factor_that_her_duties_need_nothing_of_the_admin_answers(
    role: str, there: World
) -> None:
    before, found = world.standing(), []
    for row in ROWS:
        path = address(row, there)
        if not path.startswith("/admin/") or row.route in BEFORE_THE_CODE:
            continue
        for method in ("GET", "POST"):
            data = form(row, there, role) if method == "POST" else None
            answer = ask(there.browsers[role], method, path, data=data, before=before)
            if not answer.where.startswith("/admin/second-factor/") or answer.changed:
                found.append(f"{role} {method} {row}: {answer.status} {answer.where}")
    assert not found, listed(found)


# --- Bulk actions ---------------------------------------------------------------------------------


def declared_actions(model: str) -> dict[str, tuple[str, ...]]:
    """Give the bulk actions that the table has for a model, with whom they are offered."""
    return {
        action: roles
        for name, actions in matrix.ACTIONS.items()
        if model in matrix.FAMILIES.get(name, (name,))
        for action, roles in actions.items()
    }


def offered(model_admin: Any, user: Any) -> set[str]:
    """Give the bulk actions that a person finds in a list."""
    request = RequestFactory().get("/")
    request.user = user
    return set(model_admin.get_actions(request))


def test_every_bulk_action_is_declared_with_whom_it_is_offered(there: World) -> None:
    found = []
    users = {role: get_user_model().objects.get(username=f"the-{role}") for role in ROLES}
    root = get_user_model()(username="root", is_superuser=True, is_active=True)
    for model, model_admin in admin.site._registry.items():
        name = model._meta.model_name or ""
        declared = declared_actions(name)
        undeclared = offered(model_admin, root) - declared.keys()
        found += [f"{name} {action} is not declared" for action in undeclared]
        for action, roles in declared.items():
            really = {r for r, user in users.items() if action in offered(model_admin, user)}
            if really != {*roles}:
                found.append(f"{name} {action} is offered to {sorted(really)}")
    assert not found, listed(found)
    names = {model._meta.model_name for model in admin.site._registry}
    placed = {one for name in matrix.ACTIONS for one in matrix.FAMILIES.get(name, (name,))}
    assert names == placed


@pytest.mark.parametrize("role", ROLES)
def test_a_bulk_action_does_nothing_for_whom_it_is_not_offered(role: str, there: World) -> None:
    before, found = world.standing(), []
    for model in admin.site._registry:
        name = model._meta.model_name or ""
        states = ("nobody's", "unused", "somebody", "duty", "entry")
        thing = next(there.things[name, one] for one in states if (name, one) in there.things)
        chosen = {"_selected_action": [thing.pk], "index": "0", "select_across": "0"}
        for action in {"delete_selected", *declared_actions(name)}:
            sent = {**chosen, "action": action, "post": "yes", "note": "x"}
            path = url(model, "changelist")
            answer = ask(there.browsers[role], "POST", path, data=sent, before=before)
            may = role in declared_actions(name).get(action, ())
            # All but a deletion lead to a page of their own first.
            done = may and action == "delete_selected"
            if answer.changed != done or (may and answer.status not in (200, 302)):
                found.append(f"{role} {name} {action}: {answer.status}, {answer.changed=}")
    assert not found, listed(found)


# --- Drafts ---------------------------------------------------------------------------------------

UNSEEING: Mapping[str, tuple[str, ...]] = {
    "who has no duty": (),
    "who sees conditions alone": ("evidence.condition",),
    "who sees all but judgements": tuple(
        label for label in duties.EVIDENCE if label not in duties.JUDGEMENTS
    ),
}


def who_sees(labels: tuple[str, ...]) -> Client:
    """Sign in somebody who may look at some models and at nothing else."""
    user = someone_who(f"sees-{len(labels)}")
    names = [f"view_{label.partition('.')[2]}" for label in labels]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    return world.sign_in(user)


def asked_inside(there: World) -> list[str]:
    """Give every page of the admin about what is no judgement, and ways to ask for drafts there."""
    models = [model for model in admin.site._registry if model not in world.JUDGEMENTS]
    rows = [row for row in ROWS if model_of(row) not in JUDGEMENTS and row.send != "405"]
    found = [address(row, there) for row in rows]
    for model in models:
        page, topic = url(model, "changelist"), there.thing("topic", "used").pk
        found += [f"{page}?q={SECRET}", f"{page}?q=F3", f"{page}?topic__id__exact={topic}"]
        for relation in model._meta.related_objects:
            if relation.related_model in world.JUDGEMENTS:
                name = relation.field.related_query_name()
                found += [f"{page}?{name}__isnull=0", f"{page}?{name}__statement={SECRET}"]
        for field in model._meta.get_fields():
            if field.is_relation and not field.auto_created:
                asked = f"model_name={model._meta.model_name}&field_name={field.name}"
                found.append(f"/admin/autocomplete/?app_label=evidence&{asked}&term={SECRET}")
    for word in ("topic", "publication", "trial", "outcome_group"):
        asked = f"model_name=finding&field_name={word}"
        found.append(f"/admin/autocomplete/?app_label=evidence&{asked}")
    found += [f"/admin/?identifier={SECRET}", *(f"/admin/?section={part.key}" for part in PARTS)]
    return sorted({path for path in found if path.startswith("/admin/")} - {"/admin/logout/"})


def write_drafts(there: World) -> None:
    """Put drafts and more on what is there: in review, next editions, proposed withdrawals."""
    ann = there.thing("user", "somebody")
    for model in world.JUDGEMENTS:
        name = model._meta.model_name or ""
        world.again(there.thing(name, "draft"), there, SECRET)
        moves.submit(world.again(there.thing(name, "draft"), there, SECRET), by=ann)
        moves.revise(there.thing(name, "published"), by=ann)
        moves.propose_withdrawal(there.thing(name, "revised"), by=ann, note=SECRET)


@pytest.mark.parametrize("who", UNSEEING)
def test_whoever_may_not_look_at_judgements_learns_nothing_of_drafts(
    who: str, there: World
) -> None:
    browser, addresses = who_sees(UNSEEING[who]), asked_inside(there)
    before = {path: told(ask(browser, "GET", path, before=())) for path in addresses}
    assert {answer[0] for answer in before.values()} >= {200, 403}
    write_drafts(there)
    found = []
    for path in addresses:
        after = told(ask(browser, "GET", path, before=()))
        if after != before[path]:
            found.append(f"{path} tells {who} of drafts")
    assert not found, listed(found)


# What a browser or a go-between asks with to be told whether something has changed.
CONDITIONS: tuple[dict[str, str], ...] = (
    {"If-None-Match": "*"},
    {"If-None-Match": 'W/"1"'},
    {"If-Match": "*"},
    {"If-Modified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"},
    {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"},
    {"Range": "bytes=0-10"},
    {"Accept": "application/json"},
)


@pytest.mark.parametrize("role", ["anonymous", "administrator"])
def test_readers_cannot_tell_what_is_not_public_from_what_is_not_there(
    role: str, there: World
) -> None:
    found, browser, before = [], there.browsers[role], world.standing()
    for turn, (start, word, none, end) in enumerate(not_public(there)):
        for headers in ({}, CONDITIONS[turn % len(CONDITIONS)]):
            one, other = (
                ask(browser, "GET", start + name + end, before=before, headers=headers)
                for name in (word, none)
            )
            if told(one) != told(other, of=none, as_of=word):
                found.append(f"{start}{word}{end} {headers} is not as {start}{none}{end}")
    assert not found, listed(found)


def not_public(there: World) -> Iterator[tuple[str, str, str, str]]:
    """Give what stands in addresses before and after the name of what is not public or not there.

    Both names are between them: first that of the former.
    """
    for row in matrix.rows(matrix.PUBLIC):
        # A term without trials is public: only its drawing is not there.
        if row.read == "404" and row.of and not row.route.endswith("-trials"):
            _, page, word, *rest = address(row, there).split("/")
            yield f"/{page}/", word, nothing_like(word), "/".join(["", *rest])
    record = there.thing("finding", "pending").code
    yield f"/findings/{record}/editions/", "2", str(MISSING), "/"
    for listing in CATALOGUE.values():
        for name, one in listing.filterset.base_filters.items():
            if isinstance(one, Things):
                word = coded(there.thing(name, "unused"))
                yield f"{listing.path}?{name}=", word, nothing_like(word), ""
                yield f"{listing.csv_path}?{name}=", word, nothing_like(word), ""


def coded(thing: Any) -> str:
    """Give the word by which a thing is named in addresses."""
    return getattr(thing, "code", "") or thing.slug


def nothing_like(word: str) -> str:
    """Give a word of the same kind that names nothing."""
    return f"{word[0]}{MISSING}" if word[1:].isdigit() else "nothing-like-it"
