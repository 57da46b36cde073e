"""One gate to the public: what readers see of facts and judgements starts at `.public()`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from evidence import models
from evidence.models import Edition, Fact, Topic

ROOT = Path(__file__).parents[2]
FILES = [
    path for folder in ("catalogue", "web") for path in (ROOT / "evidence" / folder).rglob("*.py")
]
GUARDED = {
    name
    for name, model in vars(models).items()
    if isinstance(model, type) and issubclass(model, (Edition, Fact, Topic))
}
OPEN_GATES = {"public"}
# What was public stays known: its address says when it went and why.
FORMER = {"withdrawn"}
# What was public stays readable too: on the pages of single editions and of history, and in the
# course of a status.
SHOWN_IN = {"editions.py", "history.py", "standing.py", "through_time.py"}
MANAGERS = {"objects", "_default_manager", "_base_manager"}
QUERIES = {"all", "filter", "exclude", "get", "first", "last", "values", "values_list", "count"}
QUERIES |= {"exists", "order_by", "select_related", "prefetch_related", "annotate", "in_bulk"}

# What stands beside the gate, each with the reason why nothing leaks there.
ALLOWED = {
    "TrialPhase.objects": "child rows, asked for the keys of rows that are public",
    "TrialIdentifier.objects": "child rows, which narrow rows that are public",
    "TrialPublication.objects": "ties, asked with the acceptance of their other end",
    "RegistryRecord.objects": "what registries say of rows that are public",
    "InterventionPartner.objects": "child rows of terms, which are always public",
    "Intervention.cell_targets.through.objects": "ties between terms, which are always public",
    "AdverseEffect.leads_to.through.objects": "ties between terms, which are always public",
    "Trial.conditions.through.objects": "ties to terms, which hang on rows that are public",
    "Trial.interventions.through.objects": "ties to terms, which hang on rows that are public",
    "Topic.read_trials.through.objects": "ties, asked with the acceptance of the trial",
    "Topic.reads.through.objects": "ties between topics, which narrow rows that are public",
    "Topic.trials.through.objects": "ties, asked with the acceptance of the trial",
}
ALLOWED_IN = {
    ("common.py", "model.objects.filter"): "asks only for editions that were published",
    ("grid.py", "terms.objects.values_list"): "terms of public topics, merged ones too",
    ("addresses.py", "model.objects.filter"): "a term by its word, to lead to what took its place",
    ("material.py", "question.reads.values_list"): "keys that narrow rows which are public",
}


def related_names() -> set[str]:
    """Every attribute that leads from one row to several facts or judgements."""
    found = set()
    for name in GUARDED:
        for field in getattr(models, name)._meta.get_fields():
            if not field.is_relation:
                continue
            if field.auto_created:  # a way back, from a guarded model to another
                leads_to, accessor = field.related_model, field.get_accessor_name()
            else:
                leads_to, accessor = getattr(models, name), field.remote_field.get_accessor_name()
                if field.many_to_many and field.related_model.__name__ in GUARDED:
                    found.add(field.name)
            if accessor and leads_to.__name__ in GUARDED and not accessor.endswith("+"):
                found.add(accessor)
    return found


def calls(tree: ast.AST) -> Iterator[tuple[ast.Attribute, str, str]]:
    """Every `something.method` with the text of what it is asked of."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node, ast.unparse(node.value), node.attr


def bypasses(source: str, *, file: str = "made_up.py") -> list[str]:
    """What reaches facts or judgements, or may do so, without the gate."""
    related = related_names()
    found = []
    for node, asked, method in calls(ast.parse(source)):
        manager = asked.rpartition(".")[2]
        through_manager = manager in MANAGERS
        through_relation = manager in related and "." in asked and method in QUERIES
        if not through_manager and not through_relation:
            continue
        if method in OPEN_GATES | FORMER or asked in ALLOWED:
            continue
        if method == "shown" and file in SHOWN_IN:
            continue
        if (file, f"{asked}.{method}") not in ALLOWED_IN:
            found.append(f"{file}:{node.lineno}: {asked}.{method}")
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_facts_and_judgements_are_reached_through_the_gate_alone(path: Path) -> None:
    assert bypasses(path.read_text(), file=path.name) == []


def test_every_exception_is_still_needed() -> None:
    text = "".join(ast.unparse(ast.parse(path.read_text())) for path in FILES)
    assert [
        name for name in (*ALLOWED, *(call for _, call in ALLOWED_IN)) if name not in text
    ] == []
    assert all(ALLOWED.values())
    assert all(ALLOWED_IN.values())


def test_what_is_guarded_are_all_facts_and_judgements() -> None:
    assert {
        "Approval",
        "Assessment",
        "Consideration",
        "Finding",
        "HarmReport",
        "Publication",
        "Topic",
        "Trial",
    } <= GUARDED
    assert {"findings", "assessments", "trials", "approvals", "reads"} <= related_names()


@pytest.mark.parametrize(
    "source",
    [
        "Finding.objects.all()",
        "Finding.objects.filter(state='published')",
        "Trial._default_manager.all()",
        "models.Topic.objects.get(pk=1)",
        "topic.findings.all()",
        "found.trials.filter(accepted_at=None)",
        "topic.assessments.order_by('pk')",
        "lambda: HarmReport.objects.values('pk')",
        "model.objects.all()",
        "Finding.objects.shown()",
    ],
)
def test_a_way_round_is_found(source: str) -> None:
    assert bypasses(source)


@pytest.mark.parametrize(
    "source",
    [
        "Finding.objects.public().filter(topic=1)",
        "Finding.objects.withdrawn().first()",
        "found.children.public()",
        "rows.findings().filter(pk=1)",
        "TrialPhase.objects.filter(trial__in=keys)",
    ],
)
def test_the_gate_itself_is_no_way_round(source: str) -> None:
    assert bypasses(source) == []


def test_editions_that_were_replaced_are_read_where_the_past_is_told_alone() -> None:
    for file in SHOWN_IN:
        assert bypasses("Finding.objects.shown().filter(pk=1)", file=file) == []
    assert {path.name for path in FILES} >= SHOWN_IN


def test_templates_ask_no_relation_that_leads_to_facts_or_judgements() -> None:
    asked = {
        (path.name, name)
        for path in (ROOT / "templates" / "evidence").rglob("*.html")
        for name in re.findall(r"\.(\w+)\.(?:all|count|first|last|exists)\b", path.read_text())
    }
    assert {name for _, name in asked} & related_names() == set()
