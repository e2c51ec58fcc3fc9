"""What the database does by itself when cases are filed and changed: it notes the difference."""

SORT = "org_id, scope, month, case_type, state, reserved, unit, member, filed_by"
FILED_IN = "date_trunc('month', {row}.filed_on)::date"
WHOLE = "{row}.org_id, 'all', " + FILED_IN + ", {row}.case_type, {row}.state, {row}.reserved, 0, 0, 0"
HELD = (
    "{row}.org_id, 'own', " + FILED_IN + ", {row}.case_type, {row}.state, {row}.reserved, "
    "coalesce({row}.unit_id, 0), coalesce({row}.member_id, 0), coalesce({row}.filed_by_id, 0)"
)
KIND = "({row}.case_type, {row}.state, {row}.reserved)"
HOLDER = "({row}.case_type, {row}.state, {row}.reserved, {row}.unit_id, {row}.member_id)"


def _change(sort: str, by: str) -> str:
    """Takes the cases out of the sort they were in and adds them to the one they are in."""
    before, after = by.format(row="o"), by.format(row="n")
    changed = f"FROM old_rows o JOIN new_rows n USING (id) WHERE {before} IS DISTINCT FROM {after}"
    taken, put = f"SELECT {sort.format(row='o')}, -1", f"SELECT {sort.format(row='n')}, 1"
    return f"{taken}, false {changed} UNION ALL {put}, false {changed}"


KEEP = f"""
CREATE FUNCTION cases_keep_tally() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $tally$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO cases_tally ({SORT}, cases, folded)
        SELECT {WHOLE.format(row="n")}, 1, false FROM new_rows n
        UNION ALL SELECT {HELD.format(row="n")}, 1, false FROM new_rows n;
    ELSE
        INSERT INTO cases_tally ({SORT}, cases, folded)
        {_change(WHOLE, KIND)} UNION ALL {_change(HELD, HOLDER)};
    END IF;
    RETURN NULL;
END
$tally$;
CREATE TRIGGER cases_filed_are_tallied AFTER INSERT ON cases_case
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION cases_keep_tally();
CREATE TRIGGER cases_changed_are_tallied AFTER UPDATE ON cases_case
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION cases_keep_tally();
"""
KEEP_NO_MORE = """
DROP TRIGGER cases_filed_are_tallied ON cases_case;
DROP TRIGGER cases_changed_are_tallied ON cases_case;
DROP FUNCTION cases_keep_tally();
"""
# Whoever holds them, from the counts by holder: the cases are read once.
COUNTED = f"""
WITH held ({SORT}, cases) AS MATERIALIZED (
    SELECT {HELD.format(row="one")}, count(*) FROM cases_case one WHERE {{which}} GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
)
SELECT {SORT}, cases, true FROM held
UNION ALL
SELECT org_id, 'all', month, case_type, state, reserved, 0, 0, 0, sum(cases), true
FROM held GROUP BY org_id, month, case_type, state, reserved
"""
FILL = f"INSERT INTO cases_tally ({SORT}, cases, folded) {COUNTED.format(which='true')}"
FOLD = f"""
WITH taken AS (
    DELETE FROM cases_tally WHERE id IN (SELECT id FROM cases_tally WHERE NOT folded ORDER BY id LIMIT %(limit)s)
    RETURNING {SORT}, cases
), put AS (
    INSERT INTO cases_tally AS kept ({SORT}, cases, folded)
    SELECT {SORT}, sum(cases), true FROM taken GROUP BY {SORT} HAVING sum(cases) <> 0
    ON CONFLICT ({SORT}) WHERE folded DO UPDATE SET cases = kept.cases + excluded.cases RETURNING kept.id, kept.cases
)
SELECT (SELECT count(*) FROM taken), (SELECT array_agg(id) FROM put WHERE cases = 0)
"""
FORGET = "DELETE FROM cases_tally WHERE id = ANY(%(ids)s) AND folded AND cases = 0"
FORGET_ALL = "DELETE FROM cases_tally WHERE org_id = %(org)s AND folded AND cases = 0"
ONE_AT_A_TIME = "SELECT pg_try_advisory_xact_lock(hashtext('cases_tally'))"
ONE_RECOUNT = "SELECT pg_advisory_xact_lock(hashtext('cases_tally_recount'))"
# One statement, so that cases and counts are looked at in the same instant: what others change meanwhile notes its own
# difference, and neither they nor who folds has to wait.
MEND = f"""
WITH kept AS (
    SELECT {SORT}, sum(cases) AS cases FROM cases_tally WHERE org_id = %(org)s GROUP BY {SORT}
), found ({SORT}, cases, folded) AS ({COUNTED.format(which="one.org_id = %(org)s")}
), mended AS (
    INSERT INTO cases_tally ({SORT}, cases, folded)
    SELECT {SORT}, coalesce(found.cases, 0) - coalesce(kept.cases, 0), false FROM kept FULL JOIN found USING ({SORT})
    WHERE coalesce(found.cases, 0) <> coalesce(kept.cases, 0)
    RETURNING 1
)
SELECT count(*) FROM mended
"""
