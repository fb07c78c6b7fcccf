"""A mail that came back is no more a message that did not leave."""

from django.db import migrations, models

_BOUNCED = """
UPDATE correspondence_message SET state = 'bounced', bounced_at = sent_at
WHERE state = 'failed' AND channel = 'email' AND sent_at IS NOT NULL AND failure LIKE 'La boîte du destinataire a refusé%'
"""
# Held back at an address that was corrected since: they would leave to the former one.
_CORRECTED = """
UPDATE correspondence_message m SET state = 'cancelled', failure = 'L’adresse a été corrigée depuis\u00a0: l’envoi est à refaire.'
WHERE m.state = 'failed' AND m.channel = 'letter' AND m.failure LIKE 'L’adresse est à vérifier%'
  AND EXISTS (SELECT 1 FROM correspondence_returnedletter r WHERE r.partner_id = m.partner_id AND r.to_address = m.to_address
    AND r.settled_as = 'corrected')
  AND NOT EXISTS (SELECT 1 FROM correspondence_returnedletter r WHERE r.partner_id = m.partner_id AND r.to_address = m.to_address
    AND r.settled_at IS NULL)
"""


class Migration(migrations.Migration):
    dependencies = [("correspondence", "0005_letters_to_batch")]

    operations = [
        migrations.AddField("message", "bounced_at", models.DateTimeField(null=True)),
        migrations.AlterField(
            "message",
            "state",
            models.CharField(
                choices=[
                    ("due", "À envoyer"),
                    ("sent", "Envoyé"),
                    ("cancelled", "Annulé"),
                    ("failed", "En échec"),
                    ("bounced", "Revenu"),
                ],
                default="due",
                max_length=10,
            ),
        ),
        migrations.RunSQL([_BOUNCED, _CORRECTED], migrations.RunSQL.noop),
    ]
