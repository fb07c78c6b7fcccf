"""A pause says which browser tried last, and when: the agent tells its owner from a thief."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0015_mailbox_refused'),
    ]

    operations = [
        migrations.AddField(
            model_name='throttle',
            name='browser',
            field=models.CharField(blank=True, db_default='', default='', max_length=80),
        ),
        migrations.AddField(
            model_name='throttle',
            name='is_known',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='throttle',
            name='tried_at',
            field=models.DateTimeField(null=True),
        ),
    ]
