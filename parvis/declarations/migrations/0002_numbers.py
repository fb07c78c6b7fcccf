from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("declarations", "0001_initial")]
    operations = [
        migrations.RunSQL("CREATE SEQUENCE declarations_reference", "DROP SEQUENCE declarations_reference"),
        migrations.RunSQL("CREATE SEQUENCE declarations_receipt_number", "DROP SEQUENCE declarations_receipt_number"),
    ]
