from django.db import migrations, models


class Migration(migrations.Migration):
    """Another telephone number that the office knows. With a default of the database: the former code goes on writing rows."""

    dependencies = [("landlords", "0012_opened_replacements")]
    operations = [
        migrations.AddField(
            "thirdpartynumber", "phone_2", models.CharField(max_length=20, blank=True, db_default=models.Value(""))
        )
    ]
