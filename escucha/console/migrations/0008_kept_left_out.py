"""What a letter brought and was not taken is only added."""

from django.db import migrations

from escucha.console.kept_rights import statements


class Migration(migrations.Migration):
    dependencies = [
        ("console", "0007_kept_corrections"),
        ("documents", "0003_left_out"),
    ]
    operations = [migrations.RunSQL([*statements()], migrations.RunSQL.noop)]
