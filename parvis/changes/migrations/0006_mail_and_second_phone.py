from django.db import migrations, models

FORMS = [
    ("address", "Nouvelle adresse"),
    ("phone", "Nouveaux téléphones, nouvelle adresse mail"),
    ("bank", "Nouveau compte"),
    ("direct_payment_ask", "Demande de versement direct"),
    ("direct_payment_answer", "Réponse à une proposition"),
]
KINDS = [
    ("address", "Changement d’adresse"),
    ("contact", "Changement de téléphone ou d’adresse mail"),
    ("bank_details", "Changement de coordonnées bancaires"),
    ("direct_payment_ask", "Demande de versement direct"),
    ("direct_payment_stop", "Arrêt du versement direct"),
    ("direct_payment_answer", "Réponse à une proposition de versement direct"),
]


class Migration(migrations.Migration):
    """The words of two choices: nothing changes in the database."""

    dependencies = [("changes", "0005_awaited_papers")]
    operations = [
        migrations.AlterField("changedraft", "form", models.CharField(choices=FORMS, max_length=24)),
        migrations.AlterField("changerequest", "kind", models.CharField(choices=KINDS, max_length=24)),
    ]
