from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("kit", "0001_initial")]
    operations = [
        migrations.RunSQL("CREATE TABLE kit_work_date (shift interval NOT NULL)", "DROP TABLE kit_work_date")
    ]
