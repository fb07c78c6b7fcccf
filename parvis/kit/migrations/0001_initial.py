from django.db import migrations

from parvis.kit.text import FOLD_SQL


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(FOLD_SQL, "DROP FUNCTION parvis_fold(text)")]
