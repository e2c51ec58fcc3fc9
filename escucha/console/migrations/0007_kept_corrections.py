"""What is known of a person can be corrected; what stood before is only added."""

from django.db import migrations

from escucha.console.kept_rights import statements


class Migration(migrations.Migration):
    dependencies = [
        ("console", "0006_kept_network"),
        ("people", "0005_corrections"),
    ]
    operations = [migrations.RunSQL([*statements()], migrations.RunSQL.noop)]
