"""What had failed by another name: mails that came back, letters held back at an address that was corrected since.

In steps of their own, after the index that finds what failed: nobody waits for them at a table that every page reads.
"""

from django.db import migrations

BOUNCED = """
UPDATE correspondence_message SET state = 'bounced', bounced_at = sent_at
WHERE state = 'failed' AND channel = 'email' AND sent_at IS NOT NULL AND failure LIKE 'La boîte du destinataire a refusé%'
"""
# They would leave to the former address; so would the second letter that waits for the first.
CORRECTED = """
WITH given_up AS (
  UPDATE correspondence_message m
  SET state = 'cancelled', failure = 'L’adresse a été corrigée depuis\u00a0: l’envoi est à refaire.'
  WHERE m.state = 'failed' AND m.channel = 'letter' AND m.failure LIKE 'L’adresse est à vérifier%'
    AND EXISTS (SELECT 1 FROM correspondence_returnedletter r WHERE r.partner_id = m.partner_id AND r.to_address = m.to_address
      AND r.settled_as = 'corrected')
    AND NOT EXISTS (SELECT 1 FROM correspondence_returnedletter r WHERE r.partner_id = m.partner_id
      AND r.to_address = m.to_address AND r.settled_at IS NULL)
  RETURNING m.id, m.failure)
UPDATE correspondence_message b SET state = 'cancelled', failure = g.failure
FROM given_up g WHERE b.after_id = g.id AND b.is_held AND b.state = 'due'
"""


class Migration(migrations.Migration):
    """Each by itself; done twice, the second time finds nothing."""

    atomic = False
    dependencies = [("correspondence", "0007_failed_and_bounced")]
    operations = [migrations.RunSQL([BOUNCED, CORRECTED], migrations.RunSQL.noop)]
