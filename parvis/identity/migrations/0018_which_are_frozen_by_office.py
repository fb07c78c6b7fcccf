"""Those frozen now, by what the journal says of their latest freeze. Apart from the column: it holds no lock meanwhile."""

from __future__ import annotations

from django.db import migrations

FROZEN = """
UPDATE identity_credential c SET frozen_by_office = true
WHERE c.frozen_at IS NOT NULL AND (
  SELECT e.event FROM audit_entry e JOIN identity_account a ON a.login_id = e.subject
  WHERE a.credential_id = c.id AND e.event IN ('identity.frozen', 'identity.frozen_by_office')
  ORDER BY e.id DESC LIMIT 1) = 'identity.frozen_by_office'
"""


class Migration(migrations.Migration):
    dependencies = [("identity", "0017_frozen_by_office"), ("audit", "0001_initial")]

    operations = [migrations.RunSQL(FROZEN, migrations.RunSQL.noop)]
