"""How many cases there are is kept by the database, for those that are and from now on."""

import django.db.models.deletion
from django.db import migrations, models

from escucha.contexts.cases.models.tally_sql import FILL, KEEP, KEEP_NO_MORE

# Until now every organisation was Colombian.
DAYS = "UPDATE cases_case SET filed_on = (filed_at AT TIME ZONE 'America/Bogota')::date"


class Migration(migrations.Migration):
    dependencies = [("orgs", "0002_account_session_salt"), ("cases", "0005_search")]
    operations = [
        migrations.AddField("case", "filed_on", models.DateField(null=True)),
        migrations.RunSQL(DAYS, migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField("case", "filed_on", models.DateField()),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(choices=[('all', 'All'), ('own', 'Own')], max_length=3)),
                ('month', models.DateField()),
                ('case_type', models.CharField(blank=True, max_length=60)),
                ('state', models.CharField(max_length=20)),
                ('reserved', models.BooleanField(default=False)),
                ('unit', models.BigIntegerField(default=0)),
                ('member', models.BigIntegerField(default=0)),
                ('filed_by', models.BigIntegerField(default=0)),
                ('cases', models.IntegerField()),
                ('folded', models.BooleanField(default=False)),
                ('org', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.organisation')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('scope', 'all')), fields=['org', 'month'], name='tallies_of_all'), models.Index(condition=models.Q(('scope', 'own')), fields=['org', 'unit'], name='tallies_of_unit'), models.Index(condition=models.Q(('scope', 'own'), models.Q(('member', 0), _negated=True)), fields=['org', 'member'], name='tallies_of_member'), models.Index(condition=models.Q(('scope', 'own'), models.Q(('filed_by', 0), _negated=True)), fields=['org', 'filed_by'], name='tallies_of_filer'), models.Index(condition=models.Q(('folded', False)), fields=['id'], name='tallies_to_fold')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('folded', True)), fields=('org', 'scope', 'month', 'case_type', 'state', 'reserved', 'unit', 'member', 'filed_by'), name='one_folded_tally_of_a_sort')],
            },
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(KEEP, KEEP_NO_MORE),
    ]
