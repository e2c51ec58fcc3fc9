"""What web and worker may not change, by the rights of their role: what was said, received, promised and decided.

Profiles, units and organisations are the owner's to change (`load_profiles`). Words of people are erased by the owner
too. A table that is not named here is the run-time role's to write; a migration that adds to what is named here, or
to the columns of its tables, runs these statements again.
"""

ROLE = "escucha_run"

OWNERS = ("orgs_organisation", "orgs_unit", "orgs_profileversion")  # only read
WRITTEN_ONCE = ("messaging_call", "cases_notice", "cases_remark")  # added, never changed
CHANGING = {  # never removed, and changed only in the columns by which a life goes on
    "cases_case": (
        "case_type", "state", "unit_id", "member_id", "sent_at", "notified_at", "notified_how", "closed_at", "due_at",
        "version",
    ),
    "cases_answer": ("verdicts", "checked_by_id", "checked_at", "passed", "sent_at", "sent_by_id"),
    "commitments_commitment": (
        "owner_unit_id", "owner_role", "owner_member_id", "due_at", "due_on", "reckoning", "running_since",
        "spent_seconds", "paused_at", "extended_at", "late_at", "outcome", "cause", "settled_at",
    ),
    "commitments_step": ("taken_at", "lifted_at"),
    "orgs_counter": ("last",),
    "timeline_errand": ("attempts", "next_try_at", "done_at", "error"),
}  # fmt: skip

# Only of the columns that there are: the list is of today, and a migration runs it as of its own day.
SOME_COLUMNS = """
DO $rights$
DECLARE
    columns text;
BEGIN
    SELECT string_agg(quote_ident(attname), ', ') INTO columns FROM pg_attribute
    WHERE attrelid = '{table}'::regclass AND NOT attisdropped AND attname IN ({columns});
    EXECUTE 'REVOKE UPDATE, DELETE ON {table} FROM {role}';
    EXECUTE format('GRANT UPDATE (%s) ON {table} TO {role}', columns);
END
$rights$
"""


def statements() -> list[str]:
    """The SQL that takes the rights away, for the owner to run; twice is as once."""
    taken = [
        f"REVOKE INSERT, UPDATE, DELETE ON {', '.join(OWNERS)} FROM {ROLE}",
        f"REVOKE UPDATE, DELETE ON {', '.join(WRITTEN_ONCE)} FROM {ROLE}",
    ]
    for table, columns in CHANGING.items():
        named = ", ".join(f"'{column}'" for column in columns)
        taken.append(SOME_COLUMNS.format(table=table, columns=named, role=ROLE))
    return taken


def statements_back() -> list[str]:
    """The SQL that gives them back."""
    return [f"GRANT INSERT, UPDATE, DELETE ON {', '.join((*OWNERS, *WRITTEN_ONCE, *CHANGING))} TO {ROLE}"]
