from django.db import migrations

from escucha.kernel.timeline.sql import RIGHTS, RIGHTS_BACK, TRIGGERS, TRIGGERS_BACK


class Migration(migrations.Migration):
    dependencies = [("timeline", "0001_initial")]

    operations = [
        migrations.RunSQL([TRIGGERS], [TRIGGERS_BACK]),
        migrations.RunSQL([RIGHTS], [RIGHTS_BACK]),
    ]
