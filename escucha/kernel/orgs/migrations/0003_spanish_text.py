from django.db import migrations

from escucha.kernel.orgs.sql import WORDS, WORDS_BACK


class Migration(migrations.Migration):
    dependencies = [("orgs", "0002_account_session_salt")]

    operations = [migrations.RunSQL(WORDS, WORDS_BACK)]
