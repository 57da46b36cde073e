"""The matrix: what each address answers to each role, and what each bulk action is to it.

One row for each kind of address, in the state that its thing is in. `read` is what GET gets, and
HEAD and OPTIONS no more than that; `send` what becomes of a POST that is filled in so
that it does something. Each is either one word for everybody or six, in this order:

    anonymous  nobody  viewer  curator  reviewer  administrator

The words, where `nobody` is somebody who may sign in and has no duty:

    ok      the page                      done    carried out: something is different afterwards
    login   sign in first                 go      another page, with nothing carried out
    404, 410, 405, 403, 409, 400          as in HTTP, with nothing carried out
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from evidence.admin.bulk_jobs import Bulk
from evidence.catalogue import CATALOGUE
from evidence.curation import duties
from evidence.curation.allowed import Move
from evidence.web.feeds import LISTED
from tests.contracts.world import ROLES

# No address of the site is asked with these, whoever asks.
NOWHERE = ("PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND")
REFUSALS = ("login", "403", "404", "405", "410")
# Django's own page leads on who has signed in when it is read, and not when its head is.
HEAD_ALONE = ("admin:login",)


def _names(*labels: str) -> tuple[str, ...]:
    return tuple(label.partition(".")[2] for label in labels)


# What stands in braces in a row's address: the row is one for each of these.
FAMILIES: Mapping[str, tuple[str, ...]] = {
    "{thing}": _names(*duties.TERMS, *duties.FACTS, *duties.TOPICS),
    "{judgement}": _names(*duties.JUDGEMENTS),
    "{page}": ("finding", "harm", "topic"),
    "{term}": ("condition", "intervention", "adverse-effect"),
    "{fact}": ("trial", "publication"),
    "{listing}": tuple(CATALOGUE),
    "{fed}": LISTED,
}
REFERENCES = ("cite-ris", "cite-bib", "sources-ris", "sources-bib")
APPS = {"user": "auth", "group": "auth", "logentry": "auditlog"}


@dataclass(frozen=True, kw_only=True)
class Row:
    """An address by the name of its route, and what it answers."""

    route: str
    read: str
    send: str
    # The state that its thing is in, and what else stands in the address.
    of: str = ""
    word: str = ""
    query: str = ""
    # Which of the forms that change something it is sent, and with what beside.
    form: str = ""
    also: Mapping[str, str] = field(default_factory=dict)
    model: str = ""
    # Whether it stands for its family where not every one of it is asked.
    first: bool = True

    def answers(self, role: str, *, sent: bool) -> str:
        """Give the word for a role."""
        words = (self.send if sent else self.read).split()
        assert len(words) in (1, len(ROLES)), self
        return words[0] if len(words) == 1 else words[list(ROLES).index(role)]

    def is_asked(self, role: str, *, sent: bool, turn: int) -> bool:
        """Say whether a sample holds it: every refusal of a duty, and the rest by turns.

        What is the same for everybody is asked by a stranger and one other.
        """
        if len((self.send if sent else self.read).split()) == 1:
            others = [one for one in ROLES if one != "anonymous"]
            return role in ("anonymous", others[turn % len(others)])
        if self.first or (self.answers(role, sent=sent) in REFUSALS and role != "nobody"):
            return True
        let_in = [one for one in ROLES if self.answers(one, sent=sent) not in REFUSALS]
        return bool(let_in) and role == let_in[turn % len(let_in)]

    def __str__(self) -> str:
        return " ".join(part for part in (self.route, self.of, self.word, self.query) if part)


def _moves() -> Iterator[Row]:
    """Give the moves: who finds their page, and who makes them."""
    writer = "login 403 403 ok   403 ok  ", "login 403 403 done 403  done"
    reader = "login 403 403 403  ok  ok  ", "login 403 403 403  done done"
    either = "login 403 403 ok   ok  ok  ", "login 403 403 done done done"
    # The author's too, who is another one here: refused under the lock, in words.
    hers = "login 403 403 403  ok  ok  ", "login 403 403 409  done done"
    for move, of, (read, send) in (
        (Move.SUBMIT, "draft", writer),
        (Move.RETURN, "in review", hers),
        (Move.PUBLISH, "in review", reader),
        (Move.REVISE, "published", writer),
        (Move.REVISE, "withdrawn", writer),
        (Move.DISCARD, "draft", writer),
        (Move.ASSIGN, "draft", either),
        (Move.ASSIGN, "in review", either),
        (Move.PROPOSE_WITHDRAWAL, "published", either),
        (Move.WITHDRAW, "proposed", reader),
        (Move.KEEP, "proposed", hers),
        (Move.COMMENT, "draft", either),
        (Move.COMMENT, "published", either),
    ):
        yield Row(
            route=f"admin:evidence_{{judgement}}_{move}", of=of, read=read, send=send, form="note"
        )
    writes = "login 403 403 409 403 409", "login 403 403 403 409 409"
    for move, of, send in (
        (Move.SUBMIT, "in review", writes[0]),
        (Move.PUBLISH, "draft", writes[1]),
        (Move.WITHDRAW, "published", writes[1]),
        (Move.DISCARD, "published", writes[0]),
        (Move.REVISE, "draft", writes[0]),
        (Move.REVISE, "revised", writes[0]),
    ):
        yield Row(
            route=f"admin:evidence_{{judgement}}_{move}",
            of=of,
            read="login 403 403 403 403 403",
            send=send,
            form="note",
        )


def _bulk() -> Iterator[Row]:
    """Give the pages of many at once: they are sent to, from the list."""
    either = "login 403 403 go  go  go ", "login 403 403 done done done"
    writer = "login 403 403 go  403 go ", "login 403 403 done 403  done"
    reader = "login 403 403 403 go  go ", "login 403 403 403  done done"
    for job, of, (read, send) in (
        (Bulk.ASSIGN, "draft", either),
        (Bulk.SUBMIT, "draft", writer),
        (Bulk.PUBLISH, "in review", reader),
        (Bulk.TAKE_OVER, "starter", writer),
    ):
        route = "admin:evidence_{judgement}_bulk"
        yield Row(route=route, word=job, of=of, read=read, send=send, form="note")
    route, (read, send) = "admin:evidence_assessment_bulk", writer
    yield Row(route=route, word=Bulk.REVIEW_DATE, of="draft", read=read, send=send, form="note")
    route = "admin:evidence_finding_bulk"
    for word in (Bulk.REVIEW_DATE, "delete"):
        yield Row(
            route=route,
            word=word,
            of="draft",
            read="login 404 404 404 404 404",
            send="login 404 404 404 404 404",
            form="note",
        )


JUDGEMENTS = (
    Row(
        route="admin:evidence_{judgement}_changelist",
        read="login 403 ok  ok   ok  ok  ",
        send="login 403 ok  ok   ok  ok  ",
    ),
    Row(
        route="admin:evidence_{judgement}_add",
        read="login 403 403 ok   403 ok  ",
        send="login 403 403 done 403 done",
        form="add",
    ),
    Row(
        route="admin:evidence_{judgement}_change",
        of="draft",
        read="login 403 ok  ok   ok  ok  ",
        send="login 403 403 done 403 done",
        form="change",
    ),
    *(
        Row(
            route="admin:evidence_{judgement}_change",
            of=of,
            read="login 403 ok  ok   ok  ok  ",
            send="login 403 403 403  403 403 ",
            form="change",
        )
        for of in ("in review", "published", "revised", "withdrawn", "starter")
    ),
    Row(
        route="admin:evidence_{judgement}_delete",
        of="draft",
        read="login 403 403 go   403 go  ",
        # Somebody else's takes a note, and that is asked on the page of the move.
        send="login 403 403 go   403 go  ",
        form="yes",
    ),
    Row(
        route="admin:evidence_{judgement}_delete",
        of="nobody's",
        read="login 403 403 go   403 go  ",
        send="login 403 403 done 403 done",
        form="yes",
    ),
    Row(
        route="admin:evidence_{judgement}_delete",
        of="published",
        read="login 403 403 403  403 403 ",
        send="login 403 403 403  403 403 ",
        form="yes",
    ),
    Row(
        route="admin:evidence_{judgement}_history",
        of="draft",
        read="login 403 ok  ok   ok  ok  ",
        send="login 405 405 405  405 405 ",
    ),
    Row(
        route="admin/evidence/{judgement}/<path:object_id>/",
        of="draft",
        read="login go  go  go   go  go  ",
        send="login go  go  go   go  go  ",
    ),
    Row(
        route="admin:evidence_{judgement}_review",
        of="in review",
        read="login 403 ok  ok   ok  ok  ",
        send="login 403 403 403  done done",
        form="note",
    ),
    Row(
        route="admin:evidence_{judgement}_preview",
        of="draft",
        read="login 403 ok  ok   ok  ok  ",
        send="login 405 405 405  405 405 ",
    ),
    *_moves(),
    *_bulk(),
)

THINGS = (
    Row(
        route="admin:evidence_{thing}_changelist",
        read="login 403 ok  ok   ok  ok  ",
        send="login 403 ok  ok   ok  ok  ",
    ),
    Row(
        route="admin:evidence_{thing}_add",
        read="login 403 403 ok   403 ok  ",
        send="login 403 403 done 403 done",
        form="add",
    ),
    Row(
        route="admin:evidence_{thing}_change",
        of="used",
        read="login 403 ok  ok   ok  ok  ",
        send="login 403 403 done 403 done",
        form="change",
    ),
    Row(
        route="admin:evidence_{thing}_delete",
        of="unused",
        read="login 403 403 403  403 ok  ",
        send="login 403 403 403  403 done",
        form="yes",
    ),
    Row(
        route="admin:evidence_{thing}_history",
        of="used",
        read="login 403 ok  ok   ok  ok  ",
        send="login 405 405 405  405 405 ",
    ),
    Row(
        route="admin/evidence/{thing}/<path:object_id>/",
        of="used",
        read="login go  go  go   go  go  ",
        send="login go  go  go   go  go  ",
    ),
)

# What came in, what changed where it comes from, and the runs that brought it.
REGISTRIES = (
    # Of a trial without posted results: what drafts it makes of others is its own test's.
    Row(
        route="admin:evidence_trial_adverse_events",
        of="used",
        read="login 403 403 ok   403 ok  ",
        send="login 403 403 ok   403 ok  ",
    ),
    *(
        Row(
            route=f"admin:evidence_{model}_inbox",
            of="waiting",
            read="login 403 ok  ok   ok  ok  ",
            send="login 403 403 done 403 done",
            form="decision",
        )
        for model in ("trial", "publication")
    ),
    Row(
        route="admin:evidence_drift_cards",
        of="entry",
        read="login 403 ok  ok   ok  ok  ",
        send="login 403 403 done 403 done",
        form="decision",
    ),
    Row(
        route="admin:evidence_registryrecord_take_in",
        of="entry",
        read="login 405 405 405  405 405 ",
        send="login 403 403 done 403 done",
    ),
    *(
        row
        for model in _names(*duties.REGISTRIES)
        for row in (
            Row(
                route=f"admin:evidence_{model}_changelist",
                read="login 403 ok  ok  ok  ok ",
                send="login 403 ok  ok  ok  ok ",
            ),
            Row(
                route=f"admin:evidence_{model}_add",
                read="login 403 403 403 403 403",
                send="login 403 403 403 403 403",
            ),
            Row(
                route=f"admin:evidence_{model}_change",
                of="entry",
                read="login 403 ok  ok  ok  ok ",
                send="login 403 403 403 403 403",
            ),
            Row(
                route=f"admin:evidence_{model}_delete",
                of="entry",
                read="login 403 403 403 403 403",
                send="login 403 403 403 403 403",
                form="yes",
            ),
            Row(
                route=f"admin:evidence_{model}_history",
                of="entry",
                read="login 403 ok  ok  ok  ok ",
                send="login 405 405 405 405 405",
            ),
            Row(
                route=f"admin/evidence/{model}/<path:object_id>/",
                of="entry",
                read="login go  go  go  go  go ",
                send="login go  go  go  go  go ",
            ),
        )
    ),
    Row(
        route="admin:evidence_savedsearch_changelist",
        read="login 403 ok  ok   ok  ok  ",
        send="login 403 ok  ok   ok  ok  ",
    ),
    Row(
        route="admin:evidence_savedsearch_add",
        read="login 403 403 ok   403 ok  ",
        send="login 403 403 done 403 done",
        form="add",
    ),
    Row(
        route="admin:evidence_savedsearch_change",
        of="used",
        read="login 403 ok  ok   ok  ok  ",
        send="login 403 403 done 403 done",
        form="change",
    ),
    Row(
        route="admin:evidence_savedsearch_delete",
        of="unused",
        read="login 403 403 ok   403 ok  ",
        send="login 403 403 done 403 done",
        form="yes",
    ),
    Row(
        route="admin:evidence_savedsearch_history",
        of="used",
        read="login 403 ok  ok   ok  ok  ",
        send="login 405 405 405  405 405 ",
    ),
    Row(
        route="admin/evidence/savedsearch/<path:object_id>/",
        of="used",
        read="login go  go  go   go  go  ",
        send="login go  go  go   go  go  ",
    ),
)

PEOPLE = (
    Row(
        route="admin:auth_user_changelist",
        read="login 403 403 403 403 ok  ",
        send="login 403 403 403 403 ok  ",
    ),
    Row(
        route="admin:auth_user_add",
        model="user",
        read="login 403 403 403 403 ok  ",
        send="login 403 403 403 403 done",
        form="add",
    ),
    Row(
        route="admin:auth_user_change",
        of="somebody",
        read="login 403 403 403 403 ok  ",
        send="login 403 403 403 403 done",
        form="change",
    ),
    Row(
        route="admin:auth_user_password_change",
        of="somebody",
        read="login 403 403 403 403 ok  ",
        send="login 403 403 403 403 done",
        form="password",
    ),
    Row(
        route="admin:auth_user_second_factor",
        of="somebody",
        read="login 403 403 403 403 ok  ",
        send="login 403 403 403 403 done",
        form="reason",
    ),
    Row(
        route="admin:auth_user_history",
        of="somebody",
        read="login 403 403 403 403 ok  ",
        send="login 405 405 405 405 405 ",
    ),
    Row(
        route="admin:auth_user_delete",
        of="somebody",
        read="login 403 403 403 403 403 ",
        send="login 403 403 403 403 403 ",
        form="yes",
    ),
    *(
        row
        for model, of in (("group", "duty"), ("logentry", "entry"))
        for row in (
            Row(
                route=f"admin:{APPS[model]}_{model}_changelist",
                read="login 403 403 403 403 ok  ",
                send="login 403 403 403 403 ok  ",
            ),
            Row(
                route=f"admin:{APPS[model]}_{model}_add",
                read="login 403 403 403 403 403 ",
                send="login 403 403 403 403 403 ",
            ),
            Row(
                route=f"admin:{APPS[model]}_{model}_change",
                of=of,
                read="login 403 403 403 403 ok  ",
                send="login 403 403 403 403 403 ",
            ),
            Row(
                route=f"admin:{APPS[model]}_{model}_delete",
                of=of,
                read="login 403 403 403 403 403 ",
                send="login 403 403 403 403 403 ",
                form="yes",
            ),
            Row(
                route=f"admin:{APPS[model]}_{model}_history",
                of=of,
                read="login 403 403 403 403 ok  ",
                send="login 405 405 405 405 405 ",
            ),
        )
    ),
    *(
        Row(
            route=f"admin/{APPS[model]}/{model}/<path:object_id>/",
            of=of,
            read="login go go go go go",
            send="login go go go go go",
        )
        for model, of in (("user", "somebody"), ("group", "duty"), ("logentry", "entry"))
    ),
)

# The frame of the admin: one's own account, the queue, and what the forms ask behind the scenes.
FRAME = (
    Row(route="admin:index", read="login ok  ok ok ok ok", send="login ok  ok ok ok ok"),
    Row(
        route="admin:index",
        query="identifier=19828532",
        read="login ok  go go go go",
        send="login ok  go go go go",
    ),
    Row(route="admin:login", read="ok    go  go go go go", send="ok    ok  ok ok ok ok"),
    Row(route="admin:logout", read="go    405 405 405 405 405", send="go    ok  ok ok ok ok"),
    Row(route="admin:password_change", read="login ok ok ok ok ok", send="login ok ok ok ok ok"),
    Row(
        route="admin:password_change_done",
        read="login ok ok ok ok ok",
        send="login 405 405 405 405 405",
    ),
    Row(
        route="admin:second_factor",
        read="login ok   ok   ok   ok   ok  ",
        send="login done done done done done",
        also={"action": "begin"},
    ),
    Row(
        route="admin:second_factor_check", read="login go go go go go", send="login go go go go go"
    ),
    Row(route="admin:jsi18n", read="login ok ok ok ok ok", send="login 405 405 405 405 405"),
    Row(
        route="admin:autocomplete",
        query="app_label=evidence&model_name=finding&field_name=topic",
        read="login 403 ok ok ok ok",
        send="login 405 405 405 405 405",
    ),
    Row(
        route="admin:autocomplete",
        query="app_label=evidence&model_name=harmreport&field_name=publication",
        read="login 403 ok ok ok ok",
        send="login 405 405 405 405 405",
    ),
    Row(
        route="admin:evidence_assessment_rule",
        query="status=variable",
        read="login 403 ok  ok  ok  ok ",
        send="login 405 405 405 405 405",
    ),
    Row(
        route="admin:app_list",
        word="evidence",
        read="login 404 go go go go",
        send="login 404 go go go go",
    ),
    Row(
        route="admin:app_list",
        word="auth",
        read="login 404 404 404 404 go",
        send="login 404 404 404 404 go",
    ),
    Row(
        route="admin:app_list",
        word="auditlog",
        read="login 404 404 404 404 go",
        send="login 404 404 404 404 go",
    ),
    Row(
        route="admin/(?P<url>.*)$",
        word="nothing-like-it",
        read="login 404 404 404 404 404",
        send="login 404 404 404 404 404",
    ),
)

# What readers see is the same for all of them, whoever has signed in.
PUBLIC = (
    Row(route="evidence:home", read="ok", send="405"),
    Row(route="evidence:feed", read="ok", send="405"),
    Row(route="evidence:sitemap", read="ok", send="405"),
    Row(route="evidence:sitemap-part", word="1", read="ok", send="405"),
    Row(route="evidence:sitemap-part", word="2", read="404", send="405"),
    Row(route="evidence:robots", read="ok", send="405"),
    Row(route="evidence:data", read="ok", send="405"),
    Row(route="evidence:search", read="ok", send="405"),
    Row(route="evidence:search", query="q=IL-2", read="ok", send="405"),
    Row(route="evidence:compare", read="ok", send="405"),
    Row(route="evidence:compare", query="drug=aldesleukin", read="400", send="405"),
    Row(route="evidence:about", read="ok", send="405"),
    Row(route="evidence:about-status", read="ok", send="405"),
    Row(route="evidence:map", read="ok", send="405"),
    Row(route="evidence:map-svg", read="ok", send="405"),
    Row(route="evidence:map-csv", read="ok", send="405"),
    Row(route="evidence:{listing}", read="ok", send="405"),
    Row(route="evidence:{listing}-csv", read="ok", send="405"),
    Row(route="evidence:{fed}-feed", read="ok", send="405"),
    *(
        Row(route=f"evidence:{{listing}}-{reference}", read="ok", send="405")
        for reference in REFERENCES
    ),
    *(
        Row(route=f"evidence:{term}-{reference}", of="unused", read="ok", send="405")
        for term in FAMILIES["{term}"]
        for reference in REFERENCES
    ),
    *(
        Row(route=f"evidence:{fact}-{reference}", of=of, read=read, send="405")
        for fact in FAMILIES["{fact}"]
        for reference in REFERENCES
        for of, read in (("used", "ok"), ("unused", "404"))
    ),
    *(
        Row(route=f"evidence:{{page}}-{reference}", of=of, read=read, send="405")
        for reference in REFERENCES
        for of, read in (
            ("draft", "404"),
            ("in review", "404"),
            ("published", "ok"),
            ("starter", "ok"),
            ("withdrawn", "410"),
        )
    ),
    Row(route="evidence:{term}", of="used", read="ok", send="405"),
    Row(route="evidence:{term}", of="unused", read="ok", send="405"),
    # Only those of which there is a trial have one to be drawn.
    *(
        Row(route=f"evidence:{term}-trials", of=of, model=term, read=read, send="405")
        for term in ("condition", "intervention")
        for of, read in (("used", "ok"), ("unused", "404"))
    ),
    Row(route="evidence:{fact}", of="used", read="ok", send="405"),
    # Nobody has accepted these.
    Row(route="evidence:{fact}", of="unused", read="404", send="405"),
    *(
        Row(route="evidence:topic-forest", of=of, read=read, send="405")
        for of, read in (("draft", "404"), ("in review", "404"), ("withdrawn", "410"))
    ),
    *(
        Row(route=f"evidence:{{page}}{page}", of=of, read=read, send="405")
        for page in ("", "-edition", "-history")
        for of, read in (
            ("draft", "404"),
            ("nobody's", "404"),
            ("in review", "404"),
            ("published", "ok"),
            ("revised", "ok"),
            ("proposed", "ok"),
            ("starter", "ok"),
            ("withdrawn", "410"),
        )
    ),
)
TABLE: tuple[Row, ...] = (*JUDGEMENTS, *THINGS, *REGISTRIES, *PEOPLE, *FRAME, *PUBLIC)

# Addresses that no route has: answered before routes are looked at.
BESIDE: Mapping[str, str] = {
    "/healthz": "ok",
    "/readyz": "ok",
    "/static/evidence/site.css": "ok",
    "/static/evidence/nothing.css": "404",
}

# Whom each bulk action is offered, by what its list holds; sent by others it does nothing.
CURATORS, READERS = ("curator", "administrator"), ("reviewer", "administrator")
WORKERS = ("curator", "reviewer", "administrator")
ACTIONS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "{judgement}": {
        "bulk_assign": WORKERS,
        "bulk_submit": CURATORS,
        "bulk_publish": READERS,
        "bulk_take_over": CURATORS,
        "bulk_revise": CURATORS,
        "delete_selected": CURATORS,
    },
    "assessment": {"bulk_review_date": CURATORS},
    "{thing}": {"delete_selected": ("administrator",)},
    "savedsearch": {"delete_selected": CURATORS},
    "registryrecord": {},
    "drift": {},
    "syncrun": {},
    "user": {},
    "group": {},
    "logentry": {},
}


def rows(table: Iterable[Row] = TABLE) -> Iterator[Row]:
    """Give every row of the table with its family written out."""
    for row in table:
        placed = next((name for name in FAMILIES if name in row.route), "")
        if not placed:
            yield row
            continue
        for one in FAMILIES[placed]:
            first = one == FAMILIES[placed][0]
            yield replace(row, route=row.route.replace(placed, one), first=first)
