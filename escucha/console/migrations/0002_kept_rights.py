"""The run-time role loses the rights that no verb needs."""

from django.db import migrations

from escucha.console.kept_rights import statements, statements_back


class Migration(migrations.Migration):
    dependencies = [
        ("console", "0001_shared_cache"),
        ("orgs", "0001_initial"),
        ("timeline", "0003_entry_recorded"),
        ("commitments", "0001_initial"),
        ("people", "0002_access_tries"),
        ("messaging", "0001_initial"),
        ("cases", "0002_one_case_per_form"),
    ]
    operations = [migrations.RunSQL([*statements()], [*statements_back()])]
