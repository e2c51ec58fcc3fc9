"""The signatures by which an answer finds its case: only ours count, and only for what they were made for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escucha.contexts.messaging.rules.signatures import (
    LENGTH,
    Reference,
    read_reference,
    reference_of,
    reply_address,
    reply_token,
    subject_of_token,
    tokens_in,
    unsigned_reference,
)

KEY, OLD, OTHER = b"k" * 32, b"o" * 32, b"x" * 32
TOKEN = reply_token(KEY, org_id=1, subject="case:12")
REFERENCE = reference_of(KEY, org_id=1, message=7, subject="case:12")


class TestAToken:
    def test_says_what_it_is_about_however_its_letters_came(self):
        assert subject_of_token([KEY], TOKEN, org_id=1) == "case:12"
        assert subject_of_token([KEY], TOKEN.upper(), org_id=1) == "case:12"

    def test_signed_with_a_key_of_before_is_still_ours(self):
        old = reply_token(OLD, org_id=1, subject="case:12")
        assert subject_of_token([KEY, OLD], old, org_id=1) == "case:12"
        assert subject_of_token([KEY], old, org_id=1) == ""

    @pytest.mark.parametrize(
        "token",
        [
            "",
            "case-12",
            "case-12-",
            "-".join(["case", "13", TOKEN.rpartition("-")[2]]),
            TOKEN + "a",
            TOKEN[:-1],
            " " + TOKEN,
            TOKEN + "\n",
            TOKEN.replace("12", "012"),
            "case-0-" + "a" * LENGTH,
            "case-12-" + "a" * LENGTH,
            "account-12-" + TOKEN.rpartition("-")[2],
            REFERENCE,
        ],
    )
    def test_that_is_none_of_ours_is_about_nothing(self, token):
        assert subject_of_token([KEY], token, org_id=1) == ""

    def test_of_another_organisation_or_key_is_about_nothing(self):
        assert subject_of_token([KEY], TOKEN, org_id=2) == ""
        assert subject_of_token([OTHER], TOKEN, org_id=1) == ""
        assert subject_of_token([], TOKEN, org_id=1) == ""

    def test_an_empty_key_signs_nothing(self):
        with pytest.raises(ValueError, match="empty key"):
            reply_token(b"", org_id=1, subject="case:12")

    @pytest.mark.parametrize("subject", ["", "case:", "case:x", ":12", "case:12\n", "case:-1", "case:0"])
    def test_is_not_made_about_odd_subjects(self, subject):
        with pytest.raises(ValueError, match="no subject"):
            reply_token(KEY, org_id=1, subject=subject)
        with pytest.raises(ValueError, match="no subject"):
            reference_of(KEY, org_id=1, message=7, subject=subject)

    @given(st.text(max_size=60))
    def test_guessed_is_never_one(self, guess):
        assert subject_of_token([KEY], guess, org_id=1) == "" or guess.lower() == TOKEN

    def test_stands_in_an_address_that_every_server_takes(self):
        address = reply_address("escucha@cafetal.example.org", TOKEN)
        name, _at, _place = address.partition("@")
        assert len(name) <= 64 and name.isascii() and name == name.lower()
        assert tokens_in([address.upper()], mailboxes=["Escucha@Cafetal.example.org"]) == [TOKEN]

    def test_counts_only_at_a_mailbox_of_ours(self):
        addresses = [
            f"otra+{TOKEN}@cafetal.example.org",
            f"escucha+{TOKEN}@example.org",
            "escucha+@cafetal.example.org",
        ]
        assert tokens_in(addresses, mailboxes=["escucha@cafetal.example.org"]) == []


class TestAReference:
    def test_names_our_message_and_what_it_was_about(self):
        assert read_reference([OLD, KEY], f"{REFERENCE}@example.org", org_id=1) == Reference(7, "case:12")

    @pytest.mark.parametrize(
        "said",
        ["", "@", REFERENCE, f"{REFERENCE}x@example.org", f"{REFERENCE.replace('m7', 'm8')}@example.org", f"{TOKEN}@x"],
    )
    def test_that_we_did_not_sign_names_nothing(self, said):
        assert read_reference([KEY], said, org_id=1) is None

    def test_of_another_organisation_names_nothing(self):
        assert read_reference([KEY], f"{REFERENCE}@example.org", org_id=2) is None

    def test_unsigned_of_an_earlier_release_is_only_a_hint(self):
        assert read_reference([KEY], "7.1.escucha@example.org", org_id=1) is None
        assert unsigned_reference("7.1.escucha@example.org", org_id=1) == 7
        assert unsigned_reference("7.2.escucha@example.org", org_id=1) is None
