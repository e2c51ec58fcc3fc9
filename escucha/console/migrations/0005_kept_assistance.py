"""What an assistance gathers is kept too: its log, who was asked, who had it and what it cost are only added."""

from django.db import migrations

from escucha.console.kept_rights import statements


class Migration(migrations.Migration):
    dependencies = [
        ("console", "0004_kept_arrivals"),
        ("assistance", "0002_affiliate_imports_leased"),
    ]
    operations = [migrations.RunSQL([*statements()], migrations.RunSQL.noop)]
