from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("declarations", "0016_of_each_landlord")]
    operations = [
        migrations.AlterField(
            model_name="rentfilerow",
            name="state",
            field=models.CharField(
                choices=[
                    ("ready", "Prêt"),
                    ("to_confirm", "À confirmer"),
                    ("to_correct", "À corriger"),
                    ("conflict", "À choisir"),
                    ("no_amount", "Sans montant"),
                    ("unknown", "Inconnu"),
                    ("sent", "Déjà transmis"),
                    ("ignored", "Ignorée"),
                ],
                max_length=10,
            ),
        ),
    ]
