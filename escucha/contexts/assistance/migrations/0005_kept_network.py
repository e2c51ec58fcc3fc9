"""Documents of providers and why they were left out have rows of their own; what was kept before becomes one of each."""

import django.db.models.deletion
import django.db.models.functions.comparison
from django.db import migrations, models


BEFORE = (
    """
    INSERT INTO assistance_paper (org_id, provider_id, name, until, added_at)
    SELECT org_id, id, 'Documentos', papers_until, changed_at FROM assistance_provider WHERE papers_until IS NOT NULL
    """,
    """
    INSERT INTO assistance_suspension (org_id, provider_id, reason, end_reason, since)
    SELECT org_id, id, 'No se anotó', '', changed_at FROM assistance_provider WHERE NOT active
    """,
)


class Migration(migrations.Migration):

    dependencies = [
        ('assistance', '0004_overdue_search'),
        ('orgs', '0003_spanish_text'),
    ]

    operations = [
        migrations.CreateModel(
            name='Paper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('until', models.DateField(null=True)),
                ('added_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Suspension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=200)),
                ('since', models.DateTimeField()),
                ('end_reason', models.CharField(blank=True, default='', max_length=200)),
                ('ended_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name='provider',
            name='version',
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddIndex(
            model_name='provider',
            index=models.Index(models.F('org'), django.db.models.functions.comparison.Collate(models.Func('name', function='plain_words', output_field=models.TextField()), 'C'), models.F('id'), name='providers_by_name'),
        ),
        migrations.AddField(
            model_name='paper',
            name='member',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.member'),
        ),
        migrations.AddField(
            model_name='paper',
            name='org',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.organisation'),
        ),
        migrations.AddField(
            model_name='paper',
            name='provider',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.provider'),
        ),
        migrations.AddField(
            model_name='suspension',
            name='ended_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.member'),
        ),
        migrations.AddField(
            model_name='suspension',
            name='member',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.member'),
        ),
        migrations.AddField(
            model_name='suspension',
            name='org',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.organisation'),
        ),
        migrations.AddField(
            model_name='suspension',
            name='provider',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.provider'),
        ),
        migrations.AddConstraint(
            model_name='suspension',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('provider',), name='one_suspension_at_a_time'),
        ),
        migrations.RunSQL([*BEFORE], migrations.RunSQL.noop),
    ]
