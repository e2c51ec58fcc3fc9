"""The country's municipalities; which of the people we knew are companies; and what no verb may change."""

from django.db import migrations

from escucha.contexts.people.operations.placing import load_places


def load(apps, _editor):
    load_places(table=apps.get_model("people", "Place"))


COMPANIES = """
UPDATE people_person SET kind = 'organisation' WHERE document_kind = 'NIT' AND document_number ~ '^[89][0-9]{8,9}$'
"""

KEPT = """
REVOKE UPDATE, DELETE ON people_consent FROM escucha_run;
REVOKE INSERT, UPDATE, DELETE ON people_place FROM escucha_run;
REVOKE UPDATE, DELETE ON people_persongroup FROM escucha_run;
GRANT UPDATE ("group", ended_at) ON people_persongroup TO escucha_run;
"""
KEPT_BACK = "GRANT INSERT, UPDATE, DELETE ON people_consent, people_place, people_persongroup TO escucha_run"


class Migration(migrations.Migration):
    dependencies = [("people", "0003_places_and_consents"), ("timeline", "0003_entry_recorded")]

    operations = [
        migrations.RunPython(load, migrations.RunPython.noop),
        migrations.RunSQL(COMPANIES, migrations.RunSQL.noop),
        migrations.RunSQL(KEPT, KEPT_BACK),
    ]
