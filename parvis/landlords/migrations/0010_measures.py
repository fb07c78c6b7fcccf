"""A processing time is a measure of a day: the newest counts, the others are its history, agents may type one."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('landlords', '0009_found_by_agents'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='processingtime',
            name='processing_time_once',
        ),
        migrations.AddField(
            model_name='processingtime',
            name='changed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='processingtime',
            name='changed_by',
            field=models.CharField(blank=True, db_default='', default='', max_length=60),
        ),
        migrations.AddField(
            model_name='processingtime',
            name='reason',
            field=models.CharField(blank=True, db_default='', default='', max_length=200),
        ),
        migrations.AddConstraint(
            model_name='processingtime',
            constraint=models.UniqueConstraint(condition=models.Q(('changed_by', '')), fields=('office', 'topic', 'measured_on'), name='processing_time_once_a_day'),
        ),
        migrations.AddConstraint(
            model_name='processingtime',
            constraint=models.CheckConstraint(condition=models.Q(('min_weeks__lte', models.F('max_weeks'))), name='processing_time_low_then_high'),
        ),
    ]
