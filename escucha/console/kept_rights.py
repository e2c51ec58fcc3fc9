"""What web and worker may not change, by the rights of their role: what was said, received, promised and decided.

Profiles, units and organisations are the owner's to change (`load_profiles`). Words of people are erased by the owner
too. A table that is not named here is the run-time role's to write; a migration that adds to what is named here, or
to the columns of its tables, runs these statements again.
"""

ROLE = "escucha_run"

OWNERS = ("orgs_organisation", "orgs_unit", "orgs_profileversion", "people_place")  # only read
WRITTEN_ONCE = (  # only added
    "messaging_call", "messaging_receipt", "cases_notice", "cases_remark", "cases_reveal", "people_consent",
    "people_correction", "documents_leftout",
    "assistance_logline", "assistance_ask", "assistance_handover", "assistance_cost",
)  # fmt: skip
CHANGING = {  # never removed, and changed only in the columns by which a life goes on
    "assistance_affiliate": (
        "plan", "holder_id", "relation", "first_name", "last_name", "document_kind", "document_number", "validator",
        "phone", "other_phone", "email", "area", "address", "status", "since_on", "until_on", "keys", "external_key",
        "last_import_id", "changed_at",
    ),
    "assistance_affiliateimport": (
        "file_id", "all_or_nothing", "ends_missing", "state", "rows_read", "rows_new", "rows_changed", "rows_ended",
        "rows_bad", "bad", "bad_file_id", "reason", "asked_at", "started_at", "ended_at", "attempts", "leased_until",
    ),
    "assistance_assignment": (
        "state", "eta_at", "on_the_way_at", "arrived_at", "ended_at", "cause", "disclosed_at",
    ),
    "assistance_assistance": (
        "stage", "category", "priority", "happened", "failure", "comments", "plate", "offered_from", "offered_until",
        "other_from", "other_until", "agreed_from", "agreed_until", "agenda_version", "consent", "consent_at",
        "consent_version", "currency", "cover_amount", "registered_at", "assigned_at", "confirmed_at", "arrived_at",
        "contacted_at", "diagnosed_at", "authorised_at", "finished_at", "costed_at", "ended_at", "diagnosis", "quoted",
        "finish_estimate_at", "excess", "payment", "refund_number", "conformity", "conformity_tries", "surveyed_at",
        "cancel_reason", "version",
    ),
    "assistance_assistancefile": (
        "state", "coordinator_id", "contact_first_name", "contact_last_name", "contact_phone", "description",
        "affiliate_id", "account", "plan", "country", "area", "address", "references", "lat", "lon", "closed_at",
        "empty_reason", "version",
    ),
    "assistance_incomingcall": (
        "line", "caller", "account", "turn", "rang_at", "rings", "answered_at", "held_at", "ended_at", "abandoned",
        "member_id", "taken_at", "file_id",
    ),
    "assistance_offer": ("state", "eta_at", "answered_at"),
    "assistance_provider": (
        "kind", "name", "legal_name", "document_number", "contact_name", "phone", "other_phone", "email", "address",
        "active", "capacity", "shifts", "on_guard", "papers_until", "lat", "lon", "seen_lat", "seen_lon", "seen_at",
        "changed_at", "version",
    ),
    "assistance_paper": ("withdrawn_at",),
    "assistance_reach": ("position", "tariff", "active"),
    "assistance_reminder": ("text",),
    "assistance_standing": (
        "asked", "answered", "accepted", "jobs", "on_time", "rated", "conforming", "completed", "cost", "recent",
        "faded_at", "last_assigned_at",
    ),
    "assistance_suspension": ("reason", "end_reason", "ended_by_id", "ended_at"),
    "assistance_veto": ("reason", "ended_at"),
    "cases_case": (
        "case_type", "state", "unit_id", "member_id", "sent_at", "notified_at", "notified_how", "closed_at", "due_at",
        "version", "turn", "reserved", "identity_reserved", "merged_into_id", "person_id",
        "receipt_code", "contact_code",
    ),
    "cases_act": ("closed_at", "closed_by_id"),
    "cases_slip": ("written_on", "minute", "speaker", "commitment", "void", "case_id"),
    "cases_attention": ("case_id",),
    "cases_word": ("read_at", "read_by_id"),
    "cases_join": ("undone_at", "undone_by_id"),
    "cases_accused": ("lifted_at",),
    "cases_answer": ("verdicts", "checked_by_id", "checked_at", "passed", "sent_at", "sent_by_id", "link_token"),
    "commitments_commitment": (
        "owner_unit_id", "owner_role", "owner_member_id", "due_at", "due_on", "reckoning", "running_since",
        "spent_seconds", "paused_at", "extended_at", "late_at", "outcome", "cause", "settled_at", "turn", "reserved",
    ),
    "commitments_step": ("taken_at", "lifted_at"),
    "documents_attachment": ("detached_at", "detached_by_id"),
    "documents_file": (
        "reserved", "state", "look_at", "looks", "looked_at", "found", "shown", "shown_kind", "shown_size", "copy_at",
        "copies", "error",
    ),
    "messaging_arrival": (
        "message_key", "content_digest", "sender", "sender_name", "title", "body", "automatic", "state", "reason",
        "duplicate_of_id", "subject", "parsed_at", "settled_at", "settled_by_id", "attempts", "next_try_at",
    ),
    "messaging_mailboxbalance": (
        "in_mailbox", "in_ledger", "received", "parsed", "filed", "parked", "duplicate", "missing", "at",
    ),
    "messaging_message": (
        "state", "next_try_at", "attempts", "gateway", "gateway_ref", "error", "sent_at", "delivered_at",
    ),
    "orgs_counter": ("last",),
    "people_person": (
        "kind", "name", "contact_name", "document_kind", "document_number", "email", "phone", "other_phone", "address",
    ),
    "people_persongroup": ("group", "ended_at"),
    "timeline_errand": ("attempts", "next_try_at", "done_at", "error"),
}  # fmt: skip

