from django.db import migrations

# The choice among hundreds of accounts reads ten of them in the order of their names: the name stands on the account, where
# an index of the credential serves it. Whatever writes an account or a name keeps it so; nobody else can write another.
RULE = """
CREATE FUNCTION landlords_name_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.sort_name := COALESCE((SELECT sort_name FROM landlords_landlord WHERE partner_id = NEW.partner_id), '');
  RETURN NEW;
END $$;
CREATE FUNCTION landlords_name_accounts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE identity_account a SET sort_name = n.sort_name FROM written n
   WHERE a.partner_id = n.partner_id AND a.sort_name <> n.sort_name;
  RETURN NULL;
END $$;
CREATE TRIGGER landlords_named_account BEFORE INSERT ON identity_account FOR EACH ROW EXECUTE FUNCTION landlords_name_account();
CREATE TRIGGER landlords_renamed_account BEFORE UPDATE ON identity_account FOR EACH ROW
  WHEN (OLD.sort_name <> NEW.sort_name OR OLD.partner_id <> NEW.partner_id) EXECUTE FUNCTION landlords_name_account();
CREATE TRIGGER landlords_names_new AFTER INSERT ON landlords_landlord REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION landlords_name_accounts();
CREATE TRIGGER landlords_names_changed AFTER UPDATE ON landlords_landlord REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION landlords_name_accounts();
UPDATE identity_account a SET sort_name = l.sort_name FROM landlords_landlord l WHERE l.partner_id = a.partner_id;
"""
NO_RULE = """
DROP TRIGGER landlords_names_changed ON landlords_landlord;
DROP TRIGGER landlords_names_new ON landlords_landlord;
DROP TRIGGER landlords_renamed_account ON identity_account;
DROP TRIGGER landlords_named_account ON identity_account;
DROP FUNCTION landlords_name_accounts();
DROP FUNCTION landlords_name_account();
"""


class Migration(migrations.Migration):
    dependencies = [("landlords", "0007_links_and_silence"), ("identity", "0012_account_sort_name")]
    operations = [migrations.RunSQL(RULE, NO_RULE)]
