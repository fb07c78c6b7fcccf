from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('upkeep', '0002_request_figures'),
    ]

    operations = [
        migrations.AlterField(
            model_name='requestfigure',
            name='status',
            field=models.CharField(max_length=8),
        ),
    ]
