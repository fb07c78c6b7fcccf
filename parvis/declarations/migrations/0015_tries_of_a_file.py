from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("declarations", "0014_still_somewhere")]
    operations = [
        migrations.AddField("rentfile", "tries", models.PositiveSmallIntegerField(db_default=0, default=0)),
    ]
