"""The version of a provider is changed with it; its documents and why it was left out are only added and ended."""

from django.db import migrations

from escucha.console.kept_rights import statements


class Migration(migrations.Migration):
    dependencies = [
        ("console", "0005_kept_assistance"),
        ("assistance", "0005_kept_network"),
    ]
    operations = [migrations.RunSQL([*statements()], migrations.RunSQL.noop)]
