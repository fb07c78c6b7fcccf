from __future__ import annotations

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

LISTS = ("lines", "tenancies", "cents", "typed")
# A block is read a few times and forgotten in a month: packing it costs more than the room it takes.
AS_IT_CAME = "; ".join(f"ALTER TABLE declarations_rentfileblock ALTER {name} SET STORAGE {{0}}" for name in LISTS)


class Migration(migrations.Migration):
    dependencies = [("declarations", "0017_ignored_lines")]
    operations = [
        migrations.CreateModel(
            name="RentFileBlock",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey("file", "first", blank=True, editable=False, primary_key=True, serialize=False),
                ),
                ("first", models.PositiveIntegerField()),
                ("last", models.PositiveIntegerField()),
                ("lines", django.contrib.postgres.fields.ArrayField(models.PositiveIntegerField())),
                ("tenancies", django.contrib.postgres.fields.ArrayField(models.BigIntegerField())),
                ("cents", django.contrib.postgres.fields.ArrayField(models.PositiveIntegerField())),
                ("typed", django.contrib.postgres.fields.ArrayField(models.CharField(max_length=60))),
                (
                    "file",
                    models.ForeignKey(
                        "declarations.rentfile",
                        django.db.models.deletion.CASCADE,
                        db_constraint=False,
                        db_index=False,
                        related_name="blocks",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(AS_IT_CAME.format("EXTERNAL"), AS_IT_CAME.format("EXTENDED")),
    ]
