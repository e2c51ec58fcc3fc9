"""What the database itself holds to: the run-time role owns nothing, and what was recorded is not changed.

Said to whoever installs, so in Spanish. Only a superuser who switches triggers off gets past; `verify` finds that.
"""

RIGHTS = """
DO $rights$
DECLARE
    owner text := quote_ident(current_user);
    ask_for text := format(
        'Pida al administrador de PostgreSQL que ejecute: %%sGRANT escucha_run TO %s; y después repita la migración.',
        owner);
    wanted record;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'escucha_run') THEN
        BEGIN
            CREATE ROLE escucha_run NOLOGIN;
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN NULL;  -- another database of the server made it just now
            WHEN insufficient_privilege THEN
                RAISE EXCEPTION 'Falta el rol escucha_run y % no puede crear roles. %', owner,
                    format(ask_for, 'CREATE ROLE escucha_run NOLOGIN; ')
                    USING ERRCODE = 'insufficient_privilege';
        END;
    END IF;
    BEGIN
        SET LOCAL ROLE escucha_run;
        RESET ROLE;
    EXCEPTION WHEN insufficient_privilege THEN
        BEGIN
            EXECUTE format('GRANT escucha_run TO %s', owner);
        EXCEPTION WHEN insufficient_privilege THEN
            RAISE EXCEPTION '% no puede actuar como escucha_run. %', owner, format(ask_for, '')
                USING ERRCODE = 'insufficient_privilege';
        END;
    END;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'escucha_run' AND (rolsuper OR rolcreaterole OR rolbypassrls))
            OR pg_has_role('escucha_run', current_user, 'MEMBER') THEN
        RAISE EXCEPTION 'El rol escucha_run tiene más permisos de los debidos: no puede ser superusuario, crear roles '
            'ni ser miembro de %. Quíteselos y repita la migración.', owner;
    END IF;

    FOR wanted IN
        SELECT c.oid::regclass AS name, CASE c.relkind WHEN 'S' THEN 'USAGE, SELECT ON SEQUENCE'
                                         ELSE 'SELECT, INSERT, UPDATE, DELETE ON TABLE' END AS rights
        FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'S')
          AND pg_has_role(current_user, c.relowner, 'USAGE')
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
        ORDER BY c.relname
    LOOP
        EXECUTE format('GRANT %s %s TO escucha_run', wanted.rights, wanted.name);
    END LOOP;

    IF has_schema_privilege('escucha_run', 'public', 'CREATE') THEN
        BEGIN
            REVOKE CREATE ON SCHEMA public FROM PUBLIC, escucha_run;
        EXCEPTION WHEN insufficient_privilege THEN NULL;  -- said below
        END;
    END IF;
    IF has_schema_privilege('escucha_run', 'public', 'CREATE') THEN
        RAISE EXCEPTION 'escucha_run puede crear objetos en el esquema public. Pida al administrador de PostgreSQL que '
            'ejecute: REVOKE CREATE ON SCHEMA public FROM PUBLIC, escucha_run; y después repita la migración.';
    END IF;
END
$rights$;

ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO escucha_run;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO escucha_run;

REVOKE UPDATE, DELETE, TRUNCATE ON timeline_entry, timeline_anchor, timeline_anchoredhead FROM escucha_run;
REVOKE DELETE, TRUNCATE ON timeline_head FROM escucha_run;
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM escucha_run;
"""

RIGHTS_BACK = """
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE SELECT, INSERT, UPDATE, DELETE ON TABLES FROM escucha_run;
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE USAGE, SELECT ON SEQUENCES FROM escucha_run;
DO $rights$
DECLARE
    given record;
BEGIN
    FOR given IN
        SELECT c.oid::regclass AS name, CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind
        FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'S')
          AND pg_has_role(current_user, c.relowner, 'USAGE')
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    LOOP
        EXECUTE format('REVOKE ALL ON %s %s FROM escucha_run', given.kind, given.name);
    END LOOP;
END
$rights$;
"""

TRIGGERS = """
CREATE FUNCTION timeline_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'La bitácora no se cambia ni se borra (% en %).', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER kept BEFORE UPDATE OR DELETE OR TRUNCATE ON timeline_entry
    FOR EACH STATEMENT EXECUTE FUNCTION timeline_is_kept();
CREATE TRIGGER kept BEFORE UPDATE OR DELETE OR TRUNCATE ON timeline_anchor
    FOR EACH STATEMENT EXECUTE FUNCTION timeline_is_kept();
CREATE TRIGGER kept BEFORE UPDATE OR DELETE OR TRUNCATE ON timeline_anchoredhead
    FOR EACH STATEMENT EXECUTE FUNCTION timeline_is_kept();
ALTER TABLE timeline_head SET (fillfactor = 70);
"""

TRIGGERS_BACK = """
ALTER TABLE timeline_head RESET (fillfactor);
DROP TRIGGER kept ON timeline_anchoredhead;
DROP TRIGGER kept ON timeline_anchor;
DROP TRIGGER kept ON timeline_entry;
DROP FUNCTION timeline_is_kept();
"""