# Only of the tables and columns that there are: the list is of today, and a migration runs it as of its own day.
TABLE = """
DO $rights$
BEGIN
    IF to_regclass('{table}') IS NOT NULL THEN
        REVOKE {rights} ON {table} FROM {role};
    END IF;
END
$rights$
"""
SOME_COLUMNS = """
DO $rights$
DECLARE
    columns text;
BEGIN
    IF to_regclass('{table}') IS NOT NULL THEN
        SELECT string_agg(quote_ident(attname), ', ') INTO columns FROM pg_attribute
        WHERE attrelid = '{table}'::regclass AND NOT attisdropped AND attname IN ({columns});
        EXECUTE 'REVOKE UPDATE, DELETE ON {table} FROM {role}';
        EXECUTE format('GRANT UPDATE (%s) ON {table} TO {role}', columns);
    END IF;
END
$rights$
"""
GIVEN_BACK = """
DO $rights$
BEGIN
    IF to_regclass('{table}') IS NOT NULL THEN
        GRANT INSERT, UPDATE, DELETE ON {table} TO {role};
    END IF;
END
$rights$
"""


def statements() -> list[str]:
    """The SQL that takes the rights away, for the owner to run; twice is as once."""
    taken = [TABLE.format(table=table, rights="INSERT, UPDATE, DELETE", role=ROLE) for table in OWNERS]
    taken += [TABLE.format(table=table, rights="UPDATE, DELETE", role=ROLE) for table in WRITTEN_ONCE]
    for table, columns in CHANGING.items():
        named = ", ".join(f"'{column}'" for column in columns)
        taken.append(SOME_COLUMNS.format(table=table, columns=named, role=ROLE))
    return taken


def statements_back() -> list[str]:
    """The SQL that gives them back."""
    return [GIVEN_BACK.format(table=table, role=ROLE) for table in (*OWNERS, *WRITTEN_ONCE, *CHANGING)]
