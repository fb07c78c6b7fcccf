"""What agents did that somebody else must look at stands until they say what came of it."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agents', '0003_openers'),
    ]

    operations = [
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('many_files', 'Beaucoup de dossiers ouverts en une heure'), ('many_searches', 'Beaucoup de recherches en une heure'), ('namesake', 'Dossier d’un homonyme de l’agent')], max_length=14)),
                ('partner_id', models.UUIDField(null=True)),
                ('count', models.PositiveIntegerField(default=1)),
                ('raised_at', models.DateTimeField()),
                ('last_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_by', models.CharField(blank=True, default='', max_length=60)),
                ('outcome', models.CharField(blank=True, default='', max_length=200)),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='alerts', to='agents.agent')),
            ],
            options={
                'indexes': [models.Index(fields=['-raised_at', '-id'], name='alert_newest')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('agent', 'kind', 'partner_id'), name='alert_one_open', nulls_distinct=False)],
            },
        ),
    ]
