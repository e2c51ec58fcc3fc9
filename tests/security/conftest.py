"""Faults known and not mended yet: each is expected to fail. Who mends one takes its line away."""

import pytest

FAULTS = {
    "test_letters_of_a_case_one_cannot_see_are_not_there": "letters of unseen cases, with their keys",
    "test_another_text_with_the_same_form_is_another_case": "a second text is lost at the desk",
    "test_who_only_filed_it_does_not_meet_the_legal_term_of_another_unit": "acts on another unit's case",
    "test_nor_does_the_verb_let_who_cannot_see_the_case": "acts on another unit's case",
    "test_nor_write_notes": "acts on another unit's case",
    "test_a_unit_of_another_organisation_is_refused_by_the_verb": "a unit of another organisation",
    "test_a_call_is_of_who_acts": "a call signed by somebody else",
    "test_three_calls_in_one_minute_are_not_three_tries": "to be decided: tries apart in time",
    "test_an_answer_rewritten_is_found": "digests are kept and never compared",
    "test_the_web_of_a_given_database_cannot_become_its_owner": "one sign-in for owner and web",
    "test_odd_addresses_are_no_failure[/recibo/%00/]": "NUL in an address",
    "test_odd_addresses_are_no_failure[/verificar/%00/]": "NUL in an address",
    "test_odd_addresses_are_no_failure[/respuesta/%00/]": "NUL in an address",
    "test_what_was_received_long_ago_is_filed_or_said[1990-01-01T08:00]": "an old date is no failure",
    "test_what_was_received_long_ago_is_filed_or_said[0001-01-01T00:00]": "an old date is no failure",
    "test_no_key_of_an_answer_in_the_log": "keys in the log",
    "test_whoever_knows_a_document_does_not_walk_the_numbers": "numbers are walked with one document",
    "test_one_address_cannot_file_without_end": "no limit on filing or its letters",
    "test_a_citizen_locked_out_by_others_is_not": "to be decided: right factor after ten wrong ones",
    "test_a_mail_server_that_does_not_answer_is_asked_once_a_turn": "mail stops the clock",
    "test_no_transaction_is_open_while_the_server_is_asked": "transaction open during mail",
    "test_a_returned_answer_of_who_left_is_told_to_the_unit": "told to who left",
    "test_the_central_unit_may_change": "profile stops the start",
    "test_a_step_said_twice_does_not_stop_filing": "profile stops filing",
    "test_is_refused": "checks of profiles",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/security/" in item.nodeid.replace("\\", "/"):
            reason = FAULTS.get(item.name) or FAULTS.get(item.name.partition("[")[0])
            if reason:
                item.add_marker(pytest.mark.xfail(reason=reason, strict=True))
