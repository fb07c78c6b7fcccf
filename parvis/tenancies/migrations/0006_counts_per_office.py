from django.db import migrations, models
import django.db.models.deletion

COUNTED = """
INSERT INTO tenancies_portfolioofficecount (landlord_id, caf_code, current, former)
SELECT landlord_id, caf_code, count(*) FILTER (WHERE end_on IS NULL AND absent_since IS NULL),
       count(*) FILTER (WHERE end_on IS NOT NULL OR absent_since IS NOT NULL)
FROM tenancies_tenancy GROUP BY landlord_id, caf_code
"""


class Migration(migrations.Migration):
    dependencies = [
        ("landlords", "0001_initial"),
        ("tenancies", "0005_portal"),
    ]

    operations = [
        migrations.CreateModel(
            name="PortfolioOfficeCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("caf_code", models.CharField(db_collation="C", max_length=3)),
                ("current", models.PositiveIntegerField(default=0)),
                ("former", models.PositiveIntegerField(default=0)),
                (
                    "landlord",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="landlords.landlord"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("landlord", "caf_code"), name="portfolio_office_count_once")
                ],
            },
        ),
        migrations.RunSQL(COUNTED, migrations.RunSQL.noop),
    ]
