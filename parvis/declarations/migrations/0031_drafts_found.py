from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """The lines that hold a draft are found without a look at all of them."""

    atomic = False
    dependencies = [("declarations", "0030_move_drafts")]
    operations = [
        AddIndexConcurrently(
            model_name="campaignentry",
            index=models.Index(
                fields=["year", "draft_account"],
                name="campaign_entry_drafted",
                condition=models.Q(state__in=["drafted", "to_confirm", "to_correct"]),
            ),
        ),
    ]
