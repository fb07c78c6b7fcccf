"""A « Ce n’est pas moi » about one account follows this account where it goes."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0008_bank_change_code'),
    ]

    operations = [
        migrations.AddField(
            model_name='freezelink',
            name='account',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to='identity.account'),
        ),
    ]
