"""Mark what a database holds already: starter drafts, and publications that no longer stand."""

from django.db import migrations
from django.db.models import Q
from django.utils import timezone


def mark(apps, schema_editor):
    for name in ('Finding', 'HarmReport'):
        drafts = apps.get_model('evidence', name).objects.filter(origin='starter', state='draft')
        drafts.update(figures_unchecked=True)
    publications = apps.get_model('evidence', 'Publication').objects
    publications.filter(~Q(standing='current'), standing_noted_at=None).update(
        standing_noted_at=timezone.now()
    )


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0002_steps'),
    ]

    operations = [
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
