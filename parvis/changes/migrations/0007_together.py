from django.db import migrations, models

# What was asked together stays so: the rule of 0002 with one column more.
COLUMNS = (
    "opaque, number, kind, landlord_id, account_id, office_id, third_party_number_id, tenancy_id, person, details, former, iban_index,"
    " iban_last4, flags, asked_at"
)


def kept(columns: str) -> str:
    """The rule with these columns."""
    names = columns.split(", ")
    old, new = (", ".join(f"{row}.{name}" for name in names) for row in ("OLD", "NEW"))
    return f"""
DROP TRIGGER changes_request_is_kept ON changes_changerequest;
CREATE TRIGGER changes_request_is_kept BEFORE UPDATE ON changes_changerequest
  FOR EACH ROW WHEN (({old}) IS DISTINCT FROM ({new})) EXECUTE FUNCTION changes_refuse_change();
"""


class Migration(migrations.Migration):
    """Bank details of several offices are asked together."""

    dependencies = [("changes", "0006_mail_and_second_phone")]
    operations = [
        migrations.AddField("changerequest", "together", models.UUIDField(null=True)),
        migrations.AddIndex(
            "changerequest",
            models.Index(
                fields=["together"], name="change_together", condition=models.Q(together__isnull=False)
            ),
        ),
        migrations.RunSQL(kept(f"{COLUMNS}, together"), kept(COLUMNS)),
    ]
