import django.contrib.postgres.fields
import django.db.models.deletion
import parvis.tenancies.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('identity', '0006_portal'),
        ('landlords', '0006_offers_end_with_access'),
        ('tenancies', '0007_looks'),
    ]

    operations = [
        migrations.CreateModel(
            name='ChangeRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opaque', models.UUIDField(unique=True)),
                ('number', models.CharField(max_length=24, unique=True)),
                ('kind', models.CharField(choices=[('address', 'Changement d’adresse'), ('contact', 'Changement de téléphone'), ('bank_details', 'Changement de coordonnées bancaires'), ('direct_payment_ask', 'Demande de versement direct'), ('direct_payment_stop', 'Arrêt du versement direct'), ('direct_payment_answer', 'Réponse à une proposition de versement direct')], max_length=24)),
                ('person', models.CharField(max_length=130)),
                ('details', models.JSONField(default=dict)),
                ('former', models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict)),
                ('iban', models.BinaryField(null=True)),
                ('iban_index', models.BinaryField(max_length=16, null=True)),
                ('iban_last4', models.CharField(blank=True, max_length=4)),
                ('flags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list, size=None)),
                ('state', models.CharField(max_length=12)),
                ('submission_key', models.UUIDField()),
                ('asked_at', models.DateTimeField()),
                ('proved_at', models.DateTimeField(null=True)),
                ('agreement_until', models.DateTimeField(null=True)),
                ('held_until', models.DateTimeField(null=True)),
                ('approved_by', models.CharField(blank=True, max_length=60)),
                ('sent_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, max_length=400)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='identity.account')),
                ('agreed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='changes_agreed', to='identity.account')),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='landlords.landlord')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='landlords.office')),
                ('tenancy', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='tenancies.tenancy')),
                ('third_party_number', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='landlords.thirdpartynumber')),
            ],
        ),
        migrations.CreateModel(
            name='ChangeStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(max_length=12)),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=60)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('change', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='changes.changerequest')),
            ],
        ),
        migrations.CreateModel(
            name='DirectPaymentOffer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opaque', models.UUIDField(db_default=parvis.tenancies.models.RandomReference(), unique=True)),
                ('offered_at', models.DateTimeField()),
                ('answer_by', models.DateField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('was_accepted', models.BooleanField(null=True)),
                ('landlord', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='landlords.landlord')),
                ('tenancy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='direct_payment_offers', to='tenancies.tenancy')),
            ],
        ),
        migrations.CreateModel(
            name='StopLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.BinaryField(max_length=32, null=True, unique=True)),
                ('made_at', models.DateTimeField()),
                ('change', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stop_links', to='changes.changerequest')),
            ],
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opaque', models.UUIDField(unique=True)),
                ('subject', models.CharField(blank=True, max_length=24)),
                ('name', models.CharField(max_length=80)),
                ('media_type', models.CharField(max_length=20)),
                ('size', models.PositiveIntegerField()),
                ('sha256', models.BinaryField(max_length=32)),
                ('content', models.BinaryField()),
                ('kept_at', models.DateTimeField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='identity.account')),
                ('landlord', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='landlords.landlord')),
            ],
            options={
                'indexes': [models.Index(fields=['landlord', 'subject'], name='attachment_by_subject')],
            },
        ),
        migrations.AddIndex(
            model_name='changerequest',
            index=models.Index(fields=['landlord', '-asked_at'], name='change_by_landlord'),
        ),
        migrations.AddIndex(
            model_name='changerequest',
            index=models.Index(condition=models.Q(('state', 'ready')), fields=['asked_at', 'id'], name='change_leaving'),
        ),
        migrations.AddIndex(
            model_name='changerequest',
            index=models.Index(condition=models.Q(('state__in', ['asked', 'agreement', 'held'])), fields=['held_until'], name='change_waiting'),
        ),
        migrations.AddConstraint(
            model_name='changerequest',
            constraint=models.UniqueConstraint(fields=('landlord', 'submission_key', 'third_party_number', 'tenancy'), name='change_once_per_submission', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='changerequest',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'bank_details'), ('state__in', ['agreement', 'held', 'ready'])), fields=('landlord', 'office'), name='change_one_live_bank'),
        ),
        migrations.AddConstraint(
            model_name='changerequest',
            constraint=models.UniqueConstraint(condition=models.Q(('kind__in', ['address', 'contact']), ('state', 'ready')), fields=('third_party_number', 'kind'), name='change_one_leaving_address'),
        ),
        migrations.AddConstraint(
            model_name='changerequest',
            constraint=models.UniqueConstraint(condition=models.Q(('kind__in', ['direct_payment_ask', 'direct_payment_stop', 'direct_payment_answer']), ('state__in', ['ready', 'sent'])), fields=('tenancy',), name='change_one_direct_payment'),
        ),
        migrations.AddConstraint(
            model_name='changerequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'bank_details'), _negated=True), models.Q(('iban__isnull', False), ('iban_index__isnull', False)), ('state__in', ['stopped', 'expired', 'refused']), _connector='OR'), name='change_bank_has_its_account'),
        ),
        migrations.AddConstraint(
            model_name='directpaymentoffer',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('tenancy',), name='offer_one_live'),
        ),
    ]
