import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

import escucha.contexts.cases.rules.standing

# What the cases that there are, are found by. `operations.indexing` writes the same for each case from now on.
ENTRIES = """
INSERT INTO cases_searchentry (case_id, org_id, vector, keys)
SELECT c.id, c.org_id,
    setweight(to_tsvector('es', plain_words(CASE WHEN c.reserved THEN '' ELSE c.matter END)), 'A')
    || setweight(to_tsvector('es', plain_words(coalesce(p.name || ' ' || p.contact_name, ''))), 'B')
    || to_tsvector('es', plain_words(CASE WHEN c.reserved THEN '' ELSE left(c.body, 100000) END)),
    array_remove(ARRAY[
        'o:' || c.org_id, 'o:' || c.org_id || '.10.' || (c.id >> 10), 'o:' || c.org_id || '.13.' || (c.id >> 13),
        'o:' || c.org_id || '.16.' || (c.id >> 16),
        'u:' || coalesce(c.unit_id, 0), 'm:' || c.member_id, 'f:' || c.filed_by_id,
        's:' || substring(c.filing_number FROM '[0-9]+$')::bigint,
        'd:' || p.document, CASE WHEN p.document_kind = 'NIT' AND length(p.document) > 9 THEN 'd:' || left(p.document, 9) END,
        'e:' || p.mailbox, 'p:' || p.called, 'p:' || nullif(p.called_too, p.called)
    ], NULL)
FROM cases_case AS c LEFT JOIN (
    SELECT id, name, contact_name, document_kind,
        nullif(regexp_replace(upper(document_number), '[^0-9A-Z]', '', 'g'), '') AS document,
        CASE WHEN position('@' IN email) > 0
            THEN regexp_replace(lower(btrim(email)), '(\\+[^@]*)?@([^@]*)$', '@\\2') END AS mailbox,
        nullif(right(regexp_replace(phone, '[^0-9]', '', 'g'), 10), '') AS called,
        nullif(right(regexp_replace(other_phone, '[^0-9]', '', 'g'), 10), '') AS called_too
    FROM people_person
) AS p ON p.id = c.person_id AND NOT c.reserved AND NOT c.identity_reserved
ON CONFLICT (case_id) DO NOTHING
"""
LEXICON = """
INSERT INTO cases_searchword (org_id, word, sound, seen)
SELECT org_id, word, left(spanish_sound(word), 40), least(count(*), 20)
FROM (
    SELECT DISTINCT c.id, c.org_id, unnest(string_to_array(plain_words(
        c.matter || ' ' || left(c.body, 100000)
        || CASE WHEN p.id IS NULL THEN '' ELSE ' ' || p.name || ' ' || p.contact_name END), ' ')) AS word
    FROM cases_case AS c LEFT JOIN people_person AS p ON p.id = c.person_id AND NOT c.identity_reserved
    WHERE NOT c.reserved
) AS said
WHERE word ~ '^[a-z]{3,40}$' GROUP BY org_id, word
ON CONFLICT (org_id, word) DO NOTHING
"""
NOTHING = migrations.RunSQL.noop


class Migration(migrations.Migration):

    dependencies = [
        ("cases", "0004_every_door"),
        ("orgs", "0003_spanish_text"),
        ("people", "0003_places_and_consents"),
    ]

    operations = [
        migrations.AlterField(
            model_name='case',
            name='state',
            field=models.CharField(choices=[('filed', 'FILED'), ('classified', 'CLASSIFIED'), ('assigned', 'ASSIGNED'), ('answered', 'ANSWERED'), ('approved', 'APPROVED'), ('sent', 'SENT'), ('notified', 'NOTIFIED'), ('closed', 'CLOSED'), ('withdrawn', 'WITHDRAWN'), ('merged', 'MERGED')], default=escucha.contexts.cases.rules.standing.State['FILED'], max_length=20),
        ),
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='cases.case')),
                ('vector', django.contrib.postgres.search.SearchVectorField()),
                ('keys', django.contrib.postgres.fields.ArrayField(base_field=models.TextField())),
                ('org', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='SearchWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(max_length=40)),
                ('sound', models.CharField(max_length=40)),
                ('seen', models.PositiveSmallIntegerField()),
                ('org', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('org', 'word'), name='search_word_once')],
            },
        ),
        migrations.RunSQL(ENTRIES, NOTHING),
        migrations.RunSQL(LEXICON, NOTHING),
        migrations.AddIndex(
            model_name='searchentry',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['vector', 'keys'], name='search_entries'),
        ),
        migrations.AddIndex(
            model_name='searchentry',
            index=models.Index(fields=['org', '-case'], name='newest_search_entries'),
        ),
        migrations.AddIndex(
            model_name='searchword',
            index=models.Index(fields=['org', 'sound'], name='search_words_by_sound'),
        ),
        migrations.AddIndex(
            model_name='searchword',
            index=django.contrib.postgres.indexes.GinIndex(fields=['word'], name='search_words_like', opclasses=['gin_trgm_ops']),
        ),
    ]
