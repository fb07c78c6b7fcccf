from django.db import migrations, models
import django.db.models.deletion

STATES = ("to_declare", "drafted", "to_confirm", "to_correct", "submitted", "integrated", "rejected")
COUNTED = f"""
INSERT INTO declarations_campaignofficecount (landlord_id, year, caf_code, {", ".join(STATES)})
SELECT e.landlord_id, e.year, t.caf_code, {", ".join(f"count(*) FILTER (WHERE e.state = '{state}')" for state in STATES)}
FROM declarations_campaignentry e JOIN tenancies_tenancy t ON t.id = e.tenancy_id
GROUP BY e.landlord_id, e.year, t.caf_code
"""


class Migration(migrations.Migration):
    dependencies = [
        ("landlords", "0001_initial"),
        ("tenancies", "0006_counts_per_office"),
        ("declarations", "0006_receipts_are_immutable"),
    ]

    operations = [
        migrations.CreateModel(
            name="CampaignOfficeCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField()),
                ("caf_code", models.CharField(db_collation="C", max_length=3)),
                *((state, models.PositiveIntegerField(default=0)) for state in STATES),
                (
                    "landlord",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="landlords.landlord"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("landlord", "year", "caf_code"), name="campaign_office_count_once")
                ],
            },
        ),
        migrations.RunSQL(COUNTED, migrations.RunSQL.noop),
    ]
