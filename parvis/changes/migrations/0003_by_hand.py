from django.db import migrations, models


class Migration(migrations.Migration):
    """What an agent looks at is on its way still: no second request on direct payment beside it."""

    dependencies = [("changes", "0002_kept_for_good")]
    operations = [
        migrations.RemoveConstraint("changerequest", "change_one_direct_payment"),
        migrations.AddConstraint(
            "changerequest",
            models.UniqueConstraint(
                fields=["tenancy"],
                name="change_one_direct_payment",
                condition=models.Q(
                    kind__in=["direct_payment_ask", "direct_payment_stop", "direct_payment_answer"],
                    state__in=["ready", "sent", "manual"],
                ),
            ),
        ),
    ]
