from django.db import migrations

from parvis.kit.text import FOLD_SQL


class Migration(migrations.Migration):
    """The same function: signs go one by one, accents only where there is more than ASCII. Half the time, the same answers."""

    dependencies = [("kit", "0003_faster_fold")]
    operations = [migrations.RunSQL(FOLD_SQL, migrations.RunSQL.noop)]
