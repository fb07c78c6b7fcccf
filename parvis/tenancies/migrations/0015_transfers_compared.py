import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenancies", "0014_account_last4")]

    operations = [
        migrations.AddField("transfer", "changes", models.JSONField(null=True)),
        migrations.AddField("transfer", "is_comparison_due", models.BooleanField(db_default=False)),
        migrations.CreateModel(
            name="TransferChange",
            fields=[
                ("pk", models.CompositePrimaryKey("transfer", "place", blank=True, editable=False, primary_key=True, serialize=False)),
                ("place", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=12)),
                ("before_cents", models.IntegerField()),
                ("now_cents", models.IntegerField()),
                ("reasons", django.contrib.postgres.fields.ArrayField(
                    base_field=models.CharField(max_length=40), default=list, size=None)),
                ("tenancy", models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT,
                                              to="tenancies.tenancy")),
                ("transfer", models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT,
                                               to="tenancies.transfer")),
            ],
        ),
    ]
