"""What all processes must count together: tries of signing in, and codes already used.

Unlogged: after a crash it starts empty, which is right for what lives for minutes.
"""

from django.db import migrations

MAKE = """
CREATE UNLOGGED TABLE escucha_cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX escucha_cache_expires ON escucha_cache (expires);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("timeline", "0002_kept")]
    operations = [migrations.RunSQL(MAKE, "DROP TABLE escucha_cache")]
