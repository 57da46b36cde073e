"""The four duties of a team: which group may do what, in one table.

A person may have several duties. Publishing is a duty of its own, without writing: whoever wrote
a judgement, or changed it last, is never the one who publishes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from types import MappingProxyType
from typing import Any

from auditlog.context import disable_auditlog
from django.apps import apps as installed
from django.apps.registry import Apps

VIEWER = "Viewer"
CURATOR = "Curator"
REVIEWER = "Reviewer"
ADMINISTRATOR = "Administrator"

TERMS = (
    "evidence.condition",
    "evidence.intervention",
    "evidence.celltarget",
    "evidence.combinationpartner",
    "evidence.adverseeffect",
    "evidence.outcome",
)
FACTS = (
    "evidence.trial",
    "evidence.publication",
    "evidence.approval",
)
# Rows that stand inside the page of a term or a fact and mean nothing without it.
PARTS = (
    "evidence.interventionpartner",
    "evidence.trialidentifier",
    "evidence.trialphase",
    "evidence.arm",
    "evidence.trialpublication",
)
TOPICS = ("evidence.topic",)
JUDGEMENTS = (
    "evidence.assessment",
    "evidence.finding",
    "evidence.harmreport",
    "evidence.consideration",
)
EVIDENCE = (*TERMS, *FACTS, *PARTS, *TOPICS, *JUDGEMENTS)
# What is asked of the registries, and the log of what came of it, which nobody writes by hand.
SEARCHES = ("evidence.savedsearch",)
REGISTRIES = ("evidence.registryrecord", "evidence.drift", "evidence.syncrun")
PEOPLE = ("auth.user",)
RECORDS_OF_PEOPLE = ("auth.group", "auditlog.logentry")

# "delete" reaches drafts only, whoever has it; on a term it also allows merging it into another.
# "publish" is the second reader's: publish, return to the author, confirm a withdrawal.
DUTIES: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        VIEWER: {
            "view": (*EVIDENCE, *SEARCHES, *REGISTRIES),
        },
        CURATOR: {
            "view": (*EVIDENCE, *SEARCHES, *REGISTRIES),
            "add": (*EVIDENCE, *SEARCHES),
            "change": (*EVIDENCE, *SEARCHES),
            "delete": (*PARTS, *JUDGEMENTS, *SEARCHES),
        },
        REVIEWER: {
            "view": (*EVIDENCE, *SEARCHES, *REGISTRIES),
            "publish": JUDGEMENTS,
        },
        ADMINISTRATOR: {
            "view": (*EVIDENCE, *SEARCHES, *REGISTRIES, *PEOPLE, *RECORDS_OF_PEOPLE),
            "add": (*EVIDENCE, *SEARCHES, *PEOPLE),
            "change": (*EVIDENCE, *SEARCHES, *PEOPLE),
            "delete": (*EVIDENCE, *SEARCHES),
            "publish": JUDGEMENTS,
        },
    }
)
OURS = ("publish",)
NEEDED = (
    "auth.group",
    "auth.permission",
    "contenttypes.contenttype",
    *EVIDENCE,
    *SEARCHES,
    *REGISTRIES,
)


def permission(verb: str, model: str) -> str:
    """Return the name that `has_perm` asks for: `evidence.publish_finding`."""
    app, _, name = model.partition(".")
    return f"{app}.{verb}_{name}"


def grant_after_migrate(*, using: str = "default", apps: Apps = installed, **_: object) -> None:
    """Bring the groups up to the table once the tables that they need are there."""
    if all(_has(apps, model) for model in NEEDED):
        # The log answers who changed what; this is the program itself, and its own log may not
        # have a table yet.
        with disable_auditlog() if apps is installed else nullcontext():
            grant(using=using, apps=apps)


def grant(*, using: str = "default", apps: Apps = installed) -> None:
    """Make the four groups hold exactly the permissions of the table; others stay as they are."""
    groups = apps.get_model("auth", "Group").objects.using(using)
    _make_our_permissions(using=using, apps=apps)
    ids = _permission_ids(using=using, apps=apps)
    for name, duties in DUTIES.items():
        group, _ = groups.get_or_create(name=name)
        wanted = {ids[key] for key in _wanted(duties) if key in ids}
        if set(group.permissions.using(using).values_list("pk", flat=True)) != wanted:
            group.permissions.set(wanted)


def _wanted(duties: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    return ((model, verb) for verb, models in duties.items() for model in models)


def _make_our_permissions(*, using: str, apps: Apps) -> None:
    # Django makes view, add, change and delete for every model; only what is ours is added.
    permissions = apps.get_model("auth", "Permission").objects.using(using)
    kinds = apps.get_model("contenttypes", "ContentType").objects.using(using)
    for verb in OURS:
        for model in JUDGEMENTS:
            app, _, name = model.partition(".")
            kind = kinds.filter(app_label=app, model=name).first()
            if kind is not None:
                said = (
                    f"Can {verb} {installed.get_model(model)._meta.verbose_name} as second reader"
                )
                permissions.get_or_create(
                    content_type_id=kind.pk,
                    codename=f"{verb}_{name}",
                    defaults={"name": said},
                )


def _permission_ids(*, using: str, apps: Apps) -> dict[tuple[str, str], Any]:
    rows = (
        apps.get_model("auth", "Permission")
        .objects.using(using)
        .values_list("pk", "codename", "content_type__app_label", "content_type__model")
    )
    return {
        (f"{app}.{model}", codename.removesuffix(f"_{model}")): pk
        for pk, codename, app, model in rows
    }


def _has(apps: Apps, model: str) -> bool:
    try:
        apps.get_model(model)
    except LookupError:
        return False
    return True
