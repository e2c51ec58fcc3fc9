"""A file that was reserved once stays so, whoever asks: web and worker may only reserve."""

from django.db import migrations

STAYS = """
CREATE FUNCTION documents_reserved_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Un anexo reservado no deja de serlo.' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER reserved_stays BEFORE UPDATE OF reserved ON documents_file
    FOR EACH ROW WHEN (OLD.reserved AND NOT NEW.reserved) EXECUTE FUNCTION documents_reserved_stays();
"""
STAYS_BACK = """
DROP TRIGGER reserved_stays ON documents_file;
DROP FUNCTION documents_reserved_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]
    operations = [migrations.RunSQL(STAYS, STAYS_BACK)]
