import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contact', '0002_numbers'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(condition=models.Q(('state', 'answered')), fields=['landlord', '-answered_at'], name='conversation_to_read'),
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(models.F('office'), models.OrderBy(django.db.models.functions.comparison.Coalesce('answered_at', 'closed_at'), descending=True), models.OrderBy(models.F('opaque'), descending=True), condition=models.Q(('state', 'waiting'), _negated=True), name='conversation_done_at_office'),
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(models.OrderBy(django.db.models.functions.comparison.Coalesce('answered_at', 'closed_at'), descending=True), models.OrderBy(models.F('opaque'), descending=True), condition=models.Q(('state', 'waiting'), _negated=True), name='conversation_done'),
        ),
        migrations.AddIndex(
            model_name='conversationmessage',
            index=models.Index(condition=models.Q(('side', 'landlord')), fields=['by', 'at'], name='conversation_message_written'),
        ),
    ]
