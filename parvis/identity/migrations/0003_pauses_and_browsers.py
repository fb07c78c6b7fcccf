from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("identity", "0002_shared_credentials")]

    operations = [
        migrations.AddField(
            model_name="throttle", name="paused_until", field=models.DateTimeField(null=True)
        ),
        migrations.AlterField(
            model_name="trustedbrowser", name="token_hash", field=models.BinaryField(max_length=32)
        ),
        migrations.AddConstraint(
            model_name="trustedbrowser",
            constraint=models.UniqueConstraint(fields=("token_hash", "credential"), name="trusted_browser_once"),
        ),
    ]
