from django.db import migrations

# How agents find an account by its person or its address (landlords.selectors.for_agents.finding), word for word.
INDEXES = {
    "account_by_word": "identity_account USING gin (to_tsvector('simple'::regconfig,"
    " translate(parvis_fold(((first_name)::text || ' '::text) || (last_name)::text), '/@:_', '    ')))",
    "account_by_claimed_email": "identity_account (lower(claimed_email) text_pattern_ops) WHERE claimed_email <> ''",
}


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("identity", "0013_tries_of_whom"), ("kit", "0003_faster_fold")]
    operations = [
        migrations.RunSQL(f"CREATE INDEX CONCURRENTLY {name} ON {what}", f"DROP INDEX CONCURRENTLY {name}")
        for name, what in INDEXES.items()
    ]
