"""The search's own table, which is no model: Django's remakes of tables never touch it."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

TABLE = "evidence_searchindex"


def make(apps: Any, editor: Any) -> None:
    """Make the table, empty; `manage.py rebuild_search` fills it."""
    if editor.connection.vendor == "sqlite":
        tokens = "tokenize=\"ascii tokenchars '_'\""
        editor.execute(f"CREATE VIRTUAL TABLE {TABLE} USING fts5(title, body, {tokens})")
    else:
        editor.execute(f"CREATE TABLE {TABLE} (id bigint PRIMARY KEY, tokens tsvector NOT NULL)")
        editor.execute(f"CREATE INDEX {TABLE}_tokens ON {TABLE} USING gin (tokens)")


def drop(apps: Any, editor: Any) -> None:
    """Take the table away."""
    editor.execute(f"DROP TABLE IF EXISTS {TABLE}")


class Migration(migrations.Migration):

    dependencies = [("evidence", "0005_the_line_a_reason_answers")]

    operations = [
        migrations.AddField(
            model_name="dataversion",
            name="search_version",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.RunPython(make, drop),
    ]
