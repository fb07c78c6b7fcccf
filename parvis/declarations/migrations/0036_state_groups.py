from django.db import migrations, models
from django.db.models import Q

_COLUMN = models.GeneratedField(
    db_persist=True,
    expression=models.Case(
        models.When(state__in=["to_declare", "drafted", "to_confirm"], then=0),
        models.When(state__in=["to_correct", "rejected"], then=1),
        models.When(state__in=["submitted"], then=2),
        models.When(state__in=["integrated"], then=3),
    ),
    output_field=models.SmallIntegerField(null=True),
)
_INDEX = models.Index(
    fields=["landlord", "year", "state_group", "sort_name", "tenancy"],
    name="campaign_entry_by_state_group",
    condition=Q(state_group__isnull=False),
)
ADD = """
ALTER TABLE declarations_campaignentry ADD COLUMN IF NOT EXISTS state_group smallint GENERATED ALWAYS AS (
  CASE WHEN state IN ('to_declare', 'drafted', 'to_confirm') THEN 0 WHEN state IN ('to_correct', 'rejected') THEN 1
       WHEN state IN ('submitted') THEN 2 WHEN state IN ('integrated') THEN 3 END) STORED
"""
REMOVE = "ALTER TABLE declarations_campaignentry DROP COLUMN IF EXISTS state_group"
_BY_GROUP = """
CREATE INDEX CONCURRENTLY campaign_entry_by_group ON declarations_campaignentry (landlord_id, year, (
  CASE state WHEN 'to_declare' THEN 0 WHEN 'to_correct' THEN 1 WHEN 'rejected' THEN 1 WHEN 'drafted' THEN 2
             WHEN 'to_confirm' THEN 2 WHEN 'submitted' THEN 3 ELSE 4 END), sort_name, tenancy_id) WHERE NOT (state = 'out')
"""
_BY_STATE_GROUP = """
CREATE INDEX CONCURRENTLY campaign_entry_by_state_group
  ON declarations_campaignentry (landlord_id, year, state_group, sort_name, tenancy_id) WHERE state_group IS NOT NULL
"""


def _made(name: str, statement: str) -> list[str]:
    # What a try that was stopped left behind is invalid.
    return [_dropped(name), statement]


def _dropped(name: str) -> str:
    return f"DROP INDEX CONCURRENTLY IF EXISTS {name}"


class Migration(migrations.Migration):
    """The one index of the entries holds groups of states that typing does not leave: a draft is then written in no index.

    The column rewrites the table, for which web and workers stand still (docs/operations.md); the rewriting leaves half of each page
    free as well (migration 0035). The former index goes first, so that it is not built once more.
    """

    atomic = False
    dependencies = [("declarations", "0035_room_for_drafts")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(_dropped("campaign_entry_by_group"), _made("campaign_entry_by_group", _BY_GROUP)),
                migrations.RunSQL(ADD, REMOVE),
                migrations.RunSQL(
                    _made("campaign_entry_by_state_group", _BY_STATE_GROUP), _dropped("campaign_entry_by_state_group")
                ),
                # Nothing is known of the new column yet, and a table written anew does not count as changed.
                migrations.RunSQL("ANALYZE declarations_campaignentry", migrations.RunSQL.noop),
            ],
            state_operations=[
                migrations.RemoveIndex("campaignentry", "campaign_entry_by_group"),
                migrations.AddField("campaignentry", "state_group", _COLUMN),
                migrations.AddIndex("campaignentry", _INDEX),
            ],
        )
    ]
