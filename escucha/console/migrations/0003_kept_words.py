"""What people say later, who is kept from a case and what was shown of it is kept too."""

from django.db import migrations

from escucha.console.kept_rights import statements


class Migration(migrations.Migration):
    dependencies = [
        ("console", "0002_kept_rights"),
        ("documents", "0001_initial"),
        ("cases", "0004_every_door"),
        ("commitments", "0002_turn"),
    ]
    operations = [migrations.RunSQL([*statements()], migrations.RunSQL.noop)]
