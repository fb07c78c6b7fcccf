from django.db import migrations

# How agents find a landlord (selectors.for_agents.finding), word for word as its branches ask.
INDEXES = {
    "landlord_by_name": "landlords_landlord (sort_name)",
    "landlord_by_joined_name": "landlords_landlord (replace(sort_name, ' ', ''))",
    "landlord_by_proper_name": "landlords_landlord (replace(regexp_replace(sort_name,"
    " '^(s ?c ?i|s ?a ?r ?l|s ?a ?s|s ?a|e ?u ?r ?l|association|agence|cabinet) ', ''), ' ', ''))",
    "landlord_by_word": "landlords_landlord USING gin"
    " (to_tsvector('simple'::regconfig, translate(sort_name, '/@:_', '    ')))",
    "third_party_by_number": "landlords_thirdpartynumber (number)",
    "third_party_by_email": "landlords_thirdpartynumber (lower(email) text_pattern_ops) WHERE email <> ''",
}


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("landlords", "0008_accounts_by_name")]
    operations = [
        migrations.RunSQL(f"CREATE INDEX CONCURRENTLY {name} ON {what}", f"DROP INDEX CONCURRENTLY {name}")
        for name, what in INDEXES.items()
    ]
