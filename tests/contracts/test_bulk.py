"""What the audit log follows is written in bulk by `sync` alone, and only what registries own."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from evidence.ledger import audit
from evidence.models import Arm, Trial
from evidence.sync import fields, writes

ROOT = Path(__file__).parents[2] / "evidence"
FILES = [path for path in ROOT.rglob("*.py") if "migrations" not in path.parts]
FOLLOWED = {model.__name__ for model in audit.followed()}
PAST_THE_LOG = {"bulk_create", "bulk_update", "update", "_raw_delete"}
MANAGERS = {"objects", "_default_manager", "_base_manager"}
# What is written past the log, each with the reason why nothing is lost.
ALLOWED = {
    ("ledger/storing.py", "Topic.bulk_create"): "what the rule fills is not in the log",
    ("sync/looked.py", "Trial.update"): "the day on which a registry was looked at, and no more",
    ("sync/searches.py", "SavedSearch.update"): "how much a search found, which no person did",
    ("sync/standing.py", "Publication.update"): "the day on which notices were looked for",
}
TABLES = {"insert", "update", "delete"}


def written_past_the_log(source: str, *, file: str = "made_up.py") -> Iterator[str]:
    """Every call that writes rows of a followed model in bulk, as `Model.method`."""
    tree = ast.parse(source)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for scope in functions or [tree]:
        yield from _written_in(scope, file)


def _written_in(scope: ast.AST, file: str) -> Iterator[str]:
    names = {
        node.targets[0].id: node.value
        for node in ast.walk(scope)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    for node in ast.walk(scope):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr not in PAST_THE_LOG:
            continue
        asked: ast.AST = node.func.value
        if isinstance(asked, ast.Name) and asked.id in names:
            asked = names[asked.id]
        models = {
            each.value.id
            for each in ast.walk(asked)
            if isinstance(each, ast.Attribute)
            and each.attr in MANAGERS
            and isinstance(each.value, ast.Name)
        }
        for model in sorted(models & FOLLOWED):
            if (file, f"{model}.{node.func.attr}") not in ALLOWED:
                yield f"{file}:{node.lineno}: {model}.{node.func.attr}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_nothing_is_written_past_the_log_that_people_edit(path: Path) -> None:
    file = str(path.relative_to(ROOT))
    assert list(written_past_the_log(path.read_text(), file=file)) == []


def test_only_sync_writes_to_tables_past_the_models() -> None:
    users = {
        path.relative_to(ROOT).parts[0]
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
        and node.attr in TABLES
        and isinstance(node.value, ast.Name)
        and node.value.id == "tables"
    }
    assert users == {"sync"}


def test_of_a_trial_that_is_here_sync_writes_only_what_its_registry_owns() -> None:
    assert {*writes.OF_A_TRIAL} == {*fields.PLAIN, "checked_on"}
    curators = {"slug", "population_text", "results_summary", "accepted_by", "accepted_at"}
    assert curators.isdisjoint(writes.OF_A_TRIAL)
    doses = {field.name for field in Arm._meta.concrete_fields} - {"id", "label", "kind", "given"}
    assert {"dose_low", "intervention", "route"} <= doses
    assert doses.isdisjoint(fields.OWNED)
    assert {*fields.PLAIN} <= {field.name for field in Trial._meta.concrete_fields}


@pytest.mark.parametrize(
    "source",
    [
        "Trial.objects.filter(pk=1).update(title='x')",
        "Finding.objects.bulk_create(rows)",
        "rows = Topic.objects.filter(pk=1)\nrows.update(role='x')",
        "Publication._default_manager.bulk_update(rows, ['title'])",
    ],
)
def test_a_write_past_the_log_is_found(source: str) -> None:
    assert list(written_past_the_log(source))


def test_what_is_kept_by_the_program_may_be_written_in_bulk() -> None:
    assert not list(written_past_the_log("SyncRun.objects.filter(pk=1).update(state='x')"))
