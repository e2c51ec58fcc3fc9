"""What arrived, what was told and the papers that a case had before it was reserved are kept too."""

from django.db import migrations

from escucha.console.kept_rights import statements


class Migration(migrations.Migration):
    dependencies = [
        ("console", "0003_kept_words"),
        ("cases", "0006_tallies"),
        ("documents", "0001_initial"),
        ("messaging", "0004_optout"),
        ("people", "0004_divipola"),
    ]
    operations = [migrations.RunSQL([*statements()], migrations.RunSQL.noop)]
