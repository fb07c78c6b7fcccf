from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('parameters', '0003_kept_as_before'),
    ]

    operations = [
        migrations.AddField(
            model_name='parametervalue',
            name='decision',
            field=models.CharField(blank=True, db_default='', default='', max_length=80),
        ),
    ]
