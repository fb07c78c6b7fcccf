from django.db import migrations

from parvis.kit.text import FOLD_SQL


class Migration(migrations.Migration):
    """The same function, decomposing letters instead of looking each one up: faster, and it knows more accents."""

    dependencies = [("kit", "0002_work_date")]
    operations = [migrations.RunSQL(FOLD_SQL, migrations.RunSQL.noop)]
