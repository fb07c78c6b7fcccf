import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('changes', '0002_kept_for_good'),
        ('exchange', '0002_header'),
    ]

    operations = [
        migrations.AddField(
            model_name='outgoingdelivery',
            name='change_rows',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='outgoingdelivery',
            name='change_sha256',
            field=models.CharField(blank=True, db_default=models.Value(''), max_length=64),
        ),
        migrations.CreateModel(
            name='OutgoingChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('line', models.BinaryField()),
                ('change', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='outgoing_line', to='changes.changerequest')),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='exchange.outgoingdelivery')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('delivery', 'position'), name='outgoing_change_once')],
            },
        ),
    ]
